import type { Instant, MemberId } from '@auzolan/core'
import { type Control, type GroupState, needsClose, type ProposalView } from '@auzolan/trust'
import { ANSWERS_LAST_MS } from '../answers/decisions.ts'

/**
 * What a device says of when voting is over (`TRUST.md` G3), if anything is to be said now. Whoever acknowledges two closes counts for neither, so
 * each device waits before it does: a close is acknowledged once everybody has answered in it, or a day after time was over. Its author
 * does so last, when it is enough with theirs: of two who each said in a part cut off that it is over, neither has spent their word.
 * @param since when this device first had the proposal, by its own clock
 */
export const closingStep = (
  proposal: ProposalView,
  me: MemberId,
  { electorate }: GroupState,
  { since, now }: { readonly since: Instant; readonly now: Instant },
): Control | undefined => {
  const { id, phase, closes, rules, rule, panel, tally, missing } = proposal
  if ((phase !== 'open' && phase !== 'closing') || !rules.some(needsClose)) return undefined
  if (rule.kind === 'sortition' && !panel) return undefined
  const isAnswered = missing.length === 0 && tally.spoiled === 0
  if (!isAnswered && now < since + ANSWERS_LAST_MS) return undefined
  const [best] = closes
  const mayAcknowledge = electorate.has(me) && best?.said.includes(me) !== true
  if (!best || (best.without > 0 && closes.length < MOST_CLOSES && mayAcknowledge))
    return { kind: 'close', proposal: id }
  if (!mayAcknowledge || !(isAnswered || now >= since + ANSWERS_LAST_MS + GRACE_MS)) return undefined
  const isLast = 2 * (best.witnesses.length + 1) > electorate.size
  return best.by !== me || isLast ? { kind: 'ack', close: best.id } : undefined
}

/** Answers that were given in time and are on their way have so long to arrive before what is counted is settled. */
const GRACE_MS = 24 * 60 * 60 * 1000
/** Closes of one proposal: whoever answers anew whenever one was written could otherwise keep it open for ever. */
const MOST_CLOSES = 4
