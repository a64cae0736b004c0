import { toHex } from '@auzolan/core'
import { encodeCbor, type Cbor } from './cbor-writer.ts'
import { encodeControl } from './control.ts'
import { labelled } from './digest.ts'
import type { GroupState } from './group-state.ts'
import { digestLabels } from './labels.ts'
import { admissionFields, ruleFields } from './rules.ts'

/** Equal for equal states; what two devices compare. Lower-case hex of 32 bytes. */
export const stateDigest = (state: GroupState): string => {
  const fields: Cbor = [
    state.group,
    encodeControl(state.founding),
    state.foundedAt,
    state.name,
    state.purpose,
    [...state.members.values()].map(({ id, name, via, since, left, removed, suspended, contested, devices }) => [
      id,
      name,
      via && [via.invite, via.by],
      since,
      [left, removed, suspended, contested],
      devices,
    ]),
    [...state.devices].map(([id, { member, box, label, revoked, admittedBy }]) => [
      id,
      member,
      box,
      label,
      revoked,
      admittedBy,
    ]),
    [...state.sheets].map(([key, { member, by, made, cancelled, used }]) => [key, member, by, made, cancelled, used]),
    [...state.invites].map(([id, { key, by, uses, used, expires, note, cancelled, at }]) => [
      id,
      key,
      by,
      uses,
      used,
      expires,
      note,
      cancelled,
      at,
    ]),
    [...state.roles].map(([member, held]) => [member, [...held]]),
    [[...state.voters], [...state.electorate], state.sealed],
    [...state.rules].map(([name, rule]) => [name, ruleFields(rule)]),
    [admissionFields(state.admission), [state.quorum.num, state.quorum.den]],
    [...state.doubleSigners].map(([member, pair]) => [member, pair]),
    [...state.equivocators].map(([device, pair]) => [device, pair]),
    [...state.decided],
    [...state.voided].map(([id, { type, by }]) => [id, type, by]),
    [...state.texts].map(([document, heads]) => [document, heads]),
    state.forks,
  ]
  return toHex(labelled(digestLabels.state, encodeCbor(fields)))
}
