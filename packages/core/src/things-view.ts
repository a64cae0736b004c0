import type { Board } from './board.ts'
import { createPersonFinder, type PeopleFacts } from './facts.ts'
import type { Instant, StatementId } from './ids.ts'
import type { BookingState, Thing, ThingState, Used } from './things.ts'
import type { Person } from './views.ts'

/** A line of the list of shared things. */
export interface ThingRow {
  readonly id: StatementId
  readonly name: string
  readonly where: string
  readonly keeper: Person
  readonly shared: boolean
  /** Who has it now, or next; `null`: nobody. */
  readonly next: { readonly by: Person; readonly from: Instant; readonly to: Instant } | null
  /** Bookings to come that overlap another, and nobody settled it. */
  readonly clashing: number
}

export interface UsedView extends Omit<Used, 'by'> {
  readonly by: Person
}

export interface BookingView extends Omit<BookingState, 'by' | 'madeRoom' | 'uses'> {
  readonly by: Person
  readonly madeRoom: readonly Person[]
  readonly uses: readonly UsedView[]
}

export interface ThingView extends Omit<Thing, 'by' | 'people'> {
  readonly keeper: Person
  readonly people: readonly Person[]
  /** Those within the time asked about, and what they overlap. */
  readonly bookings: readonly BookingView[]
}

/** Every shared thing, by name. `now`: what is over is no matter any more. */
export const thingRows = (board: Board, people: PeopleFacts, now: Instant): readonly ThingRow[] => {
  const personOf = createPersonFinder(people)
  return board.things.map(({ id, name, where, by, shared, bookings }) => {
    const coming = bookings.filter(({ to }) => to > now)
    const [next] = coming
    return {
      ...{ id, name, where, shared },
      keeper: personOf(by),
      next: next ? { by: personOf(next.by), from: next.from, to: next.to } : null,
      clashing: coming.filter(isClashing).length,
    }
  })
}

/** One thing, with its calendar from one time to another. */
export const thingView = (
  thing: ThingState,
  people: PeopleFacts,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): ThingView => {
  const personOf = createPersonFinder(people)
  const { by, people: named, bookings, ...rest } = thing
  return {
    ...rest,
    keeper: personOf(by),
    people: named.map(personOf),
    bookings: bookings
      .filter((booking) => booking.to > from && booking.from < to)
      .map(({ by, madeRoom, uses, ...booking }) => ({
        ...booking,
        by: personOf(by),
        madeRoom: madeRoom.map(personOf),
        uses: uses.map((use) => ({ ...use, by: personOf(use.by) })),
      })),
  }
}

/** Somebody else has it at the same time, and it is not settled. */
export const isClashing = ({ overlaps }: Pick<BookingState, 'overlaps'>): boolean =>
  overlaps.some(({ settled }) => !settled)
