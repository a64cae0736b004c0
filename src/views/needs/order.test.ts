import type { ListingView } from '@auzolan/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inListingOrder, listingOrders } from './order.ts'

const anyListing = fc
  .record({
    id: fc.uuid(),
    at: fc.nat(3),
    when: fc.constantFrom('', '2026-12-05T13:00Z', '2026-12-06T13:00Z'),
    amount: fc.integer({ min: 1, max: 4 }),
    promised: fc.nat(4),
  })
  .map(
    ({ promised, ...listing }) =>
      ({ ...listing, left: Math.max(0, listing.amount - promised) }) as unknown as ListingView,
  )

test('every order is one and the same whatever order things came in, and keeps all of them', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(anyListing, { selector: ({ id }) => id }),
      fc.constantFrom(...listingOrders),
      (all, order) => {
        expect(inListingOrder([...all].reverse(), order)).toEqual(inListingOrder(all, order))
        expect(new Set(inListingOrder(all, order))).toEqual(new Set(all))
      },
    ),
  )
})

test('what has a time comes before what has none', () => {
  const [none, some] = [
    { id: 'a', at: 9, when: '' },
    { id: 'b', at: 1, when: '2026-12-05T13:00Z' },
  ] as unknown as ListingView[]
  expect(inListingOrder([none, some] as ListingView[], 'soonest')).toEqual([some, none])
  expect(inListingOrder([none, some] as ListingView[], 'newest')).toEqual([none, some])
})
