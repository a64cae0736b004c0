import { DeviceId, err, GroupId, MemberId, type Result } from '@auzolan/core'
import { isGoodBox } from './agree.ts'
import { encodeCbor } from './cbor-writer.ts'
import { controlLimits } from './control-limits.ts'
import { labelled } from './digest.ts'
import { mustHold, parseList } from './fields.ts'
import { invitationKeys } from './invitation.ts'
import type { SignedJoinRequest } from './join.ts'
import type { DeviceKeys } from './keys.ts'
import { digestLabels } from './labels.ts'
import type { Reason } from './reason.ts'
import type { Verifier } from './verifier.ts'

/** A device's wish to come in as the person whose recovery sheet it has read. */
export interface RecoveryRequest {
  readonly group: GroupId
  /** Public key of the sheet. */
  readonly sheet: DeviceId
  readonly device: DeviceId
  readonly box: Uint8Array
  readonly label: string
}

const REQUEST = 'auzolan/recovery/1'

/** What a sheet's key signs with label `auzolan/sign/sheet/1` when it is made, so that nobody passes off another's sheet as theirs. */
export const sheetMessage = (group: GroupId, member: MemberId, sheet: DeviceId): Uint8Array =>
  labelled(digestLabels.sheet, GroupId.toBytes(group), MemberId.toBytes(member), DeviceId.toBytes(sheet))

/** The key of a sheet's 16 bytes, with what the entry that makes the sheet known bears. */
export const makeSheet = async (
  group: GroupId,
  member: MemberId,
  secret: Uint8Array,
): Promise<{ readonly kind: 'sheet'; readonly sheet: DeviceId; readonly proof: Uint8Array }> => {
  const keys = await invitationKeys(secret)
  const sheet = DeviceId.fromBytes(keys.publicKey)
  return { kind: 'sheet', sheet, proof: await keys.sign('auzolan/sign/sheet/1', sheetMessage(group, member, sheet)) }
}

/**
 * What a device that read a sheet sends; travels as a join request does: `byInvite` is the sheet's signature. Throws `RangeError` where the
 * label is too long: whoever asks a person for it checks first.
 */
export const makeRecoveryRequest = async (
  group: GroupId,
  secret: Uint8Array,
  keys: DeviceKeys,
  label: string,
): Promise<SignedJoinRequest> => {
  if (label.length > controlLimits.name) throw new RangeError('a label has at most 120 characters')
  const sheet = await invitationKeys(secret)
  const request = encodeCbor([
    REQUEST,
    GroupId.toBytes(group),
    sheet.publicKey,
    DeviceId.toBytes(keys.device),
    keys.box,
    label,
  ])
  return {
    request,
    byInvite: await sheet.sign('auzolan/sign/recovery/sheet/1', request),
    byDevice: await keys.sign('auzolan/sign/recovery/device/1', request),
  }
}

export const parseRecoveryRequest = (
  bytes: Uint8Array,
): Result<RecoveryRequest, { readonly type: 'not a recovery request'; readonly detail: string }> => {
  const parsed = parseList(
    bytes,
    'a recovery request',
    { depth: 1, length: controlLimits.request },
    (fields): RecoveryRequest => {
      mustHold(fields.next() === REQUEST, 'no such version')
      return {
        group: fields.group('group'),
        sheet: fields.device('sheet'),
        device: fields.device('device'),
        box: fields.bytes('box', 32),
        label: fields.text('label', 0, controlLimits.name),
      }
    },
  )
  return parsed.ok ? parsed : err({ type: 'not a recovery request', detail: parsed.error })
}

/** Whether both the sheet and the device have signed the request. */
export const isRecoverySigned = async (
  { sheet, device }: RecoveryRequest,
  { request, byInvite, byDevice }: SignedJoinRequest,
  verifier: Verifier,
): Promise<boolean> =>
  (await verifier.verify(byInvite, 'auzolan/sign/recovery/sheet/1', request, DeviceId.toBytes(sheet))) &&
  (await verifier.verify(byDevice, 'auzolan/sign/recovery/device/1', request, DeviceId.toBytes(device)))

/** What is wrong with the key or the signature in an entry that makes a sheet known. */
export const provesSheet = async (
  group: GroupId,
  member: MemberId,
  { sheet, proof }: { readonly sheet: DeviceId; readonly proof: Uint8Array },
  verifier: Verifier,
): Promise<Reason | undefined> => {
  const key = DeviceId.toBytes(sheet)
  if (!verifier.goodKey(key)) return { type: 'bad key' }
  const isSigned = await verifier.verify(proof, 'auzolan/sign/sheet/1', sheetMessage(group, member, sheet), key)
  return isSigned ? undefined : { type: 'bad proof' }
}

/** What is wrong with the keys or the signatures in a recovery. */
export const provesRecovered = async (signed: SignedJoinRequest, verifier: Verifier): Promise<Reason | undefined> => {
  const request = parseRecoveryRequest(signed.request)
  if (!request.ok) return { type: 'malformed', detail: request.error.detail }
  const { device, box } = request.value
  if (!verifier.goodKey(DeviceId.toBytes(device)) || !(await isGoodBox(box))) return { type: 'bad key' }
  return (await isRecoverySigned(request.value, signed, verifier)) ? undefined : { type: 'bad proof' }
}
