import { type DeviceId, type Entropy, equalBytes, type GroupId, toHex } from '@auzolan/core'
import type { CloseReason, Link } from '@auzolan/network'
import type { Verifier } from '@auzolan/trust'
import { Handshake } from './handshake.ts'
import { Meeting } from './meeting.ts'
import { decodeMessage, encodeMessage, type Message, TAG_BYTES } from './messages.ts'
import type { Entrance, SharedGroup } from './shared-group.ts'

export interface SessionContext {
  readonly self: string
  readonly entropy: Entropy
  readonly verifier: Verifier
  readonly groups: () => readonly SharedGroup[]
}

/**
 * Everything said over one link: who proves to be in which group (`TRUST.md` T11, tags made from the group's id until there are epochs),
 * then one exchange for each group in common. A stranger learns neither the groups nor their number.
 */
export class Session {
  readonly #link: Link
  readonly #context: SessionContext
  readonly #handshake: Handshake
  #theirTags: readonly Uint8Array[] | undefined
  readonly #common: Common[] = []
  /** Proofs for a group that is not here: it may be being opened. They are heard again once one was. */
  readonly #early: MemberMessage[] = []
  #offences = 0

  constructor(link: Link, context: SessionContext) {
    this.#link = link
    this.#context = context
    this.#handshake = new Handshake({ self: context.self, remote: link.remote, opener: link.opener }, context.entropy)
    link.onFrame(async (frame) => {
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
    for (const common of this.#common) if (common.group.replica.group === group) void common.meeting?.look()
    for (const { group: asked, waiting } of this.#common)
      if (asked.replica.group === group && waiting) void this.#onJoin(waiting)
    if (this.#theirTags && this.#invitationsNow() !== this.#invitations) void this.#match(this.#theirTags)
  }

  /** Newcomers are recognised by the invitations known when their tags came: another look when those change. */
  #invitationsNow(): string {
    return this.#context
      .groups()
      .flatMap((group) => group.openInvitations().map(({ key }) => toHex(key)))
      .join(' ')
  }
  #invitations = ''

  /** A group was added, or began to ask to be let in: show tags again. */
  async greet(): Promise<void> {
    if (!this.#handshake.begun) return
    const tags: Uint8Array[] = []
    for (const group of this.#context.groups()) {
      tags.push(this.#tag(group, null, 'mine'))
      if (group.joining) tags.push(this.#ask(group, group.joining.inviteKey))
    }
    await this.#say({ say: 'tags', tags: this.#handshake.padded(tags) })
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
        const common = this.#common.find(
          ({ invitation, theirTag }) => invitation === 'mine' && equalBytes(theirTag, message.tag),
        )
        if (!common) return this.#offend('an answer nobody asked for')
        if (message.say === 'refused') return common.group.onRefused(message.why)
        if (message.say === 'asked') return common.group.onAsked()
        common.group.onAdmitted()
        return
      }
      default:
        return this.#common.find(({ meeting }) => meeting?.theirs === message.index)?.meeting?.hear(message)
    }
  }

  /** The tag that asks to be let in. Noted before it is shown: the answer may come while it is still being sent. */
  #ask(group: SharedGroup, inviteKey: Uint8Array): Uint8Array {
    const tag = this.#tag(group, inviteKey, 'mine')
    if (!this.#common.some(({ theirTag }) => equalBytes(theirTag, tag)))
      this.#common.push({ group, theirTag: tag, invitation: 'mine' })
    return tag
  }

  /** Finds the groups both know, and proves to be a device of each. */
  async #match(theirs: readonly Uint8Array[]): Promise<void> {
    const shown = new Set(theirs.map(toHex))
    this.#invitations = this.#invitationsNow()
    await this.#renew()
    for (const group of this.#context.groups()) {
      const plain = this.#tag(group, null, 'theirs')
      if (shown.has(toHex(plain))) await this.#meet(group, plain, undefined)
      if (group.joining) continue
      for (const { id, key } of group.openInvitations()) {
        const tag = this.#tag(group, key, 'theirs')
        if (shown.has(toHex(tag))) await this.#meet(group, tag, id)
      }
    }
  }

  /** A group that was opened anew (with the log of the one it continues) goes on under a new number with what the other side proved. */
  async #renew(): Promise<void> {
    for (const [at, old] of this.#common.entries()) {
      const group = this.#context.groups().find(({ replica }) => replica.group === old.group.replica.group)
      if (!group || group === old.group) continue
      const { theirTag, invitation, device } = old
      const theirs = old.meeting?.theirs
      const mine = old.mine === undefined ? undefined : this.#common.length
      const common: Common = {
        group,
        theirTag,
        ...(invitation ? { invitation } : {}),
        ...(mine === undefined ? {} : { mine }),
      }
      this.#end(old)
      // The old number stays taken.
      this.#common[at] = mine === undefined ? common : { group, theirTag: NO_TAG }
      if (mine === undefined) continue
      this.#common.push(common)
      common.proven = this.#prove(common)
      if (device !== undefined && theirs !== undefined) {
        common.device = device
        await this.#open(common, theirs)
      }
      await common.proven
    }
  }

  async #meet(group: SharedGroup, theirTag: Uint8Array, invitation: Entrance | undefined): Promise<void> {
    if (this.#common.some((common) => equalBytes(common.theirTag, theirTag))) return
    const mine = this.#common.length
    const common: Common = { group, theirTag, mine, ...(invitation ? { invitation } : {}) }
    this.#common.push(common)
    common.proven = this.#prove(common)
    await common.proven
  }

  async #prove({ group, theirTag, invitation, mine }: Common): Promise<void> {
    if (mine === undefined) return
    const signature = await this.#handshake.prove(group.replica.group, group.keys)
    await this.#say({
      say: 'member',
      tag: invitation ? theirTag : this.#tag(group, null, 'mine'),
      index: mine,
      device: group.keys.device,
      signature,
    })
  }

  async #onMember(message: MemberMessage, again?: 'heard before'): Promise<void> {
    const met = () =>
      this.#common.find(({ theirTag, invitation }) => invitation === 'mine' && equalBytes(theirTag, message.tag)) ??
      this.#common.find(({ theirTag, invitation }) => invitation === undefined && equalBytes(theirTag, message.tag))
    const found = met()
    const group =
      found?.group ?? this.#context.groups().find((each) => equalBytes(this.#tag(each, null, 'theirs'), message.tag))
    if (!group) {
      if (this.#early.length < MAX_EARLY) this.#early.push(message)
      return again ? undefined : this.#offend('proves a group nobody asked for')
    }
    const { verifier } = this.#context
    const { device, signature } = message
    if (!(await this.#handshake.checks(group.replica.group, device, signature, verifier)))
      return this.#offend('a false proof')
    if (found?.invitation === 'mine' && group.joining) {
      const { only, proof } = group.joining
      if (only && only !== message.device) return
      group.onFound()
      await this.#say({ say: 'join', tag: found.theirTag, ...proof })
      return
    }
    if (!found) await this.#meet(group, message.tag, undefined)
    const common = met()
    if (!common || common.mine === undefined || common.meeting?.theirs === message.index) return
    // With another device than before: who left the group here has been let in anew.
    this.#end(common)
    common.device = message.device
    await this.#open(common, message.index)
  }

  async #onJoin(message: Extract<Message, { say: 'join' }>): Promise<void> {
    const common = this.#common.find(
      ({ theirTag, invitation }) => invitation && invitation !== 'mine' && equalBytes(theirTag, message.tag),
    )
    if (!common?.invitation || common.invitation === 'mine') return this.#offend('joins by no invitation')
    const answer = await common.group.admit(common.invitation, {
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

  async #open(common: Common, theirs: number): Promise<void> {
    const { group, device, mine } = common
    if (!device || mine === undefined) return
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
    const isOver = ({ meeting, mine, invitation, group }: Common): boolean =>
      meeting?.over ?? (invitation === 'mine' ? !group.joining : invitation !== undefined || mine === undefined)
    if (this.#early.length === 0 && this.#common.every(isOver)) this.#link.close({ type: 'not a member' })
  }

  #ended(): void {
    for (const common of this.#common) this.#end(common)
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

  #tag(group: SharedGroup, inviteKey: Uint8Array | null, whose: 'mine' | 'theirs'): Uint8Array {
    return this.#handshake.tag(group.replica.group, inviteKey, whose)
  }
}

type MemberMessage = Extract<Message, { say: 'member' }>

interface Common {
  readonly group: SharedGroup
  /** The tag that named the group on this link. */
  readonly theirTag: Uint8Array
  readonly mine?: number
  /** Met through an invitation: one of ours that is open, or the one we ask to be let in by. */
  readonly invitation?: Entrance | 'mine'
  /** A person here has not answered yet. */
  waiting?: Extract<Message, { say: 'join' }>
  /** Our proof, on its way. */
  proven?: Promise<void>
  device?: DeviceId
  meeting?: Meeting
}

const NO_TAG = new Uint8Array(TAG_BYTES)
/** As many as may come before a link is closed for them. */
const MAX_EARLY = 8
/** Refused frames after which a link is closed. */
const MAX_OFFENCES = 8
