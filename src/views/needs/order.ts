import type { ListingView } from '@auzolan/core'

/** Orders a person can choose among; the one in use is written on screen. */
export const listingOrders = ['soonest', 'newest', 'missing'] as const
export type ListingOrder = (typeof listingOrders)[number]

export const isListingOrder = (text: string | undefined): text is ListingOrder =>
  listingOrders.some((order) => order === text)

/** What bears no time comes after what does. */
export const inListingOrder = (listings: readonly ListingView[], order: ListingOrder): readonly ListingView[] =>
  [...listings].sort((left, right) => {
    if (order === 'soonest') {
      const [one, other] = [left.when || LAST, right.when || LAST]
      if (one !== other) return one < other ? -1 : 1
    }
    if (order === 'missing' && right.left / right.amount !== left.left / left.amount)
      return right.left / right.amount - left.left / left.amount
    return right.at - left.at || (left.id < right.id ? -1 : 1)
  })
/** After every moment as it is written. */
const LAST = '~'

/** Whether nothing is left to do about it. */
export const isSettled = ({ over, exchanged }: Pick<ListingView, 'over' | 'exchanged'>): boolean => over || exchanged
