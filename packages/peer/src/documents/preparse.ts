import { ChangeHash, err, ok, toHex, type Result } from '@auzolan/core'
import { sha256 } from '@auzolan/trust'
import { ByteReader } from './ByteReader.ts'
import { scanBooleans, scanDeltas, scanNumbers, scanStrings, type ColumnSize } from './columns.ts'

/** Bytes of one change: one flush of typing, or one paste. `docs/formats/entry.md`. */
export const maxChangeBytes = 512_000
/** Operations of one change: Automerge builds each in memory (0.6 kB), so this bounds a change to about 3 MB. */
export const maxChangeOps = 5_000
/** Changes that one change may build on directly. Honest devices stay below the number of people writing at once. */
export const maxChangeDeps = 256
/** Actors other than its own whose operations one change may name: each costs 17 bytes, and honest ones name a few. */
export const maxOtherActors = 1_024
/** Predecessors in one change. One operation has as many as values stood side by side in what it replaces. */
export const maxChangePredecessors = 20_000
/** Keys and names of one change, written out. Run-length coding lets 500 kB stand for 2.5 GB; honest ones stay below 200 kB. */
export const maxChangeKeyBytes = 1_000_000
/** Operation counters stay below this: Automerge 3.5.0 loses documents with larger ones (`startOp` = 2^31 and up). */
export const maxOpCounter = 2 ** 31
/** Seconds since 1970 that a JavaScript `Date` can hold. */
export const maxChangeTime = 8_640_000_000_000

export const actorBytes = 16
const authorBytes = 32
const maxMessageBytes = 1_000

/** What a change says of itself, read without building its operations. */
export interface ChangeHead {
  /** Computed from the bytes, never taken from them. */
  readonly hash: ChangeHash
  /** Sorted, without duplicates. */
  readonly deps: readonly ChangeHash[]
  /** 32 hex digits. */
  readonly actor: string
  /** 1 and up, without gaps for one actor. */
  readonly seq: number
  /** Counter of the first operation. */
  readonly startOp: number
  /** Number of operations: their counters run from `startOp` to `startOp + ops − 1`. */
  readonly ops: number
  /** The author's clock, in seconds since 1970. */
  readonly time: number
  /** Whom Automerge 3.5's own author field names (64 hex digits). Self-claimed; this app does not write it. */
  readonly author?: string
  /** How many actors besides its own the operations name. */
  readonly otherActors: number
  /** Whether any operation sets something under a key: writing in prose does not. */
  readonly keyed: boolean
}

/** Why bytes are not a change that may come near Automerge. */
export type ChangeFault =
  | 'too large'
  | 'not a change'
  | 'checksum'
  | 'too many deps'
  | 'unsorted deps'
  | 'bad actor'
  | 'too many actors'
  | 'bad number'
  | 'unknown column'
  | 'too many operations'
  | 'too many predecessors'
  | 'too much expanded'
  | 'bad column'
  | 'unknown ending'

/**
 * Reads one uncompressed change chunk (type 1) of Automerge's binary format, version 1: envelope, header, and the length of
 * every column, so that run-length bombs (96 bytes for a million deletes) end here. Costs a few microseconds and never throws.
 * What it cannot see (do the named objects and predecessors exist?) is settled by the proof in `engine.ts`.
 */
export const preparse = (bytes: Uint8Array): Result<ChangeHead, ChangeFault> => {
  if (bytes.length > maxChangeBytes) return err('too large')
  const reader = new ByteReader(bytes)
  if (!startsAsChange(bytes)) return err('not a change')
  reader.skip(envelopeBytes)
  const length = reader.unsigned()
  if (reader.failed || length !== reader.remaining) return err('not a change')
  const digest = sha256(bytes.subarray(envelopeBytes - 1))
  if (digest.length !== 32 || !bytes.subarray(4, 8).every((byte, at) => byte === digest[at])) return err('checksum')

  const deps = readDeps(reader)
  if (!deps.ok) return deps
  if (reader.unsigned() !== actorBytes) return err('bad actor')
  const actor = toHex(reader.take(actorBytes))
  const seq = reader.unsigned()
  const startOp = reader.unsigned()
  const time = reader.signed()
  const messageLength = reader.unsigned()
  if (messageLength > maxMessageBytes) return err('too much expanded')
  reader.skip(messageLength)
  if (reader.failed || seq < 1 || startOp < 1 || time < 0 || time > maxChangeTime) return err('bad number')

  const others = readOtherActors(reader, actor)
  if (!others.ok) return others
  const ops = readColumns(reader, others.value)
  if (!ops.ok) return ops
  const { count, keyed } = ops.value
  if (startOp + count > maxOpCounter) return err('bad number')
  const author = readEnding(reader)
  if (!author.ok) return author
  return ok({
    hash: ChangeHash.fromBytes(digest),
    deps: deps.value,
    actor,
    seq,
    startOp,
    ops: count,
    time,
    ...(author.value === '' ? {} : { author: author.value }),
    otherActors: others.value,
    keyed,
  })
}

/** Magic, checksum, chunk type. The hash covers everything from the type on. */
export const envelopeBytes = 9
const magic = [0x85, 0x6f, 0x4a, 0x83]
const changeChunk = 1

