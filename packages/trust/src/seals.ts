import type { ControlId, MemberId } from '@auzolan/core'
import type { ControlFacts } from './control-facts.ts'
import { covers, newestOf, reachOn, type ControlGraph, type Node, type Position } from './control-graph.ts'
import { getOr } from './maps.ts'
import { defaultQuorum, isMoreThan } from './rules.ts'
import type { View } from './view.ts'

/** A point that a quorum of voters has acknowledged (`TRUST.md` T5), and who votes from there on. */
export interface Seal {
  readonly point: Node
  /** `undefined`: the founding, which nobody has to seal. */
  readonly before: Seal | undefined
  readonly electors: ReadonlySet<MemberId>
}

/** What is sealed at a position. `token`: equal where the same acknowledgements are known. */
interface Mark {
  readonly seal: Seal
  readonly token: object
}

/** An acknowledgement, and what it acknowledges. */
interface Acknowledgement {
  readonly node: Node
  readonly point: Node
}

interface MemberSeals {
  /** By line of the graph, in order. */
  readonly lines: Map<number, Acknowledgement[]>
  count: number
  /** Two that acknowledge unrelated points, as of a count. */
  pair: { readonly count: number; readonly found: Pair | undefined } | undefined
}

type Pair = readonly [ControlId, ControlId]

/**
 * The last sealed point at each position. Each electorate is handed over by the one before; what was sealed in the past of a position stays
 * sealed there, so that nobody can take a seal back by acknowledging something else later.
 */
export class Seals {
  private readonly graph: ControlGraph
  private readonly facts: ControlFacts
  private readonly viewAt: (position: Position) => View
  private readonly marks = new WeakMap<Position, Mark>()
  private readonly members = new Map<MemberId, MemberSeals>()

  constructor(graph: ControlGraph, facts: ControlFacts, viewAt: (position: Position) => View) {
    this.graph = graph
    this.facts = facts
    this.viewAt = viewAt
  }

  /** Takes in an accepted entry. */
  learn(node: Node): void {
    if (node.control.kind !== 'seal') return
    const point = this.graph.get(node.control.at)
    if (!point) throw new Error('an accepted seal names an entry in its past')
    const seals = getOr(this.members, node.author, () => ({ lines: new Map(), count: 0, pair: undefined }))
    getOr(seals.lines, node.line, () => []).push({ node, point })
    seals.count += 1
  }

  at(position: Position): Seal {
    return this.markAt(position).seal
  }

  /** Voters of the last seal. Who left needs no seal to stop counting: they said so themselves. */
  electorsAt(position: Position): ReadonlySet<MemberId> {
    return this.presentOf(this.at(position), position)
  }

  private markAt(position: Position): Mark {
    const known = this.marks.get(position)
    if (known) return known
    const mark = this.make(position)
    this.marks.set(position, mark)
    return mark
  }

  private make(position: Position): Mark {
    const [only] = position
    if (!only) throw new Error('nothing is sealed before the founding')
    if (only.control.kind === 'found') return this.founding(only)
    if (position.length === 1) {
      const before = this.markAt(only.parents)
      return only.control.kind === 'seal' ? { seal: this.advance(before.seal, position), token: {} } : before
    }
    const marks = position
      .map((node) => this.markAt(node.self))
      .sort((left, right) => (left.seal.point.id < right.seal.point.id ? -1 : 1))
    const seal = marks.map((mark) => mark.seal).reduce(join)
    const [{ token }] = marks as [Mark]
    return marks.every((mark) => mark.token === token)
      ? { seal, token }
      : { seal: this.advance(seal, position), token: {} }
  }

  private founding(point: Node): Mark {
    return { seal: { point, before: undefined, electors: new Set(this.facts.founders) }, token: this }
  }

  private presentOf({ electors }: Seal, position: Position): ReadonlySet<MemberId> {
    const present = [...electors].filter((member) => !this.facts.hasLeft(member, position))
    return present.length === electors.size ? electors : new Set(present)
  }

