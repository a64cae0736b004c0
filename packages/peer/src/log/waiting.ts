import type { ControlId, DeviceId } from '@auzolan/core'
import type { FeedTip, Run } from '@auzolan/trust'
import type { Parcel } from './feed-store.ts'
import { bytesOf } from './slice.ts'

/** A run that its device signed, with the control entries it builds on that are not here, and the feed's tip after it. */
export interface Held {
  readonly parcel: Parcel
  readonly missing: readonly ControlId[]
  readonly tip: FeedTip
}

/**
 * Runs that cannot be judged yet because control entries they build on have not arrived. Those of one feed stand in line, each continuing
 * the one before. Bounded for each device and in all; what does not fit is asked for again.
 */
export class Waiting {
  readonly #lines = new Map<DeviceId, Held[]>()
  readonly #bytesOf = new Map<DeviceId, number>()
  #bytes = 0

  /** The tip after the last run that waits; `undefined`: none does. */
  end(device: DeviceId): FeedTip | undefined {
    return this.#lines.get(device)?.at(-1)?.tip
  }

  /** Entries held back. */
  get entries(): number {
    let count = 0
    for (const line of this.#lines.values()) for (const { parcel } of line) count += parcel.run.count
    return count
  }

  /** What the runs at the head of their lines wait for. */
  get missing(): readonly ControlId[] {
    return [...this.#lines.values()].flatMap(([first]) => first?.missing ?? [])
  }

  /** Puts a run at the end of its line. False when there is no room. */
  add(held: Held): boolean {
    const { run } = held.parcel
    const cost = costOf(run)
    if (this.#bytes + cost > MAX_BYTES || (this.#bytesOf.get(run.device) ?? 0) + cost > MAX_BYTES_OF_ONE) return false
    this.#lineOf(run.device).push(held)
    this.#count(run.device, cost)
    return true
  }

  /** Puts runs that were taken out, in the order in which they were, back to the head of their lines. */
  putBack(taken: readonly Held[]): void {
    for (const held of taken.toReversed()) {
      const { run } = held.parcel
      this.#lineOf(run.device).unshift(held)
      this.#count(run.device, costOf(run))
    }
  }

  /** Takes out the first run of every line that misses nothing any more. */
  takeReady(has: (id: ControlId) => boolean): Held[] {
    const ready: Held[] = []
    for (const [device, line] of this.#lines) {
      const first = line[0]
      if (!first?.missing.every(has)) continue
      ready.push(first)
      if (line.length === 1) this.#lines.delete(device)
      else line.shift()
      this.#count(device, -costOf(first.parcel.run))
    }
    return ready
  }

  /** Forgets what waits behind something that was refused. */
  drop(device: DeviceId): void {
    this.#count(device, -(this.#bytesOf.get(device) ?? 0))
    this.#lines.delete(device)
  }

  #lineOf(device: DeviceId): Held[] {
    const line = this.#lines.get(device) ?? []
    this.#lines.set(device, line)
    return line
  }

  #count(device: DeviceId, cost: number): void {
    this.#bytes += cost
    const bytes = (this.#bytesOf.get(device) ?? 0) + cost
    if (bytes === 0) this.#bytesOf.delete(device)
    else this.#bytesOf.set(device, bytes)
  }
}

/** Bytes a run keeps in memory. */
const costOf = (run: Run): number => bytesOf(run) + run.signatures.length + RUN_BYTES

/** About what a run takes beside its bytes, so that many tiny ones are bounded too. */
const RUN_BYTES = 512
/** Of one device: what one link lets be on its way. A member who signs what never can be judged takes no more than that. */
export const MAX_BYTES_OF_ONE = 4 * 1024 * 1024
/** Of all: a whole group of size M out of order. */
export const MAX_BYTES = 32 * 1024 * 1024
