import { IntlMessageFormat } from 'intl-messageformat'
import type { ProofKey } from '@auzolan/core'
import en from './en.json'
import type backup from './places/backup.json'
import type calendar from './places/calendar.json'
import type calls from './places/calls.json'
import type find from './places/find.json'
import type history from './places/history.json'
import type join from './places/join.json'
import type lineage from './places/lineage.json'
import type needs from './places/needs.json'
import type people from './places/people.json'
import type talk from './places/talk.json'
import type things from './places/things.json'
import type today from './places/today.json'

/** Texts of single places, which load with them: everything that is here from the beginning is paid for at the first paint. */
type PlaceKey =
  | keyof typeof backup
  | keyof typeof calendar
  | keyof typeof calls
  | keyof typeof find
  | keyof typeof history
  | keyof typeof join
  | keyof typeof lineage
  | keyof typeof needs
  | keyof typeof people
  | keyof typeof talk
  | keyof typeof things
  | keyof typeof today
  | ProofKey
export type Key = keyof typeof en | PlaceKey
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

const files = import.meta.glob<Texts>('./locales/*.json', { import: 'default' })

type Texts = Readonly<Partial<Record<Key, string>>>

/** Every text of the interface, in the language chosen. */
export class Words {
  #language = $state<Language>('en')
  #texts = $state.raw<Texts>(en)
  /** English, of places that have loaded. Plain on purpose: a place learns its texts before it says any. */
  readonly #places: Partial<Record<Key, string>> = {}
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

  /** A place has loaded, with texts of its own. */
  learn(texts: Texts): void {
    Object.assign(this.#places, texts)
  }

  say = (key: Key, values: Values = {}): string => {
    const text = this.#texts[key] ?? this.#places[key] ?? ''
    if (!text.includes('{') && !text.includes("'")) return text
    const format = (this.#formats[key] ??= new IntlMessageFormat(text, this.#language))
    return String(format.format(Object.fromEntries(Object.entries(values).map(isolated))))
  }
}
