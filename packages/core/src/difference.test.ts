import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wordDifference, type WordPart } from './difference.ts'

const textOf = (parts: readonly WordPart[], kinds: readonly WordPart['is'][]): string =>
  parts
    .filter(({ is }) => kinds.includes(is))
    .map(({ text }) => text)
    .join('')

test('what is the same and gone is the text before, what is the same and new the text after', () => {
  const text = fc
    .array(fc.constantFrom('bench', ' oak', '  the', '\n', ' ', 'é', '🪑', ' oil'))
    .map((words) => words.join(''))
  fc.assert(
    fc.property(text, text, (before, after) => {
      const parts = wordDifference(before, after)
      expect(textOf(parts, ['same', 'gone'])).toBe(before)
      expect(textOf(parts, ['same', 'new'])).toBe(after)
      if (before === after) expect(parts.every(({ is }) => is === 'same')).toBe(true)
    }),
  )
})

test('only the words that changed are marked', () => {
  expect(wordDifference('Sand the bench, then oil it.', 'Sand the old bench, then paint it.')).toEqual([
    { is: 'same', text: 'Sand the' },
    { is: 'new', text: ' old' },
    { is: 'same', text: ' bench, then' },
    { is: 'gone', text: ' oil' },
    { is: 'new', text: ' paint' },
    { is: 'same', text: ' it.' },
  ])
})

test('two long texts that share nothing but their ends are one piece each between them', () => {
  const words = (word: string) => Array.from({ length: 1_500 }, (_, at) => ` ${word}${at}`).join('')
  expect(wordDifference(`from${words('a')} to`, `from${words('b')} to`).map(({ is }) => is)).toEqual([
    'same',
    'gone',
    'new',
    'same',
  ])
})
