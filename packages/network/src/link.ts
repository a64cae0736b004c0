import { type CloseReason, type Frame, type FrameType, frameTypes, type Link, MAX_FRAME_BYTES } from './network.ts'
import { CREDIT_TYPE, encodeBye, encodeCredit, encodeHello, parseBye, parseCredit, parseHello } from './control.ts'
import {
  encodeWireFrame,
  FRAME_HEADER_BYTES,
  FrameDecoder,
  frameTypeName,
  LAST_REQUIRED_TYPE,
  type WireFrame,
} from './frames.ts'
import {
  ANSWER_WITHIN_MS,
  FRAME_OVERHEAD_BYTES,
  HELLO_LOOKS,
  HELLO_WITHIN_MS,
  INBOUND_BYTES_BURST,
  INBOUND_BYTES_PER_SECOND,
  INBOUND_FRAMES_BURST,
  INBOUND_FRAMES_PER_SECOND,
  MAX_HELLO_BYTES,
  PING_AFTER_MS,
  PING_WATCHED_MS,
  RECEIVE_WINDOW_BYTES,
  SIGN_EVERY_MS,
  SILENT_AFTER_MS,
} from './limits.ts'
import { closedError, costOf, Outbox } from './outbox.ts'
import { Queue } from './queue.ts'
import type { TimerHandle, Timers } from './timers.ts'
import { TokenBucket } from './token-bucket.ts'

/** The bytes under a link: ordered and reliable until they end. */
export interface ByteStream {
  /** False: full, write again after `onDrain`. Throws once the stream has ended. */
  write(bytes: Uint8Array): boolean
  /** Each is set once, by the link. Chunks may be cut anywhere. */
  onChunk(take: (chunk: Uint8Array) => void): void
  onDrain(tell: () => void): void
  onEnd(tell: () => void): void
  /** Sends what was written, then ends. Never throws; ends hard after a bounded time. */
  end(): void
}

export interface StreamLinkOptions {
  readonly remote: string
  readonly path: Link['path']
  readonly opener: boolean
  readonly timers: Timers
  /** Name and version of the software, said in the hello. */
  readonly agent: string
  /** Somebody looks at who is there: ask more often. */
  readonly watched?: boolean
  /** Called whenever `quiet` has changed. */
  readonly onQuiet?: (quiet: boolean) => void
}

/**
 * A link over any byte stream. Hello, ping, pong, bye and credit are spoken here and never delivered.
 *
 * Each side lets only `RECEIVE_WINDOW_BYTES` be on their way unhandled and grants more as its handler finishes,
 * because neither WebSocket nor WebRTC can be told to pause. Two sides that both wait for `send` inside `onFrame`
 * can wait for each other for ever: answer large requests outside of it.
 */
export class StreamLink implements Link {
  readonly remote: string
  readonly path: Link['path']
  readonly opener: boolean
  readonly closed: Promise<CloseReason>
  readonly #stream: ByteStream
  readonly #timers: Timers
  readonly #onQuiet: (quiet: boolean) => void
  readonly #decoder = new FrameDecoder(MAX_HELLO_BYTES)
  readonly #inbox = new Queue<WireFrame>()
  readonly #outbox: Outbox
  readonly #bytesIn: TokenBucket
  readonly #framesIn: TokenBucket
  #resolve: (reason: CloseReason) => void = () => {}
  #reason: CloseReason | undefined
  #take: ((frame: Frame) => void | Promise<void>) | undefined
  #full = false
  /** What arrived and is unhandled, or handled without having been granted again, in bytes. */
  #unhandled = 0
  #ungranted = 0
  #greeted = false
  #helloLooks = HELLO_LOOKS
  #pumping = false
  #streamEnded = false
  #lastHeard: number
  #sent = 0
  #received = 0
  #lastSaid: number
  #timer: TimerHandle
  #dueAt = 0
  #watched: boolean
  /** When the first ping since something was heard was said. */
  #askedAt: number | undefined
  #quiet = false

