import { GroupId } from '@auzolan/core'
import { encodeCbor } from './cbor-writer.ts'
import { derived, labelled, mac, withLabel } from './digest.ts'
import type { DeviceKeys } from './keys.ts'
import { digestLabels } from './labels.ts'
import type { Verifier } from './verifier.ts'

/** Who dialled is the opener. Both sides' messages name the role of who made them, so that none can be sent back to its author. */
export type HandshakeRole = 'opener' | 'accepter'

/** Bytes of a tag. */
export const TAG_LENGTH = 16

/** What both ends of one connection know of it. */
export type Nonces = readonly [opener: Uint8Array, accepter: Uint8Array]
export type PeerNames = readonly [opener: string, accepter: string]

/**
 * Lets two who share a key recognise each other without telling a stranger (`TRUST.md` T11): HMAC-SHA-256 by it, cut to 16 bytes. `role` is
 * that of who shows the tag. `key`: 32 bytes, `EpochKeys.presence` between members, `entranceKey` for who is not handed an epoch's key yet.
 */
export const handshakeTag = (key: Uint8Array, role: HandshakeRole, nonces: Nonces, peers: PeerNames): Uint8Array =>
  mac(key, session(role, nonces, peers)).subarray(0, TAG_LENGTH)

/** Known to who knows a public key of a group: an invitation's, a link's, or that of a device that came in. 32 bytes. */
export const entranceKey = (group: GroupId, publicKey: Uint8Array): Uint8Array =>
  derived(GroupId.toBytes(group), utf8.encode(digestLabels.presence), publicKey)

/**
 * What all who know a key leave at machines where they may find each other on one day (`docs/formats/rendezvous.md`): to anybody else 32 random
 * bytes, and others the next day. `day`: whole days since 1970-01-01T00:00Z.
 */
export const meetingTag = (key: Uint8Array, day: number): Uint8Array =>
  mac(key, withLabel(digestLabels.rendezvous, encodeCbor(['tag', day])))

/** Shows those who know the key that this peer was named by one of them. 16 bytes. */
export const meetingNote = (key: Uint8Array, day: number, peer: string): Uint8Array =>
  mac(key, withLabel(digestLabels.rendezvous, encodeCbor(['note', day, peer]))).subarray(0, TAG_LENGTH)

/** What a device signs with label `auzolan/sign/hello/1` to show that it is on this connection. */
export const proofMessage = (group: GroupId, role: HandshakeRole, nonces: Nonces, peers: PeerNames): Uint8Array =>
  labelled(digestLabels.hello, GroupId.toBytes(group), session(role, nonces, peers))

export const makeProof = (
  keys: DeviceKeys,
  group: GroupId,
  role: HandshakeRole,
  nonces: Nonces,
  peers: PeerNames,
): Promise<Uint8Array> => keys.sign('auzolan/sign/hello/1', proofMessage(group, role, nonces, peers))

/** `role` is that of the device that made the proof. Whether the device is in the group is for the control log. */
export const checkProof = (
  verifier: Verifier,
  device: DeviceKeys['device'],
  proof: Uint8Array,
  group: GroupId,
  role: HandshakeRole,
  nonces: Nonces,
  peers: PeerNames,
): Promise<boolean> => verifier.verify(proof, 'auzolan/sign/hello/1', proofMessage(group, role, nonces, peers), device)

const utf8 = new TextEncoder()

const session = (role: HandshakeRole, nonces: Nonces, peers: PeerNames): Uint8Array =>
  encodeCbor([role, ...nonces, ...peers])
