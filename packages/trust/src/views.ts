import type { ControlFacts } from './control-facts.ts'
import { covers, type ControlGraph, type Node, type Position } from './control-graph.ts'
import { remember } from './maps.ts'
import { Seals } from './seals.ts'
import { View } from './view.ts'

/** Views kept, and positions whose view is known. Tens of devices write at a handful of positions at a time; what is forgotten is made anew. */
const VIEW_LIMIT = 512
const POSITION_LIMIT = 8192

/** The view at each position, made when asked for. Where nothing was decided and nothing cancelled in between, two positions share one. */
export class Views {
  readonly seals: Seals
  private readonly facts: ControlFacts
  private readonly byPosition = new Map<Position, View>()
  private readonly byCauses = new Map<string, View>()

  constructor(graph: ControlGraph, facts: ControlFacts) {
    this.facts = facts
    this.seals = new Seals(graph, facts, this.at)
  }

  readonly at = (position: Position): View => {
    const known = this.byPosition.get(position)
    if (known) return known
    const view = this.make(position)
    remember(this.byPosition, position, view, POSITION_LIMIT)
    return view
  }

  /** Forgets what was worked out: older entries have become causes. */
  renew(): void {
    this.byPosition.clear()
    this.byCauses.clear()
  }

  private make(position: Position): View {
    const { point } = this.seals.at(position)
    const [only] = position
    const isLater = position.length === 1 && only && !this.facts.causes.has(only) && only.parents.length > 0
    const before = isLater ? [only.parents] : position.length > 1 ? position.map(({ self }) => self) : []
    const [view, ...others] = before.map((place) => this.recall(place))
    return view?.seal.point === point && others.every((other) => other === view) ? view : this.withCauses(position)
  }

  /** Looks no further than one step back, so that no chain of positions, however long, is followed by recursion. */
  private recall(position: Position): View | undefined {
    const known = this.byPosition.get(position)
    const [only] = position
    if (known || position.length !== 1 || !only || this.facts.causes.has(only)) return known
    const before = this.byPosition.get(only.parents)
    return before?.seal.point === this.seals.at(position).point ? before : undefined
  }

  private withCauses(position: Position): View {
    const seal = this.seals.at(position)
    const causes: Node[] = []
    let key = seal.point.id as string
    for (const [node, number] of this.facts.causes) {
      if (!covers(position, node)) continue
      causes.push(node)
      key += ` ${number}`
    }
    const known = this.byCauses.get(key)
    if (known) return known
    const view = new View(this.facts, causes, seal, this.at)
    remember(this.byCauses, key, view, VIEW_LIMIT)
    return view
  }
}
