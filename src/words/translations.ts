import type { Key, Language } from './Words.svelte.ts'

export type Texts = Readonly<Partial<Record<Key, string>>>

/** A language as it is loaded: what the first paint may say, and what single places do, each by its file. */
interface Locale {
  readonly first: Texts
  readonly places: Readonly<Record<string, () => Promise<Texts>>>
}

/** What a place says, in English and, once they have arrived, in the words of the language spoken. */
export interface PlaceTexts {
  readonly name: string
  readonly english: Texts
  readonly said: Texts
}

const locales = import.meta.glob<Locale>('./locales/*.ts')

type Loaded = Omit<PlaceTexts, 'said'> & { said: Texts }

const loaded: Loaded[] = []
let latest = 0
let spoken: Locale | undefined
let arriving: Promise<unknown> | undefined

/** The texts of a place that has loaded; its translation is sent for at once. */
export const placeTexts = (name: string, english: Texts): PlaceTexts => {
  const place = { name, english, said: {} }
  loaded.push(place)
  if (spoken) arriving = Promise.all([arriving, fill(place, spoken)])
  return place
}

/** A part of the app once what it says has arrived too. */
export const withTexts = async <T>(load: () => Promise<T>): Promise<T> => {
  const found = await load()
  await arriving
  return found
}

/**
 * From now on every place is translated: those loaded before, and each as it loads. Answers what the first paint may say; `undefined`: it
 * cannot be fetched now, and nothing changes. Every other place follows by itself, so that all of them are here when the network is not.
 */
export const translate = async (language: Language): Promise<Texts | undefined> => {
  const turn = (latest += 1)
  try {
    const locale = await locales[`./locales/${language}.ts`]?.()
    // Another language was chosen meanwhile.
    if (turn !== latest) return {}
    spoken = locale
    await Promise.all(loaded.map((place) => fill(place, locale)))
    if (locale) void Promise.all(Object.values(locale.places).map((load) => load())).catch(() => undefined)
    return locale?.first ?? {}
  } catch {
    return undefined
  }
}

/** A place whose translation cannot be fetched now says it in English. */
const fill = async (place: Loaded, locale: Locale | undefined): Promise<void> => {
  const [, load] = Object.entries(locale?.places ?? {}).find(([file]) => file.endsWith(`/${place.name}.json`)) ?? []
  const said = await load?.().catch(() => undefined)
  if (spoken === locale) place.said = said ?? {}
}
