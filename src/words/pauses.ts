import type { Person, PersonView } from '@auzolan/core'

/** A pause that everyone is told of. `by`: whom this person paused in turn; absent: it has lasted for days. */
export interface ToldPause {
  readonly person: PersonView
  readonly by?: Person
}

/** After so long a pause is more than a moment's safety, and the group is reminded to settle it: three days, in ms. */
export const LONG_PAUSE_MS = 3 * 24 * 60 * 60 * 1000

/** Two who paused each other, once for both; and who has been paused for long. Of one's own pause somebody is told elsewhere. */
export const pausesOfOthers = (people: readonly PersonView[], now: number): readonly ToldPause[] => {
  const paused = people.filter(({ paused, me, left }) => paused && !me && !left)
  return paused.flatMap((person): ToldPause[] => {
    const by = otherOf(person, people)
    if (by) return !by.me && person.id < by.id ? [{ person, by }] : []
    return person.paused && now - person.paused.at > LONG_PAUSE_MS ? [{ person }] : []
  })
}

/** Who paused this person, and was paused by them. */
export const otherOf = ({ id, paused }: PersonView, people: readonly PersonView[]): PersonView | undefined =>
  people.find((other) => other.id === paused?.by.id && other.paused?.by.id === id && !other.left)
