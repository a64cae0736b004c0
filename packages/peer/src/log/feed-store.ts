import { compareBytes, concatBytes, type DeviceId, type GroupId } from '@auzolan/core'
import type { Expectation, Op, Store } from '@auzolan/storage'
import { decodeRun, encodeRun, type FeedTip, type Run } from '@auzolan/trust'
import { quarantineKey, segmentKey, segmentsKey, tailEntryKey, tailKey, tipKey } from './layout.ts'
import { decodeSegment, encodeSegment } from './segment.ts'
import { joinRuns, sliceRun } from './slice.ts'
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
  readonly #group: GroupId
  readonly #store: Store
  #record: { readonly bytes: Uint8Array; readonly tip: TipRecord } | undefined

  constructor(store: Store, group: GroupId, device: DeviceId, saved?: Uint8Array) {
    this.#store = store
    this.#group = group
    this.device = device
    if (saved) this.#adopt(saved)
  }

  get tip(): TipRecord | undefined {
    return this.#record?.tip
  }
  get seq(): number {
    return this.#record?.tip.seq ?? 0
  }

  /** Reads the tip again: another tab may have written. True when it moved. */
  async refresh(): Promise<boolean> {
    const saved = await this.#store.get(tipKey(this.#group, this.device))
    if (!saved || (this.#record && compareBytes(saved, this.#record.bytes) === 0)) return false
    this.#adopt(saved)
    return true
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
    const pack = async () => {
      const stored = tailBytes > 0 ? await this.#tails() : []
      if (stored.length > 0) ops.push({ do: 'removeRange', prefix: tailKey(this.#group, this.device) })
      for (const run of joinRuns([...stored, ...loose])) ops.push(this.#put(run, encodeSegment(run)))
      ;[loose, tailBytes] = [[], 0]
    }
    for (const { run, segment } of parcels) {
      if (segment && run.packed.length >= SEGMENT_BYTES / 4) {
        await pack()
        ops.push(this.#put(run, segment))
        tailFrom = run.from + run.count
      } else loose.push(run)
    }
    const records = loose.map((run) => ({ from: run.from, bytes: encodeRun(run) }))
    const added = records.reduce((bytes, record) => bytes + record.bytes.length, 0)
    if (tailBytes + added >= SEGMENT_BYTES) {
      await pack()
      tailFrom = tip.seq + 1
    } else {
      for (const { from, bytes } of records) ops.push({ do: 'put', key: tailEntryKey(this.#group, this.device, from), value: bytes })
      tailBytes += added
    }
    const record: TipRecord = { seq: tip.seq, chain: tip.chain, start: tip.start, blockBytes: tip.blockBytes, heads: tip.heads, tailFrom, tailBytes }
    const saved = encodeTipRecord(record)
    const key = tipKey(this.#group, this.device)
    ops.push({ do: 'put', key, value: saved })
    return { ops, expect: { key, value: this.#record?.bytes }, done: () => { this.#record = { bytes: saved, tip: record } } }
  }

  /** Stored runs that hold anything from `from` on, in order, whole as they lie (the first may start earlier). */
  async *runs(from = 1): AsyncGenerator<Run> {
    const tailFrom = this.#record?.tip.tailFrom ?? 1
    let next = from
    while (next < tailFrom) {
      const page = await this.#store.range({ prefix: segmentsKey(this.#group, this.device), from: next, limit: PAGE_SEGMENTS })
      if (page.length === 0) break
      for (const { key, value } of page) {
        const run = decodeSegment(value)
        if (run.ok) yield run.value
        else await this.#quarantine(key.at(-1) as number, value)
        next = (key.at(-1) as number) + 1
      }
    }
    for (const { key, value } of await this.#store.range({ prefix: tailKey(this.#group, this.device) })) {
      const run = decodeRun(value)
      if (!run.ok) await this.#quarantine(key.at(-1) as number, value)
      else if (run.value.from + run.value.count > from) yield run.value
    }
  }

  /** The stored run that holds `seq`, whole as it lies. */
  async runHolding(seq: number): Promise<Run | undefined> {
    if (seq >= (this.#record?.tip.tailFrom ?? 1)) {
      const tails = await this.#tails()
      return tails.find((run) => run.from <= seq && seq < run.from + run.count)
    }
    const [record] = await this.#store.range({ prefix: segmentsKey(this.#group, this.device), from: seq, limit: 1 })
    if (!record) return undefined
    const run = decodeSegment(record.value)
    if (run.ok) return run.value
    await this.#quarantine(record.key.at(-1) as number, record.value)
    return undefined
  }

  /** What can be sent next to someone who holds everything before `from`: a stored segment as it lies, or the tail in one run. */
  async parcelFrom(from: number): Promise<Parcel | undefined> {
    if (from >= (this.#record?.tip.tailFrom ?? 1)) {
      const [run] = joinRuns((await this.#tails()).filter((run) => run.from + run.count > from))
      return run && { run: sliceRun(run, from) }
    }
    const [record] = await this.#store.range({ prefix: segmentsKey(this.#group, this.device), from, limit: 1 })
    const run = record && decodeSegment(record.value)
    if (!record || !run?.ok) return undefined
    return run.value.from === from ? { run: run.value, segment: record.value } : { run: sliceRun(run.value, from) }
  }

  /** The last `length` packed bytes of the feed: the open block. */
  async lastPacked(length: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = []
    let have = 0
    const add = (run: Run) => { parts.unshift(run.packed); have += run.packed.length }
    for (const { value } of (await this.#store.range({ prefix: tailKey(this.#group, this.device) })).reverse()) {
      const run = decodeRun(value)
      if (run.ok) add(run.value)
    }
    const [tails, tailLength] = [parts.length, have]
    for (let limit = 2; have < length; limit *= 8) {
      const segments = await this.#store.range({ prefix: segmentsKey(this.#group, this.device), reverse: true, limit })
      parts.splice(0, parts.length - tails)
      have = tailLength
      for (const { value } of segments) {
        const run = decodeSegment(value)
        if (!run.ok) break
        add(run.value)
      }
      if (segments.length < limit) break
    }
    const whole = concatBytes(...parts)
    return whole.subarray(Math.max(0, whole.length - length))
  }

  async #tails(): Promise<Run[]> {
    const records = await this.#store.range({ prefix: tailKey(this.#group, this.device) })
    return records.flatMap(({ value }) => { const run = decodeRun(value); return run.ok ? [run.value] : [] })
  }

  #put(run: Run, segment: Uint8Array): Op {
    return { do: 'put', key: segmentKey(this.#group, this.device, run.from + run.count - 1), value: segment }
  }

  async #quarantine(from: number, value: Uint8Array): Promise<void> {
    await this.#store.write([{ do: 'put', key: quarantineKey(this.#group, this.device, from), value }], { durability: 'relaxed' })
  }

  #adopt(saved: Uint8Array): void {
    const tip = decodeTipRecord(saved)
    if (tip.ok) this.#record = { bytes: saved, tip: tip.value }
  }
}

/** Tail bytes that are packed into one segment: large enough to compress well, small enough to read for one entry. */
export const SEGMENT_BYTES = 32 * 1024
/** Segments read at once while walking a feed: a megabyte or so. */
const PAGE_SEGMENTS = 32
