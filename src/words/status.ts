import type { Instant, StatusState } from '@auzolan/core'
import type { Words } from './Words.svelte.ts'

/** After this long on one device only, the chip asks for attention, in ms. */
const ALONE_TOO_LONG = 24 * 60 * 60 * 1000

/** What is said of a state. Soon after the start nobody has been met yet, and "offline" would say more than is known. */
export type ShownStatus = StatusState | { readonly is: 'looking' }

/** `looking`: it is too early to say that nobody is in reach. */
export const shownStatus = (state: StatusState, looking: boolean): ShownStatus =>
  looking && state.is === 'offline' ? { is: 'looking' } : state

export const statusText = (words: Words, state: ShownStatus): string => {
  switch (state.is) {
    case 'looking':
      return words.say('status.looking')
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
export const statusTone = (state: ShownStatus, now: Instant): string => {
  switch (state.is) {
    case 'looking':
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
