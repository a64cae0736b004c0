import type { DeviceId } from '@auzolan/core'
import { recoveryOf, requestOf, type ControlFacts } from './control-facts.ts'
import type { Node } from './control-graph.ts'
import type { DeviceState, Member } from './group-state.ts'

interface EntranceFields extends Pick<DeviceState, 'box' | 'label'>, Pick<Member, 'via'> {
  /** `undefined`: a further device of somebody who was in. */
  readonly name: string | undefined
}

/** What the entry that lets a device in says of it. */
export const entranceOf = ({ control }: Node, device: DeviceId, facts: ControlFacts): EntranceFields => {
  if (control.kind === 'found') {
    const founder = control.founders.find((one) => one.device === device)
    if (founder) return { box: founder.box, label: '', name: founder.name, via: null }
  }
  if (control.kind === 'admit') {
    const { box, name } = requestOf(control)
    const by = facts.invites.get(control.invite)?.node.author
    if (by) return { box, label: '', name, via: { invite: control.invite, by } }
  }
  if (control.kind === 'addDevice') return { box: control.box, label: control.label, name: undefined, via: null }
  if (control.kind === 'recover') {
    const { box, label } = recoveryOf(control)
    return { box, label, name: undefined, via: null }
  }
  const action = control.kind === 'enact' ? facts.proposals.get(control.proposal)?.control.action : undefined
  if (action?.kind !== 'rebind') throw new Error('no device comes in by such an entry')
  return { box: action.box, label: '', name: undefined, via: null }
}
