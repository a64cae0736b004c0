import type { Instant, StatusState } from '@auzolan/core'
import type { Words } from './Words.svelte.ts'

/** After this long on one device only, the chip asks for attention, in ms. */
const ALONE_TOO_LONG = 24 * 60 * 60 * 1000

export const statusText = (words: Words, state: StatusState): string => {
  switch (state.is) {
    case 'writing':
      return words.say('status.writing')
    case 'only here':
      return words.say('status.onlyHere')
    case 'shared':
      return words.say('status.shared', { others: state.others })
    case 'getting':
      return words.say('status.getting', { have: state.have, of: state.of })
    case 'offline':
      return words.say('status.offline')
    case 'not saved':
      return words.say('status.notSaved')
    case 'update to edit':
      return words.say('status.updateToEdit')
  }
}

/** Colour is never alone: icon and words say the same. */
export const statusTone = (state: StatusState, now: Instant): string => {
  switch (state.is) {
    case 'writing':
    case 'offline':
      return ''
    case 'only here':
      return now - state.since > ALONE_TOO_LONG ? 'tone-ochre' : ''
    case 'shared':
      return 'tone-ok'
    case 'getting':
      return 'tone-sky'
    case 'not saved':
      return 'tone-red'
    case 'update to edit':
      return 'tone-ochre'
  }
}
