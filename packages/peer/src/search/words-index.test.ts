import { excerptOf, type Findable, plainWords } from '@auzolan/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SHOWN_OF_A_KIND, WordsIndex } from './words-index.ts'

const message = (id: string, text: string): Findable => ({
  ...{ key: `message ${id}`, kind: 'message', id, place: null, title: '', text, by: null },
})
const holding = (...texts: readonly string[]): WordsIndex => {
  const index = new WordsIndex()
  for (const [at, text] of texts.entries()) index.put(message(String(at), text))
  return index
}
const ids = (index: WordsIndex, question: string) => index.find(question).map(({ id }) => id)

describe('words are found', () => {
  const index = holding(
    'Wer bringt das Lötzinn?',
    'Le perçage est prévu mercredi',
    'Bring soup on Saturday',
    'ملعقة كبيرة',
  )
  test.each([
    ['by how they begin', 'sat', ['2']],
    ['whatever their case and accents', 'PERCAGE', ['1']],
    ['with a slip of the finger', 'satruday', ['2']],
    ['all of them, in any order', 'saturday bring', ['2']],
    ['while the next has only begun', 'saturday b', ['2']],
    ['in any script', 'ملعقة', ['3']],
  ])('%s', (_, question, found) => expect(ids(index, question)).toEqual(found))
  test('none where one of them is not there, or nothing was asked', () => {
    expect(ids(index, 'saturday percage')).toEqual([])
    expect(ids(index, '   ?')).toEqual([])
    expect(ids(index, 's')).toEqual([])
  })
})

test('what is taken out is not found any more, and what is put in again is found as it is now', () => {
  const index = holding('Solder', 'Soup')
  index.drop('message 0')
  expect(ids(index, 'solder')).toEqual([])
  index.put(message('1', 'Salad'))
  expect([ids(index, 'soup'), ids(index, 'salad')]).toEqual([[], ['1']])
})

test('of each kind the best are given, so that many of one leave room for others', () => {
  const index = holding(...Array.from({ length: 50 }, (_, at) => `soup ${at}`))
  index.put({ ...message('x', ''), key: 'thing x', kind: 'thing', title: 'Soup pot' })
  const found = index.find('soup')
  expect(found.filter(({ kind }) => kind === 'message')).toHaveLength(SHOWN_OF_A_KIND)
  expect(found.some(({ kind }) => kind === 'thing')).toBe(true)
})

test('whatever was put in and taken out, what stands is found and nothing else', () => {
  const words = ['solder', 'kettle', 'bicycle', 'saturday']
  const step = fc.record({ id: fc.nat(5), word: fc.option(fc.constantFrom(...words)) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const index = new WordsIndex()
      const stands = new Map<string, string>()
      for (const { id, word } of steps) {
        if (word === null) index.drop(`message ${id}`)
        else index.put(message(String(id), word))
        if (word === null) stands.delete(String(id))
        else stands.set(String(id), word)
      }
      for (const word of words)
        expect(ids(index, word).sort()).toEqual([...stands].flatMap(([id, said]) => (said === word ? [id] : [])).sort())
    }),
  )
})

test('an excerpt is short, whole, and holds what was looked for', () => {
  fc.assert(
    fc.property(fc.array(fc.lorem({ maxCount: 1 }), { maxLength: 80 }), (words) => {
      const text = [...words, 'needle', ...words].join(' ')
      const excerpt = excerptOf(text, ['needle'])
      expect(excerpt).toContain('needle')
      expect(excerpt.length).toBeLessThanOrEqual(95)
    }),
  )
  expect(excerptOf('🧵'.repeat(100), ['x']).isWellFormed?.() ?? true).toBe(true)
  expect(plainWords('Ŝoŭ')).toBe('sou')
})
