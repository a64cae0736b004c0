import type { Stream } from '@libp2p/interface'
import type { ByteStream } from './link.ts'
import type { Timers } from './timers.ts'

/** How long an ended stream may take to be closed by both sides, in milliseconds, before it is cut off. */
const LINGER_MS = 5_000

/** A libp2p stream as the bytes under a link. */
export const byteStreamOf = (stream: Stream, timers: Timers): ByteStream => ({
  write: (bytes) => stream.send(bytes),
  onChunk: (take) => {
    stream.addEventListener('message', ({ data }) => {
      if (data instanceof Uint8Array) take(data)
      else for (const part of data) take(part)
    })
  },
  // Not onDrain(): it waits only once in the life of a stream (@libp2p/utils 7.4.1).
  onDrain: (tell) => stream.addEventListener('drain', tell),
  onEnd: (tell) => {
    if (stream.readableEnded || stream.status !== 'open') queueMicrotask(tell)
    stream.addEventListener('end', tell, { once: true })
    stream.addEventListener('close', tell, { once: true })
  },
  end: () => {
    if (stream.status !== 'open' && stream.status !== 'closing') return
    const cutOff = () => stream.abort(new Error('the other side did not close'))
    const deadline = timers.set(cutOff, LINGER_MS)
    stream.addEventListener('close', () => timers.clear(deadline), { once: true })
    stream.close().catch(cutOff)
  },
})