  private advance(seal: Seal, position: Position): Seal {
    const electors = this.presentOf(seal, position)
    const acknowledged: Node[] = []
    for (const member of electors) {
      const point = this.acknowledgedBy(member, position, seal.point)
      if (point) acknowledged.push(point)
    }
    const quorum = this.viewAt(seal.point.self).quorum ?? defaultQuorum(electors.size)
    if (!isMoreThan(acknowledged.length, quorum, electors.size)) return seal
    const points = [...new Set(acknowledged)].filter((point) => {
      const count = acknowledged.filter((other) => covers(other.self, point)).length
      return isMoreThan(count, quorum, electors.size)
    })
    const [point] = [...newestOf(points)].sort((left, right) => (left.id < right.id ? -1 : 1))
    if (!point) return seal
    const view = this.viewAt(point.self)
    const voters = view.voters().filter((member) => view.isActive(member, point.self))
    // With nobody to hand over to, the electorate that is left goes on.
    if (voters.length === 0) return seal
    return this.advance({ point, before: seal, electors: new Set(voters) }, position)
  }

  /**
   * How far beyond `after` a member says they have seen everything: by their newest acknowledgements alone. A later point on one line counts
   * for earlier ones; two unrelated ones count for nothing.
   */
  private acknowledgedBy(member: MemberId, position: Position, after: Node): Node | undefined {
    const points = this.acknowledged(member, position)
    const top =
      points.length === 1 ? points[0] : points.find((point) => points.every((other) => covers(point.self, other)))
    return top && top !== after && covers(top.self, after) ? top : undefined
  }

  /** Points of a member's newest acknowledgements. */
  acknowledged(member: MemberId, position: Position): readonly Node[] {
    const newest: Acknowledgement[] = []
    for (const [line, all] of this.members.get(member)?.lines ?? []) {
      const last = lastWithin(all, reachOn(position, line))
      if (last) newest.push(last)
    }
    if (newest.length < 2) return newest.map(({ point }) => point)
    const kept = newestOf(newest.map(({ node }) => node))
    return newest.filter(({ node }) => kept.includes(node)).map(({ point }) => point)
  }

  /** Whether a member has acknowledged along one line alone, where nothing can contradict anything. */
  isOneLine(member: MemberId): boolean {
    return this.members.get(member)?.lines.size === 1
  }

  /** Members who, of what `includes` takes in, acknowledged two unrelated points, each with the two entries that show it. */
  doubleSigners(includes: 'all' | ((node: Node) => boolean)): ReadonlyMap<MemberId, Pair> {
    const signers = new Map<MemberId, Pair>()
    for (const [member, seals] of this.members) {
      if (seals.lines.size === 1) continue
      if (includes === 'all' && seals.pair?.count !== seals.count)
        seals.pair = { count: seals.count, found: unrelatedPair([...seals.lines.values()].flat()) }
      const found =
        includes === 'all'
          ? seals.pair?.found
          : unrelatedPair([...seals.lines.values()].flat().filter(({ node }) => includes(node)))
      if (found) signers.set(member, found)
    }
    return signers
  }
}

/** The last of a line's acknowledgements that lies within `reach` steps. */
const lastWithin = (all: readonly Acknowledgement[], reach: number): Acknowledgement | undefined => {
  let [low, high] = [0, all.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((all[middle] as Acknowledgement).node.step <= reach) low = middle + 1
    else high = middle
  }
  return all[low - 1]
}

/** Of all pairs the one with the lowest ids, so that everybody names the same. */
const unrelatedPair = (all: readonly Acknowledgement[]): Pair | undefined => {
  let first: Pair | undefined
  for (const left of all) {
    for (const right of all) {
      if (left.node.id >= right.node.id || (first && first[0] < left.node.id)) continue
      if (covers(left.point.self, right.point) || covers(right.point.self, left.point)) continue
      if (!first || left.node.id < first[0] || right.node.id < first[1]) first = [left.node.id, right.node.id]
    }
  }
  return first
}

/** Of two seals the later one. Where neither builds on the other, voters have signed for both: nothing after what they share is sealed. */
const join = (left: Seal, right: Seal): Seal => {
  if (covers(left.point.self, right.point)) return left
  if (covers(right.point.self, left.point)) return right
  const [one, other] = [sharedWith(left, right), sharedWith(right, left)]
  if (covers(one.point.self, other.point)) return one
  return covers(other.point.self, one.point) || other.point.id < one.point.id ? other : one
}

const sharedWith = (seal: Seal, other: Seal): Seal => {
  let shared = seal
  while (shared.before && !covers(other.point.self, shared.point)) shared = shared.before
  return shared
}
