import type { ControlId, DeviceId } from '@auzolan/core'
import type { ControlLog } from '@auzolan/trust'

/** An entry that takes somebody, or a device, out, and where it lies. */
interface Removal {
  readonly id: ControlId
  readonly device: DeviceId
  readonly seq: number
}

/** Which of the last removals and lockings-out somebody holds: until a device has heard of one, it may go on telling who is out what is new. */
export class Removals {
  #last: readonly Removal[] = []
  /** What `#last` was worked out from: that log, when it held as many entries. */
  #of: ControlLog | undefined
  #size = 0

  /** `lines`: how far they hold each feed. */
  heldIn(control: ControlLog, lines: ReadonlyMap<DeviceId, number>): readonly ControlId[] {
    if (this.#of !== control || this.#size !== control.size) this.#last = lastRemovals(control)
    this.#of = control
    this.#size = control.size
    return this.#last.flatMap(({ id, device, seq }) => ((lines.get(device) ?? 0) >= seq ? [id] : []))
  }
}

const lastRemovals = (control: ControlLog): readonly Removal[] => {
  if (control.heads.length === 0) return []
  const enacted = [...control.state().decided].flatMap(([proposal, enact]) => {
    const asked = control.get(proposal)?.control
    const said = control.get(enact)
    const takesOut = asked?.kind === 'propose' && (asked.action.kind === 'remove' || asked.action.kind === 'rebind')
    return said && takesOut ? [{ id: enact, entry: said.entry }] : []
  })
  const lockedOut = [...control.endedDevices().values()].flatMap(({ by }) =>
    by.flatMap((id) => {
      const said = control.get(id)
      return said?.control.kind === 'revokeDevice' ? [{ id, entry: said.entry }] : []
    }),
  )
  return [...enacted, ...lockedOut]
    .sort((left, right) => right.entry.at - left.entry.at || (left.id < right.id ? -1 : 1))
    .slice(0, FOLLOWED)
    .map(({ id, entry: { device, seq } }) => ({ id, device, seq }))
}

/** Removals whose spreading is followed: older ones are known, or nobody asks any more. */
const FOLLOWED = 8
