import {
  type Clock,
  ControlId,
  type DeviceId,
  type Entropy,
  type GroupId,
  type Instant,
  type MemberId,
} from '@auzolan/core'
import type { Store } from '@auzolan/storage'
import {
  type Action,
  type ControlLog,
  decodeCbor,
  encodeCbor,
  type GroupState,
  type ProposalView,
} from '@auzolan/trust'
import { Background } from '../group/background.ts'
import type { Group } from '../group/group.ts'
import { keepKeys, turnOf } from '../group/keys.ts'
import { heldKey } from '../log/layout.ts'
import { writeSpare } from '../log/spare.ts'
import { sayAhead } from './ahead.ts'
import { closingStep } from './closing.ts'
import { isOpen } from './decisions.ts'
import { partOf, takePart, toConfirm } from './lots.ts'
import { askedSince, isTimed } from './waits.ts'

export interface FollowingParts {
  readonly store: Store
  readonly clock: Clock
  readonly entropy: Entropy
  /** Runs a job after some milliseconds; returns its undo. */
  readonly later: (milliseconds: number, job: () => void) => () => void
  readonly group: (id: GroupId) => Promise<Group | undefined>
}

/**
 * Does what follows for a group without being asked: says that voting is over where a rule takes an end, and that a proposal is decided; takes part
 * where people are drawn by lot; acknowledges what was decided, so that it becomes final
 * (`TRUST.md` T5), vouches for what those who are out wrote before (T12), and keeps the group's keys; and says what its person wrote before being let in. None carries authority of its own: every device checks the ballots, and who a key is for.
 */
export class Following {
  readonly #parts: FollowingParts
  readonly #jobs = new Map<string, () => void>()
  readonly #background = new Background()

  constructor(parts: FollowingParts) {
    this.#parts = parts
  }

  /** The control log of a group moved, or it was opened. */
  look(id: GroupId): void {
    this.#background.run(async () => {
      const group = await this.#parts.group(id)
      if (!group || group.workspace.log.control.heads.length === 0 || !group.isActive(group.keys.device)) return
      await sayAhead(group, this.#parts.store, this.#parts.clock.now())
      if (group.ring.duty(group.workspace.log.control, this.#parts.clock.now()))
        this.#once(`${id} keys`, turnOf(group), () => this.#keepKeys(id))
      this.#once(`${id} again`, LOOK_MS, () => Promise.resolve(this.look(id)))
      const { unsaid } = group.workspace.log
      if (unsaid.length > 0) this.#once(`${id} vouch`, turnOf(group), () => this.#vouch(id))
      const proposals = group.workspace.log.control.proposals(group.me)
      for (const proposal of proposals)
        if (isDue(proposal, group.workspace.log.state))
          this.#once(`${id} ${proposal.id}`, waitFor(proposal, group), () => this.#enact(id, proposal.id))
      const decided = proposals.flatMap(({ phase, enact }) => (phase === 'decided' && enact ? [enact] : []))
      const drawn = await this.#goOn(group, proposals)
      if (decided.length + drawn.length > 0) await this.#acknowledge(group, [...decided, ...drawn])
    })
  }

  async close(): Promise<void> {
    for (const cancel of this.#jobs.values()) cancel()
    this.#jobs.clear()
    await this.#background.end()
  }

  #once(name: string, wait: number, job: () => Promise<unknown>): void {
    if (this.#jobs.has(name)) return
    const cancel = this.#parts.later(wait, () => {
      this.#jobs.delete(name)
      this.#background.run(job)
    })
    this.#jobs.set(name, cancel)
  }

