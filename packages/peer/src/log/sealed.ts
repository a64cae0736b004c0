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

const crc32 = (bytes: Uint8Array): number => {
  let crc = 0xffffffff
  for (let at = 0; at < bytes.length; at++) crc = (table[(crc ^ (bytes[at] as number)) & 0xff] as number) ^ (crc >>> 8)
  return ~crc >>> 0
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc >>> 0
})

const CHECK_BYTES = 4
