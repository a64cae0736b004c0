import type { ProposedAction } from '@auzolan/core'
import type { Proposable } from '@auzolan/peer'

/** The same question once more. `undefined`: nobody can ask it in the group's name, or this app cannot. */
export const askedAgain = (action: ProposedAction, reason: string): Proposable | undefined => {
  switch (action.is) {
    case 'remove':
    case 'readmit':
      return { is: action.is, person: action.person.id, reason }
    case 'moderator':
      return { is: 'moderator', person: action.person.id, on: action.on, reason }
    case 'votes': {
      const idsOf = (people: typeof action.gives) => people.map(({ id }) => id)
      return { is: 'votes', give: idsOf(action.gives), take: idsOf(action.takes), reason }
    }
    case 'rename':
    case 'rule':
    case 'admission':
      return { ...action, reason }
    case 'admit':
    case 'rebind':
    case 'other':
      return undefined
  }
}
