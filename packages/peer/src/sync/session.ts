import { type DeviceId, type Entropy, equalBytes, type GroupId, toHex } from '@auzolan/core'
import type { CloseReason, Link } from '@auzolan/network'
import { entranceKey, type Verifier } from '@auzolan/trust'
import { type Common, inTurn } from './common.ts'
import { Handshake } from './handshake.ts'
import { Meeting } from './meeting.ts'
import { decodeMessage, encodeMessage, MAX_NEAR, type Message } from './messages.ts'
import type { SharedGroup } from './shared-group.ts'

export interface SessionContext {
  readonly self: string
  readonly entropy: Entropy
  readonly verifier: Verifier
  readonly groups: () => readonly SharedGroup[]
  /** What is said with the other side where it keeps packs for others. `nonce`: of this side, on this link. */
  readonly visits?: (link: Link, nonce: Uint8Array) => Visiting
}

/** Of a keeper and what is left with it; a session only hands on what it hears. */
export interface Visiting {
  hear(payload: Uint8Array): void
  greet(): void
  push(group: GroupId): void
}

/**
 * Everything said over one link: who proves to be in which group (`TRUST.md` T11), then one exchange for each group in common. A stranger
 * learns neither the groups nor their number; who is out learns of a group only by showing that they were in it.
 */
export class Session {
  readonly #link: Link
  readonly #context: SessionContext
  readonly #handshake: Handshake
  readonly #visits: Visiting | undefined
  #theirTags: readonly Uint8Array[] | undefined
  readonly #common = new Map<GroupId, Common>()
  #numbers = 0
  /** Proofs for a group that is not here: it may be being opened. They are heard again once one was. */
  readonly #early: MemberMessage[] = []
  #offences = 0

