import { type ControlId, type DeviceId, DocumentId, GroupId, type MemberId } from '@auzolan/core'
import { type GroupState, labelled, type Member } from '@auzolan/trust'
import type { GroupLog } from '../log/group-log.ts'

/** A log that a workspace reads: its own whole, those it continues up to the point of departure. */
export interface Source {
  readonly log: GroupLog
  /** Highest seq of each device that belongs here. Absent: everything. */
  readonly frontier?: ReadonlyMap<DeviceId, number>
  /** Of those that count less far than they belong here, up to where. */
  readonly counted?: ReadonlyMap<DeviceId, number>
  /** Chain value at that point. */
  readonly chainAt?: (device: DeviceId) => Uint8Array | undefined
}

/** How far this source reaches in a device's feed. */
export const reach = ({ log, frontier }: Source, device: DeviceId): number => {
  const have = log.seqOf(device)
  return frontier ? Math.min(have, frontier.get(device) ?? 0) : have
}

/** The last entry of a feed that counts here: nobody vouched for what comes after. What a group continues counts as its founding entry says. */
export const lastCounted = (source: Source, device: DeviceId): number => {
  const counted = (source.frontier ? source.counted : source.log.counted)?.get(device)
  return Math.min(reach(source, device), counted ?? Number.MAX_SAFE_INTEGER)
}

/** What a group continues, as its founding entry says. `undefined`: nothing, or the founding entry has not arrived. */
export const continuesOf = (log: GroupLog): Continues | undefined =>
  log.control.heads.length === 0 ? undefined : (log.state.founding.continues ?? undefined)
type Continues = NonNullable<GroupState['founding']['continues']>

/** The newest control entries of one of these logs that belong here. */
export const headsOf = (sources: readonly Source[], at: number): readonly ControlId[] => {
  const before = sources[at - 1]
  return (before ? continuesOf(before.log)?.heads : sources[at]?.log.control.heads) ?? []
}

/**
 * The document that holds a group's own name and purpose; its thread is the group's talk. Derived from the group's id, so that two
 * founders' devices never make two.
 */
export const groupDocument = (group: GroupId): DocumentId =>
  DocumentId.fromBytes(labelled('auzolan/group-document/1', GroupId.toBytes(group)).subarray(0, DocumentId.length))

/** Who wrote with this device, in the group or in one it continues. */
export const memberOf = (sources: readonly Source[], device: DeviceId): MemberId | undefined => {
  for (const { log } of sources) {
    const found = log.control.heads.length > 0 ? log.state.devices.get(device)?.member : undefined
    if (found) return found
  }
  return undefined
}

/** Everyone who is or was a member, the group's own first. */
export const everyone = (
  sources: readonly Source[],
): ReadonlyMap<MemberId, Member & { readonly inherited: boolean }> => {
  const people = new Map<MemberId, Member & { readonly inherited: boolean }>()
  for (const [generation, { log }] of sources.entries()) {
    if (log.control.heads.length === 0) continue
    for (const member of log.state.members.values())
      if (!people.has(member.id)) people.set(member.id, { ...member, inherited: generation > 0 })
  }
  return people
}

/** Forks of forks of forks: beyond this the oldest history is not read. */
export const MAX_GENERATIONS = 16
