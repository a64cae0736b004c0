import type { ControlId, Instant, MemberId } from '@auzolan/core'
import { ruleNameOf, type Action } from './actions.ts'
import type { ProposalFacts } from './control-facts.ts'
import { covers, type Node, type Position } from './control-graph.ts'
import type { DecisionRules } from './decision-rules.ts'
import { isClosed, type Weighed } from './decisions.ts'
import type { Rule } from './rules.ts'
import { tallyOf, type Counted, type Tally } from './tally.ts'
import type { Views } from './views.ts'

/**
 * `open`: ballots count as they come. `closing`: somebody says it is over, and electors have yet to agree. `decided`: enacted.
 * `refused`: closed, and the ballots do not satisfy the rules. `sealed`: decided and final. `voided`: enacted, and undone by something
 * made apart.
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
  const close = enacted ? enacted.close : closeOf(proposal, { views, decisions, whole, me })
  const weighed: Weighed = enacted ?? decisions.weigh(proposal, close, whole, me)
  const rule = view.rule(ruleNameOf(control.action))
  const panel = rule.kind === 'sortition' ? (weighed.draw?.slice(0, rule.size) ?? []) : undefined
  const electors = panel ? new Set(panel) : weighed.electorates[1]
  const rules = decisions.rulesFor(proposal, whole)
  const closed = isEverywhereClosed(weighed, rules)
  const ready = !enacted && decisions.isSatisfied(weighed, whole)
  const counted = enacted ? (enacted.close?.self ?? enacted.node.parents) : close && closed ? close.self : undefined
  const ballots = [...proposal.ballots.values()].flat()
  return {
    id: node.id,
    by: node.author,
    at: node.entry.at,
    action: control.action,
    reason: control.reason,
    rule,
    tally: tallyOf(weighed.votes, electors),
    panel: panel && panel.length > 0 ? panel : null,
    phase: phaseOf(
      proposal,
      standing.map((one) => one.node),
      view.seal.point,
      close !== undefined,
      closed,
      ready,
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
  }
}

const phaseOf = (
  proposal: ProposalFacts,
  standing: readonly Node[],
  sealed: Node,
  hasClose: boolean,
  closed: boolean,
  ready: boolean,
): Phase => {
  if (standing.some((enact) => covers(sealed.self, enact))) return 'sealed'
  if (standing.length > 0) return 'decided'
  if (proposal.enacts.length > 0) return 'voided'
  if (!hasClose) return 'open'
  return closed && !ready ? 'refused' : 'closing'
}

/** The close that is closest to being agreed on. */
const closeOf = (proposal: ProposalFacts, { decisions, whole, me }: Ground): Node | undefined => {
  const witnessed = proposal.closes.map((close) => ({
    close,
    count: decisions.weigh(proposal, close, whole, me).witnesses.size,
  }))
  return witnessed.sort((left, right) => right.count - left.count || (left.close.id < right.close.id ? -1 : 1))[0]
    ?.close
}

const isEverywhereClosed = (weighed: Weighed, rules: readonly Rule[]): boolean =>
  weighed.close !== undefined &&
  rules.every((rule) => weighed.electorates.every((electors) => isClosed(weighed, rule, electors)))

const byId = (left: { readonly node: Node }, right: { readonly node: Node }): number =>
  left.node.id < right.node.id ? -1 : 1
