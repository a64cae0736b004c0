import { ControlId, DeviceId, type GroupId, type Instant } from '@auzolan/core'
import { decodeCbor, encodeCbor, type Entry, type Item, itemTypes, sha256 } from '@auzolan/trust'
import { seal, unseal } from './sealed.ts'

/** A control entry as this device keeps it beside its feed, so that who is in is known without reading feeds. */
export const encodeControlRecord = (entry: Entry, id: ControlId): Uint8Array => {
  const bytes = entry.items[0]?.bytes
  if (!bytes) throw new Error('a control entry has one item, never erased')
  const device = DeviceId.toBytes(entry.device)
  return seal(
    encodeCbor([
      1,
      device,
      entry.seq,
      entry.prev,
      entry.heads.map(ControlId.toBytes),
      entry.at,
      bytes,
      entry.signature,
      ControlId.toBytes(id),
    ]),
  )
}

/** `undefined` for a damaged record: the entry itself still lies in its feed. */
export const decodeControlRecord = (group: GroupId, record: Uint8Array): Entry | undefined => {
  const sealed = unseal(record)
  const value = sealed && decodeCbor(sealed)
  if (!value?.ok || !Array.isArray(value.value) || value.value.length !== 9) return undefined
  const [version, device, seq, prev, heads, at, bytes, signature, id] = value.value as unknown[]
  if (version !== 1 || !isDigest(device) || !isDigest(prev) || !isDigest(id) || !(bytes instanceof Uint8Array))
    return undefined
  if (!Number.isSafeInteger(seq) || !Number.isSafeInteger(at) || !Array.isArray(heads) || !heads.every(isDigest))
    return undefined
  return {
    group,
    device: DeviceId.fromBytes(device),
    seq: seq as number,
    prev,
    heads: heads.map(ControlId.fromBytes),
    at: at as Instant,
    items: [controlItem(bytes)],
    packed: NOT_KEPT,
    signature: signature instanceof Uint8Array ? signature : null,
    id: ControlId.fromBytes(id),
  }
}

/** The one item of a control entry. */
export const controlItem = (bytes: Uint8Array): Item => ({
  type: itemTypes.control,
  bytes,
  length: bytes.length,
  digest: () => sha256(bytes),
})
/** The packed bytes lie in the feed; nobody asks a record for them. */
export const NOT_KEPT = new Uint8Array(0)
const isDigest = (value: unknown): value is Uint8Array => value instanceof Uint8Array && value.length === 32
