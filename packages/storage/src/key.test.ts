import { indexedDB } from 'fake-indexeddb'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareBytes } from '@auzolan/core'
import { compareKeys } from './key.ts'
import { decodeKey, encodeEnd, encodeKey } from './level-key.ts'

const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(0, 1, 2, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xd800, 0xdfff, 0xe000, 0xffff),
      fc.nat(0xffff),
    ),
    { maxLength: 4 },
  )
  .map((units) => String.fromCharCode(...units))
const anyNumber = fc.oneof(
  fc.constantFrom(0, 1, 255, 256, 2 ** 32, Number.MAX_SAFE_INTEGER),
  fc.maxSafeNat(),
  fc.nat({ max: 1000 }),
)
const anyKey = fc.array(fc.oneof(anyText, anyNumber), { minLength: 1, maxLength: 8 })
/** Two keys that share a start more often than chance would have it. */
const twoKeys = fc.oneof(
  fc.tuple(anyKey, anyKey),
  fc
    .tuple(fc.array(anyText, { maxLength: 3 }), anyKey, anyKey)
    .map(([start, left, right]) => [[...start, ...left].slice(0, 8), [...start, ...right].slice(0, 8)] as const),
)
const runs = { numRuns: 2_000 }

test('keys compare as IndexedDB compares them, and their bytes compare the same', () => {
  fc.assert(
    fc.property(twoKeys, ([left, right]) => {
      const order = indexedDB.cmp(left, right)
      expect(Math.sign(compareKeys(left, right))).toBe(order)
      expect(Math.sign(compareBytes(encodeKey(left), encodeKey(right)))).toBe(order)
    }),
    runs,
  )
})

test('a key comes back from its bytes', () => {
  fc.assert(
    fc.property(anyKey, (key) => {
      expect(decodeKey(encodeKey(key))).toEqual(key)
    }),
    runs,
  )
})

test('a key is inside the bounds of a prefix exactly when it starts with it', () => {
  fc.assert(
    fc.property(twoKeys, fc.nat({ max: 3 }), ([key, other], length) => {
      const prefix = other.slice(0, length)
      const bytes = encodeKey(key)
      const inside = compareBytes(bytes, encodeKey(prefix)) >= 0 && compareBytes(bytes, encodeEnd(prefix)) < 0
      expect(inside).toBe(prefix.every((part, at) => part === key[at]) && key.length >= prefix.length)
    }),
    runs,
  )
})

test('bytes that are no key are refused or are the bytes of what they decode to', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
      const key = decodeKey(bytes)
      if (key !== undefined) expect(encodeKey(key)).toEqual(bytes)
    }),
    { numRuns: 5_000 },
  )
})
