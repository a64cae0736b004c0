import { ControlId, DeviceId, GroupId } from '@auzolan/core'
import type { Cbor } from './cbor-writer.ts'
import { controlLimits } from './control-limits.ts'
import { entryLimits } from './entry.ts'
import { Fields, mustHold } from './fields.ts'
import { feedsHeld, type HeldFeed } from './held-feed.ts'
import { isSorted } from './layout.ts'
import { readSettings, settingsFields, type Settings } from './rules.ts'

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
  readonly frontier: readonly HeldFeed[]
  readonly name: string
  readonly members: number
  readonly reason: string
  /** Feeds of which less counts than lies there, as nobody vouched for the rest: up to where. Sorted by device. */
  readonly counted?: readonly { readonly device: DeviceId; readonly seq: number }[]
}

/** The founders are the first voters, and what they have sealed is the founding itself. */
export interface Founding {
  readonly kind: 'found'
  readonly name: string
  readonly purpose: string
  /** The first is the author. */
  readonly founders: readonly Founder[]
  readonly continues: Continues | null
  /** 16 bytes, so that two groups founded alike differ. */
  readonly nonce: Uint8Array
  /** Left out: `defaultSettings`. */
  readonly settings?: Settings
}

const NONCE_LENGTH = 16
const SIGNATURE_LENGTH = 64
const KEY_LENGTH = 32
/** As many as 64 KiB hold: 72 bytes each. */
const FRONTIER_LIMIT = 900
const frontierField = feedsHeld(FRONTIER_LIMIT)

export const foundingFields = (founding: Founding): readonly Cbor[] => [
  'found',
  founding.name,
  founding.purpose,
  founding.founders.map(founderFields),
  continuesFields(founding.continues),
  founding.nonce,
  ...(founding.settings ? [settingsFields(founding.settings)] : []),
]

const founderFields = ({ device, box, name, cosign }: Founder): Cbor => [DeviceId.toBytes(device), box, name, cosign]

const continuesFields = (continues: Continues | null): Cbor =>
  continues && [
    GroupId.toBytes(continues.group),
    continues.heads.map(ControlId.toBytes),
    frontierField.write(continues.frontier),
    continues.name,
    continues.members,
    continues.reason,
    ...(continues.counted ? [continues.counted.map(({ device, seq }) => [DeviceId.toBytes(device), seq])] : []),
  ]

export const readFounding = (fields: Fields): Founding => {
  const founding: Founding = {
    kind: 'found',
    name: fields.text('name', 1, controlLimits.name),
    purpose: fields.text('purpose', 0, controlLimits.purpose),
    founders: fields.several('founders', 1, controlLimits.founders).map(readFounder),
    continues: fields.optional((field) => readContinues(field.next())),
    nonce: fields.bytes('nonce', NONCE_LENGTH),
  }
  const settings = fields.hasMore ? readSettings(fields.next()) : undefined
  const devices = new Set(founding.founders.map(({ device }) => device))
  mustHold(devices.size === founding.founders.length, 'a founder is named once')
  mustHold(
    founding.founders.every(({ cosign }, at) => (cosign === null) === (at === 0)),
    'every founder but the author co-signs',
  )
  return settings ? { ...founding, settings } : founding
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
    frontier: frontierField.read(fields, 'frontier'),
    name: fields.text('name', 1, controlLimits.name),
    members: fields.integer('members', 1, Number.MAX_SAFE_INTEGER),
    reason: fields.text('reason', 0, controlLimits.reason),
  }
  const counted = fields.hasMore ? fields.several('counted', 1, FRONTIER_LIMIT).map(readCounted) : undefined
  fields.end()
  mustHold(isSorted(continues.heads), 'heads are sorted, each once')
  mustHold(!counted || isSorted(counted.map(({ device }) => device)), 'what counts is sorted, each device once')
  return counted ? { ...continues, counted } : continues
}

const readCounted = (value: Cbor): NonNullable<Continues['counted']>[number] => {
  const fields = new Fields(value, 'how far a feed counts')
  const place = { device: fields.device('device'), seq: fields.integer('seq', 0, Number.MAX_SAFE_INTEGER) }
  fields.end()
  return place
}
