import type { SaidLine } from '@auzolan/core'
import type { Words } from './Words.svelte.ts'

/** What somebody said in another group, in a line. */
export const saidElsewhere = (words: Words, { kind, action, text, minutes, saw }: SaidLine): string => {
  switch (kind) {
    case 'message':
      return text || words.say('news.withdrawn')
    case 'need':
    case 'take':
      return words.say(`news.said.${kind}`, { action: action || words.say('news.someAction') })
    case 'done':
      return [words.say('news.said.done', { minutes: minutes ?? 0 }), text].filter((part) => part !== '').join(' · ')
    case 'witness':
      return words.say(`news.said.witness.${saw ?? 'nothing'}`)
    case 'close':
      return [words.say('news.said.close'), text].filter((part) => part !== '').join(' · ')
    case 'giveBack':
    case 'doing':
    case 'reopen':
    case 'retract':
      return words.say(`news.said.${kind}`)
    default:
      return text
  }
}
