import { DocumentId, MemberId, StatementId } from './ids.ts'
import { byTime, type Stamped } from './plan.ts'
import { type Said, sides, type Side, type Statement } from './statement.ts'
import { everyId, everyRow, isCount, stampOf } from './stored.ts'

/** Something that is needed, or offered. */
export interface Listing extends Stamped {
  readonly by: MemberId
  /** The initiative it is for, or the group's document. */
  readonly place: DocumentId
  readonly side: Side
  readonly what: string
  readonly amount: number
  readonly unit: string
  readonly when: string
  readonly where: string
}

/** Somebody's word on part of a listing: I bring so much, or I take so much. */
export interface Promised extends Stamped {
  readonly by: MemberId
  readonly amount: number
  readonly note: string
  /** Whoever gives says they gave it; whoever receives, that they have it. Both: it is closed. */
  readonly given: boolean
  readonly received: boolean
}

export interface ListingState extends Listing {
  /** By time, then id. */
  readonly promises: readonly Promised[]
  readonly promised: number
  readonly left: number
  /** Promised above the amount; nobody is ever removed. */
  readonly tooMuch: number
  /** Who the app suggests steps back: the last of those where nothing changed hands yet. */
  readonly suggestion: StatementId | null
  /** Its author says that it stands no more. */
  readonly over: boolean
  /** All of it changed hands, by the word of both sides. */
  readonly exchanged: boolean
}

export type ExchangeStatement = Extract<Statement, { kind: 'listing' | 'unlist' | 'promise' | 'release' | 'handOver' }>

interface Word extends Stamped {
  readonly stands: boolean
}
type Words = Map<StatementId, Map<MemberId, Word>>

/**
 * What is needed and offered, and what people said to it, folded in any order. Nothing is judged on arrival: what refers to something
 * unknown is kept, and counts once that has arrived and was said by who may say it.
 */
export class Exchanges {
  readonly #listings = new Map<StatementId, Listing>()
  readonly #promises = new Map<StatementId, Map<StatementId, Omit<Promised, 'given' | 'received'>>>()
  readonly #released = new Map<StatementId, Set<MemberId>>()
  readonly #handed: Words = new Map()
  readonly #over: Words = new Map()

