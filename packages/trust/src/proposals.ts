import type { ControlId, Instant, MemberId } from '@auzolan/core'
import { ruleNameOf, type Action } from './actions.ts'
import type { ProposalFacts } from './fact-shapes.ts'
import { covers, type Node, type Position } from './control-graph.ts'
import type { DecisionRules } from './decision-rules.ts'
import { canClose, isClosed, type Weighed } from './decisions.ts'
import { needsClose, type Rule } from './rules.ts'
import { tallyOf, type Counted, type Tally } from './tally.ts'
import type { Views } from './views.ts'

/**
 * `open`: ballots count as they come. `closing`: somebody says it is over, and electors have yet to agree. `decided`: enacted.
 * `refused`: closed, and the ballots do not satisfy the rules; or `split`. `sealed`: decided and final. `voided`: enacted, and undone by
 * something made apart.
 */
export type Phase = 'open' | 'closing' | 'decided' | 'refused' | 'sealed' | 'voided'

/** One proposal as everything known shows it. */
export interface ProposalView {
  readonly id: ControlId
  readonly by: MemberId
  readonly at: Instant
  readonly action: Action
  readonly reason: string
  /** In force now. The one where it was proposed has to be satisfied too. */
  readonly rule: Rule
  /** That one, and the one where it was proposed. */
  readonly rules: readonly Rule[]
  /** Among the electorate of now, or of the enactment; where a panel decides, among the panel. */
  readonly tally: Tally
  /** Who was drawn by lot; `null`: the rule draws nobody, or nothing is drawn yet. */
  readonly panel: readonly MemberId[] | null
  readonly phase: Phase
  /** An enactment written now would be accepted; by `close`, where that is not `null`. */
  readonly ready: boolean
  /** Of several the one that most electors acknowledged. */
  readonly close: ControlId | null
  readonly enact: ControlId | null
  readonly mine: Counted | 'none'
  /** Electors who have not answered; sorted. */
  readonly missing: readonly MemberId[]
  /** Ballots that came after what was counted; sorted. */
  readonly late: readonly ControlId[]
  /** What those who answered come to, also of people without a vote. */
  readonly votes: ReadonlyMap<MemberId, Counted>
  /** Whose answers count now, or counted where it was enacted: the panel, where one decides. */
  readonly electors: ReadonlySet<MemberId>
  /** Every ballot that was cast; sorted. */
  readonly ballots: readonly ControlId[]
  /** Where a rule takes one: who says that it is over, the one that is closest to being agreed on first. */
  readonly closes: readonly CloseView[]
  /** So many have acknowledged different closes that none can win any more. To propose the same again is a new count. */
  readonly split: boolean
  readonly lot: LotView | null
}

/** One entry that says that voting is over. */
export interface CloseView {
  readonly id: ControlId
  readonly by: MemberId
  /** Who acknowledged this one and no other; sorted. */
  readonly witnesses: readonly MemberId[]
  /** Who acknowledged it, or another; sorted. */
  readonly said: readonly MemberId[]
  /** Ballots of electors that it does not hold. */
  readonly without: number
}

/** How far a draw has come. */
export interface LotView {
  /** Who put in a share, and who showed theirs; sorted. */
  readonly committed: readonly MemberId[]
  readonly revealed: readonly MemberId[]
  /** What was put in and shown of the lot: a seal has to cover it. */
  readonly entries: readonly ControlId[]
}

interface Ground {
  readonly views: Views
  readonly decisions: DecisionRules
  readonly whole: Position
  readonly me: MemberId | undefined
}