const startsAsChange = (bytes: Uint8Array): boolean =>
  bytes[8] === changeChunk && magic.every((byte, at) => bytes[at] === byte)

const readDeps = (reader: ByteReader): Result<readonly ChangeHash[], ChangeFault> => {
  const count = reader.unsigned()
  if (count > maxChangeDeps) return err('too many deps')
  if (count * ChangeHash.length > reader.remaining) return err('not a change')
  const deps: ChangeHash[] = []
  for (let at = 0; at < count; at++) {
    const dep = ChangeHash.fromBytes(reader.take(ChangeHash.length))
    const before = deps[at - 1]
    if (before !== undefined && before >= dep) return err('unsorted deps')
    deps.push(dep)
  }
  return ok(deps)
}

const readOtherActors = (reader: ByteReader, own: string): Result<number, ChangeFault> => {
  const count = reader.unsigned()
  if (count > maxOtherActors) return err('too many actors')
  let before = ''
  for (let at = 0; at < count; at++) {
    if (reader.unsigned() !== actorBytes) return err('bad actor')
    const actor = toHex(reader.take(actorBytes))
    if (actor <= before || actor === own) return err('bad actor')
    before = actor
  }
  return reader.failed ? err('not a change') : ok(count)
}

interface Column {
  readonly per: 'op' | 'predecessor' | 'byte'
  readonly scan: (reader: ByteReader, limit: number) => ColumnSize
}

/** Every column of a change chunk (Automerge binary format, "change columns"), by specification: id × 16 + type. */
const columns: ReadonlyMap<number, Column> = new Map<number, Column>([
  [0x01, { per: 'op', scan: scanNumbers }], // object: actor
  [0x02, { per: 'op', scan: scanNumbers }], // object: counter
  [0x11, { per: 'op', scan: scanNumbers }], // key: actor
  [0x13, { per: 'op', scan: scanDeltas }], // key: counter, deltas
  [0x15, { per: 'op', scan: scanStrings }], // key: text
  [0x34, { per: 'op', scan: scanBooleans }], // insert
  [0x42, { per: 'op', scan: scanNumbers }], // action
  [0x56, { per: 'op', scan: scanNumbers }], // value: type and length
  [0x57, { per: 'byte', scan: (reader) => ({ items: reader.remaining, sum: 0 }) }], // value
  [0x70, { per: 'op', scan: scanNumbers }], // predecessors: how many
  [0x71, { per: 'predecessor', scan: scanNumbers }], // predecessors: actor
  [0x73, { per: 'predecessor', scan: scanDeltas }], // predecessors: counter, deltas
  [0x94, { per: 'op', scan: scanBooleans }], // mark: expand
  [0xa5, { per: 'op', scan: scanStrings }], // mark: name
])
const actionColumn = 0x42
const keyColumn = 0x15
const predecessorCountColumn = 0x70

/** The number of operations: what the action column holds. No other column may hold more. */
const readColumns = (
  reader: ByteReader,
  otherActors: number,
): Result<Pick<ChangeHead, 'keyed'> & { readonly count: number }, ChangeFault> => {
  const count = reader.unsigned()
  if (count > columns.size) return err('unknown column')
  const laid: { spec: number; length: number }[] = []
  for (let at = 0; at < count; at++) {
    const spec = reader.unsigned()
    const length = reader.unsigned()
    if (!columns.has(spec) || spec <= (laid[at - 1]?.spec ?? 0)) return err('unknown column')
    laid.push({ spec, length })
  }
  let ops = 0
  let predecessors = 0
  let keyBytes = 0
  const perOp: number[] = []
  const perPredecessor: number[] = []
  for (const { spec, length } of laid) {
    const column = columns.get(spec)
    if (column === undefined || length > reader.remaining) return err('bad column')
    const inside = new ByteReader(reader.take(length))
    const limit = column.per === 'predecessor' ? maxChangePredecessors : maxChangeOps
    const size = column.scan(inside, limit)
    if (column.per !== 'byte' && size.items > limit) {
      return err(column.per === 'op' ? 'too many operations' : 'too many predecessors')
    }
    if (inside.failed) return err('bad column')
    if (column.scan === scanStrings) keyBytes += size.sum
    if (spec === actionColumn) ops = size.items
    if (spec === predecessorCountColumn) predecessors = size.sum
    if (column.per === 'op') perOp.push(size.items)
    if (column.per === 'predecessor') perPredecessor.push(size.items)
  }
  if (keyBytes > maxChangeKeyBytes) return err('too much expanded')
  if (predecessors > maxChangePredecessors) return err('too many predecessors')
  if (perOp.some((items) => items > ops) || perPredecessor.some((items) => items > predecessors))
    return err('bad column')
  if (otherActors > 2 * ops + predecessors) return err('too many actors')
  return ok({ count: ops, keyed: laid.some(({ spec }) => spec === keyColumn) })
}

/** What may follow the columns: nothing, or Automerge 3.5's author field (1, length, bytes). */
const readEnding = (reader: ByteReader): Result<string, ChangeFault> => {
  if (reader.failed) return err('not a change')
  if (reader.remaining === 0) return ok('')
  const tag = reader.unsigned()
  const length = reader.unsigned()
  if (tag !== 1 || length !== authorBytes || reader.remaining !== authorBytes) return err('unknown ending')
  return ok(toHex(reader.take(authorBytes)))
}
