import {
  compareBytes,
  ControlId,
  DeviceId,
  equalBytes,
  err,
  GroupId,
  ok,
  type Instant,
  type Result,
} from '@auzolan/core'
import { decodeCbor } from './cbor.ts'
import { encodeCbor, type Cbor } from './cbor-writer.ts'
import { sha256 } from './digest.ts'
import { entryLimits, FORMAT_VERSION, idOfHeader, itemTypes, noGroup, type ItemType } from './entry.ts'
import { fault, type RunFault } from './run.ts'
import type { Verifier } from './verifier.ts'

/** A header as signed, read by someone who holds nothing else of the feed. */
export interface Header {
  /** The founding entry's own id where the header founds a group. */
  readonly group: GroupId
  readonly device: DeviceId
  readonly seq: number
  readonly prev: Uint8Array
  readonly heads: readonly ControlId[]
  readonly at: Instant
  readonly items: readonly { readonly type: ItemType; readonly digest: Uint8Array; readonly length: number }[]
  readonly id: ControlId
}

/** 16 heads and 256 items of 43 bytes each, with room for the rest. */
const HEADER_LENGTH_LIMIT = 16 * 1024

export const parseHeader = (bytes: Uint8Array): Result<Header, RunFault> => {
  const decoded = decodeCbor(bytes, { depth: 3, length: HEADER_LENGTH_LIMIT })
  if (!decoded.ok) return fault('cbor', `a header: ${decoded.error.type}`)
  if (!Array.isArray(decoded.value)) return fault('cbor', 'a header is an array')
  const [version, group, device, seq, prev, heads, at, items, ...more] = decoded.value as readonly Cbor[]
  if (version !== FORMAT_VERSION) {
    return typeof version === 'number'
      ? err({ type: 'version', detail: `a header of version ${version}`, version })
      : fault('cbor', 'no version')
  }
  if (!isDigest(group) || !isDigest(device) || !isDigest(prev))
    return fault('cbor', 'group, device and prev have 32 bytes')
  if (!isCount(seq) || seq < 1 || !isCount(at) || more.length > 0) return fault('cbor', 'no place or no time')
  if (!isSortedHeads(heads)) return fault('heads', 'heads are at most 16, sorted, each once')
  if (!Array.isArray(items) || items.length < 1 || items.length > entryLimits.items)
    return fault('limit', 'an entry has 1 to 256 items')
  if (!items.every(isNamedItem)) return fault('item', 'an item is named by type, digest and length')
  const founding = heads.length === 0
  const isControl = items[0]?.[0] === itemTypes.control && items.length === 1
  if (founding !== equalBytes(group, noGroup) || (founding && (seq !== 1 || !isControl)))
    return fault('heads', 'only a founding entry has none')
  const id = idOfHeader(bytes)
  return ok({
    group: founding ? (id as string as GroupId) : GroupId.fromBytes(group),
    device: DeviceId.fromBytes(device),
    seq,
    prev,
    heads: heads.map(ControlId.fromBytes),
    at: at as Instant,
    items: items.map(([type, digest, length]) => ({ type, digest, length })),
    id,
  })
}

const isDigest = (value: Cbor | undefined): value is Uint8Array => value instanceof Uint8Array && value.length === 32

const isCount = (value: Cbor | undefined): value is number => typeof value === 'number' && value >= 0

const isSortedHeads = (value: Cbor | undefined): value is readonly Uint8Array[] =>
  Array.isArray(value) &&
  value.length <= entryLimits.heads &&
  value.every((head: Cbor, at) => isDigest(head) && (at === 0 || compareBytes(value[at - 1] as Uint8Array, head) < 0))

const isNamedItem = (value: Cbor): value is readonly [ItemType, Uint8Array, number] =>
  Array.isArray(value) &&
  value.length === 3 &&
  isCount(value[0] as Cbor) &&
  (value[0] as number) <= itemTypes.text &&
  isDigest(value[1] as Cbor) &&
  isCount(value[2] as Cbor)

/** Checks one entry, and an item of it where given, for someone who holds nothing else of the feed. */
export const verifyEntryAlone = async (
  header: Uint8Array,
  signature: Uint8Array,
  verifier: Verifier,
  item?: { readonly index: number; readonly bytes: Uint8Array },
): Promise<Result<Header, RunFault>> => {
  const parsed = parseHeader(header)
  if (!parsed.ok) return parsed
  const { device, id, items, seq } = parsed.value
  if (item) {
    const named = items[item.index]
    if (named?.length !== item.bytes.length || !equalBytes(named.digest, sha256(item.bytes))) {
      return fault('body', 'not the item that was named', seq)
    }
  }
  const valid = await verifier.verify(signature, 'auzolan/sign/entry/1', ControlId.toBytes(id), device)
  return valid ? parsed : fault('signature', 'not signed by its device', seq)
}

/** Two entries of one device with one seq. Anyone can check it; it freezes the device, not the person. */
export interface Evidence {
  readonly first: { readonly header: Uint8Array; readonly signature: Uint8Array }
  readonly second: { readonly header: Uint8Array; readonly signature: Uint8Array }
}

export interface Equivocation {
  readonly group: GroupId
  readonly device: DeviceId
  readonly seq: number
  readonly ids: readonly [ControlId, ControlId]
}

/** The same two entries give the same bytes, whichever was met first. */
export const encodeEvidence = ({ first, second }: Evidence): Uint8Array => {
  const sorted = [first, second].sort((left, right) => compareBytes(left.header, right.header))
  return encodeCbor([FORMAT_VERSION, ...sorted.flatMap(({ header, signature }) => [header, signature])])
}

export const decodeEvidence = (bytes: Uint8Array): Result<Evidence, RunFault> => {
  const decoded = decodeCbor(bytes, { depth: 1, length: 3 * HEADER_LENGTH_LIMIT })
  if (!decoded.ok) return fault('cbor', `evidence: ${decoded.error.type}`)
  if (!Array.isArray(decoded.value)) return fault('cbor', 'evidence is an array')
  const [version, ...parts] = decoded.value as readonly Cbor[]
  if (version !== FORMAT_VERSION) {
    return typeof version === 'number'
      ? err({ type: 'version', detail: `evidence of version ${version}`, version })
      : fault('cbor', 'no version')
  }
  if (parts.length !== 4 || !parts.every((part) => part instanceof Uint8Array))
    return fault('cbor', 'evidence is two signed headers')
  const [header, signature, otherHeader, otherSignature] = parts as unknown as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ]
  return compareBytes(header, otherHeader) < 0
    ? ok({ first: { header, signature }, second: { header: otherHeader, signature: otherSignature } })
    : fault('cbor', 'the two headers are sorted and differ')
}

export const checkEvidence = async (
  { first, second }: Evidence,
  verifier: Verifier,
): Promise<Result<Equivocation, RunFault>> => {
  const left = await verifyEntryAlone(first.header, first.signature, verifier)
  if (!left.ok) return left
  const right = await verifyEntryAlone(second.header, second.signature, verifier)
  if (!right.ok) return right
  const { group, device, seq, id } = left.value
  if (id === right.value.id) return fault('item', 'one entry twice', seq)
  if (device !== right.value.device || seq !== right.value.seq || group !== right.value.group) {
    return fault('item', 'not two entries for one place', seq)
  }
  return ok({ group, device, seq, ids: [id, right.value.id] })
}
