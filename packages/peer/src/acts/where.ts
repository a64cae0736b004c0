import type { DeviceId } from '@auzolan/core'
import { peerIdBytes } from '@auzolan/network'
import { invitationLimits } from '@auzolan/trust'
import type { Group } from '../group/group.ts'

/** Whom a link that will be used much later names: other people's devices first, those heard of last before the others, and this one. */
export const whoToLookFor = (group: Group, self: string): readonly Uint8Array[] => {
  const { devices } = group.workspace.log.state
  const isMine = (device: DeviceId) => devices.get(device)?.member === group.me
  const met = [...group.known.all]
    .filter(([device, { peer }]) => peer !== '' && group.isActive(device))
    .sort(([left, one], [right, other]) => Number(isMine(left)) - Number(isMine(right)) || other.asOf - one.asOf)
    .map(([, { peer }]) => peer)
  return [...new Set([...met.slice(0, invitationLimits.peers - 1), self])].flatMap((peer) => peerIdBytes(peer) ?? [])
}

/** Helpers that a link has room for. */
export const hintsOf = (helpers: readonly string[]): readonly string[] =>
  helpers.filter(({ length }) => length <= invitationLimits.hint).slice(0, invitationLimits.hints)
