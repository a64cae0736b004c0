import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromHex, toHex } from './bytes.ts'

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
