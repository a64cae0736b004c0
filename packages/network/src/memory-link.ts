import { type CloseReason, type Frame, type Link, MAX_FRAME_BYTES } from './network.ts'
import { MAX_QUEUED_BYTES, SEND_RESOLVES_BELOW_BYTES } from './limits.ts'
import { isLinkType } from './link.ts'
import { closedError } from './outbox.ts'
import { Queue } from './queue.ts'

type Item =
  | { readonly type: 'frame'; readonly frame: Frame; readonly sent: number }
  | { readonly type: 'goodbye'; readonly reason: CloseReason; readonly sent: number }

/** One direction of one link: what was sent and not yet delivered. */
export class Lane {
  readonly from: string
  readonly to: string
  readonly #wake: (lane: Lane) => void
  readonly #next: () => number
  readonly #items = new Queue<Item>()
  #bytes = 0
  #receiver: MemoryLink | undefined
  #waiting: (() => void)[] = []

  constructor(from: string, to: string, wake: (lane: Lane) => void, next: () => number) {
    this.from = from
    this.to = to
    this.#wake = wake
    this.#next = next
  }

  get receiver(): MemoryLink {
    if (!this.#receiver) throw new Error('this lane leads nowhere')
    return this.#receiver
  }

  set receiver(link: MemoryLink) {
    this.#receiver = link
  }

  get bytes(): number {
    return this.#bytes
  }

  get empty(): boolean {
    return this.#items.length === 0
  }

  get ready(): boolean {
    return this.#items.first?.type === 'goodbye' ? this.receiver.open : !this.empty && this.receiver.idle
  }

  get sent(): number {
    return this.#items.first?.sent ?? Number.POSITIVE_INFINITY
  }

  push(frame: Frame): void {
    this.#bytes += frame.payload.length
    this.#items.push({ type: 'frame', frame, sent: this.#next() })
    this.wake()
  }

  goodbye(reason: CloseReason): void {
    this.#items.push({ type: 'goodbye', reason, sent: this.#next() })
    this.wake()
  }

  wake(): void {
    if (!this.empty) this.#wake(this)
  }

  shift(): Item | undefined {
    const item = this.#items.shift()
    if (item?.type === 'frame') this.#bytes -= item.frame.payload.length
    this.#release()
    return item
  }

  clear(): void {
    this.#items.clear()
    this.#bytes = 0
    this.#release()
  }

  /** Resolves below the mark, or when the lane is cleared. */
  room(): Promise<void> {
    if (this.#bytes < SEND_RESOLVES_BELOW_BYTES) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  #release(): void {
    if (this.#bytes >= SEND_RESOLVES_BELOW_BYTES) return
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }
}

/** One side of a link in memory. The hub moves what it sends. */
export class MemoryLink implements Link {
  readonly remote: string
  readonly path = 'memory'
  readonly opener: boolean
  readonly closed: Promise<CloseReason>
  readonly #out: Lane
  readonly #in: Lane
  #other: MemoryLink | undefined
  #take: ((frame: Frame) => void | Promise<void>) | undefined
  #taking = false
  #reason: CloseReason | undefined
  #resolve: (reason: CloseReason) => void = () => {}

  constructor(remote: string, opener: boolean, out: Lane, into: Lane) {
    this.remote = remote
    this.opener = opener
    this.#out = out
    this.#in = into
    into.receiver = this
    this.closed = new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  pair(other: MemoryLink): void {
    this.#other = other
  }

  get ended(): boolean {
    return this.#reason !== undefined
  }

  get open(): boolean {
    return !this.ended && !this.#taking
  }

  /** Whether a frame can be taken now. */
  get idle(): boolean {
    return this.open && this.#take !== undefined
  }

  async send(frame: Frame): Promise<void> {
    if (frame.payload.length > MAX_FRAME_BYTES) throw new RangeError(`a frame holds at most ${MAX_FRAME_BYTES} bytes`)
    if (isLinkType(frame.type)) throw new TypeError(`the link itself says ${frame.type}`)
    if (this.#reason) throw closedError(this.#reason)
    this.#out.push({ type: frame.type, payload: frame.payload.slice() })
    if (this.#out.bytes > MAX_QUEUED_BYTES) this.close({ type: 'over quota', detail: 'too much waiting to be sent' })
    else await this.#out.room()
    if (this.#reason) throw closedError(this.#reason)
  }

  onFrame(take: (frame: Frame) => void | Promise<void>): void {
    if (this.#take) throw new Error('onFrame is set once')
    this.#take = take
    this.#in.wake()
  }

  async receive(frame: Frame): Promise<void> {
    this.#taking = true
    try {
      await this.#take?.(frame)
    } catch {
      this.close({ type: 'protocol', detail: 'a frame could not be handled' })
    } finally {
      this.#taking = false
      this.#in.wake()
    }
  }

  /** Ends this side at once; the other side after what it was sent before, unless that was too much. */
  close(reason: CloseReason): void {
    if (this.#reason) return
    if (reason.type === 'over quota') this.#out.clear()
    this.#end(reason)
    this.#out.goodbye(reason)
    this.#in.clear()
  }

  /** Ends both sides at once. */
  lose(reason: CloseReason): void {
    for (const link of this.#other ? [this, this.#other] : [this]) {
      link.#end(reason)
      link.#in.clear()
    }
  }

  #end(reason: CloseReason): void {
    if (this.#reason) return
    this.#reason = reason
    this.#resolve(reason)
  }
}
