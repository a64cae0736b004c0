import { ControlId, DeviceId, err, GroupId, ok, type Instant, MemberId, type Result } from '@auzolan/core'
import { decodeCbor, encodeCbor, type Cbor } from './cbor.ts'
import { labelled } from './digest.ts'
import { entryLimits } from './entry.ts'
import { Fields, mustHold, parseFields } from './fields.ts'
import { digestLabels } from './labels.ts'

export interface Founder {
  readonly device: DeviceId
  readonly box: Uint8Array
  readonly name: string
  /** By every founder but the author (`TRUST.md` T13: nobody is conscripted): signature over `foundingMessage`. */
  readonly cosign: Uint8Array | null
}

/** Where a group goes on from: another group as its author held it. */
export interface Continues {
  readonly group: GroupId
  readonly heads: readonly ControlId[]
  /** Sorted by device. */
  readonly frontier: readonly { readonly device: DeviceId; readonly seq: number; readonly chain: Uint8Array }[]
  readonly name: string
  readonly members: number
  readonly reason: string
}

/** What control entries say: who is in, by which devices. Votes, removal, seals and epochs are further kinds. */
export type Control =
  | {
      readonly kind: 'found'
      readonly name: string
      readonly purpose: string
      /** The first is the author. */
      readonly founders: readonly Founder[]
      readonly continues: Continues | null
      /** 16 bytes, so that two groups founded alike differ. */
      readonly nonce: Uint8Array
    }
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
  | { readonly kind: 'revokeDevice'; readonly device: DeviceId }
  | { readonly kind: 'leave' }

export type Founding = Extract<Control, { kind: 'found' }>

/** `newer`: a kind this app does not know; the feed waits there. */
export type ControlFault =
  { readonly type: 'newer'; readonly kind: string } | { readonly type: 'malformed'; readonly detail: string }

/** Characters (UTF-16 units) of text, numbers of things. */
export const controlLimits = {
  /** Group, person, device: a line on a phone, twice. */
  name: 120,
  purpose: 4000,
  note: 300,
  reason: 2000,
  /** Each costs a signature check; more people join by invitation. */
  founders: 64,
  uses: 1000,
  /** Bytes: two keys, a group, a name and a nonce take 260. */
  request: 1024,
  /** Bytes: the longest name of a kind. */
  kind: 32,
} as const

const NONCE_LENGTH = 16
const SIGNATURE_LENGTH = 64
const KEY_LENGTH = 32
/** As many as 64 KiB hold: 72 bytes each. */
const FRONTIER_LIMIT = 900
/** found → continues → frontier → one device. */
const CONTROL_DEPTH = 5

export const encodeControl = (control: Control): Uint8Array => encodeCbor(fieldsOf(control))

const fieldsOf = (control: Control): readonly Cbor[] => {
  switch (control.kind) {
    case 'found':
      return [
        'found',
        control.name,
        control.purpose,
        control.founders.map(founderFields),
        continuesFields(control.continues),
        control.nonce,
      ]
    case 'invite':
      return ['invite', control.key, control.uses, control.expires, control.note]
    case 'uninvite':
      return ['uninvite', ControlId.toBytes(control.invite)]
    case 'admit':
      return ['admit', ControlId.toBytes(control.invite), control.request, control.byInvite, control.byDevice]
    case 'addDevice':
      return ['addDevice', DeviceId.toBytes(control.device), control.box, control.label, control.proof]
    case 'revokeDevice':
      return ['revokeDevice', DeviceId.toBytes(control.device)]
    case 'leave':
      return ['leave']
  }
}

const founderFields = ({ device, box, name, cosign }: Founder): Cbor => [DeviceId.toBytes(device), box, name, cosign]

const continuesFields = (continues: Continues | null): Cbor =>
  continues && [
    GroupId.toBytes(continues.group),
    continues.heads.map(ControlId.toBytes),
    continues.frontier.map(({ device, seq, chain }) => [DeviceId.toBytes(device), seq, chain]),
    continues.name,
    continues.members,
    continues.reason,
  ]

/** A control item's bytes as what they say. Says nothing of whether it was allowed. */
export const parseControl = (bytes: Uint8Array): Result<Control, ControlFault> => {
  const decoded = decodeCbor(bytes, { depth: CONTROL_DEPTH, length: entryLimits.founding })
  if (!decoded.ok) return err({ type: 'malformed', detail: decoded.error.type })
  const parsed = parseFields((): Control | { readonly kind: 'newer'; readonly name: string } => {
    const fields = new Fields(decoded.value, 'a control item')
    const kind = fields.text('kind', 1, controlLimits.kind)
    const control = readKind(kind, fields)
    if (!control) return { kind: 'newer', name: kind }
    fields.end()
    return control
  })
  if (!parsed.ok) return err({ type: 'malformed', detail: parsed.error })
  return parsed.value.kind === 'newer' ? err({ type: 'newer', kind: parsed.value.name }) : ok(parsed.value)
}

const readKind = (kind: string, fields: Fields): Control | undefined => {
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
    case 'revokeDevice':
      return { kind, device: fields.device('device') }
    case 'leave':
      return { kind }
    default:
      return undefined
  }
}

const readFounding = (fields: Fields): Founding => {
  const founding: Founding = {
    kind: 'found',
    name: fields.text('name', 1, controlLimits.name),
    purpose: fields.text('purpose', 0, controlLimits.purpose),
    founders: fields.several('founders', 1, controlLimits.founders).map(readFounder),
    continues: fields.optional((field) => readContinues(field.next())),
    nonce: fields.bytes('nonce', NONCE_LENGTH),
  }
  const devices = new Set(founding.founders.map(({ device }) => device))
  mustHold(devices.size === founding.founders.length, 'a founder is named once')
  mustHold(
    founding.founders.every(({ cosign }, at) => (cosign === null) === (at === 0)),
    'every founder but the author co-signs',
  )
  return founding
}

const readFounder = (value: Cbor): Founder => {
  const fields = new Fields(value, 'a founder')
  const founder = {
    device: fields.device('device'),
    box: fields.bytes('box', KEY_LENGTH),
    name: fields.text('name', 1, controlLimits.name),
    cosign: fields.optional((field) => field.bytes('cosign', SIGNATURE_LENGTH)),
  }
  fields.end()
  return founder
}

const readContinues = (value: Cbor | undefined): Continues => {
  const fields = new Fields(value, 'continues')
  const continues = {
    group: fields.group('group'),
    heads: fields.several('heads', 1, entryLimits.heads).map((head) => new Fields([head], 'heads').control('head')),
    frontier: fields.several('frontier', 1, FRONTIER_LIMIT).map(readFrontier),
    name: fields.text('name', 1, controlLimits.name),
    members: fields.integer('members', 1, Number.MAX_SAFE_INTEGER),
    reason: fields.text('reason', 0, controlLimits.reason),
  }
  fields.end()
  mustHold(isSorted(continues.heads), 'heads are sorted, each once')
  mustHold(isSorted(continues.frontier.map(({ device }) => device)), 'a frontier is sorted, each device once')
  return continues
}

const readFrontier = (value: Cbor): Continues['frontier'][number] => {
  const fields = new Fields(value, 'a place in a feed')
  const place = {
    device: fields.device('device'),
    seq: fields.integer('seq', 1, Number.MAX_SAFE_INTEGER),
    chain: fields.bytes('chain', 32),
  }
  fields.end()
  return place
}

const isSorted = (ids: readonly string[]): boolean => ids.every((id, at) => at === 0 || (ids[at - 1] as string) < id)

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
