import { crc32 } from '@auzolan/core'

/**
 * A record as it lies on disk: its bytes, then their CRC-32 (ISO 3309, four bytes big-endian). Disks and memory turn bits; a record that
 * says something else than was written is worse than none. No defence against people: entries have signatures for that.
 */
export const seal = (bytes: Uint8Array): Uint8Array => {
  const record = new Uint8Array(bytes.length + CHECK_BYTES)
  record.set(bytes)
  new DataView(record.buffer).setUint32(bytes.length, crc32(bytes))
  return record
}

/** `undefined`: not what was written. A view into `record`. */
export const unseal = (record: Uint8Array): Uint8Array | undefined => {
  const length = record.length - CHECK_BYTES
  if (length < 0) return undefined
  const bytes = record.subarray(0, length)
  const check = new DataView(record.buffer, record.byteOffset + length, CHECK_BYTES).getUint32(0)
  return check === crc32(bytes) ? bytes : undefined
}

const CHECK_BYTES = 4
