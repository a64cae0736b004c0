import {
  type AnswerGiven,
  checkName,
  checkSentence,
  type ControlId,
  err,
  type MemberId,
  ok,
  type Result,
} from '@auzolan/core'
import {
  type Action,
  actionLimits,
  type Admission,
  certificate,
  controlLimits,
  type GroupState,
  isTooWeak,
  type ProposalView,
  roles,
  type Rule,
  ruleLimits,
  type RuleName,
  ruleNames,
  settingOf,
} from '@auzolan/trust'
import { mayGoAhead, offersTo } from '../answers/decisions.ts'
import { isPointless } from '../answers/pointless.ts'
import type { Group } from '../group/group.ts'
import type { Proposable, Refusal } from '../peer.ts'
import { lineOf, within } from './lines.ts'

export const propose = async (group: Group, asked: Proposable): Promise<Result<ControlId, Refusal>> => {
  const { log } = group.workspace
  const reason = within('reason', asked.reason ?? '', controlLimits.reason)
  const action = actionOf(asked, log.state)
  if (!reason.ok) return reason
  if (!action.ok) return action
  if (isPointless({ action: action.value }, log.state)) return err({ type: 'no such thing' })
  if (log.control.proposals(group.me).some((open) => isOpen(open, log.state) && clashes(open.action, action.value)))
    return err({ type: 'asked already' })
  const entry = await group.decide({ kind: 'propose', action: action.value, reason: reason.value })
  if (!entry.ok) return entry
  const { id } = entry.value
  if (!id) throw new Error('a control entry has an id')
  return ok(id)
}

/** An objection needs its reason; others may have one. */
export const vote = async (
  group: Group,
  id: ControlId,
  answer: AnswerGiven,
  because = '',
): Promise<Result<null, Refusal>> => {
  const { control, state } = group.workspace.log
  const words = lineOf('reason', checkSentence(because))
  if (!words.ok) return words
  if (answer === 'object' && words.value === '') return err({ type: 'empty', field: 'reason' })
  const proposal = control.proposals(group.me).find((each) => each.id === id)
  if (!proposal) return err({ type: 'no such thing' })
  if (!isOpen(proposal, state) || proposal.phase === 'closing') return err({ type: 'over' })
  if (!group.me || !offersTo(group.me, proposal, state).includes(answer)) return err({ type: 'no vote' })
  if (words.value !== (group.workspace.board.because(id, group.me) ?? '')) {
    const said = await group.say({ kind: 'because', proposal: id, words: words.value })
    if (!said.ok) return said
  }
  if (proposal.mine === answer) return ok(null)
  const entry = await group.decide({ kind: 'ballot', proposal: id, vote: answer })
  return entry.ok ? ok(null) : entry
}

/** Whoever asked for advice, and has it, decides. */
export const goAhead = async (group: Group, id: ControlId): Promise<Result<null, Refusal>> => {
  const { control, state } = group.workspace.log
  const proposal = control.proposals(group.me).find((each) => each.id === id)
  if (!proposal) return err({ type: 'no such thing' })
  if (!isOpen(proposal, state)) return err({ type: 'over' })
  if (!mayGoAhead(group, proposal)) return err({ type: 'needs a yes' })
  const entry = await group.decide({ kind: 'enact', proposal: id, close: proposal.close })
  return entry.ok ? ok(null) : entry
}

/** Says yes to a newcomer, once. */
export const speakFor = async (group: Group, newcomer: MemberId): Promise<Result<null, Refusal>> => {
  const { control, state } = group.workspace.log
  const isAsked = ({ action }: ProposalView): boolean => action.kind === 'admit' && action.member === newcomer
  if (state.admission.kind === 'decision' || !control.proposals().some((each) => isAsked(each) && isOpen(each, state)))
    return err({ type: 'no such thing' })
  if (group.me && state.sponsors.get(newcomer)?.includes(group.me)) return ok(null)
  const entry = await group.decide({ kind: 'sponsor', member: newcomer })
  return entry.ok ? ok(null) : entry
}

