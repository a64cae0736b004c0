import { toHex, type ControlId, type DeviceId, type GroupId, type Instant, type MemberId } from '@auzolan/core'
import { encodeCbor, type Cbor } from './cbor.ts'
import { covers, type ControlGraph, type Node } from './control-graph.ts'
import { requestOf, type ControlRules } from './control-rules.ts'
import { encodeControl, memberOfFounder, type Control, type Founding } from './control.ts'
import { labelled } from './digest.ts'
import { memberOfRequest } from './join.ts'
import { digestLabels } from './labels.ts'

export interface Member {
  readonly id: MemberId
  readonly name: string
  /** `null`: a founder. */
  readonly via: null | { readonly invite: ControlId; readonly by: MemberId }
  readonly since: Instant
  readonly left: boolean
  /** Sorted; revoked ones too. */
  readonly devices: readonly DeviceId[]
}

export interface DeviceState {
  readonly member: MemberId
  readonly box: Uint8Array
  readonly label: string
  readonly revoked: boolean
  readonly admittedBy: ControlId
}

export interface InviteState {
  readonly key: Uint8Array
  readonly by: MemberId
  readonly uses: number
  /** Who came in by it; sorted. */
  readonly used: readonly MemberId[]
  readonly expires: Instant | null
  readonly note: string
  readonly cancelled: boolean
  readonly at: Instant
}

/** Who is in, resolved over everything known: the same for the same entries, whatever order they came in. Maps are sorted by id. */
export interface GroupState {
  readonly group: GroupId
  readonly founding: Founding
  readonly foundedAt: Instant
  readonly members: ReadonlyMap<MemberId, Member>
  readonly devices: ReadonlyMap<DeviceId, DeviceState>
  readonly invites: ReadonlyMap<ControlId, InviteState>
}

interface Draft<T> {
  readonly from: ControlId
  readonly value: T
}

/**
 * The second verdict (`TRUST.md` T2): what stands once concurrent entries are known. A cancelled invitation beats admissions that did not know
 * of it being cancelled, and with an admission falls what its member built on it: invitations, and who came by them. That a cancellation's
 * own author falls in turn does not bring the invitation back: so no two cancellations can each undo the other, and what is void only grows.
 */
export const resolveState = (group: GroupId, graph: ControlGraph, rules: ControlRules): GroupState | undefined => {
  const members = new Map<MemberId, Draft<Omit<Member, 'left' | 'devices'>>>()
  const devices = new Map<DeviceId, Draft<Omit<DeviceState, 'revoked' | 'admittedBy'>>>()
  const invites = new Map<ControlId, Omit<InviteState, 'used'> & { readonly used: Set<MemberId> }>()
  /** Devices with the entries that let them in and stand. */
  const standing = new Map<DeviceId, Node[]>()
  const left = new Set<MemberId>()
  const revoked = new Set<DeviceId>()
  let founding: { readonly node: Node; readonly control: Founding } | undefined

  const admit = (node: Node, device: DeviceId, state: Omit<DeviceState, 'revoked' | 'admittedBy'>): void => {
    keepLower(devices, device, { from: node.id, value: state })
    standing.set(device, [...(standing.get(device) ?? []), node])
  }
  const join = (node: Node, id: MemberId, name: string, via: Member['via']): void =>
    keepLower(members, id, { from: node.id, value: { id, name, via, since: node.entry.at } })
  const stands = (node: Node): boolean =>
    standing.get(node.entry.device)?.some((admission) => covers([node], admission)) ?? false
  const letIn = (node: Node, control: Extract<Control, { kind: 'admit' }>): void => {
    const invite = invites.get(control.invite)
    if (!invite || !rules.cancellations(control.invite).every((cancellation) => covers([cancellation], node))) return
    const { device, box, name } = requestOf(control)
    const member = memberOfRequest(control.request)
    invite.used.add(member)
    join(node, member, name, { invite: control.invite, by: invite.by })
    admit(node, device, { member, box, label: '' })
  }

  for (const node of graph.all()) {
    const { control, entry } = node
    const author = (): MemberId => rules.memberAt(entry.device, [node]) as MemberId
    switch (control.kind) {
      case 'found':
        founding = { node, control }
        for (const { device, box, name } of control.founders) {
          const member = memberOfFounder(device)
          join(node, member, name, null)
          admit(node, device, { member, box, label: '' })
        }
        break
      case 'invite':
        if (stands(node)) {
          const { key, uses, expires, note } = control
          const cancelled = rules.cancellations(node.id).length > 0
          invites.set(node.id, { key, uses, expires, note, by: author(), used: new Set(), cancelled, at: entry.at })
        }
        break
      case 'admit':
        letIn(node, control)
        break
      case 'addDevice':
        if (stands(node)) admit(node, control.device, { member: author(), box: control.box, label: control.label })
        break
      case 'revokeDevice':
        revoked.add(control.device)
        break
      case 'leave':
        left.add(author())
        break
      case 'uninvite':
        break
    }
  }

  if (!founding) return undefined
  const devicesOf = new Map<MemberId, DeviceId[]>()
  for (const [device, { value }] of sorted(devices))
    devicesOf.set(value.member, [...(devicesOf.get(value.member) ?? []), device])
  return {
    group,
    founding: founding.control,
    foundedAt: founding.node.entry.at,
    members: mapSorted(members, ({ value }, id) => ({
      ...value,
      left: left.has(id),
      devices: devicesOf.get(id) ?? [],
    })),
    devices: mapSorted(devices, ({ from, value }, id) => ({ ...value, revoked: revoked.has(id), admittedBy: from })),
    invites: mapSorted(invites, (invite) => ({ ...invite, used: [...invite.used].sort() })),
  }
}

/** Of several entries that say the same of one thing, the one with the lowest id speaks, on every device. */
const keepLower = <K, T>(map: Map<K, Draft<T>>, key: K, draft: Draft<T>): void => {
  const known = map.get(key)
  if (!known || draft.from < known.from) map.set(key, draft)
}

const sorted = <K extends string, V>(map: ReadonlyMap<K, V>): readonly (readonly [K, V])[] =>
  [...map].sort(([left], [right]) => (left < right ? -1 : 1))

const mapSorted = <K extends string, V, W>(map: ReadonlyMap<K, V>, make: (value: V, key: K) => W): ReadonlyMap<K, W> =>
  new Map(sorted(map).map(([key, value]) => [key, make(value, key)]))

/** Equal for equal states; what two devices compare. Lower-case hex of 32 bytes. */
export const stateDigest = (state: GroupState): string => {
  const fields: Cbor = [
    state.group,
    encodeControl(state.founding),
    state.foundedAt,
    [...state.members.values()].map(({ id, name, via, since, left, devices }) => [
      id,
      name,
      via && [via.invite, via.by],
      since,
      left,
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
  ]
  return toHex(labelled(digestLabels.state, encodeCbor(fields)))
}