  constructor(stream: ByteStream, options: StreamLinkOptions) {
    const { remote, path, opener, timers, agent, watched = false, onQuiet = () => undefined } = options
    this.remote = remote
    this.path = path
    this.opener = opener
    this.#stream = stream
    this.#timers = timers
    this.#watched = watched
    this.#onQuiet = onQuiet
    const now = timers.now()
    this.#lastHeard = now
    this.#lastSaid = now
    this.#bytesIn = new TokenBucket(INBOUND_BYTES_PER_SECOND, INBOUND_BYTES_BURST, now)
    this.#framesIn = new TokenBucket(INBOUND_FRAMES_PER_SECOND, INBOUND_FRAMES_BURST, now)
    this.#outbox = new Outbox(
      (bytes) => this.#write(bytes),
      () => !this.#full && !this.#reason && !this.#streamEnded,
    )
    this.closed = new Promise((resolve) => {
      this.#resolve = resolve
    })
    stream.onDrain(() => {
      this.#full = false
      this.#outbox.leave()
    })
    stream.onEnd(() => this.#onStreamEnd())
    stream.onChunk((chunk) => this.#onChunk(chunk))
    this.#write(encodeHello(agent))
    this.#armTimer(HELLO_WITHIN_MS / HELLO_LOOKS)
  }

  async send(frame: Frame): Promise<void> {
    if (frame.payload.length > MAX_FRAME_BYTES) throw new RangeError(`a frame holds at most ${MAX_FRAME_BYTES} bytes`)
    if (isLinkType(frame.type)) throw new TypeError(`the link itself says ${frame.type}`)
    if (this.#reason ?? this.#streamEnded) throw closedError(this.#reason ?? { type: 'lost' })
    if (!this.#outbox.push(frame)) this.close({ type: 'over quota', detail: 'too much waiting to be sent' })
    if (this.#reason) throw closedError(this.#reason)
    await this.#outbox.room()
  }

  onFrame(take: (frame: Frame) => void | Promise<void>): void {
    if (this.#take) throw new Error('onFrame is set once')
    this.#take = take
    void this.#pump()
  }

  /** Says why and ends. What waits for the other side's credit is dropped; what was written before still arrives. */
  close(reason: CloseReason): void {
    if (this.#reason) return
    this.#outbox.leave()
    this.#write(encodeBye(reason))
    this.#end(reason)
  }

  #end(reason: CloseReason): void {
    if (this.#reason) return
    this.#reason = reason
    this.#timers.clear(this.#timer)
    this.#outbox.clear()
    this.#inbox.clear()
    this.#outbox.reject(reason)
    this.#stream.end()
    this.#resolve(reason)
  }

  #onStreamEnd(): void {
    this.#streamEnded = true
    if (!this.#take || (this.#inbox.length === 0 && !this.#pumping)) this.#end({ type: 'lost' })
    else this.#outbox.reject({ type: 'lost' })
  }

  /** Bytes written and read so far. */
  get bytes(): { readonly sent: number; readonly received: number } {
    return { sent: this.#sent, received: this.#received }
  }

  /** Nothing was heard since a ping that should have been answered by now. The link stays: whoever stood still comes back. */
  get quiet(): boolean {
    return this.#quiet
  }

  /** Whether somebody looks at who is there from now on. */
  watch(watched: boolean): void {
    this.#watched = watched
    this.ask()
  }

  /** Asks now whether the other side is there. */
  ask(): void {
    if (!this.#greeted || this.#reason) return
    this.#ping()
    this.#timers.clear(this.#timer)
    this.#armNext()
  }

  #ping(): void {
    this.#askedAt ??= this.#timers.now()
    this.#write(encodeWireFrame(frameTypes.ping, new Uint8Array()))
  }

  #setQuiet(quiet: boolean): void {
    if (this.#quiet === quiet) return
    this.#quiet = quiet
    this.#onQuiet(quiet)
  }

  #write(bytes: Uint8Array): void {
    if (this.#streamEnded || this.#reason) return
    this.#lastSaid = this.#timers.now()
    this.#sent += bytes.length
    try {
      if (!this.#stream.write(bytes)) this.#full = true
    } catch {
      this.#onStreamEnd()
    }
  }

  #onChunk(chunk: Uint8Array): void {
    if (this.#reason) return
    this.#lastHeard = this.#timers.now()
    this.#askedAt = undefined
    this.#received += chunk.length
    const before = this.#unhandled
    const read = this.#decoder.push(chunk, (frame) => this.#onWireFrame(frame))
    if (!read.ok) this.close({ type: 'protocol', detail: read.error.type })
    this.#setQuiet(false)
    const isData = this.#decoder.partial || this.#unhandled > before
    if (isData && this.#greeted && !this.#full && this.#lastHeard - this.#lastSaid >= SIGN_EVERY_MS) this.#write(PONG)
    void this.#pump()
  }

  /** Control frames take effect at once, the rest in order. False: read no further. */
  #onWireFrame(frame: WireFrame): boolean {
    if (!this.#greeted) return this.#onHello(frame)
    if (controlTypes.has(frame.type)) {
      this.#onControl(frame)
      return this.#reason === undefined
    }
    if (frameTypeName(frame.type) === undefined && frame.type <= LAST_REQUIRED_TYPE) {
      return this.#refuse({ type: 'protocol', detail: `unknown frame type ${frame.type}` })
    }
    this.#unhandled += costOf(frame.payload)
    if (this.#unhandled > RECEIVE_WINDOW_BYTES + MAX_FRAME_BYTES + FRAME_OVERHEAD_BYTES) {
      return this.#refuse({ type: 'over quota', detail: 'sent more than was granted' })
    }
    this.#inbox.push(frame)
    return true
  }

  #onHello({ type, payload }: WireFrame): boolean {
    if (type === frameTypes.bye) {
      this.#end(parseBye(payload))
      return false
    }
    if (type !== frameTypes.hello) return this.#refuse({ type: 'protocol', detail: 'a hello comes first' })
    const hello = parseHello(payload)
    if (!hello.ok) return this.#refuse(hello.error)
    this.#greeted = true
    this.#decoder.maxPayload = MAX_FRAME_BYTES
    this.#timers.clear(this.#timer)
    this.#armNext()
    this.#outbox.greet(hello.value.window)
    return true
  }

  #onControl({ type, payload }: WireFrame): void {
    if (type === frameTypes.bye) {
      this.#inbox.push({ type, payload })
      return
    }
    const wait = this.#framesIn.take(1, this.#timers.now())
    if (wait > 0) this.close({ type: 'over quota', detail: 'too many frames' })
    else if (type === frameTypes.hello) this.close({ type: 'protocol', detail: 'a second hello' })
    else if (type === frameTypes.ping) {
      if (!this.#full) this.#write(PONG)
    } else if (type === CREDIT_TYPE) {
      const handled = parseCredit(payload)
      if (handled === undefined || !this.#outbox.credit(handled))
        this.close({ type: 'protocol', detail: 'credit for what was not sent' })
    }
  }

  #refuse(reason: CloseReason): false {
    this.close(reason)
    return false
  }

  /** Delivers one frame after another, each after the handler finished with the last, no faster than the quota. */
  async #pump(): Promise<void> {
    if (this.#pumping || !this.#greeted) return
    this.#pumping = true
    while (!this.#reason) {
      const next = this.#inbox.first
      if (!next || (!this.#take && next.type !== frameTypes.bye)) break
      this.#inbox.shift()
      if (next.type === frameTypes.bye) this.#end(parseBye(next.payload))
      else await this.#deliver(next)
    }
    this.#pumping = false
    if (this.#streamEnded && this.#inbox.length === 0) this.#end({ type: 'lost' })
  }

  async #deliver({ type, payload }: WireFrame): Promise<void> {
    const name = frameTypeName(type)
    // Whoever takes the frame may hand its bytes on to another thread: then they are gone from here.
    const [bytes, cost] = [payload.length + FRAME_HEADER_BYTES, costOf(payload)]
    try {
      if (name) await this.#take?.({ type: name, payload })
    } catch {
      this.close({ type: 'protocol', detail: 'a frame could not be handled' })
      return
    }
    const now = this.#timers.now()
    const wait = Math.max(this.#bytesIn.take(bytes, now), this.#framesIn.take(1, now))
    if (wait > 0) await Promise.race([new Promise<void>((resolve) => this.#timers.set(resolve, wait)), this.closed])
    this.#unhandled -= cost
    this.#ungranted += cost
    if (this.#ungranted < GRANT_FROM_BYTES) return
    this.#write(encodeCredit(this.#ungranted))
    this.#ungranted = 0
  }

  #armTimer(milliseconds: number): void {
    this.#dueAt = this.#timers.now() + milliseconds
    this.#timer = this.#timers.set(() => this.#onTimer(), milliseconds)
  }

  #onTimer(): void {
    if (this.#reason) return
    const now = this.#timers.now()
    if (!this.#greeted) {
      this.#helloLooks -= 1
      if (this.#helloLooks > 0) this.#armTimer(HELLO_WITHIN_MS / HELLO_LOOKS)
      else this.close({ type: 'silent', milliseconds: HELLO_WITHIN_MS })
      return
    }
    if (now - this.#dueAt > OVERSLEPT_MS) {
      // This side slept or was busy: what was said meanwhile may still be waiting to be read.
      this.#askedAt = now
      this.#ping()
      this.#armTimer(OVERSLEPT_MS)
      return
    }
    if (now - this.#lastHeard >= SILENT_AFTER_MS) {
      this.close({ type: 'silent', milliseconds: SILENT_AFTER_MS })
      return
    }
    if (this.#askedAt !== undefined && now - this.#askedAt >= ANSWER_WITHIN_MS) this.#setQuiet(true)
    if (now - this.#lastSaid >= this.#pingAfter) this.#ping()
    this.#armNext()
  }

  get #pingAfter(): number {
    return this.#watched ? PING_WATCHED_MS : PING_AFTER_MS
  }

  #armNext(): void {
    const due = [this.#lastSaid + this.#pingAfter, this.#lastHeard + SILENT_AFTER_MS]
    if (this.#askedAt !== undefined && !this.#quiet) due.push(this.#askedAt + ANSWER_WITHIN_MS)
    this.#armTimer(Math.max(1, Math.min(...due) - this.#timers.now()))
  }
}

const PONG = encodeWireFrame(frameTypes.pong, new Uint8Array())

/** Whether links keep frames of this type to themselves. */
export const isLinkType = (type: FrameType): boolean => controlTypes.has(frameTypes[type])

const controlTypes: ReadonlySet<number> = new Set([
  frameTypes.hello,
  frameTypes.bye,
  frameTypes.ping,
  frameTypes.pong,
  CREDIT_TYPE,
])

/** Credit is worth a frame from here on, in bytes: a quarter of the window, so that the sender never stops for it. */
const GRANT_FROM_BYTES = RECEIVE_WINDOW_BYTES / 4

/** A timer this late means that this side stood still, in milliseconds. */
const OVERSLEPT_MS = 2_000
