import { createPersonFinder, type InvitationFacts, type PeopleFacts } from './facts.ts'
import type { InvitationView, PeopleView, PersonView } from './views.ts'

/** Everyone who is or was in the group, in the order they came, and the invitations in the order given. */
export const peopleView = (
  facts: PeopleFacts,
  invitations: readonly (InvitationFacts & Pick<InvitationView, 'asksFirst'>)[],
): PeopleView => {
  const personOf = createPersonFinder(facts)
  const people = [...facts.people.values()].sort(
    (left, right) => left.since - right.since || (left.id < right.id ? -1 : 1),
  )
  return {
    people: people.map(({ id, via, since, left, moderator, paused, contested, cameBack, devices }): PersonView => ({
      ...personOf(id),
      via: via === null ? 'founder' : personOf(via),
      since,
      left,
      moderator,
      paused: paused && { ...paused, by: personOf(paused.by) },
      contested,
      cameBack,
      devices: devices.map(({ id, frozen }) => ({ id, frozen, current: id === facts.thisDevice })),
    })),
    invitations: invitations.map(({ by, used, ...invitation }) => ({
      ...invitation,
      by: personOf(by),
      used: used.map(personOf),
    })),
  }
}
