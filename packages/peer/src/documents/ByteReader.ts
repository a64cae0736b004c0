/**
 * Walks over bytes that may be anything. Reading past the end, or a number that is not the shortest LEB128 of at most 53 bits,
 * sets `failed` and answers zero or nothing, so that a parser checks once at the end of a step instead of at every byte.
 */
export class ByteReader {
  readonly #bytes: Uint8Array
  #at = 0
  #failed = false

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get failed(): boolean {
    return this.#failed
  }

  get remaining(): number {
    return this.#bytes.length - this.#at
  }

  skip(length: number): void {
    if (length > this.remaining) this.#fail()
    else this.#at += length
  }

  /** A view, not a copy. Zeros where the bytes end too early. */
  take(length: number): Uint8Array {
    if (length > this.remaining) {
      this.#fail()
      return new Uint8Array(Math.min(length, shortRead))
    }
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }

  unsigned(): number {
    let value = 0
    let weight = 1
    for (let count = 0; count < longestNumber; count++) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) break
      value += (byte & 0x7f) * weight
      weight *= 128
      if (byte >= 0x80) continue
      if ((byte === 0 && count > 0) || value > Number.MAX_SAFE_INTEGER) break
      return value
    }
    return this.#fail()
  }

  signed(): number {
    let value = 0
    let weight = 1
    let before = 0
    for (let count = 0; count < longestNumber; count++) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) break
      value += (byte & 0x7f) * weight
      weight *= 128
      if (byte >= 0x80) {
        before = byte
        continue
      }
      const negative = (byte & 0x40) !== 0
      const overlong = count > 0 && byte === (negative ? 0x7f : 0) && ((before & 0x40) !== 0) === negative
      const signed = negative ? value - weight : value
      if (overlong || !Number.isSafeInteger(signed)) break
      return signed
    }
    return this.#fail()
  }

  #fail(): number {
    this.#failed = true
    this.#at = this.#bytes.length
    return 0
  }
}

/** 8 × 7 bits hold every safe integer. */
const longestNumber = 8
/** The longest fixed piece anyone reads: a digest. */
const shortRead = 32
