import { ed25519 } from '@noble/curves/ed25519.js'
import { GroupId, type Instant, type Result } from '@auzolan/core'
import { controlLimits } from './control-limits.ts'
import { derived } from './digest.ts'
import type { Fields } from './fields.ts'
import { signerOf } from './keys.ts'
import type { SignLabel } from './labels.ts'
import {
  encodeLinkText,
  parseLinkText,
  readWhere,
  whereLimits,
  type LinkKind,
  type LinkTextFault,
} from './link-text.ts'

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

export type InvitationTextFault = LinkTextFault

export const invitationLimits = whereLimits

const SECRET_LENGTH = 16

const invitationLink: LinkKind<Invitation> = {
  letter: 'v',
  place: 'join',
  fields: ({ group, secret, groupName, inviterName, expires, peers, hints }) => [
    GroupId.toBytes(group),
    secret,
    groupName,
    inviterName,
    expires,
    peers,
    hints,
  ],
  read: (fields: Fields) => ({
    group: fields.group('group'),
    secret: fields.bytes('secret', SECRET_LENGTH),
    groupName: fields.text('group name', 0, controlLimits.name),
    inviterName: fields.text('inviter', 0, controlLimits.name),
    expires: fields.optional((field) => field.instant('expires')),
    ...readWhere(fields),
  }),
}

/** `v1.…`, as `encodeLinkText` says. */
export const encodeInvitation = (invitation: Invitation): string => encodeLinkText(invitationLink, invitation)

export const parseInvitation = (text: unknown): Result<Invitation, InvitationTextFault> =>
  parseLinkText(invitationLink, text)

export interface InvitationKeys {
  readonly publicKey: Uint8Array
  sign(label: SignLabel, message: Uint8Array): Promise<Uint8Array>
}

/** The invitation's Ed25519 key: HKDF-SHA-256 (RFC 5869) of its secret. */
export const invitationKeys = async (secret: Uint8Array): Promise<InvitationKeys> => {
  if (secret.length !== SECRET_LENGTH) throw new RangeError('an invitation has a secret of 16 bytes')
  const seed = derived(secret, new TextEncoder().encode('auzolan/invitation/1'))
  return { publicKey: ed25519.getPublicKey(seed), sign: await signerOf(seed) }
}
