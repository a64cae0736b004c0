import type { Board } from './board.ts'
import { createPersonFinder, type PeopleFacts } from './facts.ts'
import type { ListingView } from './views.ts'

/** Everything that is needed and offered, also what is over, by time. */
export const listingsView = (board: Board, people: PeopleFacts): readonly ListingView[] => {
  const personOf = createPersonFinder(people)
  return board.listings.map(({ by, promises, ...listing }) => ({
    ...listing,
    by: personOf(by),
    promises: promises.map(({ by, ...promise }) => ({ ...promise, by: personOf(by) })),
    from: board.origin(listing.place, { listing: listing.id }),
  }))
}
