import type { DeviceId } from '@auzolan/core'
import type { Shown } from '../log/ending.ts'
import { bytesOf } from '../log/slice.ts'
import { inFrames, sizeOf } from './farewell.ts'
import type { Message } from './messages.ts'
import type { Replica } from './replica.ts'

/** How far the other side has a feed. */
export interface Held {
  readonly device: DeviceId
  readonly seq: number
}

export interface OutgoingParts {
  readonly replica: Replica
  /** The number we gave the group on this link. */
  readonly index: number
  /** Never rejects; waits for room on the link with entries. */
  readonly say: (message: Message) => Promise<void>
  /** What lies here cannot be read. */
  readonly failed: (error: unknown) => void
}

/**
 * What one other device lacks, on its way to it: runs from where it stands, parts it asks for again, and whatever is new, as long as it may
 * have them. At most `WINDOW_BYTES` are on their way unconfirmed.
 */
export class Outgoing {
  readonly #parts: OutgoingParts
  /** What they confirmed to hold, and what we sent on top. `undefined` until their frontier is known. */
  #have: Map<DeviceId, number> | undefined
  readonly #sent = new Map<DeviceId, number>()
  #on = true
  #may = false
  #pushing = false
  #again = false
  #sentBytes = 0
  #confirmedBytes = 0
  #room: (() => void) | undefined
  #wanted: (Held & { readonly to: number })[] = []
  #shown: Shown[] = []

  constructor(parts: OutgoingParts) {
    this.#parts = parts
  }

  /** What they confirmed to hold; `undefined` until their frontier is known. */
  get have(): ReadonlyMap<DeviceId, number> | undefined {
    return this.#have
  }

  /** Whether the other device may have entries. */
  set may(may: boolean) {
    this.#may = may
  }

  close(): void {
    this.#on = false
    this.#room?.()
  }

  /** They hold this much, by their own word. */
  begin(lines: readonly Held[]): void {
    this.#have ??= new Map()
    this.raise(lines)
  }

  /** They hold at least this much; nothing before their frontier is known. */
  raise(lines: readonly Held[]): void {
    if (!this.#have) return
    for (const { device, seq } of lines) {
      if (seq > (this.#have.get(device) ?? 0)) this.#have.set(device, seq)
      if (seq > (this.#sent.get(device) ?? 0)) this.#sent.set(device, seq)
    }
  }

  /** They worked through this many bytes. */
  confirm(taken: number): void {
    this.#confirmedBytes = Math.min(this.#sentBytes, Math.max(this.#confirmedBytes, taken))
    this.#room?.()
  }

  /** They ask for a feed again from here: what we sent did not fit. With `to`: for a part they cannot read any more. */
  want(device: DeviceId, from: number, to: number | null): void {
    if (to !== null) {
      if (this.#wanted.length < MAX_WANTED && from <= to) this.#wanted.push({ device, seq: from, to })
    } else {
      if (from > (this.#sent.get(device) ?? 0)) return
      this.#sent.set(device, from - 1)
    }
    this.push()
  }

  /** Sends entries without their feeds. */
  show(entries: readonly Shown[]): void {
    if (entries.length === 0 || this.#shown.length > MAX_SHOWN) return
    this.#shown.push(...entries)
    this.push()
  }

  /** Sends what is new. */
  push(): void {
    this.#again = true
    if (!this.#pushing && this.#have && this.#may) void this.#pushAll()
  }

  async #pushAll(): Promise<void> {
    const { replica, failed } = this.#parts
    this.#pushing = true
    try {
      while (this.#again && this.#on && this.#may) {
        this.#again = false
        for (let part = this.#wanted.shift(); part && this.#on; part = this.#wanted.shift()) await this.#sendPart(part)
        await this.#sendShown()
        for (let moved = true; moved && this.#on;) {
          moved = false
          for (const device of replica.devices)
            if (await this.#pushOne(device, replica.lastNeeded(device))) moved = true
          // Last what nobody vouched for: whoever hears of a removal together with it would otherwise vouch for that.
          if (!moved) for (const device of replica.devices) if (await this.#pushOne(device)) moved = true
        }
      }
    } catch (error) {
      failed(error)
    } finally {
      this.#pushing = false
    }
  }

  async #pushOne(device: DeviceId, last = Number.MAX_SAFE_INTEGER): Promise<boolean> {
    const { replica, index, say } = this.#parts
    const from = (this.#sent.get(device) ?? 0) + 1
    if (!this.#on || from > Math.min(last, replica.seqOf(device))) return false
    const parcel = await replica.parcelFrom(device, from, last)
    if (!parcel) return false
    await this.#roomToSend(bytesOf(parcel.run))
    if (!this.#on || from !== (this.#sent.get(device) ?? 0) + 1) return false
    this.#sent.set(device, from + parcel.run.count - 1)
    this.#sentBytes += bytesOf(parcel.run)
    await say({ say: 'entries', index, parcel })
    return this.#on
  }

  /** Sends a part of a feed again; what is known of the rest stays as it is. */
  async #sendPart({ device, seq, to }: Held & { readonly to: number }): Promise<void> {
    const { replica, index, say } = this.#parts
    for (let next = seq; next <= to && this.#on;) {
      const parcel = await replica.parcelFrom(device, next, to)
      if (!parcel) return
      await this.#roomToSend(bytesOf(parcel.run))
      next = parcel.run.from + parcel.run.count
      this.#sentBytes += bytesOf(parcel.run)
      await say({ say: 'entries', index, parcel })
    }
  }

  async #sendShown(): Promise<void> {
    const { index, say } = this.#parts
    for (const { proof } of inFrames(this.#shown.splice(0))) {
      const bytes = proof.reduce((sum, shown) => sum + sizeOf(shown), 0)
      if (bytes === 0) return
      await this.#roomToSend(bytes)
      if (!this.#on) return
      this.#sentBytes += bytes
      await say({ say: 'alone', index, entries: proof })
    }
  }

  /** Whatever its size, something may be on its way. */
  async #roomToSend(bytes: number): Promise<void> {
    for (;;) {
      const unconfirmed = this.#sentBytes - this.#confirmedBytes
      if (!this.#on || unconfirmed === 0 || unconfirmed + bytes <= WINDOW_BYTES) return
      await new Promise<void>((resolve) => {
        this.#room = resolve
      })
    }
  }
}

/** Unconfirmed bytes of entries and texts on their way to one peer (`NETWORK.md` 7.5). */
export const WINDOW_BYTES = 4 * 1024 * 1024
/** Parts of feeds one peer may wait for at a time. */
const MAX_WANTED = 64
/** Entries without their feeds that wait to be sent to one peer; what it asks for beyond that it asks for again. */
const MAX_SHOWN = 1024
