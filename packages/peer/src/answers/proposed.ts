import { type DecidedThing, MemberId, type Person, type ProposedAction } from '@auzolan/core'
import type { GroupState, ProposalView, RuleName } from '@auzolan/trust'
import type { Group } from '../group/group.ts'

/** What there is a rule for that this app has words for. */
export const decidedThings = ['remove', 'readmit', 'voters', 'role', 'rebind', 'rename', 'admit', 'rule'] as const

const isDecidedThing = (name: RuleName): name is DecidedThing => decidedThings.some((thing) => thing === name)

/** What the group is asked, with who it is about. */
export const proposedAction = (
  group: Group,
  { action, enact, by, reason, votes }: ProposalView,
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
      const { me = '' as MemberId } = group
      const isActive = group.isActive(group.keys.device)
      // Where an invitation alone is enough, its maker asked to be asked, and is who says yes or no.
      const isOwn = admission.kind === 'invitation'
      const spoken = (sponsors.get(action.member) ?? []).filter((member) => isOwn || member !== by)
      const [first = 0, second = 0, third = 0] = MemberId.toBytes(action.member)
      return {
        is: 'admit',
        newcomer: action.member,
        name: reason,
        numbers: [first, second, third],
        spoken:
          admission.kind === 'decision'
            ? null
            : {
                by: spoken.map(personOf),
                needed: isOwn ? 1 : admission.count,
                maySpeak: isActive && (isOwn || me !== by) && !spoken.includes(me),
                mayDecline: isActive && isOwn && me === by && votes.get(me) !== 'no',
              },
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
