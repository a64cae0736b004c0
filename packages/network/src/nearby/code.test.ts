import fc from 'fast-check'
import { base36upper } from 'multiformats/bases/base36'
import { describe, expect, test } from 'vitest'
import { encodeNearbyCode, MAX_CODE_BYTES, type NearbyCode, parseNearbyCode, type Place } from './code.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const iceText = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...'abcXYZ019+/'), minLength, maxLength })
const place: fc.Arbitrary<Place> = fc.oneof(
  fc.record({ kind: fc.constant('ip4' as const), address: bytes(4), port: fc.integer({ min: 1, max: 65_535 }) }),
  fc.record({ kind: fc.constant('ip6' as const), address: bytes(16), port: fc.integer({ min: 1, max: 65_535 }) }),
  fc.record({ kind: fc.constant('name' as const), address: bytes(16), port: fc.integer({ min: 1, max: 65_535 }) }),
)
/** As browsers make them. */
const code: fc.Arbitrary<NearbyCode> = fc.record({
  key: bytes(32),
  fragment: iceText(4, 4),
  password: iceText(24, 24),
  fingerprint: bytes(32),
  places: fc.array(place, { minLength: 1, maxLength: 6 }),
})

/** Alphanumeric characters at medium correction (ISO/IEC 18004, table 7): version 9. */
const QR_VERSION_9_CHARACTERS = 262

describe('a code to meet by', () => {
  test('is read as it was written, with as many places as fit', () => {
    fc.assert(
      fc.property(code, (written) => {
        const read = parseNearbyCode(encodeNearbyCode(written))
        if (!read.ok) throw new Error(read.error.type)
        const { places, ...rest } = read.value
        expect({ ...rest, places: [] }).toEqual({ ...written, places: [] })
        expect(places).toEqual(written.places.slice(0, places.length))
        expect(places.length).toBeGreaterThan(0)
      }),
    )
  })

  test('is small enough to be read at arm’s length, in characters that QR packs tightly', () => {
    fc.assert(
      fc.property(code, (written) => {
        const text = encodeNearbyCode(written)
        expect(text).toMatch(/^[0-9A-Z:]+$/)
        expect(text.length).toBeLessThan(QR_VERSION_9_CHARACTERS)
      }),
    )
    const usual: NearbyCode = {
      key: new Uint8Array(32).fill(255),
      fragment: 'abcd',
      password: 'x'.repeat(24),
      fingerprint: new Uint8Array(32).fill(255),
      places: [{ kind: 'ip4', address: Uint8Array.of(192, 168, 178, 255), port: 65_535 }],
    }
    // 103 bytes: version 7 of QR holds 178 such characters.
    expect(encodeNearbyCode(usual).length).toBeLessThan(178)
  })

  test('survives being typed in small letters with spaces', () => {
    fc.assert(
      fc.property(code, (written) => {
        const text = encodeNearbyCode(written)
        const typed = ` ${text.toLowerCase().slice(0, 40)} \n${text.toLowerCase().slice(40)}`
        expect(parseNearbyCode(typed)).toEqual(parseNearbyCode(text))
      }),
    )
  })

  test('is refused cut short, longer, or from something else, and never throws', () => {
    fc.assert(
      fc.property(code, fc.nat(), fc.string(), (written, at, other) => {
        const text = encodeNearbyCode(written)
        expect(parseNearbyCode(text.slice(0, at % text.length)).ok).toBe(false)
        expect(parseNearbyCode(`${text}A`.repeat(2)).ok).toBe(false)
        expect(parseNearbyCode(other)).toEqual({ ok: false, error: { type: 'not a code' } })
      }),
    )
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'AKZ0129'), maxLength: 300 }), (rest) => {
        parseNearbyCode(`AUZOLAN:K${rest}`)
      }),
    )
    expect(parseNearbyCode(`AUZOLAN:K${'Z'.repeat(5 * MAX_CODE_BYTES)}`).ok).toBe(false)
  })

  test('never carries anything that could end a line of a session description', () => {
    fc.assert(
      fc.property(code, fc.constantFrom('a\r\nb', 'ab c', 'abc=', 'äbcd'), (written, fragment) => {
        const text = encodeNearbyCode({ ...written, fragment })
        expect(parseNearbyCode(text).ok).toBe(false)
      }),
    )
  })

  test('of a later version says so, whatever it holds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 255 }), fc.uint8Array({ maxLength: 100 }), (version, rest) => {
        const text = `AUZOLAN:${base36upper.encode(Uint8Array.of(version, ...rest))}`
        expect(parseNearbyCode(text)).toEqual({ ok: false, error: { type: 'newer version' } })
      }),
    )
  })
})
