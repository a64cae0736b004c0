import { equalBytes, type ControlId, type MemberId } from '@auzolan/core'
import { ruleNameOf, type Action } from './actions.ts'
import type { ControlFacts } from './control-facts.ts'
import type { ProposalFacts } from './fact-shapes.ts'
import { covers, type ControlGraph, type Node, type Position } from './control-graph.ts'
import type { Control } from './control.ts'
import { passes, witnessesOf, type Enacted, type Weighed } from './decisions.ts'
import type { Reason } from './reason.ts'
import { isTooWeak, isWeakQuorum, type Rule } from './rules.ts'
import { countBallots, tallyOf } from './tally.ts'
import { drawOf, lotDigest } from './sortition.ts'
import type { Views } from './views.ts'

type DecisionControl = Extract<
  Control,
  { kind: 'propose' | 'ballot' | 'close' | 'ack' | 'commit' | 'reveal' | 'enact' | 'seal' }
>
type Enact = Extract<Control, { kind: 'enact' }>

/** Rules for what decisions are made of: proposals, ballots, closes, acknowledgements, enactments and seals. */
export class DecisionRules {
  private readonly graph: ControlGraph
  private readonly facts: ControlFacts
  private readonly views: Views
  /** What an enactment was weighed to when it was judged, for when it is taken in. */
  private readonly byControl = new WeakMap<Enact, Weighed>()

  constructor(graph: ControlGraph, facts: ControlFacts, views: Views) {
    this.graph = graph
    this.facts = facts
    this.views = views
  }

  allows(control: DecisionControl, author: MemberId, position: Position): Reason | undefined {
    switch (control.kind) {
      case 'propose':
        return this.allowsAction(control.action, position)
      case 'ballot':
      case 'close':
        return this.proposalAt(control.proposal, position) ? undefined : { type: 'unknown proposal' }
      case 'ack':
        if (!this.closeAt(control.close, position)) return { type: 'unknown close' }
        return this.votesAt(author, position) ? undefined : { type: 'not a voter' }
      case 'commit':
        if (!this.proposalAt(control.proposal, position)) return { type: 'unknown proposal' }
        return this.votesAt(author, position) ? undefined : { type: 'not a voter' }
      case 'reveal':
        return this.allowsReveal(control, author, position)
      case 'enact':
        return this.allowsEnactment(control, author, position)
      case 'seal':
        return this.allowsSeal(control.at, author, position)
    }
  }

  /** Whether somebody is known at `position` and has neither left nor been removed. */
  isMember(member: MemberId, position: Position): boolean {
    const view = this.views.at(position)
    const entrances = this.facts.members.get(member)?.entrances ?? []
    const isIn = entrances.some((entrance) => covers(position, entrance) && view.stands(entrance))
    return isIn && !view.isOut(member) && !this.facts.hasLeft(member, position)
  }

  /** `undefined` for what is no enactment. */
  weighed(node: Node): Enacted | undefined {
    if (node.control.kind !== 'enact') return undefined
    const weighed = this.byControl.get(node.control)
    if (!weighed) throw new Error('an enactment is weighed before it is taken in')
    return { ...weighed, node, yes: tallyOf(weighed.votes, weighed.electorates[1]).yes }
  }

  /** What an enactment at `position` would rest on. */
  weigh(proposal: ProposalFacts, close: Node | undefined, position: Position, author: MemberId | undefined): Weighed {
    const view = this.views.at(position)
    const counted = close ? close.self : position
    const viewOfBallots = close ? this.views.at(counted) : view
    return {
      proposal,
      close,
      votes: countBallots(proposal.ballots, counted, (ballot) => viewOfBallots.isInTime(ballot)),
      witnesses: close ? witnessesOf(proposal, close, position, (ack) => view.isInTime(ack)) : new Set(),
      electorates: [this.views.seals.electorsAt(proposal.node.parents), this.views.seals.electorsAt(position)],
      byProposer: author === proposal.node.author,
      holders: { moderator: view.holders('moderator') },
      draw: drawOf(proposal, this.views.seals.at(position)),
    }
  }

