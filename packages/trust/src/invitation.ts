import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 as sha256Hash } from '@noble/hashes/sha2.js'
import { ed25519 } from '@noble/curves/ed25519.js'
import { concatBytes, equalBytes, err, ok, GroupId, type Instant, type Result } from '@auzolan/core'
import { decodeCbor, encodeCbor } from './cbor.ts'
import { controlLimits } from './control-limits.ts'
import { sha256 } from './digest.ts'
import { Fields, parseFields } from './fields.ts'
import { signerOf } from './keys.ts'
import type { SignLabel } from './labels.ts'

/** What one link or QR code hands to a newcomer (`TRUST.md` T8). Whoever holds it can ask to be let in. */
export interface Invitation {
  readonly group: GroupId
  /** 16 bytes; the invitation's key is made of it. */
  readonly secret: Uint8Array
  readonly groupName: string
  readonly inviterName: string
  readonly expires: Instant | null
  /** Who to look for: at most 4, each at most 64 bytes. Read by the network. */
  readonly peers: readonly Uint8Array[]
  /** Where to look: at most 4 multiaddrs, each at most 200 characters. */
  readonly hints: readonly string[]
}

export type InvitationTextFault = { readonly type: 'not an invitation' | 'cut off' | 'newer version' }

export const invitationLimits = {
  peers: 4,
  peer: 64,
  hints: 4,
  hint: 200,
  /** Characters of a pasted text. */ text: 8000,
} as const

const SECRET_LENGTH = 16
const CHECKSUM_LENGTH = 4
const PREFIX = 'v1.'

/** `v1.` and base64url of canonical CBOR with a checksum of 4 bytes, so that a link cut off in a chat is told from a wrong one. */
export const encodeInvitation = (invitation: Invitation): string => {
  const { group, secret, groupName, inviterName, expires, peers, hints } = invitation
  const body = encodeCbor([GroupId.toBytes(group), secret, groupName, inviterName, expires, peers, hints])
  return PREFIX + toBase64Url(concatBytes(body, checksum(body)))
}

/** Reads a whole link, only its fragment, or only `v1.…`, with white space around it. */
export const parseInvitation = (text: unknown): Result<Invitation, InvitationTextFault> => {
  if (typeof text !== 'string' || text.length > invitationLimits.text) return err({ type: 'not an invitation' })
  const trimmed = text.trim()
  const found = /(?:^|[/#.])v(\d{1,4})\.([^/#\s]*)$/.exec(trimmed)
  if (!found) return err({ type: /[/#]join\/?(?:v\d{0,4})?$/.test(trimmed) ? 'cut off' : 'not an invitation' })
  if (found[1] !== '1') return err({ type: 'newer version' })
  const blob = fromBase64Url(found[2] as string)
  if (!blob) return err({ type: /^[\w-]*$/.test(found[2] as string) ? 'cut off' : 'not an invitation' })
  const body = blob.subarray(0, -CHECKSUM_LENGTH)
  if (blob.length <= CHECKSUM_LENGTH || !equalBytes(checksum(body), blob.subarray(-CHECKSUM_LENGTH)))
    return err({ type: 'cut off' })
  const decoded = decodeCbor(body, { depth: 2 })
  const parsed = decoded.ok ? parseFields(() => readInvitation(new Fields(decoded.value, 'an invitation'))) : decoded
  return parsed.ok ? ok(parsed.value) : err({ type: 'not an invitation' })
}

const readInvitation = (fields: Fields): Invitation => {
  const invitation: Invitation = {
    group: fields.group('group'),
    secret: fields.bytes('secret', SECRET_LENGTH),
    groupName: fields.text('group name', 0, controlLimits.name),
    inviterName: fields.text('inviter', 0, controlLimits.name),
    expires: fields.optional((field) => field.instant('expires')),
    peers: fields
      .several('peers', 0, invitationLimits.peers)
      .map((peer) => new Fields([peer], 'peers').bytesUpTo('peer', invitationLimits.peer)),
    hints: fields
      .several('hints', 0, invitationLimits.hints)
      .map((hint) => new Fields([hint], 'hints').text('hint', 1, invitationLimits.hint)),
  }
  fields.end()
  return invitation
}

export interface InvitationKeys {
  readonly publicKey: Uint8Array
  sign(label: SignLabel, message: Uint8Array): Promise<Uint8Array>
}

/** The invitation's Ed25519 key: HKDF-SHA-256 (RFC 5869) of its secret. */
export const invitationKeys = async (secret: Uint8Array): Promise<InvitationKeys> => {
  if (secret.length !== SECRET_LENGTH) throw new RangeError('an invitation has a secret of 16 bytes')
  const seed = hkdf(sha256Hash, secret, undefined, new TextEncoder().encode('auzolan/invitation/1'), 32)
  return { publicKey: ed25519.getPublicKey(seed), sign: await signerOf(seed) }
}

const checksum = (body: Uint8Array): Uint8Array => sha256(body).subarray(0, CHECKSUM_LENGTH)

const toBase64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

/** `undefined` for what is not the one base64url text of some bytes. */
const fromBase64Url = (text: string): Uint8Array | undefined => {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return undefined
  const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
  return toBase64Url(bytes) === text ? bytes : undefined
}
