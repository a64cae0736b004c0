import { compareBytes } from '@auzolan/core'

/** What canonical CBOR carries here: no floats, no tags, no undefined, maps with text keys only. Integers are safe integers. */
export type Cbor = number | string | boolean | null | Uint8Array | readonly Cbor[] | ReadonlyMap<string, Cbor>

/** Major types and simple values of RFC 8949. */
export const UNSIGNED = 0
export const NEGATIVE = 1
export const BYTES = 2
export const TEXT = 3
export const ARRAY = 4
export const MAP = 5
export const FALSE = 0xf4
export const TRUE = 0xf5
export const NULL = 0xf6

const utf8 = new TextEncoder()
const loneSurrogate = /\p{Surrogate}/u

/** Appends canonical CBOR to one growing buffer. */
export class CborWriter {
  private buffer = new Uint8Array(256)
  private length = 0

  head(major: number, argument: number): void {
    const at = this.reserve(9)
    const { buffer } = this
    const tag = major << 5
    if (argument < 24) {
      buffer[at] = tag | argument
      this.length += 1
    } else if (argument < 0x100) {
      buffer[at] = tag | 24
      buffer[at + 1] = argument
      this.length += 2
    } else if (argument < 0x10000) {
      buffer[at] = tag | 25
      buffer[at + 1] = argument >> 8
      buffer[at + 2] = argument
      this.length += 3
    } else if (argument < 0x100000000) {
      buffer[at] = tag | 26
      new DataView(buffer.buffer).setUint32(at + 1, argument)
      this.length += 5
    } else {
      buffer[at] = tag | 27
      const view = new DataView(buffer.buffer)
      view.setUint32(at + 1, Math.floor(argument / 0x100000000))
      view.setUint32(at + 5, argument % 0x100000000)
      this.length += 9
    }
  }

  integer(value: number): void {
    if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a safe integer`)
    if (value >= 0) this.head(UNSIGNED, value)
    else this.head(NEGATIVE, -1 - value)
  }

  array(length: number): void {
    this.head(ARRAY, length)
  }

  byteString(bytes: Uint8Array): void {
    this.head(BYTES, bytes.length)
    this.raw(bytes)
  }

  text(text: string): void {
    if (loneSurrogate.test(text)) throw new RangeError('half of a surrogate pair is not text')
    const bytes = utf8.encode(text)
    this.head(TEXT, bytes.length)
    this.raw(bytes)
  }

  simple(byte: typeof FALSE | typeof TRUE | typeof NULL): void {
    const at = this.reserve(1)
    this.buffer[at] = byte
    this.length += 1
  }

  raw(bytes: Uint8Array): void {
    const at = this.reserve(bytes.length)
    this.buffer.set(bytes, at)
    this.length += bytes.length
  }

  value(value: Cbor): void {
    if (typeof value === 'number') this.integer(value)
    else if (typeof value === 'string') this.text(value)
    else if (value === null) this.simple(NULL)
    else if (typeof value === 'boolean') this.simple(value ? TRUE : FALSE)
    else if (value instanceof Uint8Array) this.byteString(value)
    else if (value instanceof Map) this.map(value)
    else {
      const list = value as readonly Cbor[]
      this.array(list.length)
      for (const item of list) this.value(item)
    }
  }

  done(): Uint8Array {
    return this.buffer.slice(0, this.length)
  }

  private map(map: ReadonlyMap<string, Cbor>): void {
    const entries = [...map].map(([key, value]) => ({ key: encodeCbor(key), value }))
    entries.sort((left, right) => compareBytes(left.key, right.key))
    this.head(MAP, entries.length)
    for (const { key, value } of entries) {
      this.raw(key)
      this.value(value)
    }
  }

  private reserve(more: number): number {
    const needed = this.length + more
    if (needed > this.buffer.length) {
      const larger = new Uint8Array(Math.max(needed, 2 * this.buffer.length))
      larger.set(this.buffer.subarray(0, this.length))
      this.buffer = larger
    }
    return this.length
  }
}

/** Canonical CBOR (RFC 8949 §4.2.1) of `value`. Throws `RangeError` for a number or text that has no encoding. */
export const encodeCbor = (value: Cbor): Uint8Array => {
  const writer = new CborWriter()
  writer.value(value)
  return writer.done()
}
