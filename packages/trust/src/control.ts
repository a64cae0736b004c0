import { ControlId, DeviceId, err, GroupId, MemberId, type Instant, type Result } from '@auzolan/core'
import { actionFields, isSorted, readAction, type Action } from './actions.ts'
import { encodeCbor, type Cbor } from './cbor.ts'
import { controlLimits } from './control-limits.ts'
import { labelled } from './digest.ts'
import { entryLimits } from './entry.ts'
import { Fields, mustHold, newerKind, NewerKind, parseList } from './fields.ts'
import { foundingFields, readFounding, type Founding } from './founding.ts'
import { heldFields, readHeld, type HeldFeed } from './held-feed.ts'
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

/** `newer`: a kind this app does not know; the feed waits there. */
export type ControlFault =
  { readonly type: 'newer'; readonly kind: string } | { readonly type: 'malformed'; readonly detail: string }

const SIGNATURE_LENGTH = 64
/** A key and the tag that seals it. */
const WRAP_LENGTH = 48
/** Bytes nobody guesses. */
const LOT_LENGTH = 16
const KEY_LENGTH = 32
/** found → settings → rules → one rule and its name → rule → inner rule. */
const CONTROL_DEPTH = 6

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

/** A control item's bytes as what they say. Says nothing of whether it was allowed. */
export const parseControl = (bytes: Uint8Array): Result<Control, ControlFault> => {
  try {
    const limits = { depth: CONTROL_DEPTH, length: entryLimits.founding }
    const parsed = parseList(bytes, 'a control item', limits, (fields) =>
      readKind(fields.text('kind', 1, controlLimits.kind), fields),
    )
    return parsed.ok ? parsed : err({ type: 'malformed', detail: parsed.error })
  } catch (error) {
    if (error instanceof NewerKind) return err({ type: 'newer', kind: error.message })
    throw error
  }
}

const readKind = (kind: string, fields: Fields): Control => {
  switch (kind) {
    case 'found':
      return readFounding(fields)
    case 'invite':
      return {
        kind,
        key: fields.bytes('key', KEY_LENGTH),
        uses: fields.integer('uses', 1, controlLimits.uses),
        expires: fields.optional((field) => field.instant('expires')),
        note: fields.text('note', 0, controlLimits.note),
      }
    case 'uninvite':
      return { kind, invite: fields.control('invite') }
    case 'admit':
      return {
        kind,
        invite: fields.control('invite'),
        request: fields.bytesUpTo('request', controlLimits.request),
        byInvite: fields.bytes('byInvite', SIGNATURE_LENGTH),
        byDevice: fields.bytes('byDevice', SIGNATURE_LENGTH),
      }
    case 'addDevice':
      return {
        kind,
        device: fields.device('device'),
        box: fields.bytes('box', KEY_LENGTH),
        label: fields.text('label', 0, controlLimits.name),
        proof: fields.bytes('proof', SIGNATURE_LENGTH),
      }
    case 'sheet':
      return { kind, sheet: fields.device('sheet'), proof: fields.bytes('proof', SIGNATURE_LENGTH) }
    case 'recover':
      return {
        kind,
        request: fields.bytesUpTo('request', controlLimits.request),
        byInvite: fields.bytes('byInvite', SIGNATURE_LENGTH),
        byDevice: fields.bytes('byDevice', SIGNATURE_LENGTH),
      }
    case 'revokeDevice':
      return { kind, device: fields.device('device'), ...readOptionalHeld(fields) }
    case 'leave':
      return { kind }
    case 'sponsor':
    case 'unsuspend':
    case 'confirm':
      return { kind, member: fields.member('member') }
    case 'suspend':
      return { kind, member: fields.member('member'), reason: fields.text('reason', 0, controlLimits.reason) }
    case 'propose':
      return {
        kind,
        action: readAction(fields.next(), controlLimits),
        reason: fields.text('reason', 0, controlLimits.reason),
      }
    case 'ballot':
      return { kind, proposal: fields.control('proposal'), vote: readVote(fields) }
    case 'close':
      return { kind, proposal: fields.control('proposal') }
    case 'ack':
      return { kind, close: fields.control('close') }
    case 'enact':
      return {
        kind,
        proposal: fields.control('proposal'),
        close: fields.optional((field) => field.control('close')),
        ...readOptionalHeld(fields),
      }
    case 'vouch':
      return { kind, end: fields.control('end'), held: readHeld(fields) }
    case 'commit':
      return { kind, proposal: fields.control('proposal'), digest: fields.bytes('digest', 32) }
    case 'reveal':
      return { kind, proposal: fields.control('proposal'), secret: fields.bytes('secret', LOT_LENGTH) }
    case 'epoch':
      return readEpoch(fields)
    case 'rewrap':
      return readRewrap(fields)
    case 'unread':
      return { kind, epoch: fields.control('epoch') }
    case 'seal':
      return { kind, at: fields.control('at') }
    default:
      return newerKind(kind)
  }
}

const readOptionalHeld = (fields: Fields): { readonly held?: readonly HeldFeed[] } =>
  fields.hasMore ? { held: readHeld(fields) } : {}

const readEpoch = (fields: Fields): Extract<Control, { kind: 'epoch' }> => {
  const epoch = {
    kind: 'epoch' as const,
    commitment: fields.bytes('commitment', 32),
    ephemeral: fields.bytes('ephemeral', KEY_LENGTH),
    wraps: fields.bytesUpTo('wraps', entryLimits.control),
    before: fields
      .several('before', 0, entryLimits.heads)
      .map((value) => readWrap(value, (pair) => ({ epoch: pair.control('epoch') }))),
  }
  mustHold(isSorted(epoch.before.map((one) => one.epoch)), 'epochs before are sorted, each once')
  return epoch
}

const readRewrap = (fields: Fields): Extract<Control, { kind: 'rewrap' }> => {
  const rewrap = {
    kind: 'rewrap' as const,
    epoch: fields.control('epoch'),
    ephemeral: fields.bytes('ephemeral', KEY_LENGTH),
    wraps: fields
      .several('wraps', 1, controlLimits.rewraps)
      .map((value) => readWrap(value, (pair) => ({ device: pair.device('device') }))),
  }
  mustHold(isSorted(rewrap.wraps.map(({ device }) => device)), 'wraps are sorted, one a device')
  return rewrap
}

const readWrap = <T>(value: Cbor, read: (pair: Fields) => T): T & { readonly wrap: Uint8Array } => {
  const pair = new Fields(value, 'a wrapped key')
  const wrapped = { ...read(pair), wrap: pair.bytes('wrap', WRAP_LENGTH) }
  pair.end()
  return wrapped
}

const readVote = (fields: Fields): Vote => {
  const vote = fields.text('vote', 1, controlLimits.kind)
  return votes.find((known) => known === vote) ?? newerKind(`vote ${vote}`)
}

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
