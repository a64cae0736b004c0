import type { ControlId, DeviceId, HeardView, MemberId, Person } from '@auzolan/core'
import type { Group } from '../group/group.ts'
import { otherDevices } from './facts.ts'

/** A device has heard of it that said so when it was met, or has built on it since. */
export const heardView = (group: Group, end: ControlId, personOf: (id: MemberId) => Person): HeardView => {
  const { control } = group.endings
  const { devices } = control.state()
  const others = otherDevices(group)
  const hasBuilt = (device: DeviceId): boolean => {
    const newest = control.newestOf(device)
    return newest !== undefined && control.covers([newest], [end])
  }
  const missing = others.filter((device) => !group.known.all.get(device)?.told.includes(end) && !hasBuilt(device))
  return {
    devices: others.length + (group.isActive(group.keys.device) ? 1 : 0),
    missing: missing.flatMap((device) => {
      const member = devices.get(device)?.member
      return member ? [{ device, by: personOf(member), asOf: group.known.all.get(device)?.asOf ?? null }] : []
    }),
  }
}
