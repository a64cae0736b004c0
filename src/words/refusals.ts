import type { InvitationFault, JoinStep, Refusal } from '@auzolan/peer'
import { onDay } from './when.ts'
import type { Words } from './Words.svelte.ts'

/** What happened · what is safe · what you can do, for every refusal the peer can give. */
export const explain = (words: Words, refusal: Refusal): string => {
  switch (refusal.type) {
    case 'unknown group':
      return words.say('refusal.unknownGroup')
    case 'not a member':
      return words.say('refusal.notMember')
    case 'joining':
      return words.say('refusal.joining')
    case 'too long':
      return words.say('refusal.tooLong', { limit: refusal.limit })
    case 'empty':
      return words.say('refusal.empty')
    case 'no such thing':
      return words.say('refusal.noSuchThing')
    case 'own work':
      return words.say('refusal.ownWork')
    case 'no such time':
      return words.say('refusal.noSuchTime')
    case 'against rules':
      return words.say('refusal.againstRules')
    case 'own listing':
      return words.say('refusal.ownListing')
    case 'not yours':
      return words.say('refusal.notYours')
    case 'device frozen':
      return words.say('refusal.frozen')
    case 'device rewound':
      return words.say('refusal.rewound')
    case 'device revoked':
      return words.say('refusal.revoked')
    case 'asked already':
      return words.say('refusal.askedAlready')
    case 'no vote':
      return words.say('refusal.noVote')
    case 'paused':
      return words.say('refusal.paused')
    case 'no moderator':
      return words.say('refusal.noModerator')
    case 'contested':
      return words.say('refusal.contested')
    case 'weak rule':
      return words.say('refusal.weakRule')
    case 'needs a yes':
      return words.say('refusal.needsYes')
    case 'over':
      return words.say('refusal.over')
    case 'no longer asked':
      return words.say('refusal.noLongerAsked')
    case 'stopped':
      return words.say('refusal.stopped')
    case 'no key':
      return words.say('refusal.noKey')
    case 'wrong words':
      return words.say('refusal.wrongWords')
    case 'not an address':
      return words.say('refusal.notAnAddress')
    case 'not such a file':
      return words.say('refusal.notSuchFile')
    case 'damaged file':
      return words.say('refusal.damagedFile')
    case 'not for this device':
      return words.say('refusal.notForDevice')
    case 'too large file':
      return words.say('refusal.tooLargeFile')
    case 'not saved':
      return words.say(`refusal.notSaved.${refusal.why}`)
    default:
      return explainInvitation(words, refusal)
  }
}

export const explainInvitation = (words: Words, fault: InvitationFault): string => {
  switch (fault.type) {
    case 'not an invitation':
      return words.say('invitation.notOne')
    case 'cut off':
      return words.say('invitation.cutOff')
    case 'newer version':
      return words.say('invitation.newer')
    case 'ended':
      return words.say('invitation.ended', { day: onDay(words.forms, fault.at) })
    case 'already a member':
      return words.say('invitation.alreadyMember')
    case 'rewound':
      return words.say('invitation.rewound')
    case 'locked out':
      return words.say('invitation.lockedOut')
    case 'mistyped':
      return words.say('invitation.mistyped', { line: fault.line })
    case 'other group':
      return words.say('invitation.otherGroup')
  }
}

export type JoinRefusal = Extract<JoinStep, { step: 'refused' }>['why']

export const explainJoinRefusal = (words: Words, why: JoinRefusal): string => {
  switch (why) {
    case 'ended':
      return words.say('join.refused.ended')
    case 'cancelled':
      return words.say('join.refused.cancelled')
    case 'used':
      return words.say('join.refused.used')
    case 'unknown invitation':
      return words.say('join.refused.unknown')
    case 'refused':
      return words.say('join.refused.declined')
    case 'removed':
    case 'failed':
      return words.say('join.refused.failed')
  }
}

/** Why a further device did not come in. */
export const explainLinkRefusal = (words: Words, why: JoinRefusal): string =>
  words.say(why === 'ended' || why === 'used' || why === 'refused' ? `device.refused.${why}` : 'device.refused.failed')

/** Why nobody came in by a recovery sheet. */
export const explainSheetRefusal = (words: Words, why: JoinRefusal): string =>
  words.say(
    why === 'cancelled' || why === 'used' || why === 'removed' ? `recover.refused.${why}` : 'recover.refused.failed',
  )