  add({ id, by, at, statement }: Pick<Said<ExchangeStatement>, 'id' | 'by' | 'at' | 'statement'>): void {
    switch (statement.kind) {
      case 'listing': {
        const { kind: _, ...listing } = statement
        this.#listings.set(id, { id, at, by, ...listing })
        return
      }
      case 'promise': {
        const { listing, amount, note } = statement
        const known = this.#promises.get(listing) ?? new Map<StatementId, Omit<Promised, 'given' | 'received'>>()
        this.#promises.set(listing, known.set(id, { id, at, by, amount, note }))
        return
      }
      case 'release':
        for (const each of statement.promises) this.#released.set(each, (this.#released.get(each) ?? new Set()).add(by))
        return
      case 'handOver':
        return keepLatest(this.#handed, statement.promise, by, { id, at, stands: statement.stands })
      case 'unlist':
        keepLatest(this.#over, statement.listing, by, { id, at, stands: statement.stands })
    }
  }

  /** By time, then id. */
  get all(): readonly ListingState[] {
    return [...this.#listings.values()].sort(byTime).map((listing) => this.#state(listing))
  }

  of(id: StatementId): ListingState | undefined {
    const listing = this.#listings.get(id)
    return listing && this.#state(listing)
  }

  #state(listing: Listing): ListingState {
    const promises = [...(this.#promises.get(listing.id)?.values() ?? [])]
      .filter(({ by }) => by !== listing.by)
      .map((promise): Promised => {
        const [giver, receiver] = listing.side === 'need' ? [promise.by, listing.by] : [listing.by, promise.by]
        const said = this.#handed.get(promise.id)
        return {
          ...promise,
          given: said?.get(giver)?.stands === true,
          received: said?.get(receiver)?.stands === true,
        }
      })
      .filter((promise) => isClosed(promise) || this.#released.get(promise.id)?.has(promise.by) !== true)
      .sort(byTime)
    return {
      ...listing,
      ...countOf(listing.amount, promises),
      over: this.#over.get(listing.id)?.get(listing.by)?.stands === true,
    }
  }

  toData(): readonly unknown[] {
    return [
      Array.from(this.#listings.values(), ({ id, at, by, place, side, what, amount, unit, when, where }) => [
        ...[id, at, by, place, side, what, amount, unit, when, where],
      ]),
      Array.from(this.#promises, ([listing, promises]) =>
        Array.from(promises.values(), ({ id, at, by, amount, note }) => [listing, id, at, by, amount, note]),
      ).flat(),
      Array.from(this.#released, ([promise, by]) => [promise, [...by]]),
      wordsData(this.#handed),
      wordsData(this.#over),
    ]
  }

  /** Adds what `toData` gave; false where it is damaged. */
  restore(data: unknown): boolean {
    if (!Array.isArray(data)) return false
    const [listings, promises, released, handed, over] = data as readonly unknown[]
    return (
      everyRow(listings, (row) => this.#restoreListing(row)) &&
      everyRow(promises, (row) => this.#restorePromise(row)) &&
      everyRow(released, ([id, by]) => {
        const [promise, members] = [StatementId.parse(id), everyId(by, MemberId.parse)]
        if (promise === undefined || members === undefined) return false
        this.#released.set(promise, new Set(members))
        return true
      }) &&
      restoreWords(this.#handed, handed) &&
      restoreWords(this.#over, over)
    )
  }

  #restoreListing([id, at, by, place, side, what, amount, unit, when, where]: readonly unknown[]): boolean {
    const read = stampOf(id, at, by)
    const [document, kind] = [DocumentId.parse(place), sides.find((each) => each === side)]
    if (read === undefined || document === undefined || kind === undefined || !isCount(amount)) return false
    if (typeof what !== 'string' || typeof unit !== 'string') return false
    if (typeof when !== 'string' || typeof where !== 'string') return false
    this.#listings.set(read.id, { ...read, place: document, side: kind, what, amount, unit, when, where })
    return true
  }

  #restorePromise([to, id, at, by, amount, note]: readonly unknown[]): boolean {
    const [read, listing] = [stampOf(id, at, by), StatementId.parse(to)]
    if (read === undefined || listing === undefined || !isCount(amount) || typeof note !== 'string') return false
    const known = this.#promises.get(listing) ?? new Map<StatementId, Omit<Promised, 'given' | 'received'>>()
    this.#promises.set(listing, known.set(read.id, { ...read, amount, note }))
    return true
  }
}

export const isClosed = ({ given, received }: Pick<Promised, 'given' | 'received'>): boolean => given && received

/** The same without the open promises of people who are not in the group any more (`UX.md` 2.16). What changed hands stays. */
export const withoutGone = (listing: ListingState, isGone: (member: MemberId) => boolean): ListingState => {
  const promises = listing.promises.filter((promise) => isClosed(promise) || !isGone(promise.by))
  return promises.length === listing.promises.length ? listing : { ...listing, ...countOf(listing.amount, promises) }
}

/** What promises come to, of so much. */
const countOf = (amount: number, promises: readonly Promised[]): Omit<ListingState, keyof Listing | 'over'> => {
  const promised = total(promises)
  const tooMuch = Math.max(0, promised - amount)
  return {
    promises,
    promised,
    left: Math.max(0, amount - promised),
    tooMuch,
    suggestion: tooMuch > 0 ? (promises.findLast(({ given, received }) => !given && !received)?.id ?? null) : null,
    exchanged: total(promises.filter(isClosed)) >= amount,
  }
}

const total = (promises: readonly Pick<Promised, 'amount'>[]): number =>
  promises.reduce((sum, { amount }) => sum + amount, 0)

const keepLatest = (words: Words, about: StatementId, by: MemberId, word: Word): void => {
  const known = words.get(about) ?? new Map<MemberId, Word>()
  const before = known.get(by)
  if (before === undefined || byTime(before, word) < 0) words.set(about, known.set(by, word))
}

const wordsData = (words: Words): unknown =>
  Array.from(words, ([about, said]) =>
    Array.from(said, ([by, { id, at, stands }]) => [about, by, id, at, stands]),
  ).flat()

const restoreWords = (words: Words, data: unknown): boolean =>
  everyRow(data, ([to, by, id, at, stands]) => {
    const [read, about] = [stampOf(id, at, by), StatementId.parse(to)]
    if (read === undefined || about === undefined || typeof stands !== 'boolean') return false
    keepLatest(words, about, read.by, { id: read.id, at: read.at, stands })
    return true
  })
