import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Instant } from './ids.ts'
import { csvFile, timeText } from './plain-files.ts'

/** Reads RFC 4180 as a spreadsheet does. */
const readCsv = (text: string): string[][] => {
  const rows: string[][] = []
  let row: string[] = []
  for (let at = 0; at < text.length;) {
    let cell = ''
    if (text[at] === '"') {
      at += 1
      while (text[at] !== '"' || text[at + 1] === '"') {
        cell += text[at]
        at += text[at] === '"' ? 2 : 1
      }
      at += 1
    } else while (at < text.length && text[at] !== ',' && text[at] !== '\r') cell += text[at++]
    row.push(cell)
    if (text[at] === ',') at += 1
    else {
      at += 2
      rows.push(row)
      row = []
    }
  }
  return rows
}

test('a table is read as it was written, and no cell of it runs as a formula', () => {
  const cell = fc.oneof(fc.string(), fc.constantFrom('=1+1', '+x', '-2', '@a', 'a,b', 'a"b', 'a\r\nb'))
  const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 4 })
  fc.assert(
    fc.property(rows, (given) => {
      const read = readCsv(csvFile(given))
      expect(read.map((row) => row.map((text) => text.replace(/^'(?='*[=+\-@\t\r])/, '')))).toEqual(given)
      for (const text of read.flat()) expect(text).not.toMatch(/^[=+\-@]/)
    }),
    { examples: [[[["'+", "''=1", "'a"]]]] },
  )
})

test('a time that no calendar has is said without failing', () => {
  expect(timeText(Date.UTC(2026, 10, 22, 15, 4) as Instant)).toBe('2026-11-22 15:04 UTC')
  expect(timeText(Number.MAX_SAFE_INTEGER as Instant)).toBe('at some time')
})
