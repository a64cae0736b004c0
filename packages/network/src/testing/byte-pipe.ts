import type { ByteStream } from '../link.ts'

/** One end of a pipe: a stream for a link, and what a test does to it. */
export interface PipeEnd extends ByteStream {
  /** Bytes written and not yet read by the other end. */
  readonly buffered: number
  /** Everything this end ever wrote. */
  readonly written: () => Uint8Array
  /** The other end stops reading, or reads what waits. */
  hold(): void
  release(): void
  /** Bytes from nowhere, as a hostile other end writes them. */
  inject(bytes: Uint8Array): void
  readonly ended: boolean
  /** The stream breaks for both. */
  cut(): void
}

/** Full above this many bytes. */
const CAPACITY = 256 * 1024

/** Two connected ends that deliver within the same turn, cutting what they carry into pieces of `piece` bytes. */
export const bytePipe = (piece = Number.POSITIVE_INFINITY): readonly [PipeEnd, PipeEnd] => {
  const left = new End(piece)
  const right = new End(piece)
  left.other = right
  right.other = left
  return [left, right]
}

class End implements PipeEnd {
  other: End | undefined
  ended = false
  readonly #piece: number
  readonly #log: Uint8Array[] = []
  #waiting: Uint8Array[] = []
  #buffered = 0
  #held = false
  #full = false
  #take: (chunk: Uint8Array) => void = () => {}
  #drained: () => void = () => {}
  #tellEnd: () => void = () => {}
  #scheduled = false

  constructor(piece: number) {
    this.#piece = piece
  }

  get buffered(): number {
    return this.#buffered
  }

  written = (): Uint8Array => Uint8Array.from(this.#log.flatMap((bytes) => [...bytes]))

  write(bytes: Uint8Array): boolean {
    if (this.ended) throw new Error('the pipe has ended')
    if (bytes.length < 4096) this.#log.push(bytes.slice())
    this.#waiting.push(bytes)
    this.#buffered += bytes.length
    this.#schedule()
    this.#full = this.#buffered > CAPACITY
    return !this.#full
  }

  onChunk(take: (chunk: Uint8Array) => void): void {
    this.#take = take
  }

  onDrain(tell: () => void): void {
    this.#drained = tell
  }

  onEnd(tell: () => void): void {
    this.#tellEnd = tell
  }

  end(): void {
    if (this.ended) return
    this.ended = true
    this.#schedule()
  }

  hold(): void {
    this.#held = true
  }

  release(): void {
    this.#held = false
    this.#schedule()
  }

  inject(bytes: Uint8Array): void {
    if (this.other) this.other.#take(bytes)
  }

  cut(): void {
    for (const end of [this, this.other]) {
      if (!end) continue
      end.ended = true
      end.#waiting = []
      end.#tellEnd()
    }
  }

  #schedule(): void {
    if (this.#scheduled || this.#held) return
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      if (!this.#held) this.#deliver()
    })
  }

  #deliver(): void {
    const waiting = this.#waiting
    this.#waiting = []
    this.#buffered = 0
    for (const bytes of waiting) {
      for (let at = 0; at < bytes.length; at += this.#piece)
        this.inject(bytes.slice(at, Math.min(bytes.length, at + this.#piece)))
    }
    if (this.#full) {
      this.#full = false
      this.#drained()
    }
    if (this.ended && this.#waiting.length === 0 && this.other) this.other.#tellEnd()
  }
}
