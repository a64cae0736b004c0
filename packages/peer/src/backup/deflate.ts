import { deflateSync } from 'fflate'
import { inflateBounded } from '../log/segment.ts'

/** Raw deflate (RFC 1951), done by the platform, beside this thread, where it can and where that is worth a call. */
export const deflate = async (bytes: Uint8Array): Promise<Uint8Array> => {
  if (!isNative(bytes.length)) return deflateSync(bytes, { level: LEVEL })
  const stream = new CompressionStream('deflate-raw')
  const writer = stream.writable.getWriter()
  // What fails is what the reader is told.
  void writer.write(new Uint8Array(bytes)).catch(() => undefined)
  void writer.close().catch(() => undefined)
  return new Uint8Array(await new Response(stream.readable).arrayBuffer())
}

/** Exactly `length` bytes, or `undefined`. Fed in small slices and read as they come, so that a bomb is noticed before it has grown. */
export const inflate = async (deflated: Uint8Array, length: number): Promise<Uint8Array | undefined> => {
  if (!isNative(length)) return inflateBounded(deflated, length)
  const out = new Uint8Array(length)
  const stream = new DecompressionStream('deflate-raw')
  const reader = stream.readable.getReader()
  void feed(stream.writable.getWriter(), deflated).catch(() => undefined)
  try {
    for (let at = 0; ;) {
      const { done, value } = await reader.read()
      if (done) return at === length ? out : undefined
      if (at + value.length > length) {
        void reader.cancel().catch(() => undefined)
        return undefined
      }
      out.set(value, at)
      at += value.length
    }
  } catch {
    return undefined
  }
}

const feed = async (writer: WritableStreamDefaultWriter<BufferSource>, bytes: Uint8Array): Promise<void> => {
  for (let from = 0; from < bytes.length; from += SLICE_BYTES) await writer.write(bytes.slice(from, from + SLICE_BYTES))
  await writer.close()
}

const isNative = (length: number): boolean => length >= NATIVE_FROM && nativeDeflate

/** Older browsers have these streams without the raw form, or not at all. */
const nativeDeflate = ((): boolean => {
  try {
    return new CompressionStream('deflate-raw') instanceof CompressionStream
  } catch {
    return false
  }
})()

/** In bytes: below it, setting a stream up costs more than it saves. */
const NATIVE_FROM = 32 * 1024
/** Text: the next level takes half as long again and gains 2 %. The platform's own level is 6. */
const LEVEL = 5
/** Deflate expands at most 1,032 times: what waits to be read stays below what a part may hold, or little above. */
const SLICE_BYTES = 16 * 1024
