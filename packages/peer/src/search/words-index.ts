import { excerptOf, type Findable, type Found, foundKinds, type FoundKind, plainWords } from '@auzolan/core'
import MiniSearch from 'minisearch'

/** Shortest that is looked for, in letters: one letter is in everything. */
const SHORTEST = 2
/** The same in messages. */
const SHORTEST_IN_TALK = 3
/** From so many letters on a word may be mistyped: shorter ones would become any other. */
const TYPO_LETTERS = 5
/** Of a word's letters, so many may be wrong: one of five, two of ten. */
const TYPOS = 0.2
/** Words of a question that are looked for: a sentence. Each more takes as long again. */
const QUESTION_WORDS = 8
/** Letters of a text that are kept for finding it: the first page of a plan. */
const KEPT_LETTERS = 4_000
/** What a list of one kind has room for. */
export const SHOWN_OF_A_KIND = 6

/** `by`: see `Findable`. The higher the score, the better. */
export type Match = Omit<Found, 'group' | 'groupName'> & Pick<Findable, 'by'> & { readonly score: number }

const emptyIndex = (): MiniSearch<Findable> =>
  new MiniSearch<Findable>({
    idField: 'key',
    fields: ['title', 'text'],
    storeFields: ['kind', 'id', 'place', 'title', 'text', 'by'],
    processTerm: plainWords,
    searchOptions: {
      boost: { title: 3 },
      combineWith: 'AND',
      prefix: true,
      fuzzy: (term) => (term.length >= TYPO_LETTERS ? TYPOS : false),
    },
  })

/** The words of one group, as they are now. What is taken out is not found any more at once. */
export class WordsIndex {
  /** Messages are by far the most, so that words of two letters would be in thousands of them. */
  readonly #talk = emptyIndex()
  readonly #rest = emptyIndex()

  put(findable: Findable): void {
    this.drop(findable.key)
    const index = findable.kind === 'message' ? this.#talk : this.#rest
    index.add({ ...findable, text: findable.text.slice(0, KEPT_LETTERS) })
  }

  drop(key: string): void {
    for (const index of [this.#talk, this.#rest]) if (index.has(key)) index.discard(key)
  }

  /** The best of each kind. */
  find(question: string): readonly Match[] {
    const wanted = wordsOf(question)
    const inTalk = wanted.filter(({ length }) => length >= SHORTEST_IN_TALK)
    const left = new Map<FoundKind, number>(foundKinds.map((kind) => [kind, SHOWN_OF_A_KIND]))
    const found: Match[] = []
    for (const { index, words } of [
      { index: this.#rest, words: wanted },
      { index: this.#talk, words: inTalk },
    ])
      for (const result of words.length > 0 ? index.search(words.join(' ')) : []) {
        const { kind, id, place, title, text, by } = result as unknown as Findable
        const room = left.get(kind) ?? 0
        if (room === 0) continue
        left.set(kind, room - 1)
        found.push({ kind, id, place, title, by, text: excerptOf(text, words), score: result.score })
      }
    return found
  }
}

/** The words that a question is made of; one letter may be a word that has only begun. */
const wordsOf = (question: string): readonly string[] =>
  (plainWords(question).match(/[\p{L}\p{N}]+/gu) ?? [])
    .filter(({ length }) => length >= SHORTEST)
    .slice(0, QUESTION_WORDS)
