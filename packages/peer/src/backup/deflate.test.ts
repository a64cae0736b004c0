import fc from 'fast-check'
import { deflateSync, inflateSync } from 'fflate'
import { expect, test } from 'vitest'
import { deflate, inflate } from './deflate.ts'

/** Short ones are packed here, long ones by the platform. */
const texts = fc
  .tuple(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.constantFrom(1, 40, 400))
  .map(([bytes, times]) => new Uint8Array(bytes.length * times).map((_, at) => bytes[at % bytes.length] as number))

test('what is packed is read by any other program, and what others pack is read, short or long', async () => {
  await fc.assert(
    fc.asyncProperty(texts, async (bytes) => {
      expect(inflateSync(await deflate(bytes))).toEqual(bytes)
      expect(await inflate(deflateSync(bytes), bytes.length)).toEqual(bytes)
    }),
    { numRuns: 10 },
  )
})

test('what inflates to more or less than it says, is cut short, or is no such thing, is refused', async () => {
  for (const length of [500, 100_000]) {
    const bytes = new Uint8Array(length).map((_, at) => (at * at) % 251)
    const packed = deflateSync(bytes)
    for (const claimed of [length - 1, length + 1]) expect(await inflate(packed, claimed)).toBeUndefined()
    expect(await inflate(packed.subarray(0, packed.length - 9), length)).toBeUndefined()
    expect(await inflate(new Uint8Array(300).fill(255), length)).toBeUndefined()
  }
})
