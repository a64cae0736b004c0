import type { InitiativeRow } from '@auzolan/core'
import { expect, test } from 'vitest'
import { inOrder } from './order.ts'

const row = (title: string, startedAt: number, places = 0, taken = 0) =>
  ({ id: title, title, startedAt, places, taken, life: { heardAt: 10 - startedAt } }) as unknown as InitiativeRow
const rows = [row('fence 10', 1, 4, 4), row('Éclair', 2, 3, 1), row('fence 2', 3, 2, 5), row('table', 4, 2, 0)]
const titles = (of: readonly InitiativeRow[]) => of.map(({ title }) => title)

test('the newest comes first', () => {
  expect(titles(inOrder(rows, 'newest', 'en'))).toEqual(['table', 'fence 2', 'Éclair', 'fence 10'])
})

test('what was heard of last comes first', () => {
  expect(titles(inOrder(rows, 'active', 'en'))).toEqual(['fence 10', 'Éclair', 'fence 2', 'table'])
})

test('most free places come first; places taken twice are not free, and of equals the newest comes first', () => {
  expect(titles(inOrder(rows, 'people', 'en'))).toEqual(['table', 'Éclair', 'fence 2', 'fence 10'])
})

test('names are ordered as people write them', () => {
  expect(titles(inOrder(rows, 'name', 'en'))).toEqual(['Éclair', 'fence 2', 'fence 10', 'table'])
})
