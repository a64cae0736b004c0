import {
  type AnswerGiven,
  type ControlId,
  createPersonFinder,
  type DecisionsView,
  type DecisionView,
  type Instant,
  type MemberId,
  type Person,
} from '@auzolan/core'
import { type ControlLog, defaultRule, type GroupState, needsClose, type ProposalView, type Rule } from '@auzolan/trust'
import type { Group } from '../group/group.ts'
import { answersAside, setAside } from './aside.ts'
import { peopleFacts } from './facts.ts'
import { heardView } from './heard.ts'
import { isPointless } from './pointless.ts'
import { decidedThings, proposedAction } from './proposed.ts'

/** What the group was asked, what became of it, and whose answers count. */
export const decisionsView = (group: Group): DecisionsView => {
  const { control } = group.endings
  const state = control.state()
  const personOf = createPersonFinder(peopleFacts(group))
  return {
    proposals: control
      .proposals(group.me)
      .filter((proposal) => !isLetIn(proposal, state))
      .map((proposal) => decisionView(group, proposal, personOf))
      .sort((left, right) => right.at - left.at || (left.id < right.id ? -1 : 1)),
    voters: [...state.electorate],
    soon: [...state.voters].filter((member) => !state.electorate.has(member)),
    removed: [...state.removed],
    doubleSigners: doubleSigners(control).map(personOf),
    rules: rulesIn(state),
    admission: state.admission,
    aside: setAside(group, personOf),
    confirmedBy: state.quorum,
  }
}

/** Of everything there is a rule for. */
export const rulesIn = ({ rules }: GroupState): DecisionsView['rules'] =>
  decidedThings.map((thing) => ({ thing, rule: rules.get(thing) ?? defaultRule }))

/** Who has confirmed two things apart of which what is final does not hold both yet. */
const doubleSigners = (control: ControlLog): readonly MemberId[] => {
  const state = control.state()
  const isSettled = (id: ControlId): boolean => {
    const said = control.get(id)?.control
    return said?.kind === 'seal' && control.covers([state.sealed], [said.at])
  }
  return [...state.doubleSigners].flatMap(([member, pair]) => (pair.every(isSettled) ? [] : [member]))
}

/** Who was spoken for is in, and nothing was decided: People says how they came. */
const isLetIn = ({ action, enact }: ProposalView, { members }: GroupState): boolean =>
  action.kind === 'admit' && enact === null && members.has(action.member)

const decisionView = (group: Group, proposal: ProposalView, personOf: (id: MemberId) => Person): DecisionView => {
  const { control } = group.endings
  const { board } = group.workspace
  const state = control.state()
  const { id, tally, mine, reason, at, action, votes, panel, enact } = proposal
  const [phase, why] = phaseOf(proposal, state)
  const isSpoken = isSpokenFor(proposal, state)
  const asked = [...askedOf(proposal, state)].sort()
  const objects = counting(proposal.rule).kind === 'consent'
  return {
    id,
    action: proposedAction(group, proposal, personOf),
    // Of a newcomer it is the name they asked by.
    reason: action.kind === 'admit' ? '' : reason,
    by: personOf(proposal.by),
    at,
    rule: proposal.rule,
    phase,
    why,
    yes: tally.yes,
    no: tally.no + (objects ? 0 : tally.object),
    objections: objects ? tally.object : 0,
    of: proposal.rule.kind === 'advice' ? asked.length : tally.of,
    needed: neededOf(proposal),
    mine,
    offers: group.me && group.isActive(group.keys.device) ? offersTo(group.me, proposal, state) : [],
    waitingFor: phase === 'open' && !isSpoken ? asked.filter((member) => !votes.has(member)).map(personOf) : [],
    answers: isSpoken
      ? []
      : asked.map((member) => ({
          by: personOf(member),
          answer: votes.get(member) ?? 'none',
          because: board.because(id, member) ?? '',
        })),
    aside: answersAside(group, proposal, personOf),
    ends: phase === 'open' && proposal.rules.some(needsClose) ? ((at + ANSWERS_LAST_MS) as Instant) : null,
    panel: panel && panel.map(personOf),
    lot: phase === 'open' ? lotOf(proposal, control) : null,
    mayGoAhead: phase === 'open' && mayGoAhead(group, proposal),
    heard: (action.kind === 'remove' || action.kind === 'rebind') && enact ? heardView(group, enact, personOf) : null,
  }
}

