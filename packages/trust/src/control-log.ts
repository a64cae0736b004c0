import { type ControlId, type DeviceId, type GroupId, type MemberId } from '@auzolan/core'
import { covers, ControlGraph, type Node, type Position } from './control-graph.ts'
import { ControlRules } from './control-rules.ts'
import { memberOfFounder, parseControl, type Control } from './control.ts'
import { entryId, entryLimits, itemTypes, type Entry } from './entry.ts'
import type { EpochState } from './epoch-rules.ts'
import type { Recipient, Wrap } from './epoch.ts'
import { resolveState, type GroupState, type Includes } from './group-state.ts'
import { remember } from './maps.ts'
import { viewProposal, type ProposalView } from './proposals.ts'
import type { Counted } from './tally.ts'
import type { Verifier } from './verifier.ts'
import { accepted, type Explanation, type Judged, refuse, type Verdict } from './verdict.ts'
import { endedDevices, type EndedDevice, wasInBefore } from './vouching.ts'

/** Refusals remembered so that what builds on them is refused and not waited for. Judged again the verdict is the same. */
const REFUSED_LIMIT = 10_000
/** Positions of writing whose verdict is remembered; tens of devices write at a handful of positions at a time. */
const WRITE_CACHE_LIMIT = 10_000

/** What is said of a decision changes nothing until somebody enacts it. */
const quietKinds: ReadonlySet<Control['kind']> = new Set([
  'propose',
  'ballot',
  'close',
  'ack',
  'commit',
  'reveal',
  'epoch',
  'rewrap',
  'unread',
])

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
  private ended: ReadonlyMap<DeviceId, EndedDevice> | undefined
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
    const read = this.read(id, entry)
    if (!('control' in read)) return this.remembered(id, read)
    const { control, position } = read
    const reason =
      this.rules.allows(entry, control, position) ??
      (options.trusted ? undefined : await this.rules.proves(entry, control, position))
    if (reason) return this.remembered(id, { is: 'refused', reason })
    // While signatures were checked the same entry may have been taken in from elsewhere.
    if (!this.has(id)) this.take(id, entry, control, position)
    return accepted
  }

  /**
   * Takes in an entry that was accepted here before, from this device's own disk. Its verdict is final, so no rule is asked again: a start
   * costs what reading does. Waits, as `judge`, for what is missing.
   */
  restore(entry: Entry): Verdict {
    const id = entryId(entry)
    const read = this.has(id) ? accepted : this.read(id, entry)
    if (!('control' in read)) return read
    const { control, position } = read
    // What was weighed is part of what an enactment says.
    const reason = control.kind === 'enact' ? this.rules.allows(entry, control, position) : undefined
    if (reason) return { is: 'refused', reason }
    this.take(id, entry, control, position)
    return accepted
  }

  private remembered(id: ControlId, verdict: Verdict): Verdict {
    if (verdict.is === 'refused') remember(this.refused, id, verdict, REFUSED_LIMIT)
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
    remember(this.mayWriteAt, key, verdict, WRITE_CACHE_LIMIT)
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

  /** The newest accepted control entry of a device, up to `seq` where given: what every later entry of its feed has seen. */
  newestOf(device: DeviceId, seq?: number): ControlId | undefined {
    return this.rules.newestOf(device, seq)?.id
  }

  /** The newest accepted entries, to name in the next own entry: at most 16, sorted, none in the past of another. */
  get heads(): readonly ControlId[] {
    return (this.tops ??= this.graph.heads(entryLimits.heads))
  }

  /** Throws before the founding entry is accepted. */
  state(): GroupState {
    return (this.resolved ??= this.resolve(this.graph.whole(), 'all'))
  }

  /** The state where only `heads` and what lies in their past is known; `undefined` where some of it is not here. */
  stateAt(heads: readonly ControlId[]): GroupState | undefined {
    const position = this.positionOf(heads)
    return isPosition(position) && position.length > 0
      ? this.resolve(position, (node) => covers(position, node))
      : undefined
  }

  /** Devices that are out by decision or by their own person, and how far what they wrote is vouched for. Sorted. */
  endedDevices(): ReadonlyMap<DeviceId, EndedDevice> {
    if (this.graph.size === 0) return new Map()
    const whole = this.graph.whole()
    return (this.ended ??= endedDevices(this.rules.facts, this.rules.views.at(whole), whole))
  }

  /** Whether what a device held counts where `end` takes others out: it was let in apart from that, or before. */
  wasInBefore(device: DeviceId, end: ControlId): boolean {
    const node = this.graph.get(end)
    const whole = this.graph.whole()
    const { facts, views } = this.rules
    return node !== undefined && wasInBefore(facts, views.at(whole), device, node, whole)
  }

  /** Every proposal, oldest first as they arrived; `me`: whose own vote to show. */
  proposals(me?: MemberId): readonly ProposalView[] {
    const { facts, views, decisions } = this.rules
    const whole = this.graph.whole()
    return [...facts.proposals.values()].map((proposal) => viewProposal(proposal, { views, decisions, whole, me }))
  }

  /** Accepted control entries. */
  get size(): number {
    return this.graph.size
  }

  has(id: ControlId): boolean {
    return this.graph.get(id) !== undefined
  }

  /** Accepted or refused: nothing more has to arrive for it. */
  hasJudged(id: ControlId): boolean {
    return this.verdictOf(id) !== undefined
  }

  get(id: ControlId): Judged | undefined {
    const node = this.graph.get(id)
    return (
      node && {
        entry: node.entry,
        control: node.control,
        author: node.author,
      }
    )
  }

  /** An entry and everything in its past, in an order in which everything comes after its own past. */
  *past(last: ControlId): Iterable<{ readonly id: ControlId; readonly entry: Entry }> {
    const end = this.graph.get(last)
    for (const node of end ? this.graph.all() : []) if (covers((end as Node).self, node)) yield node
  }

  /** Who an epoch made now is for. Sorted by device. */
  recipients(): readonly Recipient[] {
    return this.rules.epochs.recipientsAt(this.graph.whole())
  }

  /** Every epoch, each after those it comes after. */
  epochs(): readonly EpochState[] {
    return this.rules.epochs.states(this.graph.whole())
  }

  /** What a device was handed of an epoch's key, the oldest first. */
  wrapsFor(device: DeviceId, epoch: ControlId): readonly Wrap[] {
    return this.rules.epochs.wrapsFor(device, epoch)
  }

  /** How each elector of an enactment had voted where it was enacted; sorted by member. */
  votesFor(enact: ControlId): ReadonlyMap<MemberId, Counted | 'none'> {
    const node = this.graph.get(enact)
    const enacted = node && this.rules.facts.enacts.get(node)
    const electors = [...(enacted?.electorates[1] ?? [])].sort()
    return new Map(electors.map((member) => [member, enacted?.votes.get(member) ?? 'none']))
  }

  /** The first entry, of several the one with the lowest id, with whose past a stranger sees that `id` is sealed. */
  confirmationOf(id: ControlId): ControlId | undefined {
    const node = this.graph.get(id)
    const { seals } = this.rules.views
    const isConfirmed = (at: Position): boolean => node !== undefined && covers(seals.at(at).point.self, node)
    const first = [...this.graph.all()].filter(
      ({ self, parents }) => isConfirmed(self) && (parents.length === 0 || !isConfirmed(parents)),
    )
    return first.map((one) => one.id).sort()[0]
  }

  /** What became of an entry, and by what. */
  why(id: ControlId): Explanation {
    const reason = this.has(id) ? this.state().voided.get(id) : undefined
    return reason ? { is: 'voided', reason } : (this.verdictOf(id) ?? { is: 'waiting', missing: [id] })
  }

  private resolve(position: Position, includes: Includes): GroupState {
    return resolveState(this.group, this.rules.facts, this.rules.views, position, includes)
  }

  private verdictOf(id: ControlId): Verdict | undefined {
    return this.has(id) ? accepted : this.refused.get(id)
  }

  /** What an entry says and where, or why neither can be told. */
  private read(id: ControlId, entry: Entry): Verdict | { readonly control: Control; readonly position: Position } {
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
    return { control: parsed.value, position }
  }

  private take(id: ControlId, entry: Entry, control: Control, position: Position): void {
    const author =
      control.kind === 'found' ? memberOfFounder(entry.device) : this.rules.memberAt(entry.device, position)
    if (author === undefined) throw new Error('an accepted entry has an author')
    const node = this.graph.add(id, entry, control, author, position)
    this.rules.learn(node)
    // Made along the way: a long chain of entries would otherwise be followed back at once.
    this.rules.views.seals.at(node.self)
    if (!this.isQuiet(node)) this.resolved = this.ended = undefined
    this.tops = undefined
  }

  /** Whether an entry that was taken in leaves the state as it is. Most do, and resolving costs a hundred times as much as judging. */
  private isQuiet({ entry, control, author }: Node): boolean {
    if (this.rules.isDoubled(entry)) return false
    if (control.kind !== 'seal') return quietKinds.has(control.kind)
    const { seals } = this.rules.views
    return seals.isOneLine(author) && seals.at(this.graph.whole()).point.id === this.resolved?.sealed
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
    if (missing.length > 0) return { is: 'waiting', missing }
    return nodes.length === 1 && nodes[0] ? nodes[0].self : nodes
  }
}

const isPosition = (value: Position | Verdict): value is Position => Array.isArray(value)

const isRedundant = (position: Position): boolean =>
  position.some((node) => position.some((other) => other !== node && covers([other], node)))
