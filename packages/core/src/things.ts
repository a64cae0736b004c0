import type { DocumentId, Instant, MemberId, StatementId } from './ids.ts'
import { byTime, type Stamped } from './plan.ts'
import type { Bookers } from './statement.ts'

/** What a keeper asks of whoever books. */
export interface ThingRules {
  readonly who: Bookers
  readonly people: readonly MemberId[]
  readonly longest: number
  readonly notice: number
  /** False: it is not lent any more. */
  readonly shared: boolean
}

/** Something that people share. `id` and `at` are those of the first that was said of it. */
export interface Thing extends Stamped, ThingRules {
  /** Its keeper: who said so first. */
  readonly by: MemberId
  readonly place: DocumentId
  readonly name: string
  readonly where: string
  readonly rules: string
}

/** What of the keeper's rules a booking does not keep. `gone`: it was not lent any more. */
export type RuleBroken = 'gone' | 'who' | 'longest' | 'notice'

export interface Booking extends Stamped {
  readonly by: MemberId
  /** What for: an initiative, or the group's document. */
  readonly place: DocumentId
  readonly from: Instant
  readonly to: Instant
  readonly note: string
}

/** What became of a booking, by the word of one. */
export interface Used extends Stamped {
  readonly by: MemberId
  readonly minutes: number
  readonly note: string
}

export interface Overlap {
  readonly with: StatementId
  /** Who says that the two can go together. */
  readonly agreed: readonly MemberId[]
  /** Both who booked say so, or the keeper does. */
  readonly settled: boolean
}

export interface BookingState extends Booking {
  /** By the rules that stood when its author says they booked. It stays on the calendar all the same. */
  readonly against: readonly RuleBroken[]
  /** Bookings of others for the same time, by when they begin: of more than `SHOWN_OVERLAPS` not all. */
  readonly overlaps: readonly Overlap[]
  /** Who took theirs back to make room for it. */
  readonly madeRoom: readonly MemberId[]
  /** The word of who booked, and the keeper's. */
  readonly uses: readonly Used[]
}

export interface ThingState extends Thing {
  /** Those that stand, by when they begin, then id. */
  readonly bookings: readonly BookingState[]
}

/** What of these rules a booking does not keep, said by its author at `at`. The keeper may do as they like. */
export const brokenRules = (
  { who, people, longest, notice, shared }: ThingRules,
  keeper: MemberId,
  { by, at, from, to }: Pick<Booking, 'by' | 'at' | 'from' | 'to'>,
): readonly RuleBroken[] => {
  if (by === keeper) return []
  const broken: RuleBroken[] = []
  if (!shared) broken.push('gone')
  if (who === 'named' && !people.includes(by)) broken.push('who')
  if (longest > 0 && to - from > longest * MINUTE) broken.push('longest')
  if (notice > 0 && from - at < notice * MINUTE) broken.push('notice')
  return broken
}

/** In the order of a calendar. */
export const byBeginning = (left: Booking, right: Booking): number =>
  left.from - right.from || (left.id < right.id ? -1 : left.id > right.id ? 1 : 0)

/** Which of these, of different people, take the same time, for each. `bookings`: by beginning. Takes time in proportion to their number, whatever they are. */
export const overlapsAmong = (bookings: readonly Booking[]): ReadonlyMap<StatementId, readonly Booking[]> => {
  const overlaps = new Map<StatementId, Booking[]>()
  const note = (one: Booking, other: Booking): void => {
    const known = overlaps.get(one.id) ?? []
    if (known.length < SHOWN_OVERLAPS) overlaps.set(one.id, [...known, other])
  }
  for (const [at, one] of bookings.entries())
    for (const other of bookings.slice(at + 1, at + 1 + SHOWN_OVERLAPS)) {
      if (other.from >= one.to) break
      if (one.by === other.by) continue
      note(one, other)
      note(other, one)
    }
  return overlaps
}

/** Who the app suggests makes room: whoever the keeper's rules speak against, else who said so last. Nobody is ever removed. */
export const makesRoom = <B extends Pick<BookingState, 'id' | 'at' | 'against'>>(one: B, other: B): B => {
  if (one.against.length > 0 !== other.against.length > 0) return one.against.length > 0 ? one : other
  return byTime(one, other) < 0 ? other : one
}

/** The first time from `from` on at which nobody has it for so many minutes. `bookings`: by beginning. */
export const firstFree = (
  bookings: readonly Pick<Booking, 'from' | 'to'>[],
  from: Instant,
  minutes: number,
): Instant => {
  let free: number = from
  for (const each of bookings) {
    if (each.from - free >= minutes * MINUTE) break
    free = Math.max(free, each.to)
  }
  return free as Instant
}

const MINUTE = 60_000
/** Overlaps told of one booking: three are a mess that people settle among themselves, more come from no person. */
export const SHOWN_OVERLAPS = 16