export const viewProposal = (proposal: ProposalFacts, { views, decisions, whole, me }: Ground): ProposalView => {
  const { node, control } = proposal
  const view = views.at(whole)
  const standing = proposal.enacts.filter((enacted) => view.stands(enacted.node)).sort(byId)
  const [enacted] = standing
  const rules = decisions.rulesFor(proposal, whole)
  // Where no rule takes a close, one that somebody writes all the same must not stand in the way of a decision.
  const closes = rules.some(needsClose) ? closesOf(proposal, { views, decisions, whole, me }) : []
  const close = enacted ? enacted.close : closes[0]?.node
  const weighed: Weighed = enacted ?? decisions.weigh(proposal, close, whole, me)
  const rule = view.rule(ruleNameOf(control.action))
  const panel = rule.kind === 'sortition' ? (weighed.draw?.slice(0, rule.size) ?? []) : undefined
  const electors = panel ? new Set(panel) : weighed.electorates[1]
  const closed = isEverywhereClosed(weighed, rules)
  const ready = !enacted && decisions.isSatisfied(weighed, whole)
  const counted = enacted ? (enacted.close?.self ?? enacted.node.parents) : close && closed ? close.self : undefined
  const ballots = [...proposal.ballots.values()].flat()
  const said = authorsOf(proposal.acks)
  const mayStill = (member: MemberId): boolean => !said.includes(member) && view.isActive(member, whole)
  const split = !enacted && closes.length > 0 && !closes.some((each) => canClose(each, weighed.electorates, mayStill))
  return {
    id: node.id,
    by: node.author,
    at: node.entry.at,
    action: control.action,
    reason: control.reason,
    rule,
    rules,
    tally: tallyOf(weighed.votes, electors),
    panel: panel && panel.length > 0 ? panel : null,
    phase: phaseOf(
      proposal,
      standing.map((one) => one.node),
      view.seal.point,
      close !== undefined,
      split || (closed && !ready),
    ),
    ready,
    close: close?.id ?? null,
    enact: enacted?.node.id ?? null,
    mine: (me && weighed.votes.get(me)) ?? 'none',
    missing: [...electors].filter((member) => !weighed.votes.has(member)).sort(),
    late: counted
      ? ballots
          .filter((ballot) => !covers(counted, ballot))
          .map(({ id }) => id)
          .sort()
      : [],
    votes: weighed.votes,
    electors,
    ballots: ballots.map(({ id }) => id).sort(),
    closes: closes.map(({ node: { id, author }, witnesses, without }) => ({
      id,
      by: author,
      witnesses: [...witnesses].sort(),
      said,
      without,
    })),
    split,
    lot: rule.kind === 'sortition' ? lotOf(proposal) : null,
  }
}

const lotOf = ({ commits, reveals }: ProposalFacts): LotView => ({
  committed: authorsOf(commits),
  revealed: authorsOf(reveals),
  entries: [...commits, ...reveals].map(({ id }) => id).sort(),
})

const authorsOf = (nodes: readonly Node[]): readonly MemberId[] =>
  [...new Set(nodes.map(({ author }) => author))].sort()

const phaseOf = (
  proposal: ProposalFacts,
  standing: readonly Node[],
  sealed: Node,
  hasClose: boolean,
  isOver: boolean,
): Phase => {
  if (standing.some((enact) => covers(sealed.self, enact))) return 'sealed'
  if (standing.length > 0) return 'decided'
  if (proposal.enacts.length > 0) return 'voided'
  if (!hasClose) return 'open'
  return isOver ? 'refused' : 'closing'
}

interface Weighted {
  readonly node: Node
  readonly witnesses: ReadonlySet<MemberId>
  readonly without: number
}

/** The one that is closest to being agreed on first; of equals the one that holds more ballots, then the one with the lowest id. */
const closesOf = (proposal: ProposalFacts, { decisions, whole, me }: Ground): readonly Weighted[] => {
  const ballots = [...proposal.ballots.values()].flat()
  const closes = proposal.closes.map((node): Weighted => {
    const { witnesses, electorates } = decisions.weigh(proposal, node, whole, me)
    const without = ballots.filter((ballot) => electorates[1].has(ballot.author) && !covers(node.self, ballot)).length
    return { node, witnesses, without }
  })
  return closes.sort(
    (left, right) =>
      right.witnesses.size - left.witnesses.size ||
      left.without - right.without ||
      (left.node.id < right.node.id ? -1 : 1),
  )
}

const isEverywhereClosed = (weighed: Weighed, rules: readonly Rule[]): boolean =>
  weighed.close !== undefined &&
  rules.every((rule) => weighed.electorates.every((electors) => isClosed(weighed, rule, electors)))

const byId = (left: { readonly node: Node }, right: { readonly node: Node }): number =>
  left.node.id < right.node.id ? -1 : 1
