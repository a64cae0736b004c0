import { ControlId, type DeviceId, type GroupId } from '@auzolan/core'
import {
  checkRun,
  type ControlLog,
  type Entry,
  type FeedTip,
  readRun,
  type Reason,
  type Run,
  type RunFault,
  runOf,
  type Verdict,
  type Verifier,
} from '@auzolan/trust'
import { firstForged } from '../lineage/records.ts'
import type { Frozen } from './evidence.ts'
import type { FeedStore, Parcel } from './feed-store.ts'
import type { Feeds } from './feeds.ts'
import type { Hole } from './holes.ts'
import { sliceRun } from './slice.ts'
import { type Held, Waiting } from './waiting.ts'

/** What became of a received run. */
export type Receipt =
  | { readonly is: 'accepted'; readonly entries: number }
  | { readonly is: 'known' }
  /** Held until control entries or earlier runs arrive. */
  | { readonly is: 'waiting' }
  /** Nothing can be added to this feed for now: ask again for what comes after `have` when something else has moved. */
  | { readonly is: 'later'; readonly have: number }
  /** The feed, with what of it waits, does not reach `from` yet. */
  | { readonly is: 'gap'; readonly have: number }
  | { readonly is: 'refused'; readonly reason: Stop }

/** Why a feed goes no further here. `newer`: made by a newer app, kept by others until this one is updated. */
export type Stop = Reason | RunFault | { readonly type: 'newer' | 'damaged' | 'rewound'; readonly detail: string }

/** What a log judges by; `control` changes when it is read from disk again. */
export interface AdmissionParts {
  readonly group: GroupId
  readonly verifier: Verifier
  readonly feeds: Feeds
  readonly frozen: Frozen
  readonly control: () => ControlLog
  /** Puts back what was here once and could not be read. */
  readonly fill: (feed: FeedStore, hole: Hole, run: Run) => Promise<Receipt>
}

/** What may be stored of one feed, and where the feed ends then. */
export interface Staged {
  readonly tip: FeedTip
  readonly entries: readonly Entry[]
  readonly parcels: readonly Parcel[]
}

/** The verdicts on runs that arrive: what may stand, what waits for what, what never will. Writes nothing. */
export class Admission {
  readonly #parts: AdmissionParts
  readonly #refused = new Map<DeviceId, { readonly seq: number; readonly reason: Stop }>()
  readonly #waiting = new Waiting()

  constructor(parts: AdmissionParts) {
    this.#parts = parts
  }

  /** Feeds that go no further here, and why. */
  get refused(): ReadonlyMap<DeviceId, { readonly seq: number; readonly reason: Stop }> {
    return this.#refused
  }
  get heldBack(): number {
    return this.#waiting.entries
  }

  /** Control entries that runs wait for. */
  get missing(): readonly ControlId[] {
    return this.#waiting.missing
  }

