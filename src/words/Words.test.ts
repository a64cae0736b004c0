import { IntlMessageFormat } from 'intl-messageformat'
import { proofWords } from '@auzolan/core'
import { expect, test } from 'vitest'
import en from './en.json'
import written from './en.json?raw'
import backup from './places/backup.json'
import join from './places/join.json'
import lineage from './places/lineage.json'
import needs from './places/needs.json'
import people from './places/people.json'
import talk from './places/talk.json'
import today from './places/today.json'
import { learnPeople } from './people-texts.ts'
import { Words, type Key } from './Words.svelte.ts'

const places = [backup, join, lineage, needs, people, talk, today]
const texts = Object.fromEntries([en, ...places].flatMap((place): [string, string][] => Object.entries(place)))

const sources = import.meta.glob<string>('../**/*.{svelte,ts}', { query: '?raw', import: 'default', eager: true })

test('every text is a well-formed message', () => {
  for (const [key, text] of Object.entries(texts)) expect(() => new IntlMessageFormat(text, 'en'), key).not.toThrow()
})

test('what the command line says too has plain places only, and no name that is given here', () => {
  for (const [key, text] of Object.entries(proofWords)) {
    expect(text.replace(/\{\w+\}/g, ''), key).not.toMatch(/[{}]/)
    expect(() => new IntlMessageFormat(text, 'en'), key).not.toThrow()
    expect(Object.hasOwn(texts, key), key).toBe(false)
  }
})

test('no name is given to two texts: the first would be lost without a word', () => {
  expect(written.match(/^ {2}"[^"]+":/gm)).toHaveLength(Object.keys(en).length)
  expect(Object.keys(texts)).toHaveLength([en, ...places].flatMap(Object.keys).length)
})

test('every text is said somewhere', () => {
  const code = Object.values(sources).join('\n')
  // Keys made of a state's name: `status.means.${state.is}`.
  const families = [...code.matchAll(/`([a-zA-Z.]*)\$\{[^}]*\}([a-zA-Z.]*)`/g)].map(([, head = '', tail = '']) => ({
    head,
    tail,
  }))
  const unsaid = Object.keys(texts).filter(
    (key) =>
      !code.includes(`'${key}'`) &&
      !families.some(({ head, tail }) => head + tail !== '' && key.startsWith(head) && key.endsWith(tail)),
  )
  expect(unsaid).toEqual([])
})

test('numbers are counted as the language counts them', () => {
  const { say } = new Words()
  expect(say('messages', { count: 1 })).toBe('1 message')
  expect(say('messages', { count: 2 })).toBe('2 messages')
})

test('a name written from right to left does not turn the sentence around it', () => {
  const { say } = new Words()
  expect(say('where.device', { name: 'Aino' })).toBe("Aino's device")
  expect(say('where.device', { name: 'سامي' })).toBe("\u2068سامي\u2069's device")
})

test('a place says its own texts once it has loaded', () => {
  const words = new Words()
  words.learn(backup)
  expect(words.say('backup.stop')).toBe(backup['backup.stop'])
  learnPeople(words)
  expect(words.say('rule.all')).toBe('Everyone with a vote says yes')
  expect(words.say('proof.isNot.when it was')).toBe('when it was')
})

test('a language that does not exist here falls back to English', async () => {
  const words = new Words()
  await words.choose(['xx-YY', 'en-GB'])
  expect(words.language).toBe('en')
  expect(words.say('today' satisfies Key)).toBe('Today')
})
