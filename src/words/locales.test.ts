import { proofWords } from '@auzolan/core'
import { IntlMessageFormat } from 'intl-messageformat'
import { describe, expect, test } from 'vitest'
import first from './en.json'
import { languages } from './Words.svelte.ts'

type Texts = Readonly<Record<string, string>>
const places = import.meta.glob<Texts>('./places/*.json', { import: 'default', eager: true })
const translated = import.meta.glob<Texts>('./locales/*/*.json', { import: 'default', eager: true })
const others = Object.keys(languages).filter((language) => language !== 'en')

/** By file: what is said at the first paint, and what each place says. */
const english: Readonly<Record<string, Texts>> = {
  first,
  ...Object.fromEntries(
    Object.entries(places).map(([file, texts]) => {
      const place = file.replace(/^.*\/|\.json$/g, '')
      return [place, place === 'people' ? { ...texts, ...proofWords } : texts]
    }),
  ),
}

interface Use {
  readonly names: Set<string>
  /** Categories that each plural tells apart. */
  readonly plurals: string[][]
}

/** The kind of what stands in a message as it is, as the parser numbers it. */
const LITERAL = 0

/** What a message needs and tells apart, at any depth. */
const useOf = (
  elements: ReturnType<IntlMessageFormat['getAst']>,
  use: Use = { names: new Set(), plurals: [] },
): Use => {
  for (const element of elements) {
    if (Number(element.type) === LITERAL || !('value' in element)) continue
    use.names.add(element.value)
    if (!('options' in element)) continue
    if ('pluralType' in element) use.plurals.push(Object.keys(element.options))
    for (const { value } of Object.values(element.options)) useOf(value, use)
  }
  return use
}
const read = (text: string, language: string): Use => useOf(new IntlMessageFormat(text, language).getAst())

/** Categories that a plural cannot do without: those of whole numbers below a million. French and Spanish "many" begins there. */
const everyday = (language: string): readonly string[] => {
  const rules = new Intl.PluralRules(language)
  return [...new Set(Array.from({ length: 200 }, (_, count) => rules.select(count)))]
}

/** What is wrong with a translation; empty: nothing. */
const faultsOf = (language: string, inEnglish: Texts, inLanguage: Texts): readonly string[] => {
  const known = new Intl.PluralRules(language).resolvedOptions().pluralCategories
  return [
    ...Object.keys(inEnglish).flatMap((key) => (Object.hasOwn(inLanguage, key) ? [] : [`${key} is missing`])),
    ...Object.entries(inLanguage).flatMap(([key, text]) => {
      const original = inEnglish[key]
      if (original === undefined) return [`${key} is not a text`]
      // In a message an apostrophe before a brace makes it a letter.
      if (text.includes("'")) return [`${key} has a straight apostrophe`]
      if (text.trim() === '') return [`${key} is empty`]
      const [wanted, has] = [read(original, 'en'), read(text, language)]
      return [
        ...[...wanted.names].filter((name) => !has.names.has(name)).map((name) => `${key} lacks {${name}}`),
        ...[...has.names].filter((name) => !wanted.names.has(name)).map((name) => `${key} has {${name}}`),
        ...has.plurals.flatMap((categories) => {
          const named = categories.filter((category) => !category.startsWith('='))
          const exact = (category: string) => category === 'zero' && categories.includes('=0')
          const plain = named.length === 1
          return [
            ...named
              .filter((category) => !known.includes(category as Intl.LDMLPluralRule))
              .map((is) => `${key}: ${is}`),
            ...(plain ? [] : everyday(language).filter((is) => !named.includes(is) && !exact(is))).map(
              (is) => `${key} does not tell ${is} apart`,
            ),
          ]
        }),
      ]
    }),
  ]
}

describe.each(others)('in %s', (language) => {
  test.each(Object.keys(english))(
    'every text of %s is there, needs what English needs and counts by the rules',
    (place) => {
      const texts = translated[`./locales/${language}/${place}.json`] ?? {}
      expect(faultsOf(language, english[place] ?? {}, texts)).toEqual([])
      expect(Object.keys(texts)).toEqual(Object.keys(english[place] ?? {}))
    },
  )
})

test('each of the languages has its folder, and no place more than English', () => {
  const files = Object.keys(translated).sort()
  const wanted = others.flatMap((language) =>
    Object.keys(english).map((place) => `./locales/${language}/${place}.json`),
  )
  expect(files).toEqual(wanted.sort())
})

test('what is wrong with a translation is found', () => {
  const text = '{count, plural, one {# thing} other {# things}} of {name}'
  const faults = (language: string, said: string) => faultsOf(language, { text }, { text: said })
  expect(faultsOf('fr', { text }, {})).toEqual(['text is missing'])
  expect(faultsOf('fr', {}, { text })).toEqual(['text is not a text'])
  expect(faults('fr', '{count, plural, one {# chose} other {# choses}}')).toEqual(['text lacks {name}'])
  expect(faults('fr', '{count, plural, one {# chose} two {# x} other {# choses}} {name}')).toEqual(['text: two'])
  expect(faults('ar', '{count, plural, one {#} two {#} few {#} other {#}} {name}')).toEqual([
    'text does not tell zero apart',
    'text does not tell many apart',
  ])
  expect(faults('fr', "{count, plural, one {#} other {#}} d'{name}")).toEqual(['text has a straight apostrophe'])
})
