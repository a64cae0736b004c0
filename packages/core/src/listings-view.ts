import type { Board } from './board.ts'
import { withoutGone } from './exchanges.ts'
import { createPersonFinder, type PeopleFacts } from './facts.ts'
import type { MemberId } from './ids.ts'
import type { ListingView } from './views.ts'

/** Everything that is needed and offered, also what is over, by time. */
export const listingsView = (board: Board, people: PeopleFacts): readonly ListingView[] => {
  const personOf = createPersonFinder(people)
  const isGone = (member: MemberId): boolean => people.people.get(member)?.left ?? false
  return board.listings.map((each) => {
    const { by, promises, ...listing } = withoutGone(each, isGone)
    return {
      ...listing,
      by: personOf(by),
      promises: promises.map(({ by, ...promise }) => ({ ...promise, by: personOf(by) })),
      from: board.origin(listing.place, { listing: listing.id }),
    }
  })
}
