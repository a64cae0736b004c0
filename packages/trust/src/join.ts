import { DeviceId, err, GroupId, MemberId, type Entropy, type Result } from '@auzolan/core'
import { encodeCbor } from './cbor-writer.ts'
import { controlLimits } from './control-limits.ts'
import { labelled } from './digest.ts'
import { mustHold, parseList } from './fields.ts'
import { invitationKeys, type Invitation } from './invitation.ts'
import type { DeviceKeys } from './keys.ts'
import { digestLabels } from './labels.ts'

/** A newcomer's wish to be let in. Names the newcomer's keys, so that a copied one is of no use to anybody else. */
export interface JoinRequest {
  readonly group: GroupId
  /** Public key of the invitation. */
  readonly inviteKey: Uint8Array
  readonly device: DeviceId
  readonly box: Uint8Array
  readonly name: string
  /** 16 bytes. */
  readonly nonce: Uint8Array
}

/** A join request with the two signatures that an `admit` carries. */
export interface SignedJoinRequest {
  readonly request: Uint8Array
  readonly byInvite: Uint8Array
  readonly byDevice: Uint8Array
}

const REQUEST = 'auzolan/join/1'
const NONCE_LENGTH = 16

/** Throws `RangeError` where the name is empty or too long: whoever asks a person for it checks first. */
export const makeJoinRequest = async (
  { group, secret }: Pick<Invitation, 'group' | 'secret'>,
  keys: DeviceKeys,
  name: string,
  entropy: Entropy,
): Promise<SignedJoinRequest> => {
  if (name.length === 0 || name.length > controlLimits.name) throw new RangeError('a name has 1 to 120 characters')
  const invite = await invitationKeys(secret)
  const request = encodeCbor([
    REQUEST,
    GroupId.toBytes(group),
    invite.publicKey,
    DeviceId.toBytes(keys.device),
    keys.box,
    name,
    entropy.bytes(NONCE_LENGTH),
  ])
  return {
    request,
    byInvite: await invite.sign('auzolan/sign/join/invitation/1', request),
    byDevice: await keys.sign('auzolan/sign/join/device/1', request),
  }
}

export const parseJoinRequest = (
  bytes: Uint8Array,
): Result<JoinRequest, { type: 'not a join request'; detail: string }> => {
  const parsed = parseList(
    bytes,
    'a join request',
    { depth: 1, length: controlLimits.request },
    (fields): JoinRequest => {
      mustHold(fields.next() === REQUEST, 'no such version')
      return {
        group: fields.group('group'),
        inviteKey: fields.bytes('invitation', 32),
        device: fields.device('device'),
        box: fields.bytes('box', 32),
        name: fields.text('name', 1, controlLimits.name),
        nonce: fields.bytes('nonce', NONCE_LENGTH),
      }
    },
  )
  return parsed.ok ? parsed : err({ type: 'not a join request', detail: parsed.error })
}

/** Who a newcomer will be, known before anybody admits them. */
export const memberOfRequest = (request: Uint8Array): MemberId =>
  MemberId.fromBytes(labelled(digestLabels.joiner, request))
