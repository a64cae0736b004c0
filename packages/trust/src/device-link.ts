import { DeviceId, err, GroupId, MemberId, type Result } from '@auzolan/core'
import { encodeCbor } from './cbor-writer.ts'
import { controlLimits } from './control-limits.ts'
import { deviceMessage } from './control.ts'
import { labelled } from './digest.ts'
import { mustHold, parseList } from './fields.ts'
import { invitationKeys } from './invitation.ts'
import type { SignedJoinRequest } from './join.ts'
import type { DeviceKeys } from './keys.ts'
import { digestLabels } from './labels.ts'
import { encodeLinkText, parseLinkText, readWhere, type LinkKind, type LinkTextFault } from './link-text.ts'
import type { Verifier } from './verifier.ts'

/** What one screen hands to another (`TRUST.md` T7). Whoever holds it can ask the device that shows it, and nobody else. */
export interface DeviceLink {
  /** `own`: shown by a device of the same person, who lets it in. `lost`: by somebody else, who asks the group to go on with it. */
  readonly purpose: 'own' | 'lost'
  readonly group: GroupId
  /** Whose device the further one will be. */
  readonly member: MemberId
  /** The device that shows the link: it alone is asked. */
  readonly device: DeviceId
  /** 16 bytes; the link's key is made of it as an invitation's is. */
  readonly secret: Uint8Array
  readonly groupName: string
  readonly myName: string
  /** Who and where to look for, as in an invitation. */
  readonly peers: readonly Uint8Array[]
  readonly hints: readonly string[]
}

/** A further device's wish to come in, as its person confirms it. */
export interface DeviceRequest {
  readonly group: GroupId
  /** Public key of the link. */
  readonly linkKey: Uint8Array
  readonly member: MemberId
  readonly device: DeviceId
  readonly box: Uint8Array
  readonly label: string
}

const REQUEST = 'auzolan/link/1'
const SECRET_LENGTH = 16

const kindOf = (letter: string, purpose: DeviceLink['purpose']): LinkKind<DeviceLink> => ({
  letter,
  place: 'device',
  fields: ({ group, member, device, secret, groupName, myName, peers, hints }) => [
    GroupId.toBytes(group),
    MemberId.toBytes(member),
    DeviceId.toBytes(device),
    secret,
    groupName,
    myName,
    peers,
    hints,
  ],
  read: (fields) => ({
    purpose,
    group: fields.group('group'),
    member: fields.member('member'),
    device: fields.device('device'),
    secret: fields.bytes('secret', SECRET_LENGTH),
    groupName: fields.text('group name', 0, controlLimits.name),
    myName: fields.text('name', 0, controlLimits.name),
    ...readWhere(fields),
  }),
})
const kinds = { own: kindOf('d', 'own'), lost: kindOf('b', 'lost') } as const

/** `d1.…` for an own device, `b1.…` for somebody who has lost theirs; as `encodeLinkText` says. */
export const encodeDeviceLink = (link: DeviceLink): string => encodeLinkText(kinds[link.purpose], link)

export const parseDeviceLink = (text: unknown): Result<DeviceLink, LinkTextFault> => {
  const own = parseLinkText(kinds.own, text)
  return own.ok || own.error.type !== 'not an invitation' ? own : parseLinkText(kinds.lost, text)
}

/**
 * What the further device sends: `byInvite` by the link's key over the request, `byDevice` the proof that its `addDevice` bears.
 * Throws `RangeError` where the label is too long: whoever asks a person for it checks first.
 */
export const makeDeviceRequest = async (
  { group, member, secret }: Pick<DeviceLink, 'group' | 'member' | 'secret'>,
  keys: DeviceKeys,
  label: string,
): Promise<SignedJoinRequest> => {
  if (label.length > controlLimits.name) throw new RangeError('a label has at most 120 characters')
  const link = await invitationKeys(secret)
  const request = encodeCbor([
    REQUEST,
    GroupId.toBytes(group),
    link.publicKey,
    MemberId.toBytes(member),
    DeviceId.toBytes(keys.device),
    keys.box,
    label,
  ])
  return {
    request,
    byInvite: await link.sign('auzolan/sign/link/1', request),
    byDevice: await keys.sign('auzolan/sign/device/1', deviceMessage(group, member, keys.device, keys.box)),
  }
}

export const parseDeviceRequest = (
  bytes: Uint8Array,
): Result<DeviceRequest, { readonly type: 'not a device request'; readonly detail: string }> => {
  const parsed = parseList(
    bytes,
    'a device request',
    { depth: 1, length: controlLimits.request },
    (fields): DeviceRequest => {
      mustHold(fields.next() === REQUEST, 'no such version')
      return {
        group: fields.group('group'),
        linkKey: fields.bytes('link', 32),
        member: fields.member('member'),
        device: fields.device('device'),
        box: fields.bytes('box', 32),
        label: fields.text('label', 0, controlLimits.name),
      }
    },
  )
  return parsed.ok ? parsed : err({ type: 'not a device request', detail: parsed.error })
}

/** The request, if whoever made it holds both the link and the device's key. */
export const checkDeviceRequest = async (
  { request, byInvite, byDevice }: SignedJoinRequest,
  verifier: Verifier,
): Promise<DeviceRequest | undefined> => {
  const parsed = parseDeviceRequest(request)
  if (!parsed.ok) return undefined
  const { group, linkKey, member, device, box } = parsed.value
  const message = deviceMessage(group, member, device, box)
  const proven =
    (await verifier.verify(byInvite, 'auzolan/sign/link/1', request, linkKey)) &&
    (await verifier.verify(byDevice, 'auzolan/sign/device/1', message, device))
  return proven ? parsed.value : undefined
}

/**
 * Three numbers of 0 to 255 that both screens show as words, for their person to compare. 24 bits are enough: the request goes to the one
 * device that shows the link, which hears one request a link, so that nobody has a second try.
 */
export const matchingNumbers = (request: Uint8Array): readonly [number, number, number] => {
  const [first, second, third] = labelled(digestLabels.matching, request) as unknown as [number, number, number]
  return [first, second, third]
}
