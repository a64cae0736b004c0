import fc from 'fast-check'
import { expect, test } from 'vitest'
import { orderBetween } from './order.ts'

test('whatever is put anywhere stays where it was put', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 60 }), (positions) => {
      const list: string[] = []
      for (const position of positions) {
        const at = position % (list.length + 1)
        list.splice(at, 0, orderBetween(list[at - 1] ?? null, list[at] ?? null))
      }
      expect([...list].sort()).toEqual(list)
      expect(new Set(list).size).toBe(list.length)
    }),
  )
})

test('a thousand things put at the end need few digits', () => {
  let last: string | null = null
  for (let count = 0; count < 1_000; count++) last = orderBetween(last, null)
  expect(last?.length).toBeLessThan(20)
})

test('always putting at the start works too', () => {
  let first: string | null = null
  for (let count = 0; count < 200; count++) {
    const next: string = orderBetween(null, first)
    if (first !== null) expect(next < first).toBe(true)
    first = next
  }
})

test('what somebody else wrote there does no harm', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, after) => {
      expect(orderBetween(before, after)).toMatch(/^[0-9A-Za-z]*[1-9A-Za-z]$/)
    }),
  )
})
