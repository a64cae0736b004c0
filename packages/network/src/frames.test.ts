import { equalBytes } from '@auzolan/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeFrame, encodeWireFrame, FRAME_HEADER_BYTES, FrameDecoder, type WireFrame } from './frames.ts'
import { type Frame, type FrameType, frameTypes, MAX_FRAME_BYTES } from './network.ts'

const anyFrame = fc.record({
  type: fc.constantFrom(...(Object.keys(frameTypes) as FrameType[])),
  payload: fc.uint8Array({ maxLength: 300 }),
})

const decodeAll = (chunks: readonly Uint8Array[], decoder = new FrameDecoder()) => {
  const frames: WireFrame[] = []
  for (const chunk of chunks) {
    const pushed = decoder.push(chunk, (frame) => frames.push(frame) > 0)
    if (!pushed.ok) return { frames, refusal: pushed.error }
  }
  return { frames, refusal: undefined }
}

const cutAt = (bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] => {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end))
}

describe('frames', () => {
  test('come out as they went in, wherever the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 12 }), fc.array(fc.nat(5000), { maxLength: 30 }), (frames, cuts) => {
        const bytes = Uint8Array.from(frames.flatMap((frame) => [...encodeFrame(frame)]))
        const expected = frames.map(({ type, payload }) => ({ type: frameTypes[type], payload }))
        expect(decodeAll(cutAt(bytes, cuts))).toEqual({ frames: expected, refusal: undefined })
      }),
      { numRuns: 200 },
    )
  })

  test('any bytes give frames or one refusal, never an exception', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 }), (chunks) => {
        const { frames } = decodeAll(chunks)
        const taken = frames.reduce((sum, { payload }) => sum + payload.length + FRAME_HEADER_BYTES, 0)
        expect(taken).toBeLessThanOrEqual(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
      }),
      { numRuns: 300 },
    )
  })

  test('the largest is accepted, and one byte more is refused by its first four bytes', () => {
    const largest: Frame = { type: 'entries', payload: new Uint8Array(MAX_FRAME_BYTES).fill(3) }
    const { frames } = decodeAll(cutAt(encodeFrame(largest), [1, 5, 70_000, 500_000]))
    expect(frames.map(({ payload }) => equalBytes(payload, largest.payload))).toEqual([true])
    const claim = new Uint8Array(4)
    new DataView(claim.buffer).setUint32(0, MAX_FRAME_BYTES + 2)
    expect(decodeAll([claim]).refusal).toEqual({
      type: 'FrameTooLarge',
      claimed: MAX_FRAME_BYTES + 1,
      allowed: MAX_FRAME_BYTES,
    })
    expect(() => encodeWireFrame(1, new Uint8Array(MAX_FRAME_BYTES + 1))).toThrow(RangeError)
  })

  test('a length without room for a type is refused', () => {
    expect(decodeAll([Uint8Array.of(0, 0, 0, 0)]).refusal).toEqual({ type: 'FrameEmpty' })
  })

  test('a payload does not keep the chunk it came in', () => {
    const chunk = new Uint8Array(60_000)
    chunk.set(encodeFrame({ type: 'have', payload: Uint8Array.of(1, 2, 3) }))
    const decoder = new FrameDecoder()
    const payloads: Uint8Array[] = []
    decoder.push(chunk, ({ payload }) => {
      payloads.push(payload)
      return false
    })
    expect(payloads.map((payload) => payload.buffer.byteLength)).toEqual([3])
  })
})
