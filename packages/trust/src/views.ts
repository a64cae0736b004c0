import type { ControlFacts } from './control-facts.ts'
import { covers, type ControlGraph, type Node, type Position } from './control-graph.ts'
import { Seals } from './seals.ts'
import { View } from './view.ts'

/** The view at each position, made when asked for. Where nothing was decided and nothing cancelled in between, two positions share one. */
export class Views {
  readonly seals: Seals
  private readonly graph: ControlGraph
  private readonly facts: ControlFacts
  private byPosition = new WeakMap<Position, View>()
  private byCauses = new Map<string, View>()

  constructor(graph: ControlGraph, facts: ControlFacts) {
    this.graph = graph
    this.facts = facts
    this.seals = new Seals(graph, facts, this.at)
  }

  readonly at = (position: Position): View => {
    const known = this.byPosition.get(position)
    if (known) return known
    const view = this.make(position)
    this.byPosition.set(position, view)
    return view
  }

  /** Forgets what was worked out: older entries have become causes. In the graph's order, so that nothing is followed by recursion. */
  renew(): void {
    this.byPosition = new WeakMap()
    this.byCauses = new Map()
    for (const node of this.graph.all()) this.at(node.self)
  }

  private make(position: Position): View {
    const seal = this.seals.at(position)
    const [first] = position
    if (!first || first.control.kind === 'found') return this.withCauses([], seal)
    const { causes } = this.facts
    const isCause = position.length === 1 && causes.has(first)
    const before = position.length === 1 ? [first.parents] : position.map(({ self }) => self)
    const view = this.at(before[0] as Position)
    if (!isCause && view.seal.point === seal.point && before.every((place) => this.at(place) === view)) return view
    if (position.length > 1)
      return this.withCauses(
        [...causes.keys()].filter((node) => covers(position, node)),
        seal,
      )
    return this.withCauses(isCause ? [...view.covered, first] : [...view.covered], seal)
  }

  private withCauses(causes: readonly Node[], seal: View['seal']): View {
    const places = causes.map((node) => this.facts.causes.get(node) as number).sort((left, right) => left - right)
    const key = `${seal.point.id} ${places.join(' ')}`
    const known = this.byCauses.get(key)
    if (known) return known
    const view = new View(this.facts, causes, seal, this.at)
    this.byCauses.set(key, view)
    return view
  }
}
