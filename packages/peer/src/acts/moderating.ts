import { err, type MemberId, ok, type Result } from '@auzolan/core'
import { controlLimits } from '@auzolan/trust'
import type { Group } from '../group/group.ts'
import type { Refusal } from '../peer.ts'
import { within } from './lines.ts'

/** Quick protection, until the group has decided (`TRUST.md` T3). */
export const pause = async (group: Group, person: MemberId, why: string): Promise<Result<null, Refusal>> => {
  const reason = within('reason', why.trim(), controlLimits.reason)
  if (!reason.ok) return reason
  if (reason.value === '') return err({ type: 'empty', field: 'reason' })
  const refusal = refuses(group, person)
  if (refusal) return err(refusal)
  const entry = await group.decide({ kind: 'suspend', member: person, reason: reason.value })
  return entry.ok ? ok(null) : entry
}

export const endPause = async (group: Group, person: MemberId): Promise<Result<null, Refusal>> => {
  const refusal = refuses(group, person)
  if (refusal) return err(refusal)
  if (!group.workspace.log.state.members.get(person)?.suspended) return err({ type: 'no such thing' })
  const entry = await group.decide({ kind: 'unsuspend', member: person })
  return entry.ok ? ok(null) : entry
}

/** Of more newcomers than an invitation has uses for, this one is in. */
export const confirm = async (group: Group, newcomer: MemberId): Promise<Result<null, Refusal>> => {
  if (!group.workspace.log.state.members.get(newcomer)?.contested) return err({ type: 'no such thing' })
  const entry = await group.decide({ kind: 'confirm', member: newcomer })
  return entry.ok ? ok(null) : entry
}

const refuses = ({ me, workspace }: Group, person: MemberId): Refusal | undefined => {
  const { members, roles } = workspace.log.state
  const member = members.get(person)
  if (!member || member.left || member.removed) return { type: 'no such thing' }
  return me && roles.get(me)?.has('moderator') ? undefined : { type: 'no moderator' }
}
