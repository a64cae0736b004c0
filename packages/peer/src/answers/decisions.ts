import {
  type ControlId,
  createPersonFinder,
  type DecidedThing,
  type DecisionsView,
  type DecisionView,
  type DeviceId,
  type HeardView,
  type MemberId,
  type Person,
  type RuleView,
} from '@auzolan/core'
import {
  type Admission,
  type ControlLog,
  defaultRule,
  type GroupState,
  type ProposalView,
  type Rule,
  type RuleName,
} from '@auzolan/trust'
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
      .filter((proposal) => !isLetIn(proposal, state))
      .map((proposal) => decisionView(group, proposal, personOf))
      .sort((left, right) => right.at - left.at || (left.id < right.id ? -1 : 1)),
    voters: [...state.electorate],
    soon: [...state.voters].filter((member) => !state.electorate.has(member)),
    removed: [...state.removed],
    doubleSigners: doubleSigners(control).map(personOf),
    rules: decidedThings.map((thing) => ({ thing, rule: ruleView(state.rules.get(thing) ?? defaultRule) })),
    admission: state.admission,
    confirmedBy: state.quorum,
  }
}

/** Who has confirmed two things apart of which what is final does not hold both yet. */
const doubleSigners = (control: ControlLog): readonly MemberId[] => {
  const state = control.state()
  const isSettled = (id: ControlId): boolean => {
    const said = control.get(id)?.control
    return said?.kind === 'seal' && control.covers([state.sealed], [said.at])
  }
  return [...state.doubleSigners].flatMap(([member, pair]) => (pair.every(isSettled) ? [] : [member]))
}

const decidedThings = ['remove', 'readmit', 'voters', 'role', 'rebind', 'rename', 'admit', 'rule'] as const

const ruleView = (rule: Rule): RuleView =>
  rule.kind === 'threshold' || rule.kind === 'unanimous' ? rule : { kind: 'other' }

/** Who was spoken for is in, and nothing was decided: People says how they came. */
const isLetIn = ({ action, enact }: ProposalView, { members }: GroupState): boolean =>
  action.kind === 'admit' && enact === null && members.has(action.member)

const decisionView = (group: Group, proposal: ProposalView, personOf: (id: MemberId) => Person): DecisionView => {
  const { control } = group.endings
  const state = control.state()
  const { id, tally, mine, missing, reason, at } = proposal
  const [phase, why] = phaseOf(proposal, state)
  const isSpokenFor = proposal.action.kind === 'admit' && state.admission.kind === 'sponsors'
  const mayAnswer = proposal.phase === 'open' && why !== 'pointless' && !isSpokenFor
  return {
    id,
    action: actionOf(group, proposal, personOf),
    // Of a newcomer it is the name they asked by.
    reason: proposal.action.kind === 'admit' ? '' : reason,
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
    waitingFor: phase === 'open' && !isSpokenFor ? missing.map(personOf) : [],
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
    case 'rule':
      return isSame(action.rule, state.rules.get(action.name) ?? defaultRule)
    case 'admission':
      return isSame(action.admission, state.admission)
    case 'admit':
      return state.members.has(action.member) || state.admission.kind === 'invitation'
    case 'rename':
      return action.name === state.name && action.purpose === state.purpose
    default:
      return false
  }
}

const isSame = (one: Rule | Admission, other: Rule | Admission): boolean => {
  const [left, right]: Readonly<Record<string, unknown>>[] = [{ ...one }, { ...other }]
  return Object.keys({ ...left, ...right }).every((key) => left?.[key] === right?.[key])
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

const isNamed = (name: RuleName): name is DecidedThing => decidedThings.some((thing) => thing === name)

const actionOf = (
  group: Group,
  { action, enact, by, reason }: ProposalView,
  personOf: (id: MemberId) => Person,
): DecisionView['action'] => {
  const { control } = group.endings
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
    case 'rule':
      return isNamed(action.name)
        ? { is: 'rule', thing: action.name, rule: ruleView(action.rule) }
        : { is: 'other', kind: action.kind }
    case 'admission':
      return { is: 'admission', admission: action.admission }
    case 'admit': {
      const { admission, sponsors } = control.state()
      const { me } = group
      const spoken = (sponsors.get(action.member) ?? []).filter((member) => member !== by)
      return {
        is: 'admit',
        newcomer: action.member,
        name: reason,
        spoken:
          admission.kind === 'sponsors'
            ? {
                by: spoken.map(personOf),
                needed: admission.count,
                maySpeak: me !== undefined && me !== by && !spoken.includes(me) && group.isActive(group.keys.device),
              }
            : null,
      }
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
