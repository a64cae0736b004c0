import type { CloseReason, Frame } from './network.ts'
import { encodeFrame } from './frames.ts'
import {
  FIRST_WINDOW_BYTES,
  FRAME_OVERHEAD_BYTES,
  MAX_QUEUED_BYTES,
  RECEIVE_WINDOW_BYTES,
  SEND_RESOLVES_BELOW_BYTES,
} from './limits.ts'
import { Queue } from './queue.ts'

/** Frames that wait to leave a link: as many go as the other side has room for, in as few writes as they fit. */
export class Outbox {
  readonly #write: (bytes: Uint8Array) => void
  readonly #mayWrite: () => boolean
  readonly #frames = new Queue<{ readonly bytes: Uint8Array; readonly cost: number }>()
  #waiting: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = []
  #queued = 0
  #leaving = false
  /** What may still be sent, in bytes. */
  #allowance = FIRST_WINDOW_BYTES

  /** `mayWrite`: the stream takes bytes, as far as is known. */
  constructor(write: (bytes: Uint8Array) => void, mayWrite: () => boolean) {
    this.#write = write
    this.#mayWrite = mayWrite
  }

  /** False: too much waits; the frame was not taken. */
  push(frame: Frame): boolean {
    const bytes = encodeFrame(frame)
    if (this.#queued + bytes.length > MAX_QUEUED_BYTES) return false
    this.#frames.push({ bytes, cost: costOf(frame.payload) })
    this.#queued += bytes.length
    this.#leaveSoon()
    return true
  }

  /** Resolves once little enough waits that more may be sent; rejects if the link ends first. */
  async room(): Promise<void> {
    if (this.#queued < SEND_RESOLVES_BELOW_BYTES) return
    await new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  /** The other side's hello said how much it takes in before its first credit. */
  greet(window: number): void {
    this.#allowance += window - FIRST_WINDOW_BYTES
    this.leave()
  }

  /** The other side handled this much of what was sent. False: that was more than was sent. */
  credit(handled: number): boolean {
    if (this.#allowance + handled > RECEIVE_WINDOW_BYTES) return false
    this.#allowance += handled
    this.leave()
    return true
  }

  /** Writes what may leave. */
  leave(): void {
    while (this.#mayWrite() && this.#frames.length > 0 && this.#allowance > 0) {
      const batch: Uint8Array[] = []
      let length = 0
      for (let next = this.#frames.first; next; next = this.#frames.first) {
        if (this.#allowance <= 0 || (length > 0 && length + next.bytes.length > WRITE_BYTES)) break
        this.#frames.shift()
        this.#allowance -= next.cost
        length += next.bytes.length
        batch.push(next.bytes)
      }
      this.#queued -= length
      this.#write(joined(batch, length))
    }
    if (this.#queued >= SEND_RESOLVES_BELOW_BYTES) return
    for (const { resolve } of this.#takeWaiting()) resolve()
  }

  /** The link has ended or will not write any more: whoever waits for room is told. */
  reject(reason: CloseReason): void {
    for (const { reject } of this.#takeWaiting()) reject(closedError(reason))
  }

  clear(): void {
    this.#frames.clear()
  }

  /** Frames sent in one turn leave in as few writes as they fit. */
  #leaveSoon(): void {
    if (this.#leaving || !this.#mayWrite()) return
    this.#leaving = true
    queueMicrotask(() => {
      this.#leaving = false
      this.leave()
    })
  }

  #takeWaiting() {
    const waiting = this.#waiting
    this.#waiting = []
    return waiting
  }
}

/** What `send` rejects with once the link has ended. */
export const closedError = (reason: CloseReason): Error => new Error(`the link is closed: ${reason.type}`)

/** What a frame takes of a window, in bytes. */
export const costOf = (payload: Uint8Array): number => payload.length + FRAME_OVERHEAD_BYTES

/** Small frames are joined up to this, in bytes: what libp2p moves fastest in one piece (`NETWORK.md` 2). */
const WRITE_BYTES = 64 * 1024

const joined = (parts: readonly Uint8Array[], length: number): Uint8Array => {
  const [first] = parts
  if (first && parts.length === 1) return first
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
