import { createPersonFinder, type DeviceId, type HeardView } from '@auzolan/core'
import { matchingNumbers, parseDeviceRequest } from '@auzolan/trust'
import type { Group } from '../group/group.ts'
import type { DevicesView, LinkStep, OwnDevice } from '../peer.ts'
import { peopleFacts } from './facts.ts'
import { heardView } from './heard.ts'
import { liveSheets } from './sheets.ts'

/** This person's devices, the one in hand first, then as they came; and how far a link for one more has come. */
export const devicesView = (group: Group): DevicesView => {
  const { me, keys, known, endings } = group
  const { log } = group.workspace
  const devices = [...endings.control.state().devices].flatMap(([id, device]): OwnDevice[] => {
    if (device.member !== me) return []
    return [
      {
        id,
        label: group.workspace.board.deviceName(device.member, id) ?? device.label,
        current: id === keys.device,
        since: endings.control.get(device.admittedBy)?.entry.at ?? log.state.foundedAt,
        seen: known.all.get(id)?.asOf ?? null,
        connected: known.isHere(id),
        revoked: device.revoked,
        frozen: log.frozen.has(id),
        heard: device.revoked ? heardOf(group, id) : null,
        bySheet: endings.control.get(device.admittedBy)?.control.kind === 'recover',
      },
    ]
  })
  return {
    devices: devices.sort(
      (left, right) =>
        Number(right.current) - Number(left.current) || left.since - right.since || (left.id < right.id ? -1 : 1),
    ),
    sheets: liveSheets(group).map(([id, { made }]) => ({
      id,
      since: endings.control.get(made)?.entry.at ?? log.state.foundedAt,
    })),
    linking: linkStep(group),
  }
}

/** How far the news has come that this person locked a device out. */
const heardOf = (group: Group, device: DeviceId): HeardView | null => {
  const { control } = group.endings
  const end = control
    .endedDevices()
    .get(device)
    ?.by.find((id) => control.get(id)?.control.kind === 'revokeDevice')
  return end ? heardView(group, end, createPersonFinder(peopleFacts(group))) : null
}

const linkStep = ({ linking }: Group): LinkStep => {
  const { link } = linking
  if (!link) return { step: 'none' }
  const { stage, until, asked } = link
  if (stage === 'open' || stage === 'ended') return { step: stage, until }
  const request = asked ? parseDeviceRequest(asked.request) : undefined
  if (!asked || !request?.ok) return { step: 'ended', until }
  const { device, label } = request.value
  return { step: stage, until, device, label, numbers: matchingNumbers(asked.request) }
}