  constructor(link: Link, context: SessionContext) {
    this.#link = link
    this.#context = context
    this.#handshake = new Handshake({ self: context.self, remote: link.remote, opener: link.opener }, context.entropy)
    this.#visits = context.visits?.(link, this.#handshake.nonce)
    link.onFrame(async (frame) => {
      if (frame.type === 'keep') return this.#visits?.hear(frame.payload)
      const message = decodeMessage(frame)
      if (message.ok) await this.#hear(message.value)
      else link.close({ type: 'protocol', detail: message.error.detail })
    })
    void link.closed.then(() => this.#ended())
    void this.#say({ say: 'nonce', nonce: this.#handshake.nonce })
  }

  get remote(): string {
    return this.#link.remote
  }

  close(reason: CloseReason): void {
    this.#link.close(reason)
  }

  /** Entries were added to this group here. Checks again who may have them. */
  push(group: GroupId): void {
    const common = this.#common.get(group)
    void common?.meeting?.look()
    this.#visits?.push(group)
    if (common?.waiting) void this.#onJoin(common.waiting)
  }

  /** Others of the group that are connected to this device now: the other side may meet them here. */
  introduce(group: GroupId, peers: readonly string[]): void {
    this.#common.get(group)?.meeting?.introduce(peers.filter((peer) => peer !== this.remote).slice(0, MAX_NEAR))
  }

  /** Others are recognised by what was known when their tags came: looks again where that has changed. */
  async recognise(): Promise<void> {
    if (this.#theirTags && this.#recognised() !== this.#matched) await this.#match(this.#theirTags)
  }

  #recognised(): string {
    const keysOf = (group: SharedGroup) => [...group.presence.known, ...group.openInvitations().map(({ key }) => key)]
    return this.#context.groups().flatMap(keysOf).map(toHex).join(' ')
  }
  #matched = ''

  /** A group was added, or began to ask to be let in: show tags again. */
  async greet(): Promise<void> {
    this.#visits?.greet()
    if (!this.#handshake.begun) return
    const asked: Uint8Array[] = []
    const shown: Uint8Array[][] = []
    for (const group of this.#context.groups()) {
      shown.push(group.presence.shown(this.remote).map((key) => this.#handshake.tag(key, 'mine')))
      if (group.joining) asked.push(this.#ask(group, group.joining.inviteKey))
    }
    await this.#say({ say: 'tags', tags: this.#handshake.padded([...asked, ...inTurn(shown)]) })
    if (this.#theirTags) await this.#match(this.#theirTags)
    for (const proof of this.#early.splice(0)) await this.#onMember(proof, 'heard before')
  }

  async #hear(message: Message): Promise<void> {
    if (!this.#handshake.begun && message.say !== 'nonce')
      return this.#link.close({ type: 'protocol', detail: `${message.say} before the nonce` })
    switch (message.say) {
      case 'nonce':
        return this.#handshake.begin(message.nonce) ? this.greet() : this.#offend('a second nonce')
      case 'tags':
        this.#theirTags = message.tags
        return this.#match(message.tags)
      case 'member':
        return this.#onMember(message)
      case 'join':
        return this.#onJoin(message)
      case 'asked':
      case 'admitted':
      case 'refused': {
        const common = this.#find(({ asks }) => asks, message.tag)
        if (!common) return this.#offend('an answer nobody asked for')
        if (message.say === 'refused') return common.group.onRefused(message.why)
        if (message.say === 'asked') return common.group.onAsked()
        common.group.onAdmitted()
        return common.mine === undefined && common.asks ? this.#enter(common, common.asks) : undefined
      }
      default:
        return [...this.#common.values()]
          .find(({ meeting }) => meeting?.theirs === message.index)
          ?.meeting?.hear(message)
    }
  }

  #commonOf(group: SharedGroup): Common {
    const id = group.replica.group
    const known = this.#common.get(id)
    if (known) return known
    const common: Common = { group }
    this.#common.set(id, common)
    return common
  }

  #find(tagOf: (common: Common) => Uint8Array | undefined, tag: Uint8Array): Common | undefined {
    return [...this.#common.values()].find((common) => {
      const own = tagOf(common)
      return own !== undefined && equalBytes(own, tag)
    })
  }

  /** The tag that asks to be let in. Noted before it is shown: the answer may come while it is still being sent. */
  #ask(group: SharedGroup, inviteKey: Uint8Array): Uint8Array {
    const key = entranceKey(group.replica.group, inviteKey)
    return (this.#commonOf(group).asks = this.#handshake.tag(key, 'mine'))
  }

  /** Finds the groups both know, and proves to be a device of each. */
  async #match(theirs: readonly Uint8Array[]): Promise<void> {
    const shown = new Set(theirs.map(toHex))
    this.#matched = this.#recognised()
    await this.#renew()
    for (const group of this.#context.groups()) {
      const key = group.presence.known.find((each) => shown.has(toHex(this.#handshake.tag(each, 'theirs'))))
      if (key) await this.#meet(group, key)
      else if (!group.joining) await this.#answer(group, shown)
    }
  }

  /** Somebody asks to be let in by an invitation or link that is known here. */
  async #answer(group: SharedGroup, shown: ReadonlySet<string>): Promise<void> {
    for (const { id, key } of group.openInvitations()) {
      const tag = this.#handshake.tag(entranceKey(group.replica.group, key), 'theirs')
      if (!shown.has(toHex(tag))) continue
      const common = this.#commonOf(group)
      if (common.entrance && equalBytes(common.entrance.tag, tag)) return
      common.entrance = { id, tag }
      return this.#prove(common, tag)
    }
  }

  /** A group that was opened anew (with the log of the one it continues) goes on under a new number with what the other side proved. */
  async #renew(): Promise<void> {
    for (const [id, old] of this.#common) {
      const group = this.#context.groups().find(({ replica }) => replica.group === id)
      if (!group || group === old.group) continue
      this.#end(old)
      const { tag, mine, device, theirs, ...rest } = old
      const common: Common = { ...rest, group }
      this.#common.set(id, common)
      if (mine === undefined || !tag) continue
      const proven = this.#prove(common, tag)
      if (device !== undefined && theirs !== undefined) await this.#open(common, device, theirs)
      await proven
    }
  }

  async #meet(group: SharedGroup, key: Uint8Array): Promise<void> {
    const common = this.#commonOf(group)
    if (common.mine === undefined) await this.#enter(common, this.#handshake.tag(key, 'mine'))
  }

  /** Proves itself to the other side, who may have done so before: who lets somebody in is first. */
  async #enter(common: Common, tag: Uint8Array): Promise<void> {
    const proven = this.#prove(common, tag)
    if (common.host && !common.meeting) await this.#open(common, common.host.device, common.host.index)
    await proven
  }

  /** Shows to be a device of the group, by a tag that the other side knows what it stands for. */
  #prove(common: Common, tag: Uint8Array): Promise<void> {
    const { replica, keys } = common.group
    const index = (common.mine ??= this.#numbers++)
    common.tag = tag
    const prove = async () => {
      const signature = await this.#handshake.prove(replica.group, keys)
      await this.#say({ say: 'member', tag, index, device: keys.device, signature })
    }
    return (common.proven = prove())
  }

  async #onMember(message: MemberMessage, again?: 'heard before'): Promise<void> {
    const { tag, device, index, signature } = message
    const asking = this.#find(({ asks }) => asks, tag)
    const isTheirs = (key: Uint8Array): boolean => equalBytes(this.#handshake.tag(key, 'theirs'), tag)
    const keyOf = (each: SharedGroup): Uint8Array | undefined => each.presence.known.find(isTheirs)
    const group =
      asking?.group ??
      this.#find(({ entrance }) => entrance?.tag, tag)?.group ??
      this.#context.groups().find((each) => keyOf(each) !== undefined)
    if (!group) {
      if (this.#early.length < MAX_EARLY) this.#early.push(message)
      return again ? undefined : this.#offend('proves a group nobody asked for')
    }
    if (!(await this.#handshake.checks(group.replica.group, device, signature, this.#context.verifier)))
      return this.#offend('a false proof')
    const common = this.#commonOf(group)
    if (asking && group.joining) {
      const { only, proof } = group.joining
      if (only && only !== device) return
      common.host = { device, index }
      group.onFound()
      return this.#say({ say: 'join', tag, ...proof })
    }
    const key = keyOf(group)
    if (key) await this.#meet(group, key)
    else if (asking && common.mine === undefined) await this.#enter(common, tag)
    if (common.mine === undefined || common.meeting?.theirs === index) return
    // With another device than before: who left the group here has been let in anew.
    this.#end(common)
    await this.#open(common, device, index)
  }

  async #onJoin(message: Extract<Message, { say: 'join' }>): Promise<void> {
    const common = this.#find(({ entrance }) => entrance?.tag, message.tag)
    if (!common?.entrance) return this.#offend('joins by no invitation')
    const answer = await common.group.admit(common.entrance.id, {
      request: message.request,
      byInvite: message.byInvite,
      byDevice: message.byDevice,
    })
    const before = common.waiting
    if (answer === 'asked') common.waiting = message
    else delete common.waiting
    if (answer === 'asked' && before === message) return
    if (answer === 'admitted' || answer === 'asked') await this.#say({ say: answer, tag: message.tag })
    else await this.#say({ say: 'refused', tag: message.tag, why: answer })
  }

  async #open(common: Common, device: DeviceId, theirs: number): Promise<void> {
    const { group, mine } = common
    if (mine === undefined) return
    common.device = device
    common.theirs = theirs
    const say = async (message: Message) => {
      // Whoever hears a number before the proof that gives it away does not know what it stands for.
      await common.proven
      await this.#say(message)
    }
    common.meeting = new Meeting({
      group,
      device,
      remote: this.#link.remote,
      numbers: { mine, theirs },
      say,
      offence: (detail) => this.#offend(detail),
      failed: () => this.#link.close({ type: 'over quota', detail: 'nothing more can be stored here' }),
      over: () => this.#closeIfOver(),
    })
    await common.meeting.look()
  }

  /** Nothing is left to be said where the other side's part has ended in all that was in common, and it knows. */
  #closeIfOver(): void {
    const isOver = ({ meeting, mine, entrance, asks, group }: Common): boolean =>
      meeting?.over ?? (mine === undefined || entrance !== undefined || (asks !== undefined && !group.joining))
    if (this.#early.length === 0 && [...this.#common.values()].every(isOver)) this.#link.close({ type: 'not a member' })
  }

  #ended(): void {
    for (const common of this.#common.values()) this.#end(common)
  }

  #end(common: Common): void {
    common.meeting?.close()
    delete common.meeting
  }

  /** One mistake may be a bug or an old copy; more are not. */
  #offend(detail: string): void {
    this.#offences += 1
    if (this.#offences >= MAX_OFFENCES) this.#link.close({ type: 'protocol', detail })
  }

  /** Waits for room only with entries: two who wait for that while they should hear would wait for each other for ever. */
  async #say(message: Message): Promise<void> {
    const sent = this.#link.send(encodeMessage(message)).catch(() => undefined)
    if (message.say === 'entries') await sent
  }
}

type MemberMessage = Extract<Message, { say: 'member' }>

/** As many as may come before a link is closed for them. */
const MAX_EARLY = 8
/** Refused frames after which a link is closed. */
const MAX_OFFENCES = 8
