import { ControlId, DeviceId, GroupId, MemberId, type Instant } from '@auzolan/core'
import { actionFields, type Action } from './actions.ts'
import { encodeCbor, type Cbor } from './cbor-writer.ts'
import { labelled } from './digest.ts'
import { foundingFields, type Founding } from './founding.ts'
import { heldFields, type HeldFeed } from './held-feed.ts'
import { digestLabels } from './labels.ts'

/** `object` weighs like no, and counts as an objection where the rule asks for consent. */
export const votes = ['yes', 'no', 'abstain', 'object'] as const
export type Vote = (typeof votes)[number]

/** What control entries say: who is in, by which devices, who decided what, and what is settled. */
export type Control =
  | Founding
  | {
      readonly kind: 'invite'
      /** Ed25519 public key made from the invitation's secret. */
      readonly key: Uint8Array
      readonly uses: number
      /** Advice to honest carriers; the end that counts is `uninvite`. */
      readonly expires: Instant | null
      readonly note: string
    }
  | { readonly kind: 'uninvite'; readonly invite: ControlId }
  | {
      readonly kind: 'admit'
      readonly invite: ControlId
      /** Bytes of a join request, as its two signatures cover them. */
      readonly request: Uint8Array
      readonly byInvite: Uint8Array
      readonly byDevice: Uint8Array
    }
  | {
      readonly kind: 'addDevice'
      readonly device: DeviceId
      readonly box: Uint8Array
      readonly label: string
      /** By the new device, over `deviceMessage`. */
      readonly proof: Uint8Array
    }
  /** A recovery sheet of its author, made known; see `recovery.ts`. */
  | { readonly kind: 'sheet'; readonly sheet: DeviceId; readonly proof: Uint8Array }
  | {
      /** By anybody: a device comes in as the person whose sheet it has read. */
      readonly kind: 'recover'
      /** Bytes of a recovery request, as its two signatures cover them. */
      readonly request: Uint8Array
      readonly byInvite: Uint8Array
      readonly byDevice: Uint8Array
    }
  /** Also of a recovery sheet, by its key. */
  | { readonly kind: 'revokeDevice'; readonly device: DeviceId; readonly held?: readonly HeldFeed[] }
  | { readonly kind: 'leave' }
  /** Speaks for a newcomer, named by `memberOfRequest`, where admission asks for sponsors. */
  | { readonly kind: 'sponsor'; readonly member: MemberId }
  /** By a moderator: no writing and no moderating until the group decides or a moderator ends it. The vote stays. */
  | { readonly kind: 'suspend'; readonly member: MemberId; readonly reason: string }
  | { readonly kind: 'unsuspend'; readonly member: MemberId }
  /** By an elector: this one of several newcomers over an invitation's uses is in. */
  | { readonly kind: 'confirm'; readonly member: MemberId }
  | { readonly kind: 'propose'; readonly action: Action; readonly reason: string }
  | { readonly kind: 'ballot'; readonly proposal: ControlId; readonly vote: Vote }
  /** Its past fixes which ballots count. */
  | { readonly kind: 'close'; readonly proposal: ControlId }
  /** By an elector: by my clock the time is over, and I know no ballot that this close lacks. */
  | { readonly kind: 'ack'; readonly close: ControlId }
  /** By anybody: the ballots in its past, or in the past of `close`, decide. */
  | {
      readonly kind: 'enact'
      readonly proposal: ControlId
      readonly close: ControlId | null
      /** Where it takes devices out: how far its author holds what they wrote. Left out: nothing of it. */
      readonly held?: readonly HeldFeed[]
    }
  /** How far its author held what these devices wrote when learning that `end` takes them out. */
  | { readonly kind: 'vouch'; readonly end: ControlId; readonly held: readonly HeldFeed[] }
  /** By an elector: a share of the lot for a panel, hidden until it is sealed (`lotDigest`). */
  | { readonly kind: 'commit'; readonly proposal: ControlId; readonly digest: Uint8Array }
  /** The share that was committed to, once that is sealed. */
  | { readonly kind: 'reveal'; readonly proposal: ControlId; readonly secret: Uint8Array }
  /** A content key for exactly the devices that may write here, made by `makeEpoch`. */
  | {
      readonly kind: 'epoch'
      readonly commitment: Uint8Array
      readonly ephemeral: Uint8Array
      /** 48 bytes for each device, in the order of their ids. */
      readonly wraps: Uint8Array
      /** Keys of epochs it comes after; sorted. */
      readonly before: readonly { readonly epoch: ControlId; readonly wrap: Uint8Array }[]
    }
  /** The key of an epoch for devices it was not made for, or that cannot open what they got; made by `rewrapEpoch`. */
  | {
      readonly kind: 'rewrap'
      readonly epoch: ControlId
      readonly ephemeral: Uint8Array
      /** Sorted by device. */
      readonly wraps: readonly { readonly device: DeviceId; readonly wrap: Uint8Array }[]
    }
  /** Nothing that its author's device was handed opens to this epoch's key. */
  | { readonly kind: 'unread'; readonly epoch: ControlId }
  /** By an elector: I have seen everything up to `at`. */
  | { readonly kind: 'seal'; readonly at: ControlId }

