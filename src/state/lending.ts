import { type BookingView, type Instant, momentText, type StatementId } from '@auzolan/core'
import type { BookingDraft, ThingDraft } from '@auzolan/peer'
import type { GroupState } from './GroupState.svelte.ts'

/** What one person does with what a group shares, each with its undo. */

/** Says what one shares, or says it anew. `before`: how it was said. Resolves to the thing. */
export const shareThing = async (
  group: GroupState,
  of: StatementId | null,
  draft: ThingDraft,
  before?: ThingDraft,
): Promise<StatementId | undefined> => {
  const say = (thing: StatementId | null, as: ThingDraft) =>
    group.session.act((peer) => peer.shareThing(group.id, thing, as))
  const said = await say(of, draft)
  if (!said) return undefined
  group.did(of ? 'notice.changed' : 'notice.shared', () => say(of ?? said, before ?? { ...draft, shared: false }))
  return of ?? said
}

export const book = async (group: GroupState, thing: StatementId, draft: BookingDraft): Promise<boolean> => {
  const booked = await group.session.act((peer) => peer.book(group.id, thing, draft))
  if (booked) group.did('notice.booked', () => group.session.act((peer) => peer.unbook(group.id, booked, null)))
  return booked !== undefined
}

/** `to`: the booking of somebody else that it makes room for. */
export const unbook = async (
  group: GroupState,
  thing: StatementId,
  { id, from, to: until, note, place }: BookingView,
  to: StatementId | null = null,
): Promise<void> => {
  if (!(await group.session.act((peer) => peer.unbook(group.id, id, to)))) return
  const again = { from: momentText(from), to: momentText(until), note, place }
  group.did(to ? 'notice.madeRoom' : 'notice.unbooked', () =>
    group.session.act((peer) => peer.book(group.id, thing, again)),
  )
}

export const settle = async (
  group: GroupState,
  one: StatementId,
  other: StatementId,
  stands: boolean,
): Promise<void> => {
  const say = (so: boolean) => group.session.act((peer) => peer.settleBookings(group.id, one, other, so))
  if (await say(stands)) group.did('notice.noted', () => say(!stands))
}

export const tellUse = async (
  group: GroupState,
  booking: StatementId,
  what: { readonly minutes: number; readonly note: string; readonly stands: boolean },
): Promise<boolean> => {
  const say = (stands: boolean) => group.session.act((peer) => peer.tellUse(group.id, booking, { ...what, stands }))
  const said = await say(what.stands)
  if (said) group.did('notice.noted', () => say(!what.stands))
  return said !== undefined
}

/** Whatever is over by then is told no more. The same for some minutes, so that two parts of a screen ask one question. */
export const roughlyNow = (): Instant => (Date.now() - (Date.now() % FIVE_MINUTES)) as Instant
const FIVE_MINUTES = 5 * 60_000