const phaseOf = (proposal: ProposalView, state: GroupState): readonly [DecisionView['phase'], DecisionView['why']] => {
  // Enacted, and what was decided apart on the same holds.
  if (proposal.enact && !state.decided.has(proposal.id)) return ['fell', 'undone']
  switch (proposal.phase) {
    case 'sealed':
      return ['confirmed', null]
    case 'decided':
      return ['decided', null]
    case 'voided':
      return ['fell', 'undone']
    case 'refused':
      return ['fell', proposal.split ? 'split' : 'closed']
    case 'closing':
      return isPointless(proposal, state) ? ['fell', 'pointless'] : ['closing', null]
    case 'open': {
      if (isPointless(proposal, state)) return ['fell', 'pointless']
      if (isSpokenFor(proposal, state))
        return proposal.votes.get(proposal.by) === 'no' ? ['fell', 'declined'] : ['open', null]
      const { yes, spoiled } = proposal.tally
      const needed = neededOf(proposal)
      const possible = needed === null || yes + spoiled + proposal.missing.length >= needed
      return possible ? ['open', null] : ['fell', 'not enough']
    }
  }
}

/** A newcomer of whom people of the group say yes by themselves, without a decision. */
const isSpokenFor = ({ action }: ProposalView, { admission }: GroupState): boolean =>
  action.kind === 'admit' && admission.kind !== 'decision'

/** The rule by which ballots are counted in the end. */
const counting = (rule: Rule): Rule => (rule.kind === 'sortition' ? rule.inner : rule)

/** Whose answers count. Of advice: who can give it. */
const askedOf = ({ rule, electors, by }: ProposalView, { roles }: GroupState): ReadonlySet<MemberId> => {
  if (rule.kind !== 'advice') return electors
  const { from } = rule
  const asked = from === null ? electors : [...roles].flatMap(([member, held]) => (held.has(from) ? [member] : []))
  return new Set([...asked].filter((member) => member !== by))
}

/** What somebody may answer to a proposal now. */
export const offersTo = (me: MemberId, proposal: ProposalView, state: GroupState): readonly AnswerGiven[] => {
  const isOpen = proposal.phase === 'open' && !isPointless(proposal, state) && !isSpokenFor(proposal, state)
  if (!isOpen || !askedOf(proposal, state).has(me)) return []
  if (proposal.rule.kind === 'sortition' && !proposal.panel) return []
  const { kind } = counting(proposal.rule)
  if (kind === 'consent') return ['yes', 'abstain', 'object']
  return kind === 'majority' ? ['yes', 'no', 'abstain'] : ['yes', 'no']
}

/** Whoever asked for advice decides, once enough have given it. */
export const mayGoAhead = (group: Group, { rules, by, ready }: ProposalView): boolean =>
  ready && rules.some(({ kind }) => kind === 'advice') && by === group.me && group.isActive(group.keys.device)

const lotOf = ({ rule, panel, lot }: ProposalView, control: ControlLog): DecisionView['lot'] => {
  if (rule.kind !== 'sortition' || panel || !lot) return null
  const { electorate, sealed } = control.state()
  const isShowing = lot.entries.some((entry) => control.covers([sealed], [entry]))
  const who = (isShowing ? lot.revealed : lot.committed).filter((member) => electorate.has(member))
  return { step: isShowing ? 'showing' : 'shares', have: who.length, of: electorate.size }
}

/** Yes votes that a rule takes among the electors of now; where those of the moment it was asked have to agree too, a count says too little. */
const neededOf = ({ rule, tally, ready, phase, panel }: ProposalView): number | null => {
  if (rule.kind === 'sortition' && !panel) return null
  const needed = countFor(counting(rule), tally.of)
  return phase === 'open' && !ready && needed !== null && tally.yes >= needed ? null : needed
}

const countFor = (rule: Rule, of: number): number | null => {
  if (rule.kind === 'unanimous') return of
  return rule.kind === 'threshold' ? Math.floor((rule.num * of) / rule.den) + 1 : null
}

/**
 * How long answers are waited for where a rule takes an end, unless everybody has answered: a week, so that who looks in on Sundays is heard. Each
 * device counts from when it first had the proposal: the clock of who asked is only a claim.
 */
export const ANSWERS_LAST_MS = 7 * 24 * 60 * 60 * 1000