export const encodeControl = (control: Control): Uint8Array => encodeCbor(fieldsOf(control))

const fieldsOf = (control: Control): readonly Cbor[] => {
  switch (control.kind) {
    case 'found':
      return foundingFields(control)
    case 'invite':
      return ['invite', control.key, control.uses, control.expires, control.note]
    case 'uninvite':
      return ['uninvite', ControlId.toBytes(control.invite)]
    case 'admit':
      return ['admit', ControlId.toBytes(control.invite), control.request, control.byInvite, control.byDevice]
    case 'addDevice':
      return ['addDevice', DeviceId.toBytes(control.device), control.box, control.label, control.proof]
    case 'sheet':
      return ['sheet', DeviceId.toBytes(control.sheet), control.proof]
    case 'recover':
      return ['recover', control.request, control.byInvite, control.byDevice]
    case 'revokeDevice':
      return ['revokeDevice', DeviceId.toBytes(control.device), ...optionalHeld(control.held)]
    case 'leave':
      return ['leave']
    case 'sponsor':
    case 'unsuspend':
    case 'confirm':
      return [control.kind, MemberId.toBytes(control.member)]
    case 'suspend':
      return ['suspend', MemberId.toBytes(control.member), control.reason]
    case 'propose':
      return ['propose', actionFields(control.action), control.reason]
    case 'ballot':
      return ['ballot', ControlId.toBytes(control.proposal), control.vote]
    case 'close':
      return ['close', ControlId.toBytes(control.proposal)]
    case 'ack':
      return ['ack', ControlId.toBytes(control.close)]
    case 'enact':
      return [
        'enact',
        ControlId.toBytes(control.proposal),
        control.close && ControlId.toBytes(control.close),
        ...optionalHeld(control.held),
      ]
    case 'vouch':
      return ['vouch', ControlId.toBytes(control.end), heldFields(control.held)]
    case 'commit':
      return ['commit', ControlId.toBytes(control.proposal), control.digest]
    case 'reveal':
      return ['reveal', ControlId.toBytes(control.proposal), control.secret]
    case 'epoch': {
      const before = control.before.map(({ epoch, wrap }) => [ControlId.toBytes(epoch), wrap])
      return ['epoch', control.commitment, control.ephemeral, control.wraps, before]
    }
    case 'rewrap': {
      const wraps = control.wraps.map(({ device, wrap }) => [DeviceId.toBytes(device), wrap])
      return ['rewrap', ControlId.toBytes(control.epoch), control.ephemeral, wraps]
    }
    case 'unread':
      return ['unread', ControlId.toBytes(control.epoch)]
    case 'seal':
      return ['seal', ControlId.toBytes(control.at)]
  }
}

const optionalHeld = (held: readonly HeldFeed[] | undefined): readonly Cbor[] => (held ? [heldFields(held)] : [])

/** What a co-founder signs with label `auzolan/sign/found/1`: the founding without any co-signature. */
export const foundingMessage = (founding: Founding): Uint8Array =>
  labelled(
    digestLabels.founding,
    encodeControl({ ...founding, founders: founding.founders.map((founder) => ({ ...founder, cosign: null })) }),
  )

/** What a further device signs with label `auzolan/sign/device/1` to show that it holds its key. */
export const deviceMessage = (group: GroupId, member: MemberId, device: DeviceId, box: Uint8Array): Uint8Array =>
  labelled(digestLabels.device, GroupId.toBytes(group), MemberId.toBytes(member), DeviceId.toBytes(device), box)

export const memberOfFounder = (device: DeviceId): MemberId =>
  MemberId.fromBytes(labelled(digestLabels.founder, DeviceId.toBytes(device)))
