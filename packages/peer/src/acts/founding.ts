import { checkName, err, NAMELESS, ok, type Result } from '@auzolan/core'
import { type Continues, controlLimits } from '@auzolan/trust'
import { groupRow } from '../answers/answer.ts'
import type { Founding } from '../group/found.ts'
import type { Group } from '../group/group.ts'
import type { Refusal } from '../peer.ts'
import { groupNameOf, lineOf, within } from './lines.ts'

/** A group as a person describes it when beginning one. */
export interface GroupDraft {
  readonly name: string
  readonly purpose?: string
  readonly myName: string
}

/** What the founding entry will say, or which field cannot be taken. */
export const foundingOf = (
  draft: GroupDraft,
  continues: Continues | null,
  example: boolean,
): Result<Founding, Refusal> => {
  const name = groupNameOf(draft.name)
  const purpose = within('purpose', draft.purpose ?? '', controlLimits.purpose)
  const myName = lineOf('myName', checkName(draft.myName))
  if (!name.ok) return name
  if (!purpose.ok) return purpose
  if (!myName.ok) return myName
  return ok({ name: name.value, purpose: purpose.value, myName: myName.value || NAMELESS, continues, example })
}

/** Where a copy of a group departs from it: everything known here now. */
export const continuationOf = async (parent: Group, why: string): Promise<Result<Continues, Refusal>> => {
  const { log } = parent.workspace
  if (log.control.heads.length === 0) return err({ type: 'unknown group' })
  const reason = within('reason', why, controlLimits.reason)
  if (!reason.ok) return reason
  const frontier = log.frontier()
  const counted = frontier.flatMap(({ device, seq }) => {
    const last = log.counted.get(device)
    return last === undefined || last >= seq ? [] : [{ device, seq: last }]
  })
  return ok({
    group: parent.id,
    heads: log.control.heads,
    frontier,
    name: (await groupRow(parent)).name,
    members: [...log.state.members.values()].filter(({ left }) => !left).length,
    reason: reason.value,
    ...(counted.length > 0 ? { counted } : {}),
  })
}
