import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Hearer, Teller, type Told } from './port-answers.ts'

const anyRow = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd'),
  title: fc.constantFrom('Tea', 'Cake'),
  places: fc.nat(2),
  by: fc.record({ name: fc.constantFrom('Ada', 'Ben') }),
  versions: fc.array(fc.constantFrom('x', 'y'), { maxLength: 2 }),
})
const anyAnswer = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ name: fc.constantFrom('Elm', 'Oak'), rows: fc.array(anyRow), counts: fc.array(fc.nat(3)) }),
  },
  { weight: 1, arbitrary: fc.constantFrom(null, 'joined', 7) },
  { weight: 1, arbitrary: fc.record({ rows: fc.constantFrom(null, 'none') }) },
  { weight: 1, arbitrary: fc.array(anyRow) },
)

const across = (told: Told): Told => structuredClone(told)

describe('answers on their way to the page', () => {
  test('are heard as they were told', () => {
    fc.assert(
      fc.property(fc.array(anyAnswer, { maxLength: 8 }), (answers) => {
        const [teller, hearer] = [new Teller(), new Hearer()]
        for (const answer of answers) expect(hearer.hear(across(teller.tell(answer)))).toEqual(answer)
      }),
    )
  })

  test('bring only the row that changed, and the others as the objects they were', () => {
    const [teller, hearer] = [new Teller(), new Hearer()]
    const rows = Array.from({ length: 100 }, (_, n) => ({ id: `row ${n}`, title: `Row ${n}`, by: { name: 'Ada' } }))
    const first = hearer.hear(across(teller.tell({ rows }))) as { readonly rows: readonly unknown[] }
    const changed = rows.map((row, n) => (n === 40 ? { ...row, title: 'Another' } : structuredClone(row)))
    const told = across(teller.tell({ rows: changed.toReversed() }))
    const second = hearer.hear(told) as { readonly rows: readonly unknown[] }
    expect(JSON.stringify(told)).not.toContain('Row 41')
    expect(second.rows).toEqual(changed.toReversed())
    for (const n of [0, 39, 41, 99]) expect(second.rows[99 - n]).toBe(first.rows[n])
  })

  test('bytes are told again each time', () => {
    const [teller, hearer] = [new Teller(), new Hearer()]
    hearer.hear(across(teller.tell({ rows: [{ id: 'a', key: new Uint8Array([1]) }] })))
    expect(hearer.hear(across(teller.tell({ rows: [{ id: 'a', key: new Uint8Array([2]) }] })))).toEqual({
      rows: [{ id: 'a', key: new Uint8Array([2]) }],
    })
  })
})
