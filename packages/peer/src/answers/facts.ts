import {
  type ControlId,
  type DeviceId,
  type GroupDoc,
  groupDocumentFacts,
  type GroupFacts,
  type InvitationFacts,
  type MemberFacts,
  type MemberId,
  type PeopleFacts,
  type StatusFacts,
} from '@auzolan/core'
import type { ControlLog, GroupState } from '@auzolan/trust'
import type { Group } from '../group/group.ts'
import { continuesOf, everyone, groupDocument } from '../workspace/ancestry.ts'

export const peopleFacts = ({ workspace, keys, record, endings }: Group): PeopleFacts => {
  const people = new Map<MemberId, MemberFacts>()
  const isRevoked = (id: DeviceId) =>
    workspace.sources.some(({ log }) => log.control.heads.length > 0 && log.state.devices.get(id)?.revoked === true)
  const memberOf = new Map<DeviceId, MemberId>()
  const { control } = endings
  const { removed, devices, roles, members } = control.state()
  for (const member of everyone(workspace.sources).values()) {
    for (const device of member.devices) memberOf.set(device, member.id)
    people.set(member.id, {
      id: member.id,
      name: workspace.board.name(member.id) ?? member.name,
      via: member.via?.by ?? null,
      since: member.since,
      cameBack: cameBack(
        member.devices.filter((id) => !isRevoked(id)),
        control,
        devices,
      ),
      left: member.left || removed.has(member.id) || member.inherited,
      moderator: roles.get(member.id)?.has('moderator') ?? false,
      contested: members.get(member.id)?.contested ?? false,
      paused: pauseOf(members.get(member.id)?.suspensions ?? [], control),
      devices: member.devices
        .filter((id) => !isRevoked(id))
        .map((id) => ({ id, frozen: workspace.log.frozen.has(id) })),
    })
  }
  const [someone] = memberOf.values()
  const me = memberOf.get(keys.device) ?? record.was ?? someone
  if (!me) throw new Error('a group has a founder')
  return { me, thisDevice: record.device, people, memberOf, named: (id) => workspace.board.name(id) }
}

/** Who put somebody out of action; of several the one whose clock said so first. */
const pauseOf = (suspensions: readonly ControlId[], control: ControlLog): MemberFacts['paused'] => {
  const [first] = suspensions
    .flatMap((id) => control.get(id) ?? [])
    .sort((left, right) => left.entry.at - right.entry.at || (left.author < right.author ? -1 : 1))
  return first?.control.kind === 'suspend'
    ? { by: first.author, at: first.entry.at, reason: first.control.reason }
    : null
}

/** When and how somebody last came back in who had lost their devices. */
const cameBack = (
  own: readonly DeviceId[],
  control: ControlLog,
  devices: GroupState['devices'],
): MemberFacts['cameBack'] => {
  let last: MemberFacts['cameBack'] = null
  for (const id of own) {
    const device = devices.get(id)
    const said = device && control.get(device.admittedBy)
    const by = said?.control.kind === 'recover' ? 'sheet' : said?.control.kind === 'enact' ? 'group' : undefined
    if (said && by && (!last || said.entry.at > last.at)) last = { at: said.entry.at, by }
  }
  return last
}

/** The group's own line. Its document is opened only if somebody wrote in it. */
export const groupFacts = async ({ workspace, record, rooms }: Group): Promise<GroupFacts> => {
  const document = groupDocument(record.group)
  const founding = workspace.log.control.heads.length > 0 ? workspace.log.state.founding : undefined
  const written = workspace.hasChanges(document)
    ? groupDocumentFacts((await rooms.open(document)).state<GroupDoc>())
    : undefined
  const continues = continuesOf(workspace.log)
  // What the group decided holds over what anybody writes.
  const decided = founding && workspace.log.state.name !== founding.name ? workspace.log.state.name : undefined
  return {
    id: record.group,
    document,
    name: decided ?? (written?.name || (founding?.name ?? record.name)),
    nameVersions: decided === undefined ? (written?.nameVersions ?? []) : [],
    purpose: written?.purpose.text
      ? written.purpose
      : { text: founding?.purpose ?? '', heads: written?.purpose.heads ?? [] },
    continues:
      continues && founding
        ? {
            group: continues.group,
            name: continues.name,
            at: workspace.log.state.foundedAt,
            members: continues.members,
          }
        : null,
    example: record.example,
  }
}

export const invitationFacts = ({ workspace }: Group, links: ReadonlyMap<string, string>): InvitationFacts[] =>
  workspace.log.control.heads.length === 0
    ? []
    : [...workspace.log.state.invites].map(([id, { by, note, uses, used, expires, cancelled }]) => ({
        id,
        by,
        note,
        uses,
        used,
        expires,
        cancelled,
        link: links.get(id) ?? null,
      }))

export const statusFacts = (group: Group): StatusFacts => {
  const { known, ownSeq, workspace } = group
  const others = otherDevices(group)
  // Only who said so counts, also of a device that has written nothing yet.
  const complete = others.filter((device) => (known.all.get(device)?.seq ?? -1) >= ownSeq).length
  return {
    saving: group.saving,
    saveError: group.saveError,
    newerVersion: workspace.log.newerVersion,
    // Whose device it is that lets us in may be known only once its feed has come.
    connected:
      others.some((device) => known.isHere(device)) || (group.record.standing === 'joining' && known.here.length > 0),
    alone: others.length === 0,
    have: group.progress.have,
    of: group.progress.of,
    others: complete,
    onlyHereSince: complete > 0 || ownSeq === 0 ? null : group.reach.onlyHereSince,
  }
}

/** Devices that write in this group now, this one excepted. */
export const otherDevices = (group: Group): DeviceId[] =>
  group.workspace.log.control.heads.length === 0
    ? []
    : [...group.workspace.log.state.devices.keys()].filter(
        (device) => device !== group.keys.device && group.isActive(device),
      )
