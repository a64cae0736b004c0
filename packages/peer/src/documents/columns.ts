import type { ByteReader } from './ByteReader.ts'

/** How much a column stands for once written out: its items, and the sum of their values (of their lengths, for text). */
export interface ColumnSize {
  readonly items: number
  readonly sum: number
}

/** Run-length coded numbers. Stops as soon as more than `limit` items are seen. */
export const scanNumbers = (reader: ByteReader, limit: number): ColumnSize => scanRuns(reader, limit, readNumber)

/** Run-length coded differences between numbers; their sum says nothing. */
export const scanDeltas = (reader: ByteReader, limit: number): ColumnSize => scanRuns(reader, limit, readDelta)

/** Run-length coded text. `sum`: bytes of all of it written out. */
export const scanStrings = (reader: ByteReader, limit: number): ColumnSize => scanRuns(reader, limit, readString)

/** Alternating run lengths of false and true. */
export const scanBooleans = (reader: ByteReader, limit: number): ColumnSize => {
  let items = 0
  while (reader.remaining > 0 && items <= limit) items += reader.unsigned()
  return { items, sum: 0 }
}

/**
 * A run is a signed count: positive, that many times the value that follows; negative, that many values; zero, then an
 * unsigned number of nothings.
 */
const scanRuns = (reader: ByteReader, limit: number, size: (reader: ByteReader) => number): ColumnSize => {
  let items = 0
  let sum = 0
  while (reader.remaining > 0 && items <= limit) {
    const count = reader.signed()
    if (count === 0) {
      items += reader.unsigned()
    } else if (count > 0) {
      items += count
      sum += count * size(reader)
    } else {
      items -= count
      for (let left = -count; left > 0 && !reader.failed && items <= limit; left--) sum += size(reader)
    }
  }
  return { items, sum }
}

const readNumber = (reader: ByteReader): number => reader.unsigned()

const readDelta = (reader: ByteReader): number => reader.signed()

const readString = (reader: ByteReader): number => {
  const length = reader.unsigned()
  reader.skip(length)
  return length
}

/** A run-length coded column, value by value. `undefined`: nothing there, or the column has ended. */
abstract class Values<T> {
  protected readonly reader: ByteReader
  #left = 0
  #value: T | undefined
  #each = false

  constructor(reader: ByteReader) {
    this.reader = reader
  }

  get more(): boolean {
    return this.#left > 0 || this.reader.remaining > 0
  }

  next(): T | undefined {
    if (this.#left === 0) {
      if (this.reader.remaining === 0) return undefined
      const count = this.reader.signed()
      this.#each = count < 0
      this.#left = count === 0 ? this.reader.unsigned() : Math.abs(count)
      this.#value = count > 0 ? this.read() : undefined
      if (this.#left === 0) return undefined
    }
    this.#left -= 1
    const value = this.#each ? this.read() : this.#value
    return value === undefined ? undefined : this.shown(value)
  }

  protected abstract read(): T

  protected shown(value: T): T {
    return value
  }
}

export class Numbers extends Values<number> {
  protected read(): number {
    return this.reader.unsigned()
  }
}

/** Each value is the sum of all differences up to it. */
export class Deltas extends Values<number> {
  #sum = 0

  protected read(): number {
    return this.reader.signed()
  }

  protected override shown(difference: number): number {
    return (this.#sum += difference)
  }
}

export class Texts extends Values<string> {
  protected read(): string {
    return decoder.decode(this.reader.take(this.reader.unsigned()))
  }
}

/** False once the column has ended. */
export class Booleans {
  readonly #reader: ByteReader
  #left = 0
  #value = true

  constructor(reader: ByteReader) {
    this.#reader = reader
  }

  next(): boolean {
    while (this.#left === 0) {
      if (this.#reader.remaining === 0) return false
      this.#left = this.#reader.unsigned()
      this.#value = !this.#value
    }
    this.#left -= 1
    return this.#value
  }
}

const decoder = new TextDecoder()
