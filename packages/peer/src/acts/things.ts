import {
  BOOKING_LIMIT,
  brokenRules,
  checkSentence,
  checkTitle,
  type DocumentId,
  err,
  momentOf,
  ok,
  type Result,
  type StatementId,
  type Thing,
  type ThingState,
} from '@auzolan/core'
import type { Group } from '../group/group.ts'
import type { Refusal } from '../peer.ts'
import { lineOf } from './lines.ts'

/** A shared thing and its rules, as its keeper says them. */
export type ThingDraft = Pick<Thing, 'name' | 'where' | 'rules' | 'who' | 'people' | 'longest' | 'notice' | 'shared'>

export interface BookingDraft {
  /** Moments (`momentText`). */
  readonly from: string
  readonly to: string
  readonly note?: string
  /** The initiative it is for; missing: whatever the thing belongs to. */
  readonly place?: DocumentId
}

/** `of`: the own thing that is said anew; `null`: a new one. */
export const shareThing = async (
  group: Group,
  of: StatementId | null,
  { longest, notice, ...draft }: ThingDraft,
): Promise<Result<StatementId, Refusal>> => {
  const { board, groupThreads } = group.workspace
  const known = of === null ? undefined : board.thing(of)
  if (of !== null && !known) return err({ type: 'no such thing' })
  if (known && known.by !== group.me) return err({ type: 'not yours' })
  const name = lineOf('name', checkTitle(draft.name))
  if (!name.ok) return name
  const where = lineOf('where', checkSentence(draft.where))
  if (!where.ok) return where
  const rules = lineOf('rules', checkSentence(draft.rules))
  if (!rules.ok) return rules
  const place = known?.place ?? groupThreads[0]
  if (!place) return err({ type: 'no such thing' })
  if (!isMinutes(longest) || !isMinutes(notice)) return tooLong
  const words = { name: name.value, where: where.value, rules: rules.value }
  const people = draft.who === 'named' ? [...new Set(draft.people)] : []
  return group.say({ kind: 'thing', place, thing: of, ...draft, ...words, people, longest, notice })
}

/** What others have booked for that time is no reason to refuse: they may not know of each other either. */
export const book = async (
  group: Group,
  thing: StatementId,
  { from, to, note = '', place }: BookingDraft,
): Promise<Result<StatementId, Refusal>> => {
  const { me } = group
  const found = group.workspace.board.thing(thing)
  if (!found || !me) return err({ type: 'no such thing' })
  const [starts, ends] = [momentOf(from), momentOf(to)]
  if (starts === null || ends === null || ends <= starts) return err({ type: 'no such time' })
  if (!isMinutes((ends - starts) / 60_000)) return tooLong
  const [rule] = brokenRules(found, found.by, { by: me, at: group.now(), from: starts, to: ends })
  if (rule) return err({ type: 'against rules', rule })
  const tidy = lineOf('note', checkSentence(note))
  if (!tidy.ok) return tidy
  return group.say({ kind: 'book', place: place ?? found.place, thing, from, to, note: tidy.value })
}

/** Takes an own booking back. `to`: the other one that it makes room for. */
export const unbook = async (
  group: Group,
  id: StatementId,
  to: StatementId | null,
): Promise<Result<StatementId, Refusal>> => {
  const found = bookingIn(group, id)
  if (!found.ok) return found
  if (found.value.booking.by !== group.me) return err({ type: 'not yours' })
  return group.say({ kind: 'unbook', place: found.value.booking.place, booking: id, for: to })
}

/** Says that two bookings of one time can go together, or not after all. */
export const settleBookings = async (
  group: Group,
  one: StatementId,
  other: StatementId,
  stands: boolean,
): Promise<Result<StatementId, Refusal>> => {
  const [first, second] = [bookingIn(group, one), bookingIn(group, other)]
  if (!first.ok) return first
  if (!second.ok) return second
  const { thing, booking } = first.value
  if (![thing.by, booking.by, second.value.booking.by].some((by) => by === group.me)) return err({ type: 'not yours' })
  return group.say({ kind: 'settle', place: booking.place, one, other, stands })
}

/** Says how long it was used, and what of it; by who booked or by the keeper. `stands`: false takes the word back. */
export const tellUse = async (
  group: Group,
  id: StatementId,
  { minutes, note, stands }: { readonly minutes: number; readonly note: string; readonly stands: boolean },
): Promise<Result<StatementId, Refusal>> => {
  const found = bookingIn(group, id)
  if (!found.ok) return found
  const { thing, booking } = found.value
  if (booking.by !== group.me && thing.by !== group.me) return err({ type: 'not yours' })
  if (!isMinutes(minutes)) return tooLong
  const tidy = lineOf('note', checkSentence(note))
  return tidy.ok
    ? group.say({ kind: 'use', place: booking.place, booking: id, minutes, note: tidy.value, stands })
    : tidy
}

const bookingIn = (
  { workspace }: Group,
  id: StatementId,
): Result<{ readonly thing: ThingState; readonly booking: ThingState['bookings'][number] }, Refusal> => {
  const thing = workspace.board.thingOf(id)
  const booking = thing?.bookings.find((each) => each.id === id)
  return thing && booking ? ok({ thing, booking }) : err({ type: 'no such thing' })
}

const isMinutes = (minutes: number): boolean => Number.isInteger(minutes) && minutes >= 0 && minutes <= BOOKING_LIMIT
const tooLong = err({ type: 'too long', field: 'minutes', limit: BOOKING_LIMIT } as const)
