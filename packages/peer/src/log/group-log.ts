import { compareBytes, type ControlId, DeviceId, type GroupId, type Instant } from '@auzolan/core'
import type { Expectation, Op, Store } from '@auzolan/storage'
import {
  checkRun, ControlLog, type DeviceKeys, type Entry, type FeedTip, type GroupState, type ItemDraft,
  type Reason, resumeFeed, type Run, type RunFault, runOf, signEntry, startFeed, type Verdict, type Verifier,
} from '@auzolan/trust'
import { decodeControlRecord, encodeControlRecord } from './control-record.ts'
import { FeedStore, type Parcel } from './feed-store.ts'
import { controlKey, controlsKey, tipsKey } from './layout.ts'
import { Queue } from './queue.ts'
import { sliceRun } from './slice.ts'
import { Waiting } from './waiting.ts'

/** What became of a received run. */
export type Receipt =
  | { readonly is: 'accepted'; readonly entries: number }
  | { readonly is: 'known' }
  /** Held until control entries or earlier runs arrive. */
  | { readonly is: 'waiting' }
  /** The feed does not reach `from` yet. */
  | { readonly is: 'gap'; readonly have: number }
  | { readonly is: 'refused'; readonly reason: Stop }

/** Why a feed goes no further here. `newer`: made by a newer app, kept by others until this one is updated. */
export type Stop = Reason | RunFault | { readonly type: 'newer'; readonly detail: string }

/** Entries that were accepted and are on disk. */
export type Listener = (entries: readonly Entry[], from: 'here' | 'elsewhere') => void

/** One line of a frontier: how far this device holds a feed, and the chain value there. */
export interface FrontierLine {
  readonly device: DeviceId
  readonly seq: number
  readonly chain: Uint8Array
}

/**
 * The signed log of one group on this device: the only way in for entries, own or received. Everything is verified and judged before it is
 * stored, and stored before anybody hears of it.
 */
export class GroupLog {
  readonly group: GroupId
  readonly control: ControlLog
  readonly #store: Store
  readonly #verifier: Verifier
  readonly #feeds = new Map<DeviceId, FeedStore>()
  readonly #tips = new Map<DeviceId, FeedTip>()
  readonly #refused = new Map<DeviceId, { readonly seq: number; readonly reason: Stop }>()
  readonly #waiting = new Waiting()
  readonly #queue = new Queue()
  readonly #listeners = new Set<Listener>()

  private constructor(store: Store, group: GroupId, verifier: Verifier) {
    this.#store = store
    this.group = group
    this.#verifier = verifier
    this.control = new ControlLog(group, verifier)
  }

  /** Opens what this device holds of a group; an empty log where it holds nothing. */
  static async open(store: Store, group: GroupId, verifier: Verifier): Promise<GroupLog> {
    const log = new GroupLog(store, group, verifier)
    for (const { key, value } of await store.range({ prefix: tipsKey(group) })) {
      const device = DeviceId.parse(key.at(-1))
      if (device) log.#feeds.set(device, new FeedStore(store, group, device, value))
    }
    await log.#loadControl()
    return log
  }

