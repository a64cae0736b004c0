import { type Clock, DeviceId, type MemberId } from '@auzolan/core'
import { memberOfRequest, parseJoinRequest, parseRecoveryRequest, type SignedJoinRequest } from '@auzolan/trust'
import type { Entrance, SharedGroup } from '../sync/shared-group.ts'
import type { Group } from './group.ts'
import type { Linking } from './linking.ts'

/** How far asking to be let in has come. */
export type JoinProgress = 'looking' | 'found' | 'asked' | 'admitted' | { readonly refused: string }

type House = Pick<Group, 'id' | 'me' | 'record' | 'keys' | 'workspace' | 'isActive' | 'decide' | 'handKeys'>

/** How this device comes into a group, and how it lets others in. */
export class Door {
  readonly #house: House
  readonly #linking: Linking
  readonly #clock: Clock
  readonly #tell: () => void
  #progress: JoinProgress = 'looking'
  #inviteKey: Uint8Array | undefined

  /** `tell`: how far this device has come has changed. */
  constructor(house: House, linking: Linking, clock: Clock, tell: () => void) {
    this.#house = house
    this.#linking = linking
    this.#clock = clock
    this.#tell = tell
  }

  get progress(): JoinProgress {
    return this.#progress
  }

  get joining(): SharedGroup['joining'] {
    const { joining } = this.#house.record
    return this.#inviteKey && joining
      ? { inviteKey: this.#inviteKey, proof: joining.proof, only: joining.from }
      : undefined
  }

  /** Asks whoever is met to be let in by this invitation. */
  ask(inviteKey: Uint8Array): void {
    if (!this.#house.isActive(this.#house.keys.device)) this.#inviteKey = inviteKey
  }

  /** This device is in. */
  passed(): void {
    this.#inviteKey = undefined
  }

  /** Used up and cancelled ones too: who comes by one is told why it does not work. */
  openInvitations(): ReturnType<SharedGroup['openInvitations']> {
    const { workspace, keys } = this.#house
    if (workspace.log.control.heads.length === 0 || !this.#house.isActive(keys.device)) return []
    const now = this.#clock.now()
    const { link } = this.#linking
    const sheets = [...workspace.log.state.sheets.keys()].map(
      (key) => ({ id: 'sheet', key: DeviceId.toBytes(key) }) as const,
    )
    const invitations = [...workspace.log.state.invites].flatMap(([id, invite]) =>
      invite.expires !== null && invite.expires + EXPIRY_GRACE < now ? [] : [{ id, key: invite.key }],
    )
    return [...invitations, ...sheets, ...(link ? [{ id: 'own device', key: link.key } as const] : [])]
  }

  async admit(invitation: Entrance, proof: SignedJoinRequest): ReturnType<SharedGroup['admit']> {
    if (invitation === 'own device') return this.#linking.hear(proof)
    if (invitation === 'sheet') return this.#takeBack(proof)
    const request = parseJoinRequest(proof.request)
    if (!request.ok || request.value.group !== this.#house.id) return 'failed'
    if (this.#house.isActive(request.value.device)) return 'admitted'
    const invite = this.#house.workspace.log.state.invites.get(invitation)
    if (!invite) return 'failed'
    if (invite.cancelled) return 'cancelled'
    if (invite.used.length >= invite.uses) return 'used'
    if (invite.expires !== null && invite.expires < this.#clock.now()) return 'ended'
    const { board, log } = this.#house.workspace
    if (board.asksFirst(invite.by, DeviceId.fromBytes(invite.key)) && log.state.admission.kind === 'invitation') {
      const said = this.#saidOf(memberOfRequest(proof.request))
      if (said !== 'yes') return said === 'no' ? 'refused' : this.#passOn(invite.by, proof, request.value.name)
    }
    const entry = await this.#house.decide({ kind: 'admit', invite: invitation, ...proof })
    if (!entry.ok && entry.error.type === 'needs a yes') return this.#passOn(invite.by, proof, request.value.name)
    if (!entry.ok || !this.#house.isActive(request.value.device)) return 'failed'
    await this.#house.handKeys()
    return 'admitted'
  }

  /** Others have to say yes: the inviter's device tells them who asks. The same request is heard again whenever something is new. */
  async #passOn(inviter: MemberId, { request }: SignedJoinRequest, name: string): Promise<'asked' | 'failed'> {
    const { workspace, me } = this.#house
    const newcomer = memberOfRequest(request)
    const asked = workspace.log.control
      .proposals()
      .flatMap(({ action, by, phase }) => (action.kind === 'admit' && phase === 'open' ? [{ ...action, by }] : []))
    if (asked.some(({ member }) => member === newcomer) || me !== inviter) return 'asked'
    if (asked.filter(({ by }) => by === me).length >= MAX_ASKED) return 'failed'
    const entry = await this.#house.decide({
      kind: 'propose',
      action: { kind: 'admit', member: newcomer },
      reason: name,
    })
    return entry.ok ? 'asked' : 'failed'
  }

  /** What people of the group said to a newcomer whose inviter wanted to be asked: anybody's yes, or the inviter's no. */
  #saidOf(newcomer: MemberId): 'yes' | 'no' | undefined {
    const { control, state } = this.#house.workspace.log
    if ((state.sponsors.get(newcomer)?.length ?? 0) > 0) return 'yes'
    const asked = control.proposals().filter(({ action }) => action.kind === 'admit' && action.member === newcomer)
    return asked.some(({ by, votes }) => votes.get(by) === 'no') ? 'no' : undefined
  }

  /** Somebody's new device, by the person's recovery sheet. */
  async #takeBack(proof: SignedJoinRequest): ReturnType<SharedGroup['admit']> {
    const request = parseRecoveryRequest(proof.request)
    if (!request.ok || request.value.group !== this.#house.id) return 'failed'
    const { sheet, device } = request.value
    if (this.#house.isActive(device)) return 'admitted'
    const { sheets, members } = this.#house.workspace.log.state
    const known = sheets.get(sheet)
    const member = known && members.get(known.member)
    if (!known || !member) return 'failed'
    if (member.removed || member.left) return 'removed'
    if (known.cancelled) return 'cancelled'
    if (known.used.length > 0) return 'used'
    const entry = await this.#house.decide({ kind: 'recover', ...proof })
    if (!entry.ok || !this.#house.isActive(device)) return 'failed'
    await this.#house.handKeys()
    return 'admitted'
  }

  onFound(): void {
    this.#progress = 'found'
    this.#tell()
  }

  onAsked(): void {
    this.#progress = 'asked'
    this.#tell()
  }

  onAdmitted(): void {
    if (this.#house.record.standing !== 'joining') return
    this.#progress = 'admitted'
    this.#tell()
  }

  onRefused(why: string): void {
    if (this.#progress === 'admitted') return
    this.#progress = { refused: why }
    this.#tell()
  }
}

/** Clocks differ: an invitation is shown to newcomers this long after its end, so that they are told why it does not work. */
const EXPIRY_GRACE = 7 * 24 * 3600 * 1000
/** Newcomers whom one member's invitations have brought to the group's attention and who are not in: whoever holds a link could make up more. */
const MAX_ASKED = 16
