/**
 * The same workspace for everyone: initiatives of a neighbourhood group with their plan, actions and talk, 1.33 kB of JSON on average.
 * Subjects do not load them as finished objects; they take the steps that made them (`stepsOf`), so that each has a history.
 */
export interface Action {
  readonly id: string
  readonly title: string
  readonly when: string
  readonly places: number
}

export interface Message {
  readonly id: string
  readonly by: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly text: string
}

export interface Initiative {
  readonly id: string
  readonly title: string
  readonly why: string
  readonly when: string
  readonly where: string
  readonly plan: string
  readonly actions: readonly Action[]
  readonly messages: readonly Message[]
}

/** One act of one person: one change, transaction or entry of the subject. */
export type Step =
  | { readonly do: 'start'; readonly title: string }
  | { readonly do: 'describe'; readonly why: string; readonly when: string; readonly where: string }
  | { readonly do: 'write'; readonly plan: string }
  | { readonly do: 'plan'; readonly action: Action }
  | { readonly do: 'say'; readonly message: Message }

/** A line of the first usable list. */
export interface Row {
  readonly id: string
  readonly title: string
  readonly actions: number
  readonly messages: number
}

/** How many initiatives the workloads of `PERFORMANCE.md` are about. */
export const corpusSize = 2_000

/** Mulberry32 (Tommy Ettinger, public domain): 32 bits of state are plenty for words in a benchmark. Answers [0, 1). */
export const seeded = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
}

const vocabulary = (
  'repair café garden bench tools shelf Saturday morning evening neighbours street school kitchen soup bread bicycle lamp radio cable ' +
  'paint brush wood seeds compost water tent music children library books key room table chairs coffee poster flyer market van cargo ' +
  'we need someone who can bring meet after before with without until please thanks maybe enough more two three four together again'
).split(' ')

const started = Date.UTC(2026, 0, 5, 9)

class Writer {
  readonly #random: () => number
  constructor(seed: number) {
    this.#random = seeded(seed)
  }
  /** A whole number from `least` to `most`. */
  number(least: number, most: number): number {
    return least + Math.floor(this.#random() * (most - least + 1))
  }
  words(count: number): string {
    const words = Array.from({ length: count }, () => vocabulary[this.number(0, vocabulary.length - 1)] ?? '')
    const text = words.join(' ')
    return text.charAt(0).toUpperCase() + text.slice(1)
  }
  hex(length: number): string {
    return Array.from({ length }, () => this.number(0, 15).toString(16)).join('')
  }
}

/** The message with number `n` of a talk; the same `n` and `seed` give the same message. */
export const messageAt = (n: number, seed: number): Message => {
  const writer = new Writer(seed * 1_000_003 + n)
  return {
    id: writer.hex(16),
    by: writer.hex(16),
    at: started + n * 61_000,
    text: writer.words(writer.number(6, 26)),
  }
}

const initiativeAt = (n: number): Initiative => {
  const writer = new Writer(n + 1)
  return {
    id: writer.hex(32),
    title: writer.words(writer.number(3, 6)),
    why: writer.words(writer.number(8, 16)),
    when: `2026-${String(writer.number(1, 12)).padStart(2, '0')}-${String(writer.number(1, 28)).padStart(2, '0')}`,
    where: writer.words(3),
    plan: writer.words(writer.number(25, 66)),
    actions: Array.from({ length: writer.number(1, 5) }, () => ({
      id: writer.hex(16),
      title: writer.words(writer.number(2, 5)),
      when: `${writer.number(8, 20)}:00`,
      places: writer.number(1, 6),
    })),
    messages: Array.from({ length: writer.number(0, 6) }, (_, index) => messageAt(index, n + 1)),
  }
}

export const corpus = (count = corpusSize): Initiative[] => Array.from({ length: count }, (_, n) => initiativeAt(n))

/** Bytes of JSON of the whole workspace: what shares and ratios refer to. */
export const jsonBytes = (items: readonly Initiative[]): number =>
  items.reduce((total, item) => total + new TextEncoder().encode(JSON.stringify(item)).length, 0)

export const stepsOf = (item: Initiative): Step[] => [
  { do: 'start', title: item.title },
  { do: 'describe', why: item.why, when: item.when, where: item.where },
  { do: 'write', plan: item.plan },
  ...item.actions.map((action) => ({ do: 'plan', action }) as const),
  ...item.messages.map((message) => ({ do: 'say', message }) as const),
]

/** One key of a typing trace. */
export type Key = { readonly at: number; readonly insert: string } | { readonly at: number; readonly remove: 1 }

/** Somebody writes: mostly onwards, sometimes deleting what they just wrote, now and then going back to an earlier place. */
export const typingTrace = (keys: number): Key[] => {
  const random = seeded(7)
  const letters = 'etaoinshrdlucmfwypvbgk   '
  let length = 0
  let cursor = 0
  return Array.from({ length: keys }, () => {
    if (random() < 0.01) cursor = Math.floor(random() * (length + 1))
    if (cursor > 0 && random() < 0.08) {
      cursor -= 1
      length -= 1
      return { at: cursor, remove: 1 } as const
    }
    const key = { at: cursor, insert: letters[Math.floor(random() * letters.length)] ?? ' ' }
    cursor += 1
    length += 1
    return key
  })
}