/** Whoever made the invitation does not let a newcomer in by it. */
export const decline = async (group: Group, newcomer: MemberId): Promise<Result<null, Refusal>> => {
  const { control, state } = group.workspace.log
  const asked = control
    .proposals(group.me)
    .find(({ action, by }) => action.kind === 'admit' && action.member === newcomer && by === group.me)
  if (!asked || !isOpen(asked, state) || state.admission.kind !== 'invitation') return err({ type: 'no such thing' })
  if (asked.mine === 'no') return ok(null)
  const entry = await group.decide({ kind: 'ballot', proposal: asked.id, vote: 'no' })
  return entry.ok ? ok(null) : entry
}

export const certificateOf = (group: Group, id: ControlId): Result<Uint8Array, Refusal> => {
  const { control } = group.endings
  const enact = control.proposals().find((each) => each.id === id)?.enact
  const made = enact ? certificate(control, enact) : undefined
  return made?.ok ? made : err({ type: 'no such thing' })
}

/** Whether answers still count, and an enactment would change something. */
export const isOpen = (proposal: ProposalView, state: GroupState): boolean =>
  (proposal.phase === 'open' || proposal.phase === 'closing') && !isPointless(proposal, state)

/** Of two decisions on one thing made side by side the later would undo the earlier: also who has a vote, which is decided as a whole. */
const clashes = (open: Action, wanted: Action): boolean =>
  open.kind === wanted.kind && settingOf(open) === settingOf(wanted)

const actionOf = (asked: Proposable, state: GroupState): Result<Action, Refusal> => {
  switch (asked.is) {
    case 'remove':
      return ok({ kind: 'remove', member: asked.person })
    case 'votes':
      return votersOf(asked.give, asked.take, state)
    case 'readmit':
      return ok({ kind: 'readmit', member: asked.person })
    case 'moderator':
      return ok({ kind: 'role', member: asked.person, role: 'moderator', on: asked.on })
    case 'rule':
      return ruleOf(asked.thing, asked.rule)
    case 'admission':
      return isAdmission(asked.admission)
        ? ok({ kind: 'admission', admission: asked.admission })
        : err({ type: 'no such thing' })
    case 'rename': {
      const name = lineOf('name', checkName(asked.name))
      if (!name.ok) return name
      return name.value === ''
        ? err({ type: 'empty', field: 'name' })
        : ok({ kind: 'rename', name: name.value, purpose: state.purpose })
    }
  }
}

const ruleOf = (name: RuleName, rule: Rule): Result<Action, Refusal> => {
  if (!isRule(rule) || !ruleNames.includes(name)) return err({ type: 'no such thing' })
  return isTooWeak(name, rule) ? err({ type: 'weak rule' }) : ok({ kind: 'rule', name, rule })
}

/** Of the shape that others read: what is asked comes from a screen, or a program. */
const isRule = (rule: Rule): boolean => {
  switch (rule.kind) {
    case 'threshold':
    case 'majority':
      return isShare(rule)
    case 'consent':
      return isShare(rule) && isWithin(rule.objections, 0, ruleLimits.members)
    case 'advice':
      return isWithin(rule.least, 1, ruleLimits.members) && (rule.from === null || roles.includes(rule.from))
    case 'sortition': {
      const { inner } = rule
      const isOfBallots = inner.kind !== 'sortition' && inner.kind !== 'advice'
      return isWithin(rule.size, 1, ruleLimits.members) && isOfBallots && isRule(inner)
    }
    default:
      return rule.kind === 'unanimous'
  }
}

const isShare = ({ num, den }: { readonly num: number; readonly den: number }): boolean =>
  isWithin(num, 0, den - 1) && isWithin(den, 1, ruleLimits.den)

const isAdmission = (admission: Admission): boolean =>
  admission.kind === 'sponsors'
    ? isWithin(admission.count, 1, ruleLimits.sponsors)
    : admission.kind === 'invitation' || admission.kind === 'decision'

const isWithin = (value: number, least: number, most: number): boolean =>
  Number.isInteger(value) && value >= least && value <= most

const votersOf = (
  give: readonly MemberId[],
  take: readonly MemberId[],
  { voters, members }: GroupState,
): Result<Action, Refusal> => {
  const after = [...new Set([...voters, ...give])].filter((member) => !take.includes(member)).sort()
  const areIn = after.every((id) => {
    const member = members.get(id)
    return member && !member.left && !member.removed
  })
  if (!areIn || after.length === 0) return err({ type: 'no such thing' })
  return after.length > actionLimits.voters
    ? err({ type: 'too long', field: 'voters', limit: actionLimits.voters })
    : ok({ kind: 'voters', members: after })
}
