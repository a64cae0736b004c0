import { IntlMessageFormat } from 'intl-messageformat'
import en from './en.json'

export type Key = keyof typeof en
export type Values = Readonly<Record<string, string | number>>

/** Languages by their own names. English is always there; the others load when chosen. */
export const languages = { en: 'English' } as const
export type Language = keyof typeof languages

/** Letters of scripts written from right to left. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/

/** Unicode's FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE. */
const ISOLATE = String.fromCodePoint(0x2068)
const POP = String.fromCodePoint(0x2069)

/** A name in another direction would reorder the sentence around it: it is isolated. */
const isolated = ([name, value]: [string, string | number]): [string, string | number] =>
  typeof value === 'string' && RIGHT_TO_LEFT.test(value) ? [name, ISOLATE + value + POP] : [name, value]

const files = import.meta.glob<Partial<Record<Key, string>>>('./locales/*.json', { import: 'default' })

/** Every text of the interface, in the language chosen. */
export class Words {
  #language = $state<Language>('en')
  #texts = $state.raw<Readonly<Record<Key, string>>>(en)
  #formats: Partial<Record<Key, IntlMessageFormat>> = {}

  get language(): Language {
    return this.#language
  }

  /** Uses the first of `wanted` (BCP 47 tags, best first) that exists. */
  async choose(wanted: readonly string[]): Promise<void> {
    const found = wanted
      .map((tag) => tag.split('-')[0] ?? '')
      .find((tag): tag is Language => Object.hasOwn(languages, tag))
    const language = found ?? 'en'
    const load = files[`./locales/${language}.json`]
    this.#texts = load ? { ...en, ...(await load()) } : en
    this.#formats = {}
    this.#language = language
    document.documentElement.lang = language
  }

  say = (key: Key, values: Values = {}): string => {
    const text = this.#texts[key]
    if (!text.includes('{') && !text.includes("'")) return text
    const format = (this.#formats[key] ??= new IntlMessageFormat(text, this.#language))
    return String(format.format(Object.fromEntries(Object.entries(values).map(isolated))))
  }
}