  onAccepted(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  get state(): GroupState {
    return this.control.state()
  }
  get devices(): Iterable<DeviceId> {
    return this.#feeds.keys()
  }
  seqOf(device: DeviceId): number {
    return this.#feeds.get(device)?.seq ?? 0
  }
  /** Entries made by a newer app, or refused: why this feed goes no further here. */
  stoppedAt(device: DeviceId): { readonly seq: number; readonly reason: Stop } | undefined {
    return this.#refused.get(device)
  }
  /** Something here was made by a newer app. */
  get newerVersion(): boolean {
    return [...this.#refused.values()].some(({ reason }) => reason.type === 'newer' || reason.type === 'version')
  }
  get heldBack(): number {
    return this.#waiting.entries
  }

  frontier(): FrontierLine[] {
    const lines: FrontierLine[] = []
    for (const feed of this.#feeds.values()) if (feed.tip) lines.push({ device: feed.device, seq: feed.seq, chain: feed.tip.chain })
    return lines.sort((left, right) => (left.device < right.device ? -1 : 1))
  }

  runs(device: DeviceId, from = 1): AsyncGenerator<Run> {
    return (this.#feeds.get(device) ?? new FeedStore(this.#store, this.group, device)).runs(from)
  }
  runHolding(device: DeviceId, seq: number): Promise<Run | undefined> {
    return this.#feeds.get(device)?.runHolding(seq) ?? Promise.resolve(undefined)
  }
  parcelFrom(device: DeviceId, from: number): Promise<Parcel | undefined> {
    return this.#feeds.get(device)?.parcelFrom(from) ?? Promise.resolve(undefined)
  }

  /** Signs and stores one entry of this device. Resolves once it is on disk. `also` is written in the same transaction. */
  append(keys: DeviceKeys, at: Instant, items: readonly ItemDraft[], also: readonly Op[] = []): Promise<Entry> {
    return this.#queue.run(async () => {
      for (;;) {
        const tip = await this.#tip(keys.device)
        const founding = tip.seq === 0 && this.control.heads.length === 0
        const signed = await signEntry(tip, founding ? 'founding' : this.group, keys, { at, heads: this.control.heads, items })
        const feed = this.#feed(keys.device)
        const plan = await feed.plan([{ run: runOf([signed.entry]) }], signed.tip)
        const ops = [...plan.ops, ...also, ...controlOps(this.group, [signed.entry])]
        if (!(await this.#store.write(ops, { expect: [plan.expect], durability: 'strict' }))) {
          await this.#refresh(keys.device)
          continue
        }
        plan.done()
        this.#keep(feed, signed.tip)
        if (signed.entry.id) await this.control.judge(signed.entry)
        this.#tell([signed.entry], 'here')
        return signed.entry
      }
    })
  }

  /** Verifies, judges and stores runs from anyone. One receipt a run; nothing is heard of before it is on disk. */
  receive(parcels: readonly Parcel[], options: ReceiveOptions = { durability: 'relaxed' }): Promise<Receipt[]> {
    return this.#queue.run(async () => {
      const staged = new Map<DeviceId, Staged>()
      const receipts: Receipt[] = []
      for (const parcel of parcels) receipts.push(await this.#admit(parcel, staged))
      for (let ready = this.#takeReady(); ready.length > 0; ready = this.#takeReady())
        for (const parcel of ready) {
          const receipt = await this.#admit(parcel, staged)
          if (receipt.is === 'refused' || receipt.is === 'gap') this.#waiting.drop(parcel.run.device)
        }
      await this.#commit(staged, options)
      return receipts
    })
  }

  /** Takes in what another tab of this profile has stored. */
  refresh(): Promise<void> {
    return this.#queue.run(async () => {
      const saved = await this.#store.range({ prefix: tipsKey(this.group) })
      for (const { key } of saved) {
        const device = DeviceId.parse(key.at(-1))
        if (device) await this.#refresh(device)
      }
    })
  }

  #takeReady(): Parcel[] {
    return this.#waiting.takeReady((id) => this.control.has(id))
  }

