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
