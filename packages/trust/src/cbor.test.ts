import { equalBytes, fromHex, toHex } from '@auzolan/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeCbor, decodeCborPrefix } from './cbor.ts'
import { encodeCbor, type Cbor } from './cbor-writer.ts'

const bytes = (hex: string): Uint8Array => fromHex(hex) as Uint8Array
const faultOf = (hex: string): string | undefined => {
  const decoded = decodeCbor(bytes(hex))
  return decoded.ok ? undefined : decoded.error.type
}

const anyText = fc.string({ unit: 'grapheme', maxLength: 12 })
const anyCbor = fc.letrec<{ value: Cbor }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthIdentifier: 'cbor' },
    fc.maxSafeInteger(),
    fc.integer({ min: -300, max: 70_000 }),
    anyText,
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 40 }),
    fc.array(tie('value'), { maxLength: 5, depthIdentifier: 'cbor' }),
    fc.array(fc.tuple(anyText, tie('value')), { maxLength: 5, depthIdentifier: 'cbor' }).map((pairs) => new Map(pairs)),
  ),
})).value

describe('CBOR', () => {
  test('gives back what was written', () => {
    fc.assert(
      fc.property(anyCbor, (value) => {
        const encoded = encodeCbor(value)
        const decoded = decodeCbor(encoded)
        if (!decoded.ok) throw new Error(decoded.error.type)
        expect(equalBytes(encodeCbor(decoded.value), encoded)).toBe(true)
        if (!(value instanceof Map)) expect(decoded.value).toEqual(value)
      }),
    )
  })

  test('reads no other bytes than those it would write', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), someDamage), (input) => {
        const decoded = decodeCbor(input)
        if (decoded.ok) expect(toHex(encodeCbor(decoded.value))).toBe(toHex(input))
      }),
      { numRuns: 2000 },
    )
  })

  test('writes the examples of RFC 8949, appendix A', () => {
    const examples: readonly (readonly [Cbor, string])[] = [
      [0, '00'],
      [23, '17'],
      [24, '1818'],
      [100, '1864'],
      [1000, '1903e8'],
      [1_000_000, '1a000f4240'],
      [1_000_000_000_000, '1b000000e8d4a51000'],
      [-1, '20'],
      [-100, '3863'],
      [-1000, '3903e7'],
      [false, 'f4'],
      [true, 'f5'],
      [null, 'f6'],
      [bytes('01020304'), '4401020304'],
      ['IETF', '6449455446'],
      ['\u00fc', '62c3bc'],
      ['\ud800\udd51', '64f0908591'],
      [[1, [2, 3], [4, 5]], '8301820203820405'],
      [
        new Map<string, Cbor>([
          ['a', 1],
          ['b', [2, 3]],
        ]),
        'a26161016162820203',
      ],
      [Number.MAX_SAFE_INTEGER, '1b001fffffffffffff'],
      [Number.MIN_SAFE_INTEGER, '3b001ffffffffffffe'],
    ]
    for (const [value, hex] of examples) {
      expect(toHex(encodeCbor(value))).toBe(hex)
      expect(decodeCbor(bytes(hex))).toEqual({ ok: true, value })
    }
  })

  test('sorts map keys by their encoding: shorter first', () => {
    expect(
      toHex(
        encodeCbor(
          new Map([
            ['aa', 1],
            ['b', 2],
            ['a', 3],
          ]),
        ),
      ),
    ).toBe('a3616103616202626161' + '01')
  })

  test('names why it refuses', () => {
    expect({
      longerThanNeeded: faultOf('1817'),
      length: faultOf('5800'),
      wide: faultOf('1a0000ffff'),
      indefinite: faultOf('9f01ff'),
      breakAlone: faultOf('ff'),
      float: faultOf('f93c00'),
      tag: faultOf('c11a514b67b0'),
      undefined: faultOf('f7'),
      simple: faultOf('f0'),
      reserved: faultOf('1c'),
      tooLarge: faultOf('1b0020000000000000'),
      tooSmall: faultOf('3b001fffffffffffff'),
      unsorted: faultOf('a2616201616102'),
      twice: faultOf('a2616101616102'),
      numberKey: faultOf('a10102'),
      notUtf8: faultOf('62c328'),
      surrogate: faultOf('63eda080'),
      cutOff: faultOf('440102'),
      cutOffHead: faultOf('19'),
      emptyInput: faultOf(''),
      claimed: faultOf('9b000000ffffffffff'),
      claimedMap: faultOf('ba7fffffff'),
      trailing: faultOf('0000'),
      deep: faultOf('81'.repeat(9) + '00'),
    }).toEqual({
      longerThanNeeded: 'not canonical',
      length: 'not canonical',
      wide: 'not canonical',
      indefinite: 'not canonical',
      breakAlone: 'not supported',
      float: 'not supported',
      tag: 'not supported',
      undefined: 'not supported',
      simple: 'not supported',
      reserved: 'not supported',
      tooLarge: 'not supported',
      tooSmall: 'not supported',
      unsorted: 'not canonical',
      twice: 'not canonical',
      numberKey: 'not supported',
      notUtf8: 'not text',
      surrogate: 'not text',
      cutOff: 'cut off',
      cutOffHead: 'cut off',
      emptyInput: 'cut off',
      claimed: 'cut off',
      claimedMap: 'cut off',
      trailing: 'trailing bytes',
      deep: 'too deep',
    })
  })

  test('bounds depth and length, also where thousands of arrays are claimed', () => {
    expect(decodeCbor(new Uint8Array(100_000).fill(0x81))).toMatchObject({ ok: false, error: { type: 'too deep' } })
    expect(decodeCbor(new Uint8Array(11), { length: 10 })).toEqual({ ok: false, error: { type: 'too long', at: 0 } })
    expect(decodeCbor(bytes('8100'), { depth: 0 })).toMatchObject({ ok: false, error: { type: 'too deep' } })
  })

  test('keeps a byte order mark', () => {
    expect(decodeCbor(encodeCbor('\ufeffa'))).toEqual({ ok: true, value: '\ufeffa' })
  })

  test('reads a sequence value by value', () => {
    const sequence = bytes('01820203')
    expect(decodeCborPrefix(sequence, 0)).toEqual({ ok: true, value: { value: 1, end: 1 } })
    expect(decodeCborPrefix(sequence, 1)).toEqual({ ok: true, value: { value: [2, 3], end: 4 } })
    expect(decodeCborPrefix(sequence, 4)).toMatchObject({ ok: false, error: { type: 'cut off' } })
  })

  test('has no bytes for a fraction or half a surrogate pair', () => {
    for (const value of [1.5, Number.NaN, 2 ** 53, '\ud800']) expect(() => encodeCbor(value)).toThrow(RangeError)
  })
})

/** Encoded values with one byte changed: closer to what is accepted than random bytes. */
const someDamage = fc.tuple(anyCbor, fc.nat(), fc.nat(255)).map(([value, place, byte]) => {
  const encoded = encodeCbor(value)
  encoded[place % encoded.length] = byte
  return encoded
})
