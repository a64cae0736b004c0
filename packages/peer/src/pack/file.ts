import { concatBytes } from '@auzolan/core'

/** Parts of a file, each with its length before it (4 bytes big-endian), after eight bytes that say what the file is. */
export const joinParts = (parts: readonly Uint8Array[]): Uint8Array =>
  concatBytes(MAGIC, ...parts.flatMap((part) => [lengthOf(part), part]))

/** Views into `file`. `undefined`: no such file, cut off, or with something behind it. */
export const splitParts = (file: Uint8Array): readonly Uint8Array[] | undefined => {
  if (file.length < MAGIC.length || !MAGIC.every((byte, at) => file[at] === byte)) return undefined
  const view = new DataView(file.buffer, file.byteOffset, file.length)
  const parts: Uint8Array[] = []
  for (let at = MAGIC.length; at < file.length;) {
    if (file.length - at < LENGTH_BYTES) return undefined
    const length = view.getUint32(at)
    at += LENGTH_BYTES
    if (length === 0 || length > file.length - at) return undefined
    parts.push(file.subarray(at, at + length))
    at += length
  }
  return parts
}

const lengthOf = ({ length }: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(LENGTH_BYTES)
  new DataView(bytes.buffer).setUint32(0, length)
  return bytes
}

const LENGTH_BYTES = 4
/** "auzopak" and the version. */
const MAGIC = Uint8Array.of(0x61, 0x75, 0x7a, 0x6f, 0x70, 0x61, 0x6b, 1)
