import type { MemberId } from '@auzolan/core'
import { covers, newestOf, type Node, type Position } from './control-graph.ts'
import type { Vote } from './control.ts'
import { isAtLeast, isMoreThan, type Rule } from './rules.ts'

/** What a member's ballots come to: one vote, or nothing until a later ballot covers those that differ (`TRUST.md` G2). */
export type Counted = Vote | 'spoiled'

/** A count among electors. */
export interface Tally {
  readonly yes: number
  readonly no: number
  readonly abstain: number
  readonly object: number
  readonly spoiled: number
  /** Electors, whether or not they answered. */
  readonly of: number
}

/** The newest ballots of each member at a position, of those that `counts`. Older ones have been answered by their own author. */
export const countBallots = (
  ballots: ReadonlyMap<MemberId, readonly Node[]>,
  position: Position,
  counts: (ballot: Node) => boolean,
): ReadonlyMap<MemberId, Counted> => {
  const counted = new Map<MemberId, Counted>()
  for (const [member, all] of ballots) {
    const known = all.filter((ballot) => covers(position, ballot) && counts(ballot))
    const [first, ...others] = newestOf(known).map(voteOf)
    if (first) counted.set(member, others.every((vote) => vote === first) ? first : 'spoiled')
  }
  return counted
}

export const voteOf = ({ control }: Node): Vote => {
  if (control.kind !== 'ballot') throw new Error('only a ballot bears a vote')
  return control.vote
}

export const tallyOf = (votes: ReadonlyMap<MemberId, Counted>, electors: ReadonlySet<MemberId>): Tally => {
  const tally = { yes: 0, no: 0, abstain: 0, object: 0, spoiled: 0, of: electors.size }
  for (const [member, vote] of votes) if (electors.has(member)) tally[vote] += 1
  return tally
}

/** Whether ballots of electors alone satisfy a rule. Advice and panels ask for more: `Decisions`. */
export const meets = (rule: Exclude<Rule, { kind: 'advice' | 'sortition' }>, tally: Tally): boolean => {
  const { yes, no, abstain, object, of } = tally
  switch (rule.kind) {
    case 'threshold':
      return isMoreThan(yes, rule, of)
    case 'unanimous':
      return of > 0 && yes === of
    case 'majority':
      return yes > no + object && isAtLeast(yes + no + abstain + object, rule, of)
    case 'consent':
      return yes > 0 && object <= rule.objections && isAtLeast(yes + no + abstain + object, rule, of)
  }
}
