import { err, ok, type Result } from '@auzolan/core'
import { type Frame, type FrameType, frameTypes, MAX_FRAME_BYTES } from './network.ts'

/** Bytes before the payload: 4-byte big-endian length of what follows, then the type. */
export const FRAME_HEADER_BYTES = 5

/** Types above this may be ignored by whoever does not know them; up to it they may not. */
export const LAST_REQUIRED_TYPE = 127

/** A frame as it is on the wire, its type not yet judged. */
export interface WireFrame {
  readonly type: number
  readonly payload: Uint8Array
}

/** Why bytes are not frames. The channel cannot be read on after it. */
export type FrameRefusal =
  | { readonly type: 'FrameTooLarge'; readonly claimed: number; readonly allowed: number }
  | { readonly type: 'FrameEmpty' }

const nameOfType = new Map<number, FrameType>(
  Object.entries(frameTypes).map(([name, type]) => [type, name as FrameType]),
)

/** The name of a type on the wire. `undefined`: this version does not know it. */
export const frameTypeName = (type: number): FrameType | undefined => nameOfType.get(type)

/** The five bytes before a payload of `length` bytes. */
export const frameHeader = (type: number, length: number): Uint8Array => {
  if (length > MAX_FRAME_BYTES) throw new RangeError(`a frame holds at most ${MAX_FRAME_BYTES} bytes, not ${length}`)
  const header = new Uint8Array(FRAME_HEADER_BYTES)
  new DataView(header.buffer).setUint32(0, length + 1)
  header[4] = type
  return header
}

/** One frame in one piece. Throws a RangeError above `MAX_FRAME_BYTES`: senders split before. */
export const encodeFrame = (frame: Frame): Uint8Array => encodeWireFrame(frameTypes[frame.type], frame.payload)

export const encodeWireFrame = (type: number, payload: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(FRAME_HEADER_BYTES + payload.length)
  bytes.set(frameHeader(type, payload.length))
  bytes.set(payload, FRAME_HEADER_BYTES)
  return bytes
}

/**
 * Finds frames in chunks cut anywhere. Every byte is copied once, into the payload it belongs to.
 * A length above the limit is refused when its four bytes are there, before anything of it is kept.
 */
export class FrameDecoder {
  /** Largest payload accepted from here on, in bytes. */
  maxPayload: number
  readonly #header = new Uint8Array(FRAME_HEADER_BYTES)
  #headerLength = 0
  #chunks: Uint8Array[] = []
  #held = 0

  constructor(maxPayload: number = MAX_FRAME_BYTES) {
    this.maxPayload = maxPayload
  }

  /** More of a frame is on its way. */
  get partial(): boolean {
    return this.#headerLength > 0
  }

  /**
   * Takes one chunk and hands over every frame that is whole now, in order, until `take` returns false.
   * After a refusal, or after `take` said false, the decoder must not be used again.
   */
  push(chunk: Uint8Array, take: (frame: WireFrame) => boolean): Result<void, FrameRefusal> {
    let at = 0
    for (;;) {
      while (this.#headerLength < FRAME_HEADER_BYTES && at < chunk.length) {
        this.#header[this.#headerLength++] = chunk[at++] as number
        if (this.#headerLength !== 4) continue
        const claimed = this.#claimed()
        if (claimed < 0) return err({ type: 'FrameEmpty' })
        if (claimed > this.maxPayload) return err({ type: 'FrameTooLarge', claimed, allowed: this.maxPayload })
      }
      if (this.#headerLength < FRAME_HEADER_BYTES) return ok(undefined)
      const length = this.#claimed()
      const missing = length - this.#held
      if (chunk.length - at < missing) {
        if (at < chunk.length) this.#chunks.push(chunk.slice(at))
        this.#held += chunk.length - at
        return ok(undefined)
      }
      const payload = this.#gather(length, chunk.subarray(at, at + missing))
      at += missing
      this.#headerLength = 0
      if (!take({ type: this.#header[4] as number, payload })) return ok(undefined)
    }
  }

  /** Payload bytes the header claims; -1 for a length of zero, which has no room for a type. */
  #claimed(): number {
    return new DataView(this.#header.buffer).getUint32(0) - 1
  }

  #gather(length: number, last: Uint8Array): Uint8Array {
    const payload = new Uint8Array(length)
    let at = 0
    for (const chunk of this.#chunks) {
      payload.set(chunk, at)
      at += chunk.length
    }
    payload.set(last, at)
    this.#chunks = []
    this.#held = 0
    return payload
  }
}
