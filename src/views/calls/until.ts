import type { Instant } from '@auzolan/core'
import { onDay } from '../../words/when.ts'
import type { Words } from '../../words/Words.svelte.ts'

/** Until when people are asked, in words; empty: nobody said. */
export const untilLine = (
  words: Words,
  { until, open }: { readonly until: Instant | null; readonly open: boolean },
): string => {
  if (!open) return words.say('call.over')
  if (until === null) return ''
  return words.say(until > Date.now() ? 'call.until' : 'call.was', { day: onDay(words.forms, until) })
}
