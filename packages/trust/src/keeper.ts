import type { Result } from '@auzolan/core'
import { encodeCbor } from './cbor-writer.ts'
import { labelled } from './digest.ts'
import type { EpochKeys } from './epoch.ts'
import { Fields } from './fields.ts'
import type { Nonces, PeerNames } from './handshake.ts'
import { digestLabels } from './labels.ts'
import { encodeLinkText, parseLinkText, type LinkKind, type LinkTextFault } from './link-text.ts'
import type { Verifier } from './verifier.ts'

/** Relay keys one invitation names: those in use, side by side, and some that are going out of it. */
export const MAX_INVITED_RELAYS = 8
const RELAY_LENGTH = 32

/** What a keeper is told of a group: the relay keys its members sign with (`pack.md`). Neither secret nor the group's name. */
const keeperLink: LinkKind<readonly Uint8Array[]> = {
  letter: 'k',
  place: 'keep',
  fields: (relays) => [relays],
  read: (fields) =>
    fields
      .several('relay keys', 1, MAX_INVITED_RELAYS)
      .map((relay) => new Fields([relay], 'relay keys').bytes('relay key', RELAY_LENGTH)),
}

/** `k1.…`, as `encodeLinkText` says. */
export const encodeKeeperInvitation = (relays: readonly Uint8Array[]): string => encodeLinkText(keeperLink, relays)

export const parseKeeperInvitation = (text: unknown): Result<readonly Uint8Array[], LinkTextFault> =>
  parseLinkText(keeperLink, text)

/** Shows a keeper, on this connection, to be of the epoch: not who. */
export const proveRelay = async (keys: EpochKeys, nonces: Nonces, peers: PeerNames): Promise<Uint8Array> =>
  (await keys.relaySigner())('auzolan/sign/keeper/1', onConnection(keys.relayKey(), nonces, peers))

/** What a keeper does, before it gives or takes anything. */
export const checkRelay = async (
  verifier: Verifier,
  relay: Uint8Array,
  proof: Uint8Array,
  nonces: Nonces,
  peers: PeerNames,
): Promise<boolean> =>
  verifier.goodKey(relay) &&
  (await verifier.verify(proof, 'auzolan/sign/keeper/1', onConnection(relay, nonces, peers), relay))

/** Names the relay key of a later epoch to a keeper that knows the one of this. Good on any connection. */
export const proveNextRelay = async (keys: EpochKeys, next: Uint8Array): Promise<Uint8Array> =>
  (await keys.relaySigner())('auzolan/sign/keeper/next/1', nextMessage(keys.relayKey(), next))

export const checkNextRelay = async (
  verifier: Verifier,
  relay: Uint8Array,
  next: Uint8Array,
  proof: Uint8Array,
): Promise<boolean> =>
  verifier.goodKey(next) &&
  (await verifier.verify(proof, 'auzolan/sign/keeper/next/1', nextMessage(relay, next), relay))

const onConnection = (relay: Uint8Array, nonces: Nonces, peers: PeerNames): Uint8Array =>
  labelled(digestLabels.keeper, encodeCbor([relay, ...nonces, ...peers]))

const nextMessage = (relay: Uint8Array, next: Uint8Array): Uint8Array =>
  labelled(digestLabels.keeperNext, encodeCbor([relay, next]))
