import { compareBytes, concatBytes, type DeviceId, type GroupId } from '@auzolan/core'
import type { Expectation, Key, Op, Store } from '@auzolan/storage'
import { decodeRun, encodeRun, type FeedTip, type Run } from '@auzolan/trust'
import { quarantineKey, segmentKey, segmentsKey, tailEntryKey, tailKey, tipKey } from './layout.ts'
import { type Hole, Holes } from './holes.ts'
import { seal, unseal } from './sealed.ts'
import { writeSpare } from './spare.ts'
import { decodeSegment, encodeSegment } from './segment.ts'
import { bytesOf, joinRuns, sliceRun, withoutTexts } from './slice.ts'
import { decodeTipRecord, encodeTipRecord, type TipRecord } from './tip-record.ts'

/** A run, with the bytes it came as when it came as a segment: those are stored and sent on unchanged. */
export interface Parcel {
  readonly run: Run
  readonly segment?: Uint8Array
}

interface Plan {
  readonly ops: readonly Op[]
  readonly expect: Expectation
  readonly done: () => void
}

/** The stored bytes of one device's feed: small tail records that are packed into compressed segments as they add up. */
export class FeedStore {
  readonly device: DeviceId
  /** What was stored once and cannot be read any more. */
  readonly holes: Holes
  readonly #group: GroupId
  readonly #store: Store
  #record: { readonly bytes: Uint8Array; readonly tip: TipRecord } | undefined
  /** The tail as it lies, once it was read or begun here: what is sent to others is mostly what came last. */
  #kept: readonly Run[] | undefined

  constructor(store: Store, group: GroupId, device: DeviceId, saved?: Uint8Array) {
    this.#store = store
    this.#group = group
    this.device = device
    this.holes = new Holes(group, device)
    if (saved) this.#adopt(saved)
  }

  get tip(): TipRecord | undefined {
    return this.#record?.tip
  }
  get seq(): number {
    return this.#record?.tip.seq ?? 0
  }

