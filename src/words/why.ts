import type { Person, SetAsideView } from '@auzolan/core'
import { inSentence, nameOf, personName } from './people.ts'
import { onDay } from './when.ts'
import type { Words } from './Words.svelte.ts'

/** What is set aside, as one line. */
export const asideText = (words: Words, { what, by }: SetAsideView): string => {
  const name = by ? atStart(words, by) : words.say('aside.somebody')
  switch (what.is) {
    case 'answer':
      return words.say('aside.answer', { name, answer: words.say(`proof.vote.${what.answer}`) })
    case 'admission':
      return words.say('aside.admission', { name, newcomer: what.name || words.say('someone') })
    case 'pause':
    case 'endPause':
    case 'confirm':
      return words.say(`aside.${what.is}`, { name, person: inSentence(words, what.person) })
    case 'writing':
      return what.count === null
        ? words.say('aside.writing', { name })
        : words.say('aside.writingCount', { name, count: what.count })
    default:
      return words.say(`aside.${what.is}`, { name })
  }
}

/** Why it does not count, and what would make it count where something would. */
export const whyText = (words: Words, { why: { because, person, at } }: SetAsideView): string =>
  words.say(`why.${because}`, {
    person: person ? personName(words, person) : words.say('someone'),
    when: at === null ? '' : words.say('why.when', { day: onDay(words.forms, at) }),
  })

const atStart = (words: Words, person: Person): string => (person.me ? words.say('youCapital') : nameOf(words, person))
