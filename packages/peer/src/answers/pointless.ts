import { type Admission, defaultRule, type GroupState, type ProposalView, type Rule } from '@auzolan/trust'

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
      return state.members.has(action.member)
    case 'rename':
      return action.name === state.name && action.purpose === state.purpose
    default:
      return false
  }
}

const isSame = (one: Rule | Admission, other: Rule | Admission): boolean => {
  const [left, right]: Readonly<Record<string, unknown>>[] = [{ ...one }, { ...other }]
  return Object.keys({ ...left, ...right }).every((key) => left?.[key] === right?.[key] || areSameInner(one, other))
}

const areSameInner = (one: Rule | Admission, other: Rule | Admission): boolean =>
  one.kind === 'sortition' && other.kind === 'sortition' && one.size === other.size && isSame(one.inner, other.inner)
