import { compareBytes, type DeviceId, type GroupId } from '@auzolan/core'
import type { Store } from '@auzolan/storage'
import { checkRun, type ControlLog, type Entry, readRun, type Run, type Verifier } from '@auzolan/trust'
import type { Receipt } from './admission.ts'
import { controlOps } from './control-store.ts'
import type { FeedStore } from './feed-store.ts'
import type { Feeds } from './feeds.ts'
import type { Hole } from './holes.ts'
import { sliceRun } from './slice.ts'

interface Parts {
  readonly store: Store
  readonly group: GroupId
  readonly verifier: Verifier
  readonly feeds: Feeds
  readonly control: () => ControlLog
  /** These are here again. */
  readonly repaired: (entries: readonly Entry[]) => void
}

/** Finds what this device had and cannot read any more, and puts it back when somebody sends it. */
export class Repair {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  get holes(): readonly (Hole & { readonly device: DeviceId })[] {
    return this.#parts.feeds.holes
  }

  /** Reads everything once. Answers whether something is missing. */
  async inspect(): Promise<boolean> {
    for (const feed of this.#parts.feeds.all) await feed.inspect()
    return this.holes.length > 0
  }

  /** Puts back what could not be read, once it proves to be its device's and to continue what lies before. */
  async fill(feed: FeedStore, hole: Hole, run: Run): Promise<Receipt> {
    const { store, group, verifier, feeds, control, repaired } = this.#parts
    const whole = run.from <= hole.from && readRun(group, run).ok
    const before = whole ? await feeds.walk(feed.device, hole.from - 1) : undefined
    if (!before) return { is: 'known' }
    const part = sliceRun(run, hole.from, Math.min(hole.to, run.from + run.count - 1))
    const checked = await checkRun(before, group, part, verifier)
    if (!checked.ok) return { is: 'refused', reason: checked.error }
    const { entries, tip } = checked.value
    if (tip.seq === feed.seq && feed.tip && compareBytes(tip.chain, feed.tip.chain) !== 0) return { is: 'known' }
    const { ops, done } = feed.fill(hole, part)
    if (!(await store.write([...ops, ...controlOps(group, entries)], { durability: 'relaxed' }))) return { is: 'known' }
    done()
    for (const entry of entries) if (entry.id) await control().judge(entry)
    repaired(entries)
    return { is: 'accepted', entries: entries.length }
  }
}