  /** Reads the tip again: another tab may have written. True when it moved. One that was damaged meanwhile is written anew. */
  async refresh(): Promise<boolean> {
    const key = tipKey(this.#group, this.device)
    const saved = await this.#store.get(key)
    if (!saved || (this.#record && compareBytes(saved, this.#record.bytes) === 0)) return false
    if (this.#adopt(saved)) return true
    if (this.#record)
      await this.#store.write([{ do: 'put', key, value: this.#record.bytes }], {
        expect: [{ key, value: saved }],
        durability: 'strict',
      })
    return false
  }

  /**
   * What to write so that `parcels` follow the tip: one transaction for them and whatever else the caller adds. Call `done` after it succeeded.
   * The expectation fails when another tab was faster.
   */
  async plan(parcels: readonly Parcel[], tip: FeedTip): Promise<Plan> {
    const old = this.#record?.tip
    const ops: Op[] = []
    let [tailFrom, tailBytes] = [old?.tailFrom ?? 1, old?.tailBytes ?? 0]
    let loose: Run[] = []
    let kept = tailBytes === 0 ? [] : this.#kept
    const pack = async () => {
      const stored = tailBytes > 0 ? (await this.#tails()).filter(({ from }) => from <= (old?.seq ?? 0)) : []
      if (stored.length > 0) ops.push({ do: 'removeRange', prefix: tailKey(this.#group, this.device) })
      for (const run of joinRuns([...stored, ...loose])) ops.push(this.#put(run, encodeSegment(run)))
      ;[loose, tailBytes, kept] = [[], 0, []]
    }
    for (const { run, segment } of parcels) {
      if (segment && run.packed.length >= SEGMENT_BYTES / 4) {
        await pack()
        ops.push(this.#put(run, segment))
        tailFrom = run.from + run.count
      } else loose.push(run)
    }
    const records = loose.map((run) => ({ from: run.from, bytes: seal(encodeRun(run)) }))
    const added = records.reduce((bytes, record) => bytes + record.bytes.length, 0)
    if (tailBytes + added >= SEGMENT_BYTES) {
      await pack()
      tailFrom = tip.seq + 1
    } else {
      for (const { from, bytes } of records)
        ops.push({ do: 'put', key: tailEntryKey(this.#group, this.device, from), value: bytes })
      tailBytes += added
      kept = kept && [...kept, ...loose]
    }
    const record: TipRecord = { ...fieldsOf(tip), tailFrom, tailBytes }
    const saved = encodeTipRecord(record)
    const key = tipKey(this.#group, this.device)
    ops.push({ do: 'put', key, value: saved })
    return {
      ops,
      expect: { key, value: this.#record?.bytes },
      done: () => {
        this.#record = { bytes: saved, tip: record }
        this.#kept = kept
      },
    }
  }

  /** Stored runs that hold anything from `from` on, in order, whole as they lie (the first may start earlier). Unreadable ones are left out. */
  async *runs(from = 1): AsyncGenerator<Run> {
    for (let next = from; ;) {
      const page = await this.#store.range({
        prefix: segmentsKey(this.#group, this.device),
        from: next,
        limit: PAGE_SEGMENTS,
      })
      for (const record of page) {
        const run = await this.#segment(record)
        next = lastOf(record) + 1
        if (run) yield run
      }
      if (page.length === PAGE_SEGMENTS) continue
      const tails = await this.#readTails()
      // The tail may have been packed while we looked: then it is among the segments now.
      if ((await this.#store.range({ prefix: segmentsKey(this.#group, this.device), from: next, limit: 1 })).length > 0)
        continue
      for (const run of tails) if (run.from + run.count > next) yield run
      return
    }
  }

  /** The stored run that holds `seq`, whole as it lies. */
  async runHolding(seq: number): Promise<Run | undefined> {
    return (await this.#holding(seq))?.run
  }

  /** What can be sent next to someone who holds everything before `from`: a stored segment as it lies, or the tail in one run. */
  async parcelFrom(from: number, last = Number.MAX_SAFE_INTEGER): Promise<Parcel | undefined> {
    const held = await this.#holding(from)
    if (!held) return undefined
    if (held.segment) {
      const { run } = held
      const whole = run.from === from && run.from + run.count - 1 <= last
      return whole ? held : { run: sendable(sliceRun(run, from, Math.min(last, run.from + run.count - 1))) }
    }
    const [run] = joinRuns((await this.#tails()).filter((tail) => tail.from + tail.count > from && tail.from <= last))
    if (!run || run.from > from) return { run: sendable(sliceRun(held.run, from)) }
    return { run: sendable(sliceRun(run, from, Math.min(last, run.from + run.count - 1))) }
  }

  /** The last `length` packed bytes of the feed: the open block. `undefined` where they cannot be read. */
  async lastPacked(length: number): Promise<Uint8Array | undefined> {
    const parts: Uint8Array[] = []
    let [have, upTo] = [0, this.seq]
    while (have < length && upTo > 0) {
      const run = await this.runHolding(upTo)
      if (!run) return undefined
      const { packed, from } = sliceRun(run, run.from, upTo)
      parts.unshift(packed)
      have += packed.length
      upTo = from - 1
    }
    const whole = concatBytes(...parts)
    return whole.length < length ? undefined : whole.subarray(whole.length - length)
  }

  /** Reads every record once. What cannot be read becomes a hole. */
  async inspect(): Promise<void> {
    let next = 1
    for await (const run of this.runs()) {
      if (run.from > next) await this.#lose(next, run.from - 1)
      next = run.from + run.count
    }
    if (next <= this.seq) await this.#lose(next, this.seq)
  }

  /** What fills `hole` with `run`, which lies in it from its beginning and was checked. Call `done` after it was written. */
  fill(hole: Hole, run: Run): { readonly ops: readonly Op[]; readonly done: () => void } {
    const last = run.from + run.count - 1
    const { ops, done } = this.holes.filled(hole, last)
    this.#kept = undefined
    const tailFrom = this.#record?.tip.tailFrom ?? 1
    const put: Op =
      last < tailFrom
        ? this.#put(run, encodeSegment(run))
        : { do: 'put', key: tailEntryKey(this.#group, this.device, run.from), value: seal(encodeRun(run)) }
    return { ops: [put, ...ops], done }
  }

  /** What to write so that the texts of these entries are gone from this disk, if nothing else was written meanwhile. */
  async erase(
    seqs: readonly number[],
  ): Promise<{ readonly ops: readonly Op[]; readonly expect: Expectation } | undefined> {
    const ops: Op[] = []
    const left = new Set(seqs)
    for (const seq of seqs) {
      const held = left.has(seq) ? await this.#holding(seq) : undefined
      if (!held) continue
      const run = withoutTexts(held.run, left)
      for (let each = run.from; each < run.from + run.count; each++) left.delete(each)
      ops.push(
        held.segment
          ? this.#put(run, encodeSegment(run))
          : { do: 'put', key: tailEntryKey(this.#group, this.device, run.from), value: seal(encodeRun(run)) },
      )
    }
    if (ops.length === 0) return undefined
    this.#kept = undefined
    return { ops, expect: { key: tipKey(this.#group, this.device), value: this.#record?.bytes } }
  }

  /** A tip for a feed whose own record was lost: what its stored runs lead to. */
  async recover(tip: FeedTip): Promise<void> {
    const tails = (await this.#readTails()).filter(({ from }) => from <= tip.seq)
    const tailBytes = tails.reduce((bytes, run) => bytes + encodeRun(run).length, 0)
    const record: TipRecord = { ...fieldsOf(tip), tailFrom: tails[0]?.from ?? tip.seq + 1, tailBytes }
    const bytes = encodeTipRecord(record)
    await this.#store.write([{ do: 'put', key: tipKey(this.#group, this.device), value: bytes }], {
      durability: 'strict',
    })
    this.#record = { bytes, tip: record }
  }

  async #holding(seq: number): Promise<Parcel | undefined> {
    if (seq > this.seq && this.seq > 0) return undefined
    // A second look: the tail may have been packed between the two reads.
    for (let look = 0; look < 2; look++) {
      const tail = (await this.#tailsFrom(seq)).find(({ from, count }) => from <= seq && seq < from + count)
      if (tail) return { run: tail }
      const [record] = await this.#store.range({ prefix: segmentsKey(this.#group, this.device), from: seq, limit: 1 })
      const run = record && (await this.#segment(record))
      if (record && run && run.from <= seq) return { run, segment: unseal(record.value) as Uint8Array }
    }
    await this.#lose(seq, seq)
    return undefined
  }

  /** The tail, where it may hold `seq`. */
  async #tailsFrom(seq: number): Promise<readonly Run[]> {
    return this.#record && seq < this.#record.tip.tailFrom ? [] : this.#tails()
  }

  async #tails(): Promise<readonly Run[]> {
    if (this.#kept) return this.#kept
    const record = this.#record
    const tails = await this.#readTails()
    if (this.#record === record) this.#kept = tails
    return tails
  }

  async #readTails(): Promise<Run[]> {
    const records = await this.#store.range({ prefix: tailKey(this.#group, this.device) })
    const runs: Run[] = []
    for (const [at, { key, value }] of records.entries()) {
      const bytes = unseal(value)
      const run = bytes && decodeRun(bytes)
      const from = key.at(-1) as number
      if (run?.ok && run.value.from === from && run.value.device === this.device) runs.push(run.value)
      else {
        const next = records[at + 1]?.key.at(-1) as number | undefined
        await this.#discard(key, value, { from, to: Math.max(from, (next ?? this.seq + 1) - 1) })
      }
    }
    return runs
  }

  async #segment({ key, value }: { readonly key: Key; readonly value: Uint8Array }): Promise<Run | undefined> {
    const bytes = unseal(value)
    const run = bytes && decodeSegment(bytes)
    const last = key.at(-1) as number
    if (run?.ok && run.value.from + run.value.count - 1 === last && run.value.device === this.device) return run.value
    const before = (await this.#store.range({ prefix: segmentsKey(this.#group, this.device), reverse: true })).find(
      (record) => lastOf(record) < last,
    )
    await this.#discard(key, value, { from: before ? lastOf(before) + 1 : 1, to: last })
    return undefined
  }

  /** Keeps what cannot be read aside, and remembers which entries are missing. Unless another tab has put something readable there. */
  async #discard(key: Key, value: Uint8Array, hole: Hole): Promise<void> {
    const known = this.holes.touching(hole.from, hole.to)
    const from = known && known.from < hole.from ? known.to + 1 : hole.from
    const ops: Op[] = [
      { do: 'put', key: quarantineKey(this.#group, this.device, hole.from), value },
      { do: 'remove', key },
    ]
    if (from <= hole.to) ops.push(this.holes.add({ from, to: hole.to }))
    await writeSpare(this.#store, ops, [{ key, value }])
  }

  /** Nothing is stored where something should be. */
  async #lose(from: number, to: number): Promise<void> {
    if (to > this.seq || this.holes.touching(from, to)) return
    await writeSpare(this.#store, [this.holes.add({ from, to })])
  }

  #put(run: Run, segment: Uint8Array): Op {
    return { do: 'put', key: segmentKey(this.#group, this.device, run.from + run.count - 1), value: seal(segment) }
  }

  #adopt(saved: Uint8Array): boolean {
    const tip = decodeTipRecord(saved)
    if (tip.ok) {
      this.#record = { bytes: saved, tip: tip.value }
      this.#kept = undefined
    }
    return tip.ok
  }
}

/** At most what one frame holds: less of a run that came compressed and is larger now. */
const sendable = (run: Run): Run => {
  let part = run
  while (bytesOf(part) + part.signatures.length > MAX_SENT_BYTES && part.count > 1)
    part = sliceRun(part, part.from, part.from + (part.count >> 1) - 1)
  return part
}

const fieldsOf = ({ seq, chain, start, blockBytes, heads }: FeedTip) => ({ seq, chain, start, blockBytes, heads })
const lastOf = ({ key }: { readonly key: Key }): number => key.at(-1) as number

/** A frame's megabyte, with room for lengths. */
const MAX_SENT_BYTES = 1024 * 1024 - 32 * 1024
/** Tail bytes that are packed into one segment: large enough to compress well, small enough to read for one entry. */
export const SEGMENT_BYTES = 32 * 1024
/** Segments read at once while walking a feed: a megabyte or so. */
const PAGE_SEGMENTS = 32
