import type { ControlId, DeviceId, MemberId } from '@auzolan/core'
import type { Control } from './control.ts'
import type { Entry } from './entry.ts'

/** An accepted control entry and what lies in its past. */
export interface Node {
  readonly id: ControlId
  readonly entry: Entry
  readonly control: Control
  /** Whose device signed it, by its past. */
  readonly author: MemberId
  /** What its author had seen. */
  readonly parents: Position
  /** The place right after it: itself and its past. */
  readonly self: Position
  /** Its line, and how far along it (from 1). */
  readonly line: number
  readonly step: number
  /** For each other line, how far its past reaches; beyond the end: 0. Shared with the parent where nothing differs. */
  readonly reach: readonly number[]
}

/** A place in the graph: everything in the past of these nodes, and they themselves. */
export type Position = readonly Node[]

/** Whether `node` is one of `position` or in the past of one. */
export const covers = (position: Position, node: Node): boolean => {
  // A plain loop: this is asked a hundred times for each entry.
  for (const { line, step, reach } of position) {
    if (line === node.line ? step >= node.step : (reach[node.line] ?? 0) >= node.step) return true
  }
  return false
}

/** How far along a line `position` reaches; 0: not at all. */
export const reachOn = (position: Position, line: number): number => {
  let furthest = 0
  for (const node of position) furthest = Math.max(furthest, node.line === line ? node.step : (node.reach[line] ?? 0))
  return furthest
}

/** Neither has the other in its past. */
export const concurrent = (left: Node, right: Node): boolean =>
  left !== right && !covers(left.self, right) && !covers(right.self, left)

/** Those of `nodes` that no other of them has in its past. */
export const newestOf = (nodes: readonly Node[]): readonly Node[] =>
  nodes.filter((node) => !nodes.some((other) => other !== node && covers(other.self, node)))

/**
 * The accepted control entries as a graph in which "is this in the past of that" costs one look. Entries are laid out in lines, in each of
 * which every entry has the one before in its past; an entry then remembers how far into each line its past reaches (a vector clock by
 * lines instead of devices). Honest devices make one line each. A device that forgets or doubles its own entries makes more lines and
 * nothing else: the answers are exact whatever anybody signs, and in whatever order entries arrive.
 */
export class ControlGraph {
  private readonly nodes = new Map<ControlId, Node>()
  private readonly ends: Node[] = []
  private readonly linesOf = new Map<DeviceId, number[]>()
  private readonly tops = new Set<ControlId>()

  get(id: ControlId): Node | undefined {
    return this.nodes.get(id)
  }

  /** In an order in which everything comes after its past. */
  all(): Iterable<Node> {
    return this.nodes.values()
  }

  get size(): number {
    return this.nodes.size
  }

  /** The place after everything. */
  whole(): Position {
    return [...this.tops].map((id) => this.nodes.get(id) as Node)
  }

  /**
   * Entries that no other has in its past, sorted; at most `limit`, the first of each device before the second of any: who signs many for one
   * place does not keep others' entries from being built on.
   */
  heads(limit: number): readonly ControlId[] {
    const before = new Map<DeviceId, number>()
    const tops = [...this.tops].sort().map((id) => {
      const { device } = (this.nodes.get(id) as Node).entry
      const turn = before.get(device) ?? 0
      before.set(device, turn + 1)
      return { id, turn }
    })
    const first = tops.sort((left, right) => left.turn - right.turn).slice(0, limit)
    return first.map(({ id }) => id).sort()
  }

  add(id: ControlId, entry: Entry, control: Control, author: MemberId, position: Position): Node {
    const lines = this.linesOf.get(entry.device) ?? []
    const continued = lines.findLast((line) => covers(position, this.ends[line] as Node))
    const line = continued ?? this.ends.length
    const step = continued === undefined ? 1 : (this.ends[continued] as Node).step + 1
    const self: Node[] = []
    const node: Node = {
      id,
      entry,
      control,
      author,
      parents: position,
      self,
      line,
      step,
      reach: reachOf(position, line),
    }
    self.push(node)
    if (continued === undefined) this.linesOf.set(entry.device, [...lines, line])
    this.ends[line] = node
    this.nodes.set(id, node)
    for (const { id: head } of position) this.tops.delete(head)
    this.tops.add(id)
    return node
  }
}

const reachOf = (position: Position, line: number): readonly number[] => {
  const [only] = position
  if (position.length === 1 && only && only.line === line) return only.reach
  const reach: number[] = []
  for (const node of position) {
    raise(reach, node.line, node.step)
    node.reach.forEach((step, at) => raise(reach, at, step))
  }
  return reach
}

const raise = (reach: number[], line: number, step: number): void => {
  while (reach.length <= line) reach.push(0)
  if (step > (reach[line] as number)) reach[line] = step
}
