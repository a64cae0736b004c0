import { encodeWireFrame, FrameDecoder } from '../frames.ts'
import type { ByteStream } from '../link.ts'
import type { Timers } from '../timers.ts'

/** The one type of frame on these streams. */
const TYPE = 1

export const writeOne = (stream: ByteStream, payload: Uint8Array): void => {
  stream.write(encodeWireFrame(TYPE, payload))
}

/** The one frame that the other side says. `undefined`: too long, another one, or none within the time. */
export const readOne = (
  stream: ByteStream,
  { most, within, timers }: { readonly most: number; readonly within: number; readonly timers: Timers },
): Promise<Uint8Array | undefined> =>
  new Promise((resolve) => {
    const decoder = new FrameDecoder(most)
    let isDone = false
    const done = (payload?: Uint8Array) => {
      if (isDone) return
      isDone = true
      timers.clear(deadline)
      resolve(payload)
    }
    const deadline = timers.set(done, within)
    stream.onEnd(() => done())
    stream.onChunk((chunk) => {
      if (isDone) return
      const read = decoder.push(chunk, ({ type, payload }) => {
        done(type === TYPE ? payload : undefined)
        return false
      })
      if (!read.ok) done()
    })
  })
