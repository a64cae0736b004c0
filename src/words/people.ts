import type { Person } from '@auzolan/core'
import type { Words } from './Words.svelte.ts'

/** How a person is called in a list. */
export const personName = (words: Words, person: Person): string =>
  person.me ? words.say('person.me', { name: nameOf(words, person) }) : nameOf(words, person)

/** How a person is called in a sentence. */
export const inSentence = (words: Words, person: Person): string =>
  person.me ? words.say('you') : nameOf(words, person)

export const nameOf = (words: Words, person: Person): string => person.name || words.say('someone')