  async #keepKeys(id: GroupId): Promise<void> {
    const { clock, entropy } = this.#parts
    const group = await this.#parts.group(id)
    if (group?.isActive(group.keys.device)) await keepKeys(group, clock, entropy)
  }

  /** Unless others have said as much meanwhile. What the rules refuse now, as of who is suspended, is said when something has changed. */
  async #vouch(id: GroupId): Promise<void> {
    const group = await this.#parts.group(id)
    if (!group?.isActive(group.keys.device)) return
    for (const { end, held } of group.workspace.log.unsaid) await group.decide({ kind: 'vouch', end, held })
  }

  /** What proposals that take their time ask of this device. Answers what has to be confirmed for them to go on. */
  async #goOn(group: Group, proposals: readonly ProposalView[]): Promise<readonly ControlId[]> {
    const { control } = group.workspace.log
    const timed = proposals.filter((proposal) => isTimed(proposal) && isOpen(proposal, control.state()))
    if (timed.length === 0) return []
    const now = this.#parts.clock.now()
    const since = await askedSince(this.#parts.store, group.id, timed, now)
    return timed.flatMap((proposal) => {
      const at = { since: since.get(proposal.id) ?? now, now }
      const name = `${group.id} ${proposal.id}`
      if (partOf(group, proposal, at)) this.#once(`${name} lot`, ENACT_MS, () => this.#takePart(group.id, proposal.id))
      if (group.me && closingStep(proposal, group.me, control.state(), at))
        this.#once(`${name} close`, waitFor(proposal, group), () => this.#close(group.id, proposal.id))
      return toConfirm(proposal, control, at)
    })
  }

  async #takePart(id: GroupId, asked: ControlId): Promise<void> {
    const found = await this.#timed(id, asked)
    if (found) await takePart(found.group, found.proposal, found.at, this.#parts)
  }

  /** Unless others have said as much meanwhile. */
  async #close(id: GroupId, asked: ControlId): Promise<void> {
    const found = await this.#timed(id, asked)
    if (!found?.group.me) return
    const { group, proposal, at } = found
    const step = closingStep(proposal, found.group.me, group.workspace.log.state, at)
    if (step) await group.decide(step)
  }

  /** A proposal that takes its time, as it is now. */
  async #timed(id: GroupId, asked: ControlId) {
    const group = await this.#parts.group(id)
    const proposal = group?.workspace.log.control.proposals(group.me).find((each) => each.id === asked)
    if (!group || !proposal) return undefined
    const now = this.#parts.clock.now()
    const since = await askedSince(this.#parts.store, id, [proposal], now)
    return { group, proposal, at: { since: since.get(asked) ?? now, now } }
  }

  async #enact(id: GroupId, proposal: ControlId): Promise<void> {
    const group = await this.#parts.group(id)
    const { control, state } = group?.workspace.log ?? {}
    const due = control?.proposals(group?.me).find((each) => each.id === proposal)
    // Somebody else was first, or an answer was changed meanwhile.
    if (!group || !state || !due || !isDue(due, state)) return
    const held = await group.workspace.log.held(endedBy(due.action, state))
    await group.decide({ kind: 'enact', proposal, close: due.close, ...(held.length > 0 ? { held } : {}) })
  }

  async #acknowledge(group: Group, decided: readonly ControlId[]): Promise<void> {
    const { control, state } = group.workspace.log
    const { me } = group
    if (!me || !state.electorate.has(me)) return
    const before = lastAcknowledged(control, me)
    if (before && control.covers([before], decided)) return
    const everything = before ? [...decided, before] : decided
    const now = this.#parts.clock.now()
    const held = await this.#held(group.id)
    const kept = held && control.has(held.point) && control.covers([held.point], everything) ? held : undefined
    // Where decisions were made apart, none of the newest entries covers them all until somebody says the next thing.
    const point = kept?.point ?? control.heads.find((head) => control.covers([head], everything))
    if (!point) return
    const since = kept && kept.since <= now ? kept.since : now
    const left = since + delayOf(state) - now
    if (left <= 0) {
      await group.decide({ kind: 'seal', at: point })
      return
    }
    if (!kept || since !== kept.since) await this.#hold(group.id, point, since)
    this.#once(`${group.id} seal`, left, () => Promise.resolve(this.look(group.id)))
  }

  async #held(id: GroupId): Promise<{ readonly point: ControlId; readonly since: Instant } | undefined> {
    const record = await this.#parts.store.get(heldKey(id))
    const read = record && decodeCbor(record)
    if (!read?.ok || !Array.isArray(read.value)) return undefined
    const [text, since] = read.value as readonly unknown[]
    const point = ControlId.parse(text)
    return point && Number.isSafeInteger(since) ? { point, since: since as Instant } : undefined
  }

  async #hold(id: GroupId, point: ControlId, since: Instant): Promise<void> {
    await writeSpare(this.#parts.store, [{ do: 'put', key: heldKey(id), value: encodeCbor([point, since]) }])
  }
}

/** Devices that are out once this is enacted. */
const endedBy = (action: Action, { members }: GroupState): readonly DeviceId[] =>
  action.kind === 'remove' || action.kind === 'rebind' ? (members.get(action.member)?.devices ?? []) : []

/** Whoever asked for advice decides by hand. */
const isDue = (proposal: ProposalView, state: GroupState): boolean =>
  proposal.ready && isOpen(proposal, state) && !proposal.rules.some(({ kind }) => kind === 'advice')

/**
 * Whom a removal is about says it first: as soon as others have, nothing more is sent to them, not even that. Then who answered, so that not
 * every device says the same at once; that some do is harmless.
 */
const waitFor = ({ action, mine }: ProposalView, { me }: Group): number => {
  if (action.kind === 'remove' && action.member === me) return 0
  return mine === 'none' ? 3 * ENACT_MS : ENACT_MS
}

/** What lies at the point a member acknowledged last. */
const lastAcknowledged = (control: ControlLog, me: MemberId): ControlId | undefined => {
  let last: ControlId | undefined
  for (const head of control.heads)
    for (const { id } of control.past(head)) {
      const said = control.get(id)
      if (said?.author !== me || said.control.kind !== 'seal') continue
      if (last === undefined || control.covers([said.control.at], [last])) last = said.control.at
    }
  return last
}

/** While all who vote founded the group there is nobody to guard against: they trusted each other with all of it. */
const delayOf = ({ electorate, members }: GroupState): number =>
  [...electorate].every((member) => members.get(member)?.via === null) ? 0 : SEAL_DELAY_MS

/** What time alone brings (a key grows old) is looked for this often. */
const LOOK_MS = 12 * 60 * 60 * 1000
/** Long enough for a ballot to reach who is connected, and short enough that nobody waits for what was agreed. */
const ENACT_MS = 1000
/**
 * Two days, by this device's clock: what was made apart has that long to arrive and be weighed before a decision becomes final. Shorter
 * would let whoever is quick settle things while others are offline over a weekend.
 */
const SEAL_DELAY_MS = 2 * 24 * 60 * 60 * 1000
