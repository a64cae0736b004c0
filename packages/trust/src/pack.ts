import {
  concatBytes,
  ControlId,
  equalBytes,
  err,
  ok,
  type Entropy,
  type GroupId,
  type Instant,
  type Result,
} from '@auzolan/core'
import { encodeCbor, type Cbor } from './cbor-writer.ts'
import { labelled, mac, withLabel } from './digest.ts'
import { openAny, rewrapEpoch, WRAP_LENGTH, type EpochKeys, type Recipient } from './epoch.ts'
import { mustHold, parseList } from './fields.ts'
import type { DeviceKeys } from './keys.ts'
import { digestLabels } from './labels.ts'
import type { Verifier } from './verifier.ts'

/**
 * Content under an epoch's key for whoever may carry but not read it (`TRUST.md` T9). Carriers see a tag that changes weekly, the epoch's relay
 * key, sizes, and that a member made it: not which, nor of what group.
 */
export interface Pack {
  /** Weeks since 1970, by its author's clock. */
  readonly week: number
  readonly tag: Uint8Array
  /** Ed25519 public key that every member of the epoch signs packs with. */
  readonly relay: Uint8Array
  readonly sealed: Uint8Array
  readonly signature: Uint8Array
}

/** The key of the packs' epoch for devices that have not heard of it: in files, not for carriers, who would count the devices. */
export interface PackKeys {
  readonly epoch: ControlId
  readonly ephemeral: Uint8Array
  /** 48 bytes each, in the order of devices, which are not named. */
  readonly wraps: Uint8Array
}

export interface PackFault {
  readonly type: 'malformed' | 'signature' | 'another key' | 'damaged'
}

/** Bytes: one pack holds at most a megabyte of entries. */
export const packLimits = { bytes: 1_500_000, devices: 1024 } as const

const PACK = 'auzolan/pack/1'
const PACK_KEYS = 'auzolan/pack/keys/1'
const TAG_LENGTH = 16
/** Numbers of wraps that a carrier sees: most groups look like the smallest. */
const hiddenCounts = [32, 128, packLimits.devices]
const KEY_LENGTH = 32
const SIGNATURE_LENGTH = 64
const WEEK = 7 * 24 * 60 * 60 * 1000

export const packTag = (keys: EpochKeys, week: number): Uint8Array =>
  mac(keys.presence(), withLabel(digestLabels.packTag, encodeCbor(week))).subarray(0, TAG_LENGTH)

export const sealPack = async (
  keys: EpochKeys,
  content: Uint8Array,
  now: Instant,
  entropy: Entropy,
): Promise<Uint8Array> => {
  const week = Math.floor(now / WEEK)
  const about: readonly Cbor[] = [PACK, week, packTag(keys, week), keys.relayKey()]
  const sealed = keys.seal(encodeCbor(about), content, entropy)
  const sign = await keys.relaySigner()
  return encodeCbor([...about, sealed, await sign('auzolan/sign/pack/1', messageOf([...about, sealed]))])
}

/** What a carrier does: reads a pack, and refuses what no member of the epoch signed. */
export const checkPack = async (bytes: Uint8Array, verifier: Verifier): Promise<Result<Pack, PackFault>> => {
  const pack = parsePack(bytes)
  if (!pack.ok) return err({ type: 'malformed' })
  const { week, tag, relay, sealed, signature } = pack.value
  const message = messageOf([PACK, week, tag, relay, sealed])
  const isSigned = verifier.goodKey(relay) && (await verifier.verify(signature, 'auzolan/sign/pack/1', message, relay))
  return isSigned ? pack : err({ type: 'signature' })
}

/** The content, for who has the epoch's key. The relay key is made of it, so that no other key opens the pack to other content. */
export const openPack = (pack: Pack, keys: EpochKeys): Result<Uint8Array, PackFault> => {
  const { week, tag, relay, sealed } = pack
  if (!equalBytes(keys.relayKey(), relay)) return err({ type: 'another key' })
  const content = equalBytes(packTag(keys, week), tag) && keys.open(encodeCbor([PACK, week, tag, relay]), sealed)
  return content ? ok(content) : err({ type: 'damaged' })
}

/** `hidden`: among wraps for nobody, up to one of a few numbers, so that who carries it cannot count the devices. */
export const encodePackKeys = async (
  group: GroupId,
  { id, key, keys }: { readonly id: ControlId; readonly key: Uint8Array; readonly keys: EpochKeys },
  recipients: readonly Recipient[],
  entropy: Entropy,
  hidden = false,
): Promise<Uint8Array> => {
  const { ephemeral, wraps } = await rewrapEpoch(group, id, key, recipients, entropy)
  const size = hidden ? (hiddenCounts.find((count) => count >= wraps.length) ?? packLimits.devices) : wraps.length
  const none = entropy.bytes(WRAP_LENGTH * Math.max(0, size - wraps.length))
  const fields = [PACK_KEYS, ControlId.toBytes(id), ephemeral, concatBytes(...wraps.map(({ wrap }) => wrap), none)]
  const sign = await keys.relaySigner()
  return encodeCbor([...fields, await sign('auzolan/sign/pack/1', messageOf(fields))])
}

/** Reads the keys that lie with packs of this relay key. `undefined`: whoever can make such packs did not make it. */
export const checkPackKeys = async (
  bytes: Uint8Array,
  relay: Uint8Array,
  verifier: Verifier,
): Promise<PackKeys | undefined> => {
  const limits = { depth: 1, length: WRAP_LENGTH * packLimits.devices + 512 }
  const keys = parseList(bytes, 'keys of packs', limits, (fields) => {
    mustHold(fields.next() === PACK_KEYS, 'no keys')
    return {
      epoch: fields.control('epoch'),
      ephemeral: fields.bytes('ephemeral', KEY_LENGTH),
      wraps: fields.bytesUpTo('wraps', WRAP_LENGTH * packLimits.devices),
      signature: fields.bytes('signature', SIGNATURE_LENGTH),
    }
  })
  if (!keys.ok) return undefined
  const { epoch, ephemeral, wraps, signature } = keys.value
  const message = messageOf([PACK_KEYS, ControlId.toBytes(epoch), ephemeral, wraps])
  return (await verifier.verify(signature, 'auzolan/sign/pack/1', message, relay)) ? keys.value : undefined
}

/** The epoch's key, where one of the wraps is for this device. Which one is not said: all are tried. */
export const openPackKeys = (
  group: GroupId,
  keys: PackKeys,
  own: Pick<DeviceKeys, 'device' | 'box' | 'agree'>,
): Promise<Uint8Array | undefined> => openAny(group, keys, own)

const parsePack = (bytes: Uint8Array): Result<Pack, string> =>
  parseList(bytes, 'a pack', { depth: 1, length: packLimits.bytes }, (fields) => {
    mustHold(fields.next() === PACK, 'no pack')
    return {
      week: fields.integer('week', 0, Number.MAX_SAFE_INTEGER),
      tag: fields.bytes('tag', TAG_LENGTH),
      relay: fields.bytes('relay', KEY_LENGTH),
      sealed: fields.bytesUpTo('sealed', packLimits.bytes),
      signature: fields.bytes('signature', SIGNATURE_LENGTH),
    }
  })

const messageOf = (fields: readonly Cbor[]): Uint8Array => labelled(digestLabels.pack, encodeCbor(fields))
