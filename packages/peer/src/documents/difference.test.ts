import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { difference, type Splice } from './difference.ts'

const applied = (text: string, splices: readonly Splice[]): string =>
  splices.reduce((now, { at, remove, insert }) => now.slice(0, at) + insert + now.slice(at + remove), text)

const text = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '😀', '😁', '漢', 'م', '\n', '‍'), maxLength: 40 })

describe('the difference of two texts', () => {
  test('applied to the one it gives the other, and cuts no surrogate pair', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const splices = difference(before, after)
        expect(applied(before, splices)).toBe(after)
        let now = before
        for (const splice of splices) {
          now = applied(now, [splice])
          expect(now.isWellFormed()).toBe(true)
        }
      }),
      { seed: 1, numRuns: 2_000 },
    )
  })

  test('it removes and writes no more than needed', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const moved = difference(before, after).reduce((sum, { remove, insert }) => sum + remove + insert.length, 0)
        expect(moved).toBeLessThanOrEqual(before.length + after.length)
        if (before === after) expect(moved).toBe(0)
      }),
      { seed: 2, numRuns: 500 },
    )
    expect(difference('one two three', 'ones two three!')).toEqual([
      { at: 3, remove: 0, insert: 's' },
      { at: 14, remove: 0, insert: '!' },
    ])
  })

  test('two long texts with nothing in common are replaced whole', () => {
    expect(difference('a'.repeat(20_000), 'b'.repeat(20_000))).toEqual([
      { at: 0, remove: 20_000, insert: 'b'.repeat(20_000) },
    ])
  })
})
