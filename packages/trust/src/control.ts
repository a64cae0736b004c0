import { ControlId, DeviceId, err, GroupId, MemberId, type Instant, type Result } from '@auzolan/core'
import { actionField, type Action } from './actions.ts'
import { encodeCbor } from './cbor-writer.ts'
import { controlLimits } from './control-limits.ts'
import { labelled } from './digest.ts'
import { entryLimits } from './entry.ts'
import { newerKind, NewerKind, parseList } from './fields.ts'
import { foundingFields, readFounding, type Founding } from './founding.ts'
import { heldField, type HeldFeed } from './held-feed.ts'
import { digestLabels } from './labels.ts'
import { bytes, bytesUpTo, type Field, id, integer, kindsOf, list, orLeftOut, orNull, sorted, text } from './layout.ts'

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

const member = id(MemberId)
const device = id(DeviceId)
const entry = id(ControlId)
const key = bytes(32)
const signature = bytes(64)
/** A key and the tag that seals it. */
const wrap = bytes(48)
const held = heldField
const signed = { request: bytesUpTo(controlLimits.request), byInvite: signature, byDevice: signature }
const name = text(0, controlLimits.name)
const reason = text(0, controlLimits.reason)
const vote: Field<Vote> = {
  write: (value) => value,
  read: (fields, what) => {
    const said = fields.text(what, 1, controlLimits.kind)
    return votes.find((known) => known === said) ?? newerKind(`vote ${said}`)
  },
}
const instant: Field<Instant> = { write: (value) => value, read: (fields, what) => fields.instant(what) }

const controls = kindsOf<Exclude<Control, Founding>>({
  invite: {
    key,
    uses: integer(1, controlLimits.uses),
    expires: orNull(instant),
    note: text(0, controlLimits.note),
  },
  uninvite: { invite: entry },
  admit: { invite: entry, ...signed },
  addDevice: { device, box: key, label: name, proof: signature },
  sheet: { sheet: device, proof: signature },
  recover: signed,
  revokeDevice: { device, held: orLeftOut(held) },
  leave: {},
  sponsor: { member },
  suspend: { member, reason },
  unsuspend: { member },
  confirm: { member },
  propose: { action: actionField, reason },
  ballot: { proposal: entry, vote },
  close: { proposal: entry },
  ack: { close: entry },
  enact: { proposal: entry, close: orNull(entry), held: orLeftOut(held) },
  vouch: { end: entry, held },
  commit: { proposal: entry, digest: key },
  reveal: { proposal: entry, secret: bytes(16) },
  epoch: {
    commitment: key,
    ephemeral: key,
    wraps: bytesUpTo(entryLimits.control),
    before: sorted(
      list(
        ({ epoch, wrap: bytesOf }) => [entry.write(epoch), bytesOf],
        (fields) => ({ epoch: entry.read(fields, 'epoch'), wrap: wrap.read(fields, 'wrap') }),
      ),
      0,
      entryLimits.heads,
      ({ epoch }) => epoch,
    ),
  },
  rewrap: {
    epoch: entry,
    ephemeral: key,
    wraps: sorted(
      list(
        ({ device: to, wrap: bytesOf }) => [device.write(to), bytesOf],
        (fields) => ({ device: device.read(fields, 'device'), wrap: wrap.read(fields, 'wrap') }),
      ),
      1,
      controlLimits.rewraps,
      ({ device: to }) => to,
    ),
  },
  unread: { epoch: entry },
  seal: { at: entry },
})

export const encodeControl = (control: Control): Uint8Array =>
  encodeCbor(control.kind === 'found' ? foundingFields(control) : controls.write(control))

/** `newer`: a kind this app does not know; the feed waits there. */
export type ControlFault =
  { readonly type: 'newer'; readonly kind: string } | { readonly type: 'malformed'; readonly detail: string }

/** found → settings → rules → one rule and its name → rule → inner rule. */
const CONTROL_DEPTH = 6

/** A control item's bytes as what they say. Says nothing of whether it was allowed. */
export const parseControl = (encoded: Uint8Array): Result<Control, ControlFault> => {
  try {
    const limits = { depth: CONTROL_DEPTH, length: entryLimits.founding }
    const parsed = parseList(encoded, 'a control item', limits, (fields): Control => {
      const kind = fields.text('kind', 1, controlLimits.kind)
      return kind === 'found' ? readFounding(fields) : controls.read(kind, fields)
    })
    return parsed.ok ? parsed : err({ type: 'malformed', detail: parsed.error })
  } catch (error) {
    if (error instanceof NewerKind) return err({ type: 'newer', kind: error.message })
    throw error
  }
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
