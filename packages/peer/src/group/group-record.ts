import { DeviceId, GroupId, type Instant, MemberId } from '@auzolan/core'
import { type Cbor, decodeCbor, encodeCbor, type SignedJoinRequest } from '@auzolan/trust'
import { seal, unseal } from '../log/sealed.ts'

/** What this device keeps of its own part in a group. */
export interface GroupRecord {
  readonly group: GroupId
  /** `joining`: asked to be let in. */
  readonly standing: 'joining' | 'member' | 'left'
  /** The key this device writes with. */
  readonly device: DeviceId
  /** The name as the invitation said it, until the log says more. */
  readonly name: string
  readonly since: Instant
  readonly example: boolean
  readonly joining: Joining | null
  /** The key in the newest backup that this device made with a way back in. */
  readonly spare?: DeviceId
  /** Who this person is here, by the backup the group was put back from, until this device is in. */
  readonly was?: MemberId
}

/** An unanswered request to be let in. */
export interface Joining {
  readonly secret: Uint8Array
  readonly proof: SignedJoinRequest
  /** Whom to look for: peer ids as text, and addresses. */
  readonly peers: readonly string[]
  readonly addresses: readonly string[]
  /** The person's own device that showed the link; `null`: asked by an invitation. */
  readonly from: DeviceId | null
}

export const encodeGroupRecord = (record: GroupRecord): Uint8Array => {
  const { joining } = record
  const asked: Cbor = joining && [
    joining.secret,
    joining.proof.request,
    joining.proof.byInvite,
    joining.proof.byDevice,
    joining.peers,
    joining.addresses,
    ...(joining.from ? [DeviceId.toBytes(joining.from)] : []),
  ]
  return seal(
    encodeCbor([
      1,
      GroupId.toBytes(record.group),
      record.standing,
      DeviceId.toBytes(record.device),
      record.name,
      record.since,
      record.example,
      asked,
      ...(record.spare || record.was
        ? [record.spare ? DeviceId.toBytes(record.spare) : null, record.was ? MemberId.toBytes(record.was) : null]
        : []),
    ]),
  )
}

/** `undefined`: damaged. The group's entries are still there. */
export const decodeGroupRecord = (bytes: Uint8Array): GroupRecord | undefined => {
  const sealed = unseal(bytes)
  const value = sealed && decodeCbor(sealed)
  if (!value?.ok || !Array.isArray(value.value)) return undefined
  const [version, group, standing, device, name, since, example, asked, spare, was] = value.value as unknown[]
  if (
    version !== 1 ||
    !isBytes(group, 32) ||
    !isBytes(device, 32) ||
    typeof name !== 'string' ||
    !Number.isSafeInteger(since)
  )
    return undefined
  if (standing !== 'joining' && standing !== 'member' && standing !== 'left') return undefined
  const joining = asked === null ? null : readJoining(asked)
  if (joining === undefined) return undefined
  return {
    group: GroupId.fromBytes(group),
    standing,
    device: DeviceId.fromBytes(device),
    name,
    since: since as Instant,
    example: example === true,
    joining,
    ...(isBytes(spare, 32) ? { spare: DeviceId.fromBytes(spare) } : {}),
    ...(isBytes(was, 32) ? { was: MemberId.fromBytes(was) } : {}),
  }
}

const readJoining = (asked: unknown): Joining | undefined => {
  if (!Array.isArray(asked)) return undefined
  // Who asks by an invitation asks no device in particular: the last is left out.
  const [secret, request, byInvite, byDevice, peers, addresses, from = null] = asked as unknown[]
  if (
    !isBytes(secret, 16) ||
    !isBytes(request) ||
    !isBytes(byInvite, 64) ||
    !isBytes(byDevice, 64) ||
    !isTexts(peers) ||
    !isTexts(addresses) ||
    !(from === null || isBytes(from, 32))
  )
    return undefined
  return {
    secret,
    proof: { request, byInvite, byDevice },
    peers,
    addresses,
    from: from && DeviceId.fromBytes(from),
  }
}

const isBytes = (value: unknown, length?: number): value is Uint8Array =>
  value instanceof Uint8Array && (length === undefined || value.length === length)
const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((text) => typeof text === 'string')
