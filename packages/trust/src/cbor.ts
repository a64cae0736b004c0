import { compareBytes, err, ok, type Result } from '@auzolan/core'
import { ARRAY, BYTES, type Cbor, FALSE, MAP, NEGATIVE, NULL, TEXT, TRUE, UNSIGNED } from './cbor-writer.ts'

export interface CborFault {
  readonly type: 'cut off' | 'not canonical' | 'not supported' | 'too deep' | 'too long' | 'trailing bytes' | 'not text'
  /** Byte offset at which reading stopped. */
  readonly at: number
}

export interface CborLimits {
  /** Arrays and maps inside one another. */
  readonly depth?: number
  /** Bytes of one value. */
  readonly length?: number
}

/** The deepest control entry has 6 levels (`docs/formats/entry.md`). */
export const CBOR_DEPTH_LIMIT = 8
/** One frame, with room for what wraps it. */
export const CBOR_LENGTH_LIMIT = 2 * 1024 * 1024

// ignoreBOM: a byte order mark is text like any other, or re-encoding would lose it.
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads heads and strings in place; every method answers -1 when the bytes are cut off, not shortest or of another type. */
export class CborReader {
  readonly bytes: Uint8Array
  at: number

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes
    this.at = at
  }

  /** The argument of a head of `major`, shortest form, at most 2^53 - 1. Advances only on success. */
  argument(major: number): number {
    const { bytes, at } = this
    const first = bytes[at]
    if (first === undefined || first >> 5 !== major) return -1
    const info = first & 31
    if (info < 24) {
      this.at = at + 1
      return info
    }
    if (info > 27) return -1
    const width = 1 << (info - 24)
    if (at + width >= bytes.length) return -1
    let argument = 0
    for (let place = 1; place <= width; place++) argument = argument * 256 + (bytes[at + place] as number)
    if (argument < (smallestOfWidth[info - 24] as number) || argument > Number.MAX_SAFE_INTEGER) return -1
    this.at = at + 1 + width
    return argument
  }

  unsigned(): number {
    return this.argument(UNSIGNED)
  }

  array(): number {
    return this.argument(ARRAY)
  }

  /** Moves behind a byte string and answers where its content begins; its end is the new position. */
  byteString(): number {
    const before = this.at
    const length = this.argument(BYTES)
    if (length < 0) return -1
    const start = this.at
    if (length > this.bytes.length - start) {
      this.at = before
      return -1
    }
    this.at = start + length
    return start
  }
}

const smallestOfWidth = [24, 0x100, 0x10000, 0x100000000]

class Fault extends Error {
  readonly fault: CborFault
  constructor(type: CborFault['type'], at: number) {
    super(type)
    this.fault = { type, at }
  }
}

/** One value that fills `bytes` exactly. What would not re-encode to the same bytes is refused. */
export const decodeCbor = (bytes: Uint8Array, limits: CborLimits = {}): Result<Cbor, CborFault> => {
  if (bytes.length > (limits.length ?? CBOR_LENGTH_LIMIT)) return err({ type: 'too long', at: 0 })
  const first = decodeCborPrefix(bytes, 0, limits)
  if (!first.ok) return first
  if (first.value.end !== bytes.length) return err({ type: 'trailing bytes', at: first.value.end })
  return ok(first.value.value)
}

/** The value that begins at `at`, and where the next one would begin (CBOR sequences, RFC 8742). */
export const decodeCborPrefix = (
  bytes: Uint8Array,
  at: number,
  limits: CborLimits = {},
): Result<{ value: Cbor; end: number }, CborFault> => {
  const reader = new CborReader(bytes, at)
  try {
    const value = readValue(reader, limits.depth ?? CBOR_DEPTH_LIMIT)
    if (reader.at - at > (limits.length ?? CBOR_LENGTH_LIMIT)) return err({ type: 'too long', at })
    return ok({ value, end: reader.at })
  } catch (error) {
    if (error instanceof Fault) return err(error.fault)
    throw error
  }
}

const readValue = (reader: CborReader, depth: number): Cbor => {
  const { bytes, at } = reader
  const first = bytes[at]
  if (first === undefined) throw new Fault('cut off', at)
  const major = first >> 5
  if (major > MAP) return readSimple(reader, first)
  const argument = reader.argument(major)
  if (argument < 0) throw new Fault(faultOfHead(bytes, at), at)
  switch (major) {
    case UNSIGNED:
      return argument
    case NEGATIVE:
      if (argument >= Number.MAX_SAFE_INTEGER) throw new Fault('not supported', at)
      return -1 - argument
    case BYTES:
      return readString(reader, argument)
    case TEXT:
      return readText(reader, argument)
    case ARRAY:
      return readArray(reader, argument, depth)
    default:
      return readMap(reader, argument, depth)
  }
}

const faultOfHead = (bytes: Uint8Array, at: number): CborFault['type'] => {
  const info = (bytes[at] as number) & 31
  if (info > 27) return info === 31 ? 'not canonical' : 'not supported'
  const width = 1 << (info - 24)
  if (at + width >= bytes.length) return 'cut off'
  return info === 27 && (bytes[at + 1] !== 0 || (bytes[at + 2] as number) > 0x1f) ? 'not supported' : 'not canonical'
}

const readSimple = (reader: CborReader, first: number): boolean | null => {
  if (first !== NULL && first !== TRUE && first !== FALSE) throw new Fault('not supported', reader.at)
  reader.at += 1
  return first === NULL ? null : first === TRUE
}

const readString = (reader: CborReader, length: number): Uint8Array => {
  const start = reader.at
  if (length > reader.bytes.length - start) throw new Fault('cut off', start)
  reader.at = start + length
  return reader.bytes.subarray(start, reader.at)
}

const readText = (reader: CborReader, length: number): string => {
  const start = reader.at
  const bytes = readString(reader, length)
  try {
    return strictUtf8.decode(bytes)
  } catch {
    throw new Fault('not text', start)
  }
}

const readArray = (reader: CborReader, length: number, depth: number): readonly Cbor[] => {
  if (depth === 0) throw new Fault('too deep', reader.at)
  // Every element takes a byte, so a claimed length beyond the bytes left is a lie.
  if (length > reader.bytes.length - reader.at) throw new Fault('cut off', reader.at)
  const list: Cbor[] = []
  for (let count = 0; count < length; count++) list.push(readValue(reader, depth - 1))
  return list
}

const readMap = (reader: CborReader, length: number, depth: number): ReadonlyMap<string, Cbor> => {
  if (depth === 0) throw new Fault('too deep', reader.at)
  if (2 * length > reader.bytes.length - reader.at) throw new Fault('cut off', reader.at)
  const map = new Map<string, Cbor>()
  let previous: Uint8Array | undefined
  for (let count = 0; count < length; count++) {
    const start = reader.at
    if ((reader.bytes[start] ?? 0) >> 5 !== TEXT) throw new Fault('not supported', start)
    const key = readValue(reader, 0) as string
    const encoded = reader.bytes.subarray(start, reader.at)
    if (previous && compareBytes(previous, encoded) >= 0) throw new Fault('not canonical', start)
    previous = encoded
    map.set(key, readValue(reader, depth - 1))
  }
  return map
}
