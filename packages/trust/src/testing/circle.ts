import { type ControlId, type GroupId, type Instant, type MemberId } from '@auzolan/core'
import type { Action } from '../actions.ts'
import { ControlLog } from '../control-log.ts'
import { deviceMessage, encodeControl, foundingMessage, memberOfFounder, type Control, type Vote } from '../control.ts'
import { itemTypes, type Entry } from '../entry.ts'
import { signEntry, startFeed, type FeedTip } from '../feed.ts'
import type { Founding } from '../founding.ts'
import { invitationKeys } from '../invitation.ts'
import { makeJoinRequest, memberOfRequest, type SignedJoinRequest } from '../join.ts'
import { seededKeys, type DeviceKeys } from '../keys.ts'
import { makeRecoveryRequest, makeSheet } from '../recovery.ts'
import type { Settings } from '../rules.ts'
import type { Verdict } from '../verdict.ts'
import { openVerifier, type Verifier } from '../verifier.ts'

const start = 1_800_000_000_000 as Instant
const filled = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill)

/** A person with one device, who signs whatever they are told to. */
export interface Person {
  readonly name: string
  readonly keys: DeviceKeys
  member: MemberId
  tip: FeedTip
}

let verifier: Promise<Verifier> | undefined
const people = new Map<number, Promise<DeviceKeys>>()

/** Keys are made once a number: making them is the slowest step. */
const keysOf = (number: number): Promise<DeviceKeys> => {
  const seed = new Uint8Array(32)
  new DataView(seed.buffer).setUint32(0, number + 1)
  const known = people.get(number) ?? seededKeys(seed)
  people.set(number, known)
  return known
}

/** A group in which anybody can be made to say anything with any past: for tests of the control log. */
export class Circle {
  readonly group: GroupId
  readonly log: ControlLog
  readonly verifier: Verifier
  /** Accepted entries, in the order in which they were made. */
  readonly entries: Entry[] = []
  readonly refused: Entry[] = []
  private readonly people = new Map<string, Person>()
  private next = 100

  private constructor(group: GroupId, trusted: Verifier) {
    this.group = group
    this.verifier = trusted
    this.log = new ControlLog(group, trusted)
  }

  static async found(names: readonly string[], settings?: Settings): Promise<Circle> {
    const keys = await Promise.all(names.map((_, at) => keysOf(at)))
    const draft: Founding = {
      kind: 'found',
      name: 'Repair café',
      purpose: '',
      founders: keys.map(({ device, box }, at) => ({
        device,
        box,
        name: names[at] as string,
        cosign: at === 0 ? null : filled(64, 0),
      })),
      continues: null,
      nonce: filled(16, 3),
      ...(settings ? { settings } : {}),
    }
    const founders = await Promise.all(
      draft.founders.map(async (founder, at) =>
        at === 0
          ? founder
          : { ...founder, cosign: await (keys[at] as DeviceKeys).sign('auzolan/sign/found/1', foundingMessage(draft)) },
      ),
    )
    const [first] = keys as [DeviceKeys]
    const bytes = encodeControl({ ...draft, founders })
    const items = [{ type: itemTypes.control, bytes }]
    const signed = await signEntry(startFeed(first.device), 'founding', first, { at: start, heads: [], items })
    const circle = new Circle(signed.group, await (verifier ??= openVerifier()))
    for (const [at, name] of names.entries()) {
      const own = keys[at] as DeviceKeys
      const tip = at === 0 ? signed.tip : startFeed(own.device)
      circle.people.set(name, { name, keys: own, member: memberOfFounder(own.device), tip })
    }
    const verdict = await circle.log.judge(signed.entry)
    if (verdict.is !== 'accepted') throw new Error(JSON.stringify(verdict))
    circle.entries.push(signed.entry)
    return circle
  }

  who(name: string): Person {
    const person = this.people.get(name)
    if (!person) throw new Error(`nobody is called ${name}`)
    return person
  }

  knows(name: string): boolean {
    return this.people.has(name)
  }

  member(name: string): MemberId {
    return this.who(name).member
  }

  nameOf(member: MemberId): string {
    return [...this.people.values()].find((person) => person.member === member)?.name ?? member
  }

  get heads(): readonly ControlId[] {
    return this.log.heads
  }

  /** Someone with keys who is not in. A second device of a person is one more `Person` with the same member. */
  async stranger(name: string): Promise<Person> {
    const keys = await keysOf(this.next++)
    const person = { name, keys, member: '' as MemberId, tip: startFeed(keys.device) }
    this.people.set(name, person)
    return person
  }

  /** What becomes of an entry; the tip goes on only where it is accepted. */
  async try(name: string, control: Control | Uint8Array, past: readonly ControlId[] = this.heads): Promise<Verdict> {
    const person = this.who(name)
    const signed = await signEntry(person.tip, this.group, person.keys, {
      at: (start + this.entries.length) as Instant,
      heads: past,
      items: [{ type: itemTypes.control, bytes: control instanceof Uint8Array ? control : encodeControl(control) }],
    })
    const verdict = await this.log.judge(signed.entry)
    if (verdict.is === 'accepted') {
      person.tip = signed.tip
      this.entries.push(signed.entry)
    } else {
      this.refused.push(signed.entry)
    }
    return verdict
  }

  /** An entry that has to be accepted. */
  async say(name: string, control: Control, past: readonly ControlId[] = this.heads): Promise<ControlId> {
    const verdict = await this.try(name, control, past)
    if (verdict.is !== 'accepted') throw new Error(`${name} ${control.kind}: ${JSON.stringify(verdict)}`)
    return this.entries.at(-1)?.id as ControlId
  }