  async #admit(parcel: Parcel, staged: Map<DeviceId, Staged>): Promise<Receipt> {
    const { run } = parcel
    const stopped = this.#refused.get(run.device)
    if (stopped) return { is: 'refused', reason: stopped.reason }
    const before = staged.get(run.device)
    const tip = before?.tip ?? (await this.#tip(run.device))
    if (run.from + run.count - 1 <= tip.seq) return { is: 'known' }
    if (run.from > tip.seq + 1 && this.#waiting.holds(run.device) && this.#waiting.add(parcel, [])) return { is: 'waiting' }
    if (run.from !== tip.seq + 1) return { is: 'gap', have: tip.seq }
    const checked = await checkRun(tip, this.group, run, this.#verifier)
    if (!checked.ok) return { is: 'refused', reason: checked.error }
    const { entries } = checked.value
    const { count, verdict } = await this.#judge(entries)
    if (count > 0) {
      const whole = count === entries.length
      const accepted = whole ? entries : entries.slice(0, count)
      staged.set(run.device, {
        tip: whole ? checked.value.tip : await this.#tipAfter(tip, accepted),
        entries: before ? [...before.entries, ...accepted] : accepted,
        parcels: [...(before?.parcels ?? []), whole ? parcel : { run: runOf(accepted) }],
      })
    }
    if (verdict.is === 'accepted') return { is: 'accepted', entries: count }
    if (verdict.is === 'waiting' && verdict.newer === undefined) {
      const kept = this.#waiting.add(count === 0 ? parcel : { run: runOf(entries.slice(count)) }, verdict.missing)
      if (count > 0) return { is: 'accepted', entries: count }
      return kept ? { is: 'waiting' } : { is: 'gap', have: tip.seq }
    }
    const reason: Stop = verdict.is === 'refused' ? verdict.reason : { type: 'newer', detail: verdict.newer ?? '' }
    this.#refused.set(run.device, { seq: run.from + count, reason })
    return count > 0 ? { is: 'accepted', entries: count } : { is: 'refused', reason }
  }

  /** How many entries from the start may stand, and what stopped the next one. */
  async #judge(entries: readonly Entry[]): Promise<{ count: number; verdict: Verdict }> {
    let allowed: readonly ControlId[] | undefined
    for (const [at, entry] of entries.entries()) {
      let verdict: Verdict
      if (entry.id) verdict = await this.control.judge(entry)
      else if (entry.heads === allowed) continue
      else verdict = this.control.mayWrite(entry.device, entry.heads)
      if (verdict.is !== 'accepted') return { count: at, verdict }
      allowed = entry.heads
    }
    return { count: entries.length, verdict: { is: 'accepted' } }
  }

  async #commit(staged: ReadonlyMap<DeviceId, Staged>, { durability, also = [] }: ReceiveOptions): Promise<void> {
    if (staged.size === 0) return
    const ops: Op[] = [...also]
    const expect: Expectation[] = []
    const done: (() => void)[] = []
    const entries: Entry[] = []
    for (const { tip, entries: accepted, parcels } of staged.values()) {
      const feed = this.#feed(tip.device)
      const plan = await feed.plan(parcels, tip)
      ops.push(...plan.ops, ...controlOps(this.group, accepted))
      expect.push(plan.expect)
      done.push(plan.done, () => this.#keep(feed, tip))
      entries.push(...accepted)
    }
    if (await this.#store.write(ops, { expect, durability })) {
      for (const finish of done) finish()
      this.#tell(entries, 'elsewhere')
      return
    }
    for (const device of staged.keys()) await this.#refresh(device)
  }

  /** Reads what lies on disk after what we know of this feed: another tab wrote it, verified. */
  async #refresh(device: DeviceId): Promise<void> {
    const feed = this.#feed(device)
    let tip = await this.#tip(device)
    if (!(await feed.refresh())) return
    const fresh: Entry[] = []
    for await (const run of feed.runs(tip.seq + 1)) {
      const read = await checkRun(tip, this.group, run.from <= tip.seq ? sliceRun(run, tip.seq + 1) : run, this.#verifier, { trusted: true })
      if (!read.ok) break
      tip = read.value.tip
      fresh.push(...read.value.entries)
    }
    for (const entry of fresh) if (entry.id) await this.control.judge(entry, { trusted: true })
    this.#keep(feed, tip)
    if (fresh.length > 0) this.#tell(fresh, 'elsewhere')
  }

  async #loadControl(): Promise<void> {
    const records = await this.#store.range({ prefix: controlsKey(this.group) })
    let pending = records.flatMap(({ value }) => { const entry = decodeControlRecord(this.group, value); return entry ? [entry] : [] })
    for (let before = -1; pending.length !== before && pending.length > 0; ) {
      before = pending.length
      const left: Entry[] = []
      for (const entry of pending) if ((await this.control.judge(entry, { trusted: true })).is === 'waiting') left.push(entry)
      pending = left
    }
  }

  #feed(device: DeviceId): FeedStore {
    const known = this.#feeds.get(device)
    if (known) return known
    const feed = new FeedStore(this.#store, this.group, device)
    this.#feeds.set(device, feed)
    return feed
  }

  async #tip(device: DeviceId): Promise<FeedTip> {
    const known = this.#tips.get(device)
    if (known) return known
    const feed = this.#feeds.get(device)
    const saved = feed?.tip
    if (!feed || !saved) return startFeed(device)
    const tip = resumeFeed(device, { seq: saved.seq, heads: saved.heads, start: saved.start }, await feed.lastPacked(saved.blockBytes))
    if (compareBytes(tip.chain, saved.chain) !== 0) throw new Error(`the stored end of feed ${device} does not continue its chain`)
    this.#tips.set(device, tip)
    return tip
  }

  /** The tip after the first entries of a run whose end was checked: its signature vouches for them. */
  async #tipAfter(tip: FeedTip, entries: readonly Entry[]): Promise<FeedTip> {
    const read = await checkRun(tip, this.group, runOf(entries), this.#verifier, { trusted: true })
    if (!read.ok) throw new Error(`a checked run does not read again: ${read.error.type}`)
    return read.value.tip
  }

  #keep(feed: FeedStore, tip: FeedTip): void {
    this.#tips.set(feed.device, tip)
  }

  #tell(entries: readonly Entry[], from: 'here' | 'elsewhere'): void {
    for (const listener of this.#listeners) listener(entries, from)
  }
}

/** `strict` for what only this device has. `also` is written in the same transaction. */
export interface ReceiveOptions {
  readonly durability: 'strict' | 'relaxed'
  readonly also?: readonly Op[]
}

interface Staged {
  readonly tip: FeedTip
  readonly entries: readonly Entry[]
  readonly parcels: readonly Parcel[]
}

const controlOps = (group: GroupId, entries: readonly Entry[]): Op[] =>
  entries.flatMap((entry) =>
    entry.id === null ? [] : [{ do: 'put', key: controlKey(group, entry.device, entry.seq), value: encodeControlRecord(entry, entry.id) } as const])
