import { IntlMessageFormat } from 'intl-messageformat'
import { proofWords } from '@auzolan/core'
import { expect, test } from 'vitest'
import en from './en.json'
import written from './en.json?raw'
import backup from './places/backup.ts'
import people from './places/people.ts'
import { withTexts } from './translations.ts'
import { Words, type Key } from './Words.svelte.ts'

const placeFiles = import.meta.glob<Record<string, string>>('./places/*.json', { import: 'default', eager: true })
const places = Object.values(placeFiles)
const texts = Object.fromEntries([en, ...places].flatMap((place): [string, string][] => Object.entries(place)))

const sources = import.meta.glob<string>('../**/*.{svelte,ts}', { query: '?raw', import: 'default', eager: true })

const styles = import.meta.glob<string>('../**/*.css', { query: '?raw', import: 'default', eager: true })

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

test('a name written from left to right does not turn a sentence that runs from right to left', async () => {
  const words = new Words()
  await words.choose(['ar-EG'])
  expect(document.documentElement).toHaveAttribute('dir', 'rtl')
  expect(words.say('where.device', { name: 'Aino' })).toBe('جهاز \u2068Aino\u2069')
  expect(words.say('where.device', { name: 'سامي' })).toBe('جهاز سامي')
  expect([0, 1, 2, 3, 11, 100].map((count) => words.say('messages', { count }))).toEqual([
    'لا رسائل',
    'رسالة واحدة',
    'رسالتان',
    '3 رسائل',
    '11 رسالة',
    '100 رسالة',
  ])
  await words.choose(['en'])
})

test('a place says its own texts once it has loaded', () => {
  const words = new Words()
  words.learn(backup)
  expect(words.say('backup.stop')).toBe('Stop')
  words.learn(people)
  expect(words.say('rule.all')).toBe('Everyone with a vote says yes')
  expect(words.say('proof.isNot.when it was')).toBe('when it was')
})

test('another language is spoken everywhere: at the first paint, in places that were there before, and in those that come later', async () => {
  const words = new Words()
  words.learn(backup)
  expect(await words.choose(['xx', 'fr-CA', 'en'])).toBe(true)
  expect(words.language).toBe('fr')
  expect(document.documentElement).toHaveAttribute('lang', 'fr')
  expect(document.documentElement).toHaveAttribute('dir', 'ltr')
  expect(words.say('today')).toBe('Aujourd’hui')
  expect(words.say('backup.stop')).toBe('Arrêter')
  const { default: today } = await withTexts(() => import('./places/today.ts'))
  words.learn(today)
  expect(words.say('since.all', { count: 3 })).toBe('En montrer 3 de plus')
  expect(await words.choose(['en'])).toBe(true)
  expect(words.say('today')).toBe('Today')
  expect(words.say('backup.stop')).toBe('Stop')
  expect(words.say('since.all', { count: 3 })).toBe('Show 3 more')
})

test('of two choices in a row the last one holds', async () => {
  const words = new Words()
  await Promise.all([words.choose(['fr']), words.choose(['en'])])
  expect(words.language).toBe('en')
  expect(words.say('today')).toBe('Today')
})

test('every part of the app that loads by itself waits for its texts', () => {
  for (const file of ['../routes.ts', '../views/group/SheetHost.svelte', '../views/welcome/groupList.ts']) {
    const source = sources[file] ?? ''
    expect(source.match(/import\(/g)?.length, file).toBe(source.match(/withTexts\(\(\) => import\(/g)?.length)
  }
})

test('nothing is placed by left and right: what is written from right to left has it the other way round', () => {
  const utility =
    /(?<![\w.-])-?(?:m[lr]|p[lr]|left|right|text-(?:left|right)|float-(?:left|right)|border-[lr]|rounded-[lr]|rounded-[tb][lr]|space-x|divide-x)(?:-[\w[\]./]+)?(?=['"\s`])/
  const property = /(?<![\w-])(?:margin|padding|border|inset)?-?(?:left|right)\s*:/
  for (const [file, source] of Object.entries({ ...sources, ...styles })) {
    if (file.includes('.test.')) continue
    const lists = file.endsWith('.css') ? [] : [...source.matchAll(/class=(?:"[^"]*"|\{\[[\s\S]*?\]\}|\{[^}]*\})/g)]
    for (const [list] of lists) expect(list, file).not.toMatch(utility)
    const rules = file.endsWith('.css') ? source : (/<style[\s\S]*<\/style>/.exec(source)?.[0] ?? '')
    expect(rules, file).not.toMatch(property)
  }
  expect('class="ml-2 flex"').toMatch(utility)
})

test('what points along the line points the other way from right to left', () => {
  for (const [file, source] of Object.entries(sources))
    for (const [, name = ''] of source.matchAll(
      /import (\w+) from '@lucide\/svelte\/icons\/(?:arrow|chevron)-(?:left|right)'/g,
    ))
      for (const [use] of source.matchAll(new RegExp(`<${name}\\b[^>]*>`, 'g')))
        expect(use, file).toContain('rtl:-scale-x-100')
})

test('a language that does not exist here falls back to English', async () => {
  const words = new Words()
  await words.choose(['xx-YY', 'en-GB'])
  expect(words.language).toBe('en')
  expect(words.say('today' satisfies Key)).toBe('Today')
})
