import type { ControlId, MemberId } from '@auzolan/core'
import type { ProposalFacts } from './fact-shapes.ts'
import { covers, type Node, type Position } from './control-graph.ts'
import { isMoreThan, needsClose, type Role, type Rule } from './rules.ts'
import { meets, tallyOf, type Counted } from './tally.ts'

/** What lies in the past of an enactment: all that anybody needs to check it against a rule and an electorate. */
export interface Weighed {
  readonly proposal: ProposalFacts
  readonly close: Node | undefined
  readonly votes: ReadonlyMap<MemberId, Counted>
  /** Who acknowledged this close and no other of the proposal. */
  readonly witnesses: ReadonlySet<MemberId>
  /** Voters where it was proposed, and where it was enacted (`TRUST.md` T4). */
  readonly electorates: readonly [ReadonlySet<MemberId>, ReadonlySet<MemberId>]
  readonly byProposer: boolean
  readonly holders: Readonly<Record<Role, ReadonlySet<MemberId>>>
  /** Electors by lot, the first drawn first; `undefined`: nothing has been drawn. */
  readonly draw: readonly MemberId[] | undefined
}

export interface Enacted extends Weighed {
  readonly node: Node
  /** Yes votes of electors where it was enacted. */
  readonly yes: number
}

/** More than half have to acknowledge one close, so that at most one can win unless half of the electorate cheats. */
const HALF = { num: 1, den: 2 }

/** Whether what was weighed satisfies `rule` among `electors`. */
export const passes = (weighed: Weighed, rule: Rule, electors: ReadonlySet<MemberId>): boolean =>
  isClosed(weighed, rule, electors) && isDecided(weighed, rule, electors)

/** A close that is named has to be witnessed, whether or not the rule needs one. */
export const isClosed = (weighed: Pick<Weighed, 'close' | 'witnesses'>, rule: Rule, electors: ReadonlySet<MemberId>) =>
  weighed.close ? isMoreThan(sizeWithin(weighed.witnesses, electors), HALF, electors.size) : !needsClose(rule)

/** Whether more than half of each electorate acknowledge a close, or still could: those of whom `mayStill` says so. */
export const canClose = (
  { witnesses }: Pick<Weighed, 'witnesses'>,
  electorates: Weighed['electorates'],
  mayStill: (member: MemberId) => boolean,
): boolean =>
  electorates.every((electors) => {
    const able = [...electors].filter((member) => witnesses.has(member) || mayStill(member))
    return isMoreThan(able.length, HALF, electors.size)
  })

export const isDecided = (
  weighed: Omit<Weighed, 'close' | 'witnesses' | 'electorates'>,
  rule: Rule,
  electors: ReadonlySet<MemberId>,
): boolean => {
  if (rule.kind === 'sortition') {
    // Who was drawn and has no vote any more leaves a seat empty.
    const panel = new Set(weighed.draw?.slice(0, rule.size).filter((member) => electors.has(member)))
    return panel.size > 0 && isDecided(weighed, rule.inner, panel)
  }
  if (rule.kind !== 'advice') return meets(rule, tallyOf(weighed.votes, electors))
  const asked = rule.from ? weighed.holders[rule.from] : electors
  const proposer = weighed.proposal.node.author
  const answers = [...weighed.votes].filter(
    ([member, vote]) => member !== proposer && vote !== 'spoiled' && asked.has(member),
  )
  return weighed.byProposer && answers.length >= rule.least
}

/** Who acknowledged `close` at `position`, and no other close of its proposal: whoever acknowledges two counts for neither. */
export const witnessesOf = (
  proposal: ProposalFacts,
  close: Node,
  position: Position,
  counts: (ack: Node) => boolean,
): ReadonlySet<MemberId> => {
  const closesOf = new Map<MemberId, Set<ControlId>>()
  for (const ack of proposal.acks) {
    if (ack.control.kind !== 'ack' || !covers(position, ack) || !counts(ack)) continue
    closesOf.set(ack.author, new Set([...(closesOf.get(ack.author) ?? []), ack.control.close]))
  }
  const only = [...closesOf].filter(([, closes]) => closes.size === 1 && closes.has(close.id))
  return new Set(only.map(([member]) => member))
}

const sizeWithin = (members: ReadonlySet<MemberId>, electors: ReadonlySet<MemberId>): number =>
  [...members].filter((member) => electors.has(member)).length