  /** One receipt a run, what may be stored, and what of it had waited: `putBack` that if it is not stored after all. */
  async admit(parcels: readonly Parcel[]): Promise<{
    readonly receipts: Receipt[]
    readonly staged: ReadonlyMap<DeviceId, Staged>
    readonly putBack: () => void
  }> {
    const staged = new Map<DeviceId, Staged>()
    const receipts: Receipt[] = []
    for (const parcel of parcels) receipts.push(await this.#admit(parcel, staged))
    const taken = await this.#admitReady(staged)
    return { receipts, staged, putBack: () => this.#waiting.putBack(taken) }
  }

  /** Forgets what waits of a feed. */
  drop(device: DeviceId): void {
    this.#waiting.drop(device)
  }

  /** Admits what has waited and misses nothing any more. Answers what was taken out of the lines. */
  async #admitReady(staged: Map<DeviceId, Staged>): Promise<Held[]> {
    const taken: Held[] = []
    for (;;) {
      const ready = this.#waiting.takeReady((id) => this.#parts.control().hasJudged(id))
      if (ready.length === 0) return taken
      for (const { parcel } of ready) {
        const receipt = await this.#admit(parcel, staged, 'has waited')
        if (receipt.is === 'refused' || receipt.is === 'gap') this.#waiting.drop(parcel.run.device)
      }
      taken.push(...ready)
    }
  }

  async #admit(parcel: Parcel, staged: Map<DeviceId, Staged>, hasWaited?: 'has waited'): Promise<Receipt> {
    const { run } = parcel
    const stopped = this.#refused.get(run.device)
    if (stopped) return { is: 'refused', reason: stopped.reason }
    const before = staged.get(run.device)
    const have = before?.tip.seq ?? this.#parts.feeds.seqOf(run.device)
    const last = run.from + run.count - 1
    if (last <= have) {
      const feed = this.#parts.feeds.get(run.device)
      const hole = feed?.holes.touching(run.from, last)
      return feed && hole ? this.#parts.fill(feed, hole, run) : { is: 'known' }
    }
    const frozen = this.#parts.frozen.all.get(run.device)
    if (frozen && last >= frozen.seq) {
      // What lies before the place is the same in both of its feeds, or is refused by its chain.
      const before = run.from < frozen.seq && readRun(this.#parts.group, run).ok
      if (!before) return { is: 'refused', reason: { type: 'frozen device' } }
      return this.#admit({ run: sliceRun(run, run.from, frozen.seq - 1) }, staged, hasWaited)
    }
    const tip = before?.tip ?? (await this.#parts.feeds.tip(run.device))
    if (!tip) return { is: 'later', have }
    const line = hasWaited ? undefined : this.#waiting.end(run.device)
    if (line && last <= line.seq) return { is: 'waiting' }
    const end = line ?? tip
    if (run.from > end.seq + 1) return { is: 'gap', have: end.seq }
    const next = run.from <= end.seq ? this.#after(run, end.seq) : parcel
    if (!next) return { is: 'refused', reason: { type: 'cbor', detail: 'a run that does not read' } }
    const checked = await checkRun(end, this.#parts.group, next.run, this.#parts.verifier)
    if (line) {
      // Where it does not continue what waits, that may have been the wrong one: known only when it has been judged.
      const kept = checked.ok && this.#waiting.add({ parcel: next, missing: [], tip: checked.value.tip })
      return kept ? { is: 'waiting' } : { is: 'later', have: end.seq }
    }
    if (!checked.ok) {
      if (checked.error.type === 'version') this.#refused.set(run.device, { seq: tip.seq + 1, reason: checked.error })
      return { is: 'refused', reason: checked.error }
    }
    const { entries } = checked.value
    const unsigned = await this.#unsigned(entries)
    if (unsigned) return { is: 'refused', reason: unsigned }
    const { count, verdict } = await this.judge(tip, entries)
    if (count > 0) {
      const whole = count === entries.length
      const accepted = whole ? entries : entries.slice(0, count)
      staged.set(run.device, {
        tip: whole ? checked.value.tip : await this.#parts.feeds.tipAfter(tip, accepted),
        entries: before ? [...before.entries, ...accepted] : accepted,
        parcels: [...(before?.parcels ?? []), whole ? next : { run: runOf(accepted) }],
      })
    }
    if (verdict.is === 'accepted') return { is: 'accepted', entries: count }
    if (verdict.is === 'waiting' && verdict.newer === undefined) {
      const rest = count === 0 ? next : { run: runOf(entries.slice(count)) }
      const held: Held = { parcel: rest, missing: verdict.missing, tip: checked.value.tip }
      if (hasWaited) this.#waiting.putBack([held])
      else if (!this.#waiting.add(held)) return { is: 'later', have: tip.seq + count }
      return count > 0 ? { is: 'accepted', entries: count } : { is: 'waiting' }
    }
    const reason: Stop = verdict.is === 'refused' ? verdict.reason : { type: 'newer', detail: verdict.newer ?? '' }
    this.#refused.set(run.device, { seq: next.run.from + count, reason })
    return count > 0 ? { is: 'accepted', entries: count } : { is: 'refused', reason }
  }

  /**
   * How many entries from the start may stand, and what stopped the next one. A feed never goes back behind what its device has named or said:
   * otherwise one that left or was revoked could go on by naming an old moment.
   */
  async judge(tip: FeedTip, entries: readonly Entry[]): Promise<{ count: number; verdict: Judgement }> {
    const newest = this.#parts.control().newestOf(tip.device, tip.seq)
    let seen: readonly ControlId[] = newest ? [...tip.heads, newest] : tip.heads
    let allowed: readonly ControlId[] | undefined
    const forged = await firstForged(entries, this.#parts.verifier)
    for (const [at, entry] of entries.entries()) {
      if (at === forged) return { count: at, verdict: notSigned(entry) }
      if (!entry.id && entry.heads === allowed) continue
      const known = entry.heads.every((head) => this.#parts.control().has(head))
      if (known && !this.#parts.control().covers(entry.heads, seen)) return { count: at, verdict: wentBack(entry) }
      const verdict = entry.id
        ? await this.#parts.control().judge(entry)
        : this.#parts.control().mayWrite(entry.device, entry.heads)
      if (verdict.is !== 'accepted') return { count: at, verdict }
      seen = entry.id ? [entry.id] : entry.heads
      allowed = entry.id ? undefined : entry.heads
    }
    return { count: entries.length, verdict: { is: 'accepted' } }
  }

  /**
   * A control entry that does not stand by its own signature, of a run whose last one was checked. It could be built on by who has the whole
   * run, and never be shown to who needs it alone. Not remembered: a carrier may have put something else there.
   */
  async #unsigned(entries: readonly Entry[]): Promise<RunFault | undefined> {
    const { verifier } = this.#parts
    const signed = await Promise.all(
      entries.slice(0, -1).map(async ({ id, signature, device }) => {
        if (!id) return true
        return signature !== null && verifier.verify(signature, 'auzolan/sign/entry/1', ControlId.toBytes(id), device)
      }),
    )
    const seq = entries[signed.indexOf(false)]?.seq
    return seq === undefined
      ? undefined
      : { type: 'signature', detail: 'a control entry that its device has not signed', seq }
  }

  /** The part of a run that lies after `seq`. `undefined`: it does not read. */
  #after(run: Run, seq: number): Parcel | undefined {
    return readRun(this.#parts.group, run).ok ? { run: sliceRun(run, seq + 1) } : undefined
  }
}

type Judgement = Verdict | { readonly is: 'refused'; readonly reason: Stop }

const notSigned = ({ seq }: Entry): Judgement => ({
  is: 'refused',
  reason: { type: 'signature', detail: 'carries what its author has not signed', seq },
})

const wentBack = ({ seq }: Entry): Judgement => ({
  is: 'refused',
  reason: { type: 'heads', detail: 'names a moment before one its device has seen', seq },
})
