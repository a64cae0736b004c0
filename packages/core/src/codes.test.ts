import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  codeLimits,
  collectCode,
  cutIntoCodes,
  joinCodes,
  MAX_CARRIED_BYTES,
  missingParts,
  readCode,
  writeCode,
  type Carried,
  type Collected,
} from './codes.ts'

const kinds: readonly Carried[] = ['decision', 'copy']
const someBytes = fc.uint8Array({ minLength: 1, maxLength: 12 * codeLimits.bytes })
const someKind = fc.constantFrom(...kinds)

const cut = (kind: Carried, whole: Uint8Array): readonly string[] => {
  const codes = cutIntoCodes(kind, whole)
  if (!codes.ok) throw new Error(codes.error.type)
  return codes.value
}

const collect = (kind: Carried, texts: readonly string[], before?: Collected): Collected => {
  let collected = before
  for (const text of texts) {
    const taken = collectCode(collected, text, kind)
    if (!taken.ok) throw new Error(taken.error.type)
    collected = taken.value
  }
  if (!collected) throw new Error('nothing was collected')
  return collected
}

const counted = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => at % 251)

describe('a sequence of codes', () => {
  test('gives back what was cut, in any order and with whatever is read twice', () => {
    fc.assert(
      fc.property(someKind, someBytes, fc.array(fc.nat(), { minLength: 24, maxLength: 24 }), (kind, whole, numbers) => {
        const codes = cut(kind, whole)
        const order = codes
          .flatMap((code) => [code, code])
          .map((code, at) => ({ code, at: numbers[at] ?? 0 }))
          .sort((left, right) => left.at - right.at)
        expect(
          joinCodes(
            collect(
              kind,
              order.map(({ code }) => code),
            ),
          ),
        ).toEqual({ ok: true, value: whole })
      }),
    )
  })

  test('has one form: whatever is read is written the same', () => {
    fc.assert(
      fc.property(someKind, someBytes, (kind, whole) => {
        for (const code of cut(kind, whole)) {
          const read = readCode(code)
          expect(read.ok && writeCode(read.value)).toBe(code)
        }
      }),
    )
  })

  test('names what is missing, and is not whole before', () => {
    fc.assert(
      fc.property(fc.subarray([1, 2, 3, 4, 5, 6, 7]), (lost) => {
        const codes = cut('decision', counted(7 * codeLimits.bytes))
        const read = codes.filter((_, at) => !lost.includes(at + 1))
        fc.pre(read.length > 0)
        const collected = collect('decision', read)
        expect(missingParts(collected)).toEqual(lost)
        expect(joinCodes(collected).ok).toBe(lost.length === 0)
        const rest = codes.filter((_, at) => lost.includes(at + 1))
        expect(joinCodes(collect('decision', rest, collected)).ok).toBe(true)
      }),
    )
  })

  test('takes nothing of another sequence, not even of the other kind with the same bytes', () => {
    const whole = counted(3 * codeLimits.bytes)
    const [first = '', second = ''] = cut('decision', whole)
    const [, foreign = ''] = cut('decision', counted(3 * codeLimits.bytes).fill(7))
    const collected = collect('decision', [first])
    expect(collectCode(collected, foreign, 'decision')).toEqual({ ok: false, error: { type: 'another sequence' } })
    expect(collectCode(collected, cut('copy', whole)[1], 'decision')).toEqual({
      ok: false,
      error: { type: 'another kind' },
    })
    const again = collectCode(collected, first, 'decision')
    expect(again.ok && again.value).toBe(collected)
    expect(missingParts(collect('decision', [second], collected))).toEqual([3])
  })

  test('that was put together from parts made to look alike is damaged', () => {
    const [first = '', second = ''] = cut('copy', counted(2 * codeLimits.bytes))
    const read = readCode(second)
    if (!read.ok) throw new Error('a code that was written is read')
    const forged = writeCode({ ...read.value, bytes: read.value.bytes.map((byte) => byte ^ 1) })
    const collected = collect('copy', [first, forged])
    expect(joinCodes(collected)).toEqual({ ok: false, error: { type: 'damaged' } })
    expect(collectCode(collected, second, 'copy')).toEqual({ ok: false, error: { type: 'another sequence' } })
  })

  test('has a bound', () => {
    expect(cut('copy', counted(MAX_CARRIED_BYTES))).toHaveLength(codeLimits.parts)
    expect(cutIntoCodes('copy', counted(MAX_CARRIED_BYTES + 1))).toEqual({ ok: false, error: { type: 'too large' } })
  })
})

describe('one scanned code', () => {
  test('is read or refused, whatever is in it', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `AUZOLAN1:${text}`),
          fc.anything(),
        ),
        (text) => {
          const read = readCode(text)
          if (read.ok) expect(writeCode(read.value)).toBe(text)
        },
      ),
    )
  })

  test.each([
    ['of a newer app', 'AUZOLAN2:ABC', 'newer'],
    ['of something else', 'https://example.org/#/join/v1.x', 'no part'],
    ['without a part', 'AUZOLAN1:', 'no part'],
    ['of digits that stand for too much', `AUZOLAN1:${':'.repeat(12)}`, 'no part'],
    ['longer than any', `AUZOLAN1:${'0'.repeat(3000)}`, 'no part'],
  ])('%s is refused by name', (_, text, type) => {
    expect(readCode(text)).toEqual({ ok: false, error: { type } })
  })

  test('of a number beyond its count, of a short part in the middle, or of an unknown kind is refused', () => {
    const part = { kind: 'copy', set: 5, number: 1, count: 2, bytes: counted(codeLimits.bytes) } as const
    expect(readCode(writeCode(part)).ok).toBe(true)
    const bad = [
      { ...part, number: 3 },
      { ...part, number: 0 },
      { ...part, count: codeLimits.parts + 1 },
      { ...part, bytes: counted(codeLimits.bytes - 1) },
      { ...part, number: 2, bytes: counted(0) },
      { ...part, kind: 'other' as Carried },
    ]
    for (const each of bad) expect(readCode(writeCode(each))).toEqual({ ok: false, error: { type: 'no part' } })
  })

  test('has no second form in digits that stand for more than two bytes', () => {
    const text = writeCode({ kind: 'copy', set: 0, number: 2, count: 2, bytes: new Uint8Array(3) })
    expect(readCode(text).ok).toBe(true)
    expect(text.endsWith('000')).toBe(true)
    expect(readCode(text.replace(/000$/, 'GGW')).ok).toBe(false)
  })

  test('is written as RFC 9285 writes', () => {
    expect(writeCode({ kind: 'decision', set: 0, number: 0, count: 65, bytes: Uint8Array.of(66) })).toBe(
      'AUZOLAN1:000000000BB8',
    )
  })
})
