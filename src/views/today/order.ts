import type { InitiativeRow } from '@auzolan/core'

/** What the list on Today can be ordered by; always said on screen. */
export const orders = ['newest', 'active', 'people', 'name'] as const
export type Order = (typeof orders)[number]

export const isOrder = (text: string | undefined): text is Order => orders.some((order) => order === text)

const freePlaces = ({ places, taken }: InitiativeRow): number => Math.max(0, places - taken)

/** In the order asked for; where that says nothing, newest first. */
export const inOrder = (rows: readonly InitiativeRow[], order: Order, language: string): readonly InitiativeRow[] => {
  const newest = rows.toSorted((left, right) => right.startedAt - left.startedAt)
  if (order === 'newest') return newest
  if (order === 'active') return newest.sort((left, right) => right.life.heardAt - left.life.heardAt)
  if (order === 'people') return newest.sort((left, right) => freePlaces(right) - freePlaces(left))
  const { compare } = new Intl.Collator(language, { numeric: true })
  return newest.sort((left, right) => compare(left.title, right.title))
}
