import type { PersonView } from '@auzolan/core'
import type { Proposable } from '@auzolan/peer'
import type { Key } from '../../words/Words.svelte.ts'

/** What the group can be asked about one person, besides who shall have a vote. */
export const questions = {
  remove: {
    title: 'ask.remove',
    consequences: [
      'ask.remove.new',
      'ask.remove.act',
      'ask.remove.keep',
      'ask.remove.stay',
      'ask.remove.promises',
      'ask.remove.back',
    ],
    ask: (person, reason) => ({ is: 'remove', person, reason }),
  },
  take: {
    title: 'ask.take',
    consequences: ['ask.take.explain'],
    ask: (person, reason) => ({ is: 'votes', give: [], take: [person], reason }),
  },
  lift: {
    title: 'ask.lift',
    consequences: ['ask.lift.explain'],
    ask: (person, reason) => ({ is: 'readmit', person, reason }),
  },
  back: {
    title: 'ask.back',
    consequences: ['ask.back.same', 'ask.back.vote'],
    ask: (person, reason) => ({ is: 'readmit', person, reason }),
  },
  moderator: {
    title: 'ask.moderator',
    consequences: ['ask.moderator.pause', 'ask.moderator.only'],
    ask: (person, reason) => ({ is: 'moderator', person, on: true, reason }),
  },
  noModerator: {
    title: 'ask.noModerator',
    consequences: ['ask.noModerator.explain'],
    ask: (person, reason) => ({ is: 'moderator', person, on: false, reason }),
  },
} as const satisfies Record<
  string,
  {
    readonly title: Key
    readonly consequences: readonly Key[]
    readonly ask: (person: PersonView['id'], reason: string) => Proposable
  }
>

export type PersonQuestion = keyof typeof questions
