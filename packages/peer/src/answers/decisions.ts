import {
  type ControlId,
  createPersonFinder,
  type DecisionsView,
  type DecisionView,
  type DeviceId,
  type HeardView,
  type MemberId,
  type Person,
} from '@auzolan/core'
import type { GroupState, ProposalView, Rule } from '@auzolan/trust'
import type { Group } from '../group/group.ts'
import { otherDevices, peopleFacts } from './facts.ts'

/** What the group was asked, what became of it, and whose answers count. */
export const decisionsView = (group: Group): DecisionsView => {
  const { control } = group.endings
  const state = control.state()
  const personOf = createPersonFinder(peopleFacts(group))
  return {
    proposals: control
      .proposals(group.me)
      .map((proposal) => decisionView(group, proposal, personOf))
      .sort((left, right) => right.at - left.at || (left.id < right.id ? -1 : 1)),
    voters: [...state.electorate],
    soon: [...state.voters].filter((member) => !state.electorate.has(member)),
    removed: [...state.removed],
  }
}

const decisionView = (group: Group, proposal: ProposalView, personOf: (id: MemberId) => Person): DecisionView => {
  const { control } = group.endings
  const state = control.state()
  const { id, tally, mine, missing, reason, at } = proposal
  const [phase, why] = phaseOf(proposal, state)
  const mayAnswer = proposal.phase === 'open' && why !== 'pointless'
  return {
    id,
    action: actionOf(group, proposal, personOf),
    reason,
    by: personOf(proposal.by),
    at,
    phase,
    why,
    yes: tally.yes,
    no: tally.no + tally.object,
    of: tally.of,
    needed: neededOf(proposal),
    mine,
    mayVote: mayAnswer && group.me !== undefined && state.electorate.has(group.me) && group.isActive(group.keys.device),
    waitingFor: phase === 'open' ? missing.map(personOf) : [],
    heard: proposal.action.kind === 'remove' && proposal.enact ? heardView(group, proposal.enact, personOf) : null,
  }
}

/** A device has heard of it that said so when it was met, or has built on it since. */
const heardView = (group: Group, enact: ControlId, personOf: (id: MemberId) => Person): HeardView => {
  const { control } = group.endings
  const { devices } = control.state()
  const others = otherDevices(group)
  const hasBuilt = (device: DeviceId): boolean => {
    const newest = control.newestOf(device)
    return newest !== undefined && control.covers([newest], [enact])
  }
  const missing = others.filter((device) => !group.known.all.get(device)?.told.includes(enact) && !hasBuilt(device))
  return {
    devices: others.length + (group.isActive(group.keys.device) ? 1 : 0),
    missing: missing.flatMap((device) => {
      const member = devices.get(device)?.member
      return member ? [{ device, by: personOf(member), asOf: group.known.all.get(device)?.asOf ?? null }] : []
    }),
  }
}

const phaseOf = (proposal: ProposalView, state: GroupState): readonly [DecisionView['phase'], DecisionView['why']] => {
  switch (proposal.phase) {
    case 'sealed':
      return ['confirmed', null]
    case 'decided':
      return ['decided', null]
    case 'voided':
      return ['fell', 'undone']
    case 'refused':
      return ['fell', 'not enough']
    case 'open':
    case 'closing': {
      if (isPointless(proposal, state)) return ['fell', 'pointless']
      const { yes, spoiled } = proposal.tally
      const needed = neededOf(proposal)
      const possible = needed === null || yes + spoiled + proposal.missing.length >= needed
      return possible ? ['open', null] : ['fell', 'not enough']
    }
  }
}

/** Nothing would change by it, or whom it is about has gone. */
export const isPointless = ({ action }: Pick<ProposalView, 'action'>, state: GroupState): boolean => {
  switch (action.kind) {
    case 'remove': {
      const member = state.members.get(action.member)
      return !member || member.left || member.removed
    }
    case 'readmit': {
      const member = state.members.get(action.member)
      return !member || member.left || !(member.removed || member.suspended)
    }
    case 'role': {
      const member = state.members.get(action.member)
      const has = state.roles.get(action.member)?.has(action.role) ?? false
      return !member || member.left || member.removed || has === action.on
    }
    case 'rebind': {
      const member = state.members.get(action.member)
      return !member || member.left || member.removed || state.devices.has(action.device)
    }
    case 'voters':
      return action.members.length === state.voters.size && action.members.every((member) => state.voters.has(member))
    case 'rename':
      return action.name === state.name && action.purpose === state.purpose
    default:
      return false
  }
}

/** Yes votes that a rule takes among the electors of now; where those of the moment it was asked have to agree too, a count says too little. */
const neededOf = ({ rule, tally, ready, phase }: ProposalView): number | null => {
  const needed = countFor(rule, tally.of)
  return phase === 'open' && !ready && needed !== null && tally.yes >= needed ? null : needed
}

const countFor = (rule: Rule, of: number): number | null => {
  if (rule.kind === 'unanimous') return of
  return rule.kind === 'threshold' ? Math.floor((rule.num * of) / rule.den) + 1 : null
}

const actionOf = (
  { endings: { control } }: Group,
  { action, enact }: ProposalView,
  personOf: (id: MemberId) => Person,
): DecisionView['action'] => {
  const before = (): GroupState => {
    const enacted = enact && control.get(enact)
    return (enacted && control.stateAt(enacted.entry.heads)) ?? control.state()
  }
  switch (action.kind) {
    case 'readmit':
      return {
        is: 'readmit',
        person: personOf(action.member),
        from: before().removed.has(action.member) ? 'removal' : 'pause',
      }
    case 'role':
      return { is: 'moderator', person: personOf(action.member), on: action.on }
    case 'remove':
      return { is: 'remove', person: personOf(action.member) }
    case 'rebind':
      return { is: 'rebind', person: personOf(action.member) }
    case 'voters': {
      const { voters } = before()
      const after = new Set(action.members)
      return {
        is: 'votes',
        gives: action.members.filter((member) => !voters.has(member)).map(personOf),
        takes: [...voters].filter((member) => !after.has(member)).map(personOf),
      }
    }
    case 'rename':
      return { is: 'rename', name: action.name }
    default:
      return { is: 'other', kind: action.kind }
  }
}
