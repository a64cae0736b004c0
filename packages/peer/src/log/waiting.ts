import type { ControlId, DeviceId } from '@auzolan/core'
import type { Parcel } from './feed-store.ts'
import { bytesOf } from './slice.ts'

/** Runs that cannot be judged yet because control entries they build on have not arrived. Bounded; what does not fit is asked for again. */
export class Waiting {
  readonly #lines = new Map<DeviceId, { readonly parcel: Parcel; readonly missing: readonly ControlId[] }[]>()
  #bytes = 0

  holds(device: DeviceId): boolean {
    return this.#lines.has(device)
  }

  /** Entries held back. */
  get entries(): number {
    let count = 0
    for (const line of this.#lines.values()) for (const { parcel } of line) count += parcel.run.count
    return count
  }

  /** False when there is no room. */
  add(parcel: Parcel, missing: readonly ControlId[]): boolean {
    const bytes = bytesOf(parcel.run)
    if (this.#bytes + bytes > MAX_WAITING_BYTES) return false
    const line = this.#lines.get(parcel.run.device)
    if (line?.some(({ parcel: { run } }) => run.from === parcel.run.from && run.count === parcel.run.count)) return true
    if (line) line.push({ parcel, missing })
    else this.#lines.set(parcel.run.device, [{ parcel, missing }])
    this.#bytes += bytes
    return true
  }

  /** Takes out the first parcel of every feed whose missing control entries are there now. */
  takeReady(has: (id: ControlId) => boolean): Parcel[] {
    const ready: Parcel[] = []
    for (const [device, line] of this.#lines) {
      const first = line[0]
      if (!first?.missing.every(has)) continue
      ready.push(first.parcel)
      this.#bytes -= bytesOf(first.parcel.run)
      if (line.length === 1) this.#lines.delete(device)
      else line.shift()
    }
    return ready
  }

  /** Forgets what waits behind something that was refused. */
  drop(device: DeviceId): void {
    for (const { parcel } of this.#lines.get(device) ?? []) this.#bytes -= bytesOf(parcel.run)
    this.#lines.delete(device)
  }
}

/** Bytes held in memory for runs that arrived before what they build on: a whole group of size M out of order. */
const MAX_WAITING_BYTES = 32 * 1024 * 1024