  /** Why an entry is refused. */
  async refusal(name: string, control: Control, past: readonly ControlId[] = this.heads): Promise<string> {
    const verdict = await this.try(name, control, past)
    return verdict.is === 'refused' ? verdict.reason.type : verdict.is
  }

  async propose(name: string, action: Action, past: readonly ControlId[] = this.heads): Promise<ControlId> {
    return this.say(name, { kind: 'propose', action, reason: '' }, past)
  }

  async vote(
    name: string,
    proposal: ControlId,
    vote: Vote,
    past: readonly ControlId[] = this.heads,
  ): Promise<ControlId> {
    return this.say(name, { kind: 'ballot', proposal, vote }, past)
  }

  async enact(
    name: string,
    proposal: ControlId,
    close: ControlId | null = null,
    past: readonly ControlId[] = this.heads,
  ): Promise<ControlId> {
    return this.say(name, { kind: 'enact', proposal, close }, past)
  }

  /** Proposed by the first of `voters`, voted for by each, one after the other, and enacted; all after `past`. */
  async decide(voters: readonly string[], action: Action, past: readonly ControlId[] = this.heads): Promise<ControlId> {
    const { last, proposal } = await this.agree(voters, action, past)
    return this.enact(voters[0] as string, proposal, null, [last])
  }

  /** As `decide`, but not enacted. */
  async agree(
    voters: readonly string[],
    action: Action,
    past: readonly ControlId[] = this.heads,
  ): Promise<{ readonly proposal: ControlId; readonly last: ControlId }> {
    const proposal = await this.propose(voters[0] as string, action, past)
    let last = proposal
    for (const name of voters) last = await this.vote(name, proposal, 'yes', [last])
    return { proposal, last }
  }

  /** Each of `voters` acknowledges `at`, one after the other. */
  async seal(voters: readonly string[], at: ControlId, past: readonly ControlId[] = this.heads): Promise<ControlId> {
    let last: readonly ControlId[] = past
    for (const name of voters) last = [await this.say(name, { kind: 'seal', at }, last)]
    return last[0] as ControlId
  }

  /** Public key of this circle's one invitation secret. */
  async inviteKey(): Promise<Uint8Array> {
    return (await invitationKeys(secret)).publicKey
  }

  async invite(name: string, uses: number, past: readonly ControlId[] = this.heads): Promise<ControlId> {
    return this.say(name, { kind: 'invite', key: await this.inviteKey(), uses, expires: null, note: '' }, past)
  }

  /** The request of a new person to come in by an invitation of this circle. */
  async ask(name: string): Promise<SignedJoinRequest> {
    const person = this.people.get(name) ?? (await this.stranger(name))
    const entropy = { bytes: (length: number) => filled(length, 5) }
    const asked = await makeJoinRequest({ group: this.group, secret }, person.keys, name, entropy)
    person.member = memberOfRequest(asked.request)
    return asked
  }

  async admit(
    carrier: string,
    invite: ControlId,
    newcomer: string,
    past: readonly ControlId[] = this.heads,
  ): Promise<ControlId> {
    return this.say(carrier, { kind: 'admit', invite, ...(await this.ask(newcomer)) }, past)
  }

  /** Proof that a further device of `owner` holds its key. */
  async proofOf(owner: MemberId, device: DeviceKeys): Promise<Uint8Array> {
    return device.sign('auzolan/sign/device/1', deviceMessage(this.group, owner, device.device, device.box))
  }

  async addDevice(owner: string, name: string, past: readonly ControlId[] = this.heads): Promise<ControlId> {
    const { member } = this.who(owner)
    const device = await this.stranger(name)
    device.member = member
    const { device: id, box } = device.keys
    const proof = await this.proofOf(member, device.keys)
    return this.say(owner, { kind: 'addDevice', device: id, box, label: name, proof }, past)
  }

  /** Makes a recovery sheet of the person known. `paper` numbers the secrets. */
  async makeSheet(owner: string, paper: number, past: readonly ControlId[] = this.heads): Promise<ControlId> {
    return this.say(owner, await makeSheet(this.group, this.member(owner), filled(16, paper)), past)
  }

  /** What a new device says that has read a sheet. */
  async read(paper: number, name: string): Promise<Extract<Control, { kind: 'recover' }>> {
    const device = this.people.get(name) ?? (await this.stranger(name))
    return { kind: 'recover', ...(await makeRecoveryRequest(this.group, filled(16, paper), device.keys, name)) }
  }

  /** `name`, a new device of `owner`, comes in by a sheet. */
  async recover(
    carrier: string,
    owner: string,
    paper: number,
    name: string,
    past: readonly ControlId[] = this.heads,
  ): Promise<ControlId> {
    const said = await this.say(carrier, await this.read(paper, name), past)
    this.who(name).member = this.member(owner)
    return said
  }

  /** A log that takes the same entries in another order, each of them twice. Throws where one is judged otherwise. */
  async replay(
    order: (entries: readonly Entry[]) => readonly Entry[],
    look: (log: ControlLog) => void = () => undefined,
  ): Promise<ControlLog> {
    const log = new ControlLog(this.group, this.verifier)
    let waiting: readonly Entry[] = order([...this.entries, ...this.refused, ...this.entries])
    for (let before = -1; waiting.length !== before;) {
      before = waiting.length
      const still: Entry[] = []
      for (const entry of waiting) {
        const accepted = this.entries.includes(entry)
        // Its signatures were checked when it was made: what is looked at is the order.
        const verdict = await log.judge(entry, accepted ? { trusted: true } : {})
        if (verdict.is === 'waiting') still.push(entry)
        else if ((verdict.is === 'accepted') !== accepted) throw new Error('judged otherwise')
        look(log)
      }
      waiting = still
    }
    if (log.size !== this.entries.length) throw new Error('not everything was taken in')
    return log
  }
}

const secret = filled(16, 9)
