import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { meets, type Tally } from './tally.ts'

const tally = (counts: Partial<Tally> & { readonly of: number }): Tally => ({
  ...{ yes: 0, no: 0, abstain: 0, object: 0, spoiled: 0 },
  ...counts,
})

describe('a rule', () => {
  test('of threshold asks for more yes than the share, whatever else was said', () => {
    const half = { kind: 'threshold', num: 1, den: 2 } as const
    expect(meets(half, tally({ yes: 3, no: 3, of: 6 }))).toBe(false)
    expect(meets(half, tally({ yes: 4, object: 2, of: 6 }))).toBe(true)
    expect(meets(half, tally({ of: 0 }))).toBe(false)
  })

  test('of unanimity is met by everybody, and by nobody where nobody has a vote', () => {
    expect(meets({ kind: 'unanimous' }, tally({ yes: 3, of: 3 }))).toBe(true)
    expect(meets({ kind: 'unanimous' }, tally({ yes: 2, abstain: 1, of: 3 }))).toBe(false)
    expect(meets({ kind: 'unanimous' }, tally({ of: 0 }))).toBe(false)
  })

  test('of majority weighs an objection like a no, and takes every answer for part in it', () => {
    const half = { kind: 'majority', num: 1, den: 2 } as const
    expect(meets(half, tally({ yes: 2, no: 1, object: 1, of: 6 }))).toBe(false)
    expect(meets(half, tally({ yes: 3, no: 1, object: 1, of: 10 }))).toBe(true)
    expect(meets(half, tally({ yes: 3, no: 1, of: 10 }))).toBe(false)
    expect(meets(half, tally({ yes: 1, abstain: 2, of: 6 }))).toBe(true)
    expect(meets(half, tally({ yes: 1, abstain: 1, spoiled: 4, of: 6 }))).toBe(false)
  })

  test('of consent asks for one yes at least, for no objection too many, and takes every answer for part in it', () => {
    const half = { kind: 'consent', num: 1, den: 2, objections: 1 } as const
    expect(meets(half, tally({ abstain: 4, of: 6 }))).toBe(false)
    expect(meets(half, tally({ yes: 1, abstain: 2, of: 6 }))).toBe(true)
    expect(meets(half, tally({ yes: 1, no: 1, object: 1, of: 6 }))).toBe(true)
    expect(meets(half, tally({ yes: 4, object: 2, of: 6 }))).toBe(false)
    expect(meets(half, tally({ yes: 1, no: 1, of: 6 }))).toBe(false)
  })

  test('of threshold that is met stays met by every further yes', () => {
    fc.assert(
      fc.property(fc.nat(9), fc.integer({ min: 1, max: 30 }), fc.nat(29), (num, of, yes) => {
        const rule = { kind: 'threshold', num, den: 10 } as const
        fc.pre(yes < of && meets(rule, tally({ yes, no: of - yes, of })))
        expect(meets(rule, tally({ yes: yes + 1, no: of - yes - 1, of }))).toBe(true)
      }),
    )
  })
})