  /** The rules it has to satisfy: where it was proposed, and at `position`. */
  rulesFor({ node, control }: ProposalFacts, position: Position): readonly Rule[] {
    const name = ruleNameOf(control.action)
    return [this.views.at(node.parents).rule(name), this.views.at(position).rule(name)]
  }

  /** Each rule, in each electorate. */
  isSatisfied(weighed: Weighed, position: Position): boolean {
    return this.rulesFor(weighed.proposal, position).every((rule) =>
      weighed.electorates.every((electors) => passes(weighed, rule, electors)),
    )
  }

  private allowsAction(action: Action, position: Position): Reason | undefined {
    const view = this.views.at(position)
    switch (action.kind) {
      case 'remove':
      case 'role':
        return this.isMember(action.member, position) ? undefined : { type: 'unknown member' }
      case 'readmit':
        return view.isOut(action.member) || view.isSuspended(action.member, position)
          ? undefined
          : { type: 'unknown member' }
      case 'voters':
        return action.members.every((member) => view.isActive(member, position))
          ? undefined
          : { type: 'unknown member' }
      case 'rebind': {
        if (!this.isMember(action.member, position)) return { type: 'unknown member' }
        const entrances = this.facts.devices.get(action.device)?.entrances ?? []
        return entrances.some(({ node }) => covers(position, node)) ? { type: 'device known' } : undefined
      }
      case 'rule':
        return isTooWeak(action.name, action.rule) ? { type: 'weak rule', detail: action.name } : undefined
      case 'quorum':
        return isWeakQuorum(action.quorum) ? { type: 'weak rule', detail: action.kind } : undefined
      case 'admission':
      case 'rename':
      case 'admit':
      case 'forkNotice':
      case 'text':
        return undefined
    }
  }

  private allowsEnactment(control: Enact, author: MemberId, position: Position): Reason | undefined {
    const proposal = this.proposalAt(control.proposal, position)
    if (!proposal) return { type: 'unknown proposal' }
    const close = control.close === null ? undefined : this.closeAt(control.close, position)
    if (control.close !== null && close?.proposal !== proposal) return { type: 'unknown close' }
    const view = this.views.at(position)
    if (proposal.enacts.some(({ node }) => covers(position, node) && view.stands(node)))
      return { type: 'enacted before' }
    const weighed = this.weigh(proposal, close?.node, position, author)
    this.byControl.set(control, weighed)
    return this.isSatisfied(weighed, position) ? undefined : { type: 'not decided' }
  }

  private allowsReveal(
    { proposal: id, secret }: Extract<Control, { kind: 'reveal' }>,
    author: MemberId,
    position: Position,
  ): Reason | undefined {
    const proposal = this.proposalAt(id, position)
    if (!proposal) return { type: 'unknown proposal' }
    const digest = lotDigest(id, author, secret)
    const own = proposal.commits.filter((commit) => commit.author === author && covers(position, commit))
    const commit = own.find(({ control }) => control.kind === 'commit' && equalBytes(control.digest, digest))
    if (!commit) return { type: 'not committed' }
    return covers(this.views.seals.at(position).point.self, commit) ? undefined : { type: 'too early' }
  }

  private allowsSeal(at: ControlId, author: MemberId, position: Position): Reason | undefined {
    const point = this.graph.get(at)
    if (!point || !covers(position, point)) return { type: 'unseen point' }
    if (!this.votesAt(author, position)) return { type: 'not a voter' }
    if (!covers(point.self, this.views.seals.at(position).point)) return { type: 'goes back' }
    const before = this.views.seals.acknowledged(author, position)
    return before.every((earlier) => covers(point.self, earlier)) ? undefined : { type: 'goes back' }
  }

  private votesAt(member: MemberId, position: Position): boolean {
    return this.views.seals.electorsAt(position).has(member)
  }

  private proposalAt(id: ControlId, position: Position): ProposalFacts | undefined {
    const proposal = this.facts.proposals.get(id)
    return proposal && covers(position, proposal.node) ? proposal : undefined
  }

  private closeAt(id: ControlId, position: Position) {
    const close = this.facts.closes.get(id)
    return close && covers(position, close.node) ? close : undefined
  }
}
