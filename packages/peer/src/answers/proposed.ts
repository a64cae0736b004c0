import type { DecidedThing, MemberId, Person, ProposedAction } from '@auzolan/core'
import type { GroupState, ProposalView, RuleName } from '@auzolan/trust'
import type { Group } from '../group/group.ts'

/** What there is a rule for that this app has words for. */
export const decidedThings = ['remove', 'readmit', 'voters', 'role', 'rebind', 'rename', 'admit', 'rule'] as const

const isDecidedThing = (name: RuleName): name is DecidedThing => decidedThings.some((thing) => thing === name)

/** What the group is asked, with who it is about. */
export const proposedAction = (
  group: Group,
  { action, enact, by, reason }: ProposalView,
  personOf: (id: MemberId) => Person,
): ProposedAction => {
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
      return isDecidedThing(action.name)
        ? { is: 'rule', thing: action.name, rule: action.rule }
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
