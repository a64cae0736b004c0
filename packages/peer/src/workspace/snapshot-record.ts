import { DeviceId } from '@auzolan/core'
import { decodeCbor, encodeCbor } from '@auzolan/trust'
import { seal, unseal } from '../log/sealed.ts'

/** A document as it was when it was last closed, proven to load. A cache: damaged or missing, the changes are read again. */
export interface SnapshotRecord {
  readonly document: Uint8Array
  /** How far each device's changes are in it. */
  readonly covered: ReadonlyMap<DeviceId, number>
  /** Whose each Automerge actor is (32 hex digits). */
  readonly authors: ReadonlyMap<string, DeviceId>
}

export const encodeSnapshotRecord = ({ document, covered, authors }: SnapshotRecord): Uint8Array =>
  seal(
    encodeCbor([
      SNAPSHOT_VERSION,
      document,
      [...covered].map(([device, seq]) => [DeviceId.toBytes(device), seq]),
      [...authors].map(([actor, device]) => [actor, DeviceId.toBytes(device)]),
    ]),
  )

export const decodeSnapshotRecord = (bytes: Uint8Array): SnapshotRecord | undefined => {
  const sealed = unseal(bytes)
  const value = sealed && decodeCbor(sealed)
  if (!value?.ok || !Array.isArray(value.value)) return undefined
  const [version, document, covered, authors] = value.value as unknown[]
  if (version !== SNAPSHOT_VERSION || !(document instanceof Uint8Array) || !isPairs(covered) || !isPairs(authors))
    return undefined
  const record = { document, covered: new Map<DeviceId, number>(), authors: new Map<string, DeviceId>() }
  for (const [device, seq] of covered) {
    if (!isDevice(device) || !Number.isSafeInteger(seq)) return undefined
    record.covered.set(DeviceId.fromBytes(device), seq as number)
  }
  for (const [actor, device] of authors) {
    if (typeof actor !== 'string' || !isDevice(device)) return undefined
    record.authors.set(actor, DeviceId.fromBytes(device))
  }
  return record
}

const isPairs = (value: unknown): value is readonly (readonly [unknown, unknown])[] =>
  Array.isArray(value) && value.every((pair) => Array.isArray(pair) && pair.length === 2)
const isDevice = (value: unknown): value is Uint8Array =>
  value instanceof Uint8Array && value.length === DeviceId.length

const SNAPSHOT_VERSION = 1
