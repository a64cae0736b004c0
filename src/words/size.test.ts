import { expect, test } from 'vitest'
import { sizeText } from './size.ts'

test.each([
  [0, '0 kB'],
  [420, '0.4 kB'],
  [9_940, '9.9 kB'],
  [120_400, '120 kB'],
  [999_999, '1,000 kB'],
  [1_500_000, '1.5 MB'],
  [64_000_000_000, '64 GB'],
])('%i bytes are said as %s', (bytes, text) => {
  expect(sizeText('en', bytes)).toBe(text)
})
