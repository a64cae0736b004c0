import type { DocumentId, Instant, MemberId } from './ids.ts'
import type { Said, Statement } from './statement.ts'

/** What can be told of what happened, in few words. */
export const happenings = [
  ...['started', 'said', 'wrote', 'took', 'done', 'ended', 'listed', 'promised', 'booked', 'called', 'signed'],
] as const
export type Happening = (typeof happenings)[number]

/** What happened in one place since somebody looked. */
export interface Happened {
  /** An initiative, or the group's document. */
  readonly place: DocumentId
  /** In the order of `happenings`; none is 0. */
  readonly counts: readonly { readonly what: Happening; readonly count: number }[]
  /** Who did it, in the order in which it came. */
  readonly by: readonly MemberId[]
}

/** Counts what others did, place by place, in the order in which places came up: what is read stays where it is. */
export class SinceTally {
  readonly #places = new Map<DocumentId, { readonly counts: Map<Happening, number>; readonly by: Set<MemberId> }>()

  add({ by, statement }: Pick<Said, 'by' | 'statement'>): void {
    const what = happeningOf(statement)
    const place = placeOf(statement)
    if (what && place) this.#count(place, what, by)
  }

  /** Somebody wrote in a document. */
  addWriting(document: DocumentId, by: MemberId): void {
    this.#count(document, 'wrote', by)
  }

  get happened(): readonly Happened[] {
    return Array.from(this.#places, ([place, { counts, by }]) => ({
      place,
      counts: happenings.flatMap((what) => {
        const count = counts.get(what)
        return count ? [{ what, count }] : []
      }),
      by: [...by],
    }))
  }

  #count(place: DocumentId, what: Happening, by: MemberId): void {
    const known = this.#places.get(place) ?? { counts: new Map<Happening, number>(), by: new Set<MemberId>() }
    this.#places.set(place, known)
    known.counts.set(what, (known.counts.get(what) ?? 0) + 1)
    known.by.add(by)
  }
}

/** What this device has not looked at yet, ready to be shown. */
export interface SinceView {
  /** When it last looked; `null`: it has just begun to. */
  readonly at: Instant | null
  readonly places: readonly Happened[]
  /** More came than was counted. */
  readonly more: boolean
}

const happeningOf = ({ kind }: Statement): Happening | undefined => {
  switch (kind) {
    case 'start':
      return 'started'
    case 'message':
      return 'said'
    case 'take':
      return 'took'
    case 'done':
      return 'done'
    case 'close':
      return 'ended'
    case 'listing':
      return 'listed'
    case 'promise':
      return 'promised'
    case 'book':
      return 'booked'
    case 'call':
      return 'called'
    case 'sign':
      return 'signed'
    default:
      return undefined
  }
}

const placeOf = (statement: Statement): DocumentId | undefined => {
  if ('initiative' in statement) return statement.initiative
  if ('thread' in statement) return statement.thread
  return 'place' in statement ? statement.place : undefined
}
