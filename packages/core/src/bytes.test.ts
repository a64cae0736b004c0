import fc from 'fast-check'
import { expect, test } from 'vitest'
import { concatBytes, crc32, fromHex, toHex } from './bytes.ts'

test('bytes come back from their hex, and only lower-case hex of whole bytes is read', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(fromHex(toHex(bytes))).toEqual(bytes)
    }),
  )
  const nearHex = fc.string({ unit: fc.constantFrom(...'09afAFg/:`{ é'), maxLength: 8 })
  fc.assert(
    fc.property(nearHex, (text) => {
      expect(fromHex(text) !== undefined).toBe(text.length % 2 === 0 && /^[0-9a-f]*$/.test(text))
    }),
  )
})

test('a CRC-32 is the one everybody means, in one piece or in two', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (front, back) => {
      expect(crc32(back, crc32(front))).toBe(crc32(concatBytes(front, back)))
    }),
  )
})
