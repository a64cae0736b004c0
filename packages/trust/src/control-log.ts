import { type ControlId, type DeviceId, type GroupId, type MemberId } from '@auzolan/core'
import { covers, ControlGraph, type Node, type Position } from './control-graph.ts'
import { ControlRules, type Reason } from './control-rules.ts'
import { parseControl, type Control } from './control.ts'
import { entryId, entryLimits, itemTypes, type Entry } from './entry.ts'
import { resolveState, type GroupState } from './group-state.ts'
import type { Verifier } from './verifier.ts'

export type Verdict =
  | { readonly is: 'accepted' }
  /** `newer`: of a kind only a newer app knows; nothing is missing then. */
  | { readonly is: 'waiting'; readonly missing: readonly ControlId[]; readonly newer?: string }
  | { readonly is: 'refused'; readonly reason: Reason }

/** An accepted control entry with what it says. */
export interface Judged {
  readonly entry: Entry
  readonly control: Control
  readonly author: MemberId
}

/** Refusals remembered so that what builds on them is refused and not waited for. Judged again the verdict is the same. */
const REFUSED_LIMIT = 10_000
/** Positions of writing whose verdict is remembered; tens of devices write at a handful of positions at a time. */
const WRITE_CACHE_LIMIT = 10_000

const accepted: Verdict = { is: 'accepted' }
const refuse = (type: Reason['type'], detail?: string): Verdict => ({
  is: 'refused',
  reason: detail === undefined ? { type } : { type, detail },
})

/**
 * The control entries of one group, each judged at its position: by its own past alone, so that the verdict is final and equal on every
 * device (`TRUST.md` T2). Takes entries whose feed `checkRun` has checked, in any order.
 */
export class ControlLog {
  private readonly group: GroupId
  private readonly graph = new ControlGraph()
  private readonly rules: ControlRules
  private readonly refused = new Map<ControlId, Verdict>()
  private readonly mayWriteAt = new Map<string, Verdict>()
  private resolved: GroupState | undefined
  private tops: readonly ControlId[] | undefined

  constructor(group: GroupId, verifier: Verifier) {
    this.group = group
    this.rules = new ControlRules(group, this.graph, verifier)
  }

  /**
   * Accepts and takes in, lets wait for what is missing, or refuses. The same entry again gives the same answer.
   * `trusted`: was accepted before on this device, so the keys and signatures inside it are not checked again.
   */
  async judge(entry: Entry, options: { readonly trusted?: true } = {}): Promise<Verdict> {
    const id = entryId(entry)
    const known = this.verdictOf(id)
    if (known) return known
    const verdict = await this.judgeNew(id, entry, options.trusted ?? false)
    if (verdict.is === 'refused') this.remember(this.refused, id, verdict, REFUSED_LIMIT)
    return verdict
  }

  /** Whether a device may write where its author has seen `heads`: a pure function of what lies there. */
  mayWrite(device: DeviceId, heads: readonly ControlId[]): Verdict {
    const key = `${device} ${heads.join(' ')}`
    const known = this.mayWriteAt.get(key)
    if (known) return known
    const position = this.positionOf(heads)
    if (!isPosition(position)) return position
    const reason = this.rules.mayWrite(device, position)
    const verdict: Verdict = reason ? { is: 'refused', reason } : accepted
    this.remember(this.mayWriteAt, key, verdict, WRITE_CACHE_LIMIT)
    return verdict
  }

  /**
   * Whether everything at `earlier` is also in the past of `heads`. A feed whose heads go back claims not to know what it has already named
   * or said; false also where anything is unknown.
   */
  covers(heads: readonly ControlId[], earlier: readonly ControlId[]): boolean {
    const position = this.positionOf(heads)
    const before = this.positionOf(earlier)
    return isPosition(position) && isPosition(before) && before.every((node) => covers(position, node))
  }

  /** The newest accepted control entry of a device: what every later entry of its feed has seen. */
  newestOf(device: DeviceId): ControlId | undefined {
    return this.rules.newestOf(device)?.id
  }

  /** The newest accepted entries, to name in the next own entry: at most 16, sorted, none in the past of another. */
  get heads(): readonly ControlId[] {
    return (this.tops ??= this.graph.heads().slice(0, entryLimits.heads))
  }

  /** Throws before the founding entry is accepted. */
  state(): GroupState {
    this.resolved ??= resolveState(this.group, this.graph, this.rules)
    if (!this.resolved) throw new Error('a group has no state before its founding entry')
    return this.resolved
  }

  /** Accepted control entries. */
  get size(): number {
    return this.graph.size
  }

  has(id: ControlId): boolean {
    return this.graph.get(id) !== undefined
  }

  get(id: ControlId): Judged | undefined {
    const node = this.graph.get(id)
    return (
      node && {
        entry: node.entry,
        control: node.control,
        author: this.rules.memberAt(node.entry.device, [node]) as MemberId,
      }
    )
  }

  why(id: ControlId): Verdict {
    return this.verdictOf(id) ?? { is: 'waiting', missing: [id] }
  }

  private verdictOf(id: ControlId): Verdict | undefined {
    return this.has(id) ? accepted : this.refused.get(id)
  }

  private async judgeNew(id: ControlId, entry: Entry, trusted: boolean): Promise<Verdict> {
    if (entry.group !== this.group) return refuse('foreign group')
    if (entry.heads.length === 0 && (id as string) !== this.group) return refuse('bad founding', 'founds another group')
    const position = this.positionOf(entry.heads)
    if (!isPosition(position)) return position
    if (isRedundant(position)) return refuse('redundant heads')
    const [item] = entry.items
    if (item?.type !== itemTypes.control || !item.bytes || entry.items.length > 1) return refuse('not a control entry')
    const parsed = parseControl(item.bytes)
    if (!parsed.ok) {
      return parsed.error.type === 'newer'
        ? { is: 'waiting', missing: [], newer: parsed.error.kind }
        : refuse('malformed', parsed.error.detail)
    }
    const control = parsed.value
    const reason =
      this.rules.allows(entry, control, position) ??
      (trusted ? undefined : await this.rules.proves(entry, control, position))
    if (reason) return { is: 'refused', reason }
    // While signatures were checked the same entry may have been taken in from elsewhere.
    if (!this.has(id)) this.take(id, entry, control, position)
    return accepted
  }

  private take(id: ControlId, entry: Entry, control: Control, position: Position): void {
    const node = this.graph.add(id, entry, control, position)
    this.rules.learn(node, position)
    this.resolved = undefined
    this.tops = undefined
  }

  private positionOf(heads: readonly ControlId[]): Position | Verdict {
    const nodes: Node[] = []
    const missing: ControlId[] = []
    for (const head of heads) {
      if (this.refused.has(head)) return refuse('builds on a refused entry', head)
      const node = this.graph.get(head)
      if (node) nodes.push(node)
      else missing.push(head)
    }
    return missing.length > 0 ? { is: 'waiting', missing } : nodes
  }

  private remember<K>(map: Map<K, Verdict>, key: K, verdict: Verdict, limit: number): void {
    if (map.size >= limit) map.delete(map.keys().next().value as K)
    map.set(key, verdict)
  }
}

const isPosition = (value: Position | Verdict): value is Position => Array.isArray(value)

const isRedundant = (position: Position): boolean =>
  position.some((node) => position.some((other) => other !== node && covers([other], node)))
