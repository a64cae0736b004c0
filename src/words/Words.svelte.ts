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
import type recover from './places/recover.json'
import type talk from './places/talk.json'
import type things from './places/things.json'
import type today from './places/today.json'
import { translate, type PlaceTexts, type Texts } from './translations.ts'

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
  | keyof typeof recover
  | keyof typeof talk
  | keyof typeof things
  | keyof typeof today
  | ProofKey
export type Key = keyof typeof en | PlaceKey
export type Values = Readonly<Record<string, string | number>>

/** Languages by their own names. English is always there; the others load when chosen. */
export const languages = { en: 'English', es: 'Español', eu: 'Euskara', fr: 'Français', ar: 'العربية' } as const
export type Language = keyof typeof languages

const isLanguage = (tag: string): tag is Language => Object.hasOwn(languages, tag)

/** Letters of scripts written from right to left, and of any other. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/
const LEFT_TO_RIGHT = /[^\P{L}\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u

/** Unicode's FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE. */
const ISOLATE = String.fromCodePoint(0x2068)
const POP = String.fromCodePoint(0x2069)

/** Chromium has no months and weekdays in Basque, though it says it has: they would be English words, or "M01". Spanish is what comes nearest. */
const lacksBasque = (): boolean =>
  !new Intl.DateTimeFormat('eu', { month: 'long' }).format(new Date(2020, 0, 15)).startsWith('urtarril')

/** Every text of the interface, in the language chosen. */
export class Words {
  #language = $state<Language>('en')
  #wanted: Language = 'en'
  #texts = $state.raw<Texts>(en)
  readonly #learnt: PlaceTexts[] = []
  /** Of places that have loaded. Plain on purpose: a place learns its texts before it says any. */
  readonly #places: Partial<Record<Key, string>> = {}
  #formats: Partial<Record<Key, IntlMessageFormat>> = {}

  get language(): Language {
    return this.#language
  }

  /** The language to say dates, numbers and lists in. */
  get forms(): string {
    return this.#language === 'eu' && lacksBasque() ? 'es' : this.#language
  }

  get direction(): 'ltr' | 'rtl' {
    return RIGHT_TO_LEFT.test(languages[this.#language]) ? 'rtl' : 'ltr'
  }

  /** Uses the first of `wanted` (BCP 47 tags, best first) that exists. `false`: it cannot be fetched now, and the language stays. */
  async choose(wanted: readonly string[]): Promise<boolean> {
    const language = wanted.map((tag) => tag.split('-')[0] ?? '').find(isLanguage) ?? 'en'
    this.#wanted = language
    const texts = await translate(language)
    if (!texts || this.#wanted !== language) return texts !== undefined
    this.#texts = { ...en, ...texts }
    this.#formats = {}
    this.#language = language
    for (const place of this.#learnt) this.learn(place)
    document.documentElement.lang = language
    document.documentElement.dir = this.direction
    return true
  }

  /** A place has loaded, with texts of its own. */
  learn(place: PlaceTexts): void {
    if (!this.#learnt.includes(place)) this.#learnt.push(place)
    Object.assign(this.#places, place.english, place.said)
  }

  say = (key: Key, values: Values = {}): string => {
    const text = this.#texts[key] ?? this.#places[key]
    if (text === undefined) {
      console.error(`The place that says '${key}' has not learnt it`)
      return ''
    }
    if (!text.includes('{') && !text.includes("'")) return text
    const format = (this.#formats[key] ??= new IntlMessageFormat(text, this.forms))
    return String(format.format(Object.fromEntries(Object.entries(values).map(this.#isolated))))
  }

  /** A name in another direction would reorder the sentence around it: it is isolated. */
  #isolated = ([name, value]: [string, string | number]): [string, string | number] => {
    const other = this.direction === 'rtl' ? LEFT_TO_RIGHT : RIGHT_TO_LEFT
    return typeof value === 'string' && other.test(value) ? [name, ISOLATE + value + POP] : [name, value]
  }
}
