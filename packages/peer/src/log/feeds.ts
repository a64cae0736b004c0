import { compareBytes, DeviceId, type GroupId } from '@auzolan/core'
import type { Store } from '@auzolan/storage'
import {
  checkRun,
  type Entry,
  type FeedTip,
  resumeFeed,
  type Run,
  runOf,
  startFeed,
  type Verifier,
} from '@auzolan/trust'
import { FeedStore, type Parcel } from './feed-store.ts'
import type { Hole } from './holes.ts'
import { holesKey, tipsKey } from './layout.ts'
import { sliceRun } from './slice.ts'

/** One line of a frontier: how far this device holds a feed, and the chain value there. */
export interface FrontierLine {
  readonly device: DeviceId
  readonly seq: number
  readonly chain: Uint8Array
}

/** The feeds of one group on this device: where each stands, and what can be read of it. Verified before it came here. */
export class Feeds {
  readonly #store: Store
  readonly #group: GroupId
  readonly #verifier: Verifier
  readonly #feeds = new Map<DeviceId, FeedStore>()
  readonly #tips = new Map<DeviceId, FeedTip>()

  private constructor(store: Store, group: GroupId, verifier: Verifier) {
    this.#store = store
    this.#group = group
    this.#verifier = verifier
  }

  static async open(store: Store, group: GroupId, verifier: Verifier): Promise<Feeds> {
    const feeds = new Feeds(store, group, verifier)
    for (const { key, value } of await store.range({ prefix: tipsKey(group) })) {
      const device = DeviceId.parse(key.at(-1))
      if (!device) continue
      const feed = new FeedStore(store, group, device, value)
      feeds.#feeds.set(device, feed)
      if (!feed.tip) await feeds.#recover(feed)
    }
    for (const { key, value } of await store.range({ prefix: holesKey(group) })) {
      const device = DeviceId.parse(key.at(-2))
      if (device) feeds.#feeds.get(device)?.holes.restore(key, value)
    }
    return feeds
  }

  get devices(): Iterable<DeviceId> {
    return this.#feeds.keys()
  }
  get all(): Iterable<FeedStore> {
    return this.#feeds.values()
  }
  get(device: DeviceId): FeedStore | undefined {
    return this.#feeds.get(device)
  }
  seqOf(device: DeviceId): number {
    return this.#feeds.get(device)?.seq ?? 0
  }
  /** What was here once and cannot be read any more. */
  get holes(): readonly (Hole & { readonly device: DeviceId })[] {
    return [...this.#feeds.values()].flatMap(({ device, holes }) => holes.all.map((hole) => ({ device, ...hole })))
  }

  /** The feed to write to, begun if this is its first entry. */
  begun(device: DeviceId): FeedStore {
    const known = this.#feeds.get(device)
    if (known) return known
    const feed = new FeedStore(this.#store, this.#group, device)
    this.#feeds.set(device, feed)
    return feed
  }

  frontier(): FrontierLine[] {
    const lines: FrontierLine[] = []
    for (const feed of this.#feeds.values())
      if (feed.tip) lines.push({ device: feed.device, seq: feed.seq, chain: feed.tip.chain })
    return lines.sort((left, right) => (left.device < right.device ? -1 : 1))
  }

  runs(device: DeviceId, from = 1): AsyncGenerator<Run> {
    return (this.#feeds.get(device) ?? new FeedStore(this.#store, this.#group, device)).runs(from)
  }
  runHolding(device: DeviceId, seq: number): Promise<Run | undefined> {
    return this.#feeds.get(device)?.runHolding(seq) ?? Promise.resolve(undefined)
  }
  parcelFrom(device: DeviceId, from: number, last?: number): Promise<Parcel | undefined> {
    return this.#feeds.get(device)?.parcelFrom(from, last) ?? Promise.resolve(undefined)
  }

  /** Where the feed can be gone on with; `undefined` while its last bytes cannot be read. */
  async tip(device: DeviceId): Promise<FeedTip | undefined> {
    const known = this.#tips.get(device)
    if (known) return known
    const feed = this.#feeds.get(device)
    const saved = feed?.tip
    if (!feed || !saved) return startFeed(device)
    const open = await feed.lastPacked(saved.blockBytes)
    const tip = open && resumeFeed(device, { seq: saved.seq, heads: saved.heads, start: saved.start }, open)
    if (!tip || compareBytes(tip.chain, saved.chain) !== 0) return undefined
    this.#tips.set(device, tip)
    return tip
  }

  /** The feed's tip has moved and is on disk. */
  keep(tip: FeedTip): void {
    this.#tips.set(tip.device, tip)
  }

  /** The tip after the first entries of a run whose end was checked: its signature vouches for them. */
  async tipAfter(tip: FeedTip, entries: readonly Entry[]): Promise<FeedTip> {
    const read = await checkRun(tip, this.#group, runOf(entries), this.#verifier, { trusted: true })
    if (!read.ok) throw new Error(`a checked run does not read again: ${read.error.type}`)
    return read.value.tip
  }

  /** The tip after `to`, worked out from the feed's beginning; without `to`, as far as it can be read. `undefined`: it does not get there. */
  async walk(device: DeviceId, to = Number.MAX_SAFE_INTEGER): Promise<FeedTip | undefined> {
    let tip = startFeed(device)
    if (to === 0) return tip
    for await (const run of this.runs(device)) {
      const part = run.from + run.count - 1 > to ? sliceRun(run, run.from, to) : run
      const read = await checkRun(tip, this.#group, part, this.#verifier, { trusted: true })
      if (!read.ok) break
      tip = read.value.tip
      if (tip.seq === to) return tip
    }
    return to === Number.MAX_SAFE_INTEGER ? tip : undefined
  }

  /** One entry with its place in the chain. `undefined` where it cannot be read. */
  async entryAt(device: DeviceId, seq: number): Promise<Entry | undefined> {
    const before = await this.walk(device, seq - 1)
    const run = before && (await this.runHolding(device, seq))
    const read =
      run && (await checkRun(before, this.#group, sliceRun(run, seq, seq), this.#verifier, { trusted: true }))
    return read?.ok ? read.value.entries[0] : undefined
  }

  /** Entries that another tab of this profile wrote since we looked: read, not checked again. */
  async news(device: DeviceId): Promise<readonly Entry[]> {
    const feed = this.begun(device)
    const from = feed.seq
    let tip = this.#tips.get(device) ?? (await this.walk(device, from))
    if (!(await feed.refresh())) return []
    this.#tips.delete(device)
    const fresh: Entry[] = []
    if (tip)
      for await (const run of feed.runs(from + 1)) {
        const next = run.from <= tip.seq ? sliceRun(run, tip.seq + 1) : run
        const read = await checkRun(tip, this.#group, next, this.#verifier, { trusted: true })
        if (!read.ok) break
        tip = read.value.tip
        fresh.push(...read.value.entries)
      }
    if (tip && tip.seq === feed.seq) this.keep(tip)
    return fresh
  }

  /** Makes a tip record that was damaged again, from what is stored of the feed. */
  async #recover(feed: FeedStore): Promise<void> {
    const tip = await this.walk(feed.device)
    if (tip && tip.seq > 0) await feed.recover(tip)
  }
}
