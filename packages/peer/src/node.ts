import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Clock, Entropy, Instant } from '@auzolan/core'
import { type NodeNetwork, openIdentity, openNodeNetwork, systemLan } from '@auzolan/network/node'
import { openFileSecrets, openLevelStore } from '@auzolan/storage/node'
import { openPeer } from './open-peer.ts'
import type { Peer } from './peer.ts'

export interface NodePeerOptions {
  /** Folder for entries and keys. One folder is one device; a second process is refused. */
  readonly folder: string
  /** An IP address and ports to listen on; 0 for any free one. */
  readonly listen: { readonly host: string; readonly tcpPort?: number; readonly wsPort?: number }
  /** Introduce others to each other and carry their sealed bytes. */
  readonly relay?: boolean
  /** Relays and other peers to be reached through. Multiaddr texts. */
  readonly helpers?: readonly string[]
  /** Find peers of this device's groups on the networks it is on, by multicast DNS, and be found. */
  readonly lan?: boolean
  /** Where the app is served, for invitation links. */
  readonly appAddress?: string
}

export interface NodePeer {
  readonly peer: Peer
  readonly network: NodeNetwork
}

export const systemClock: Clock = { now: () => Date.now() as Instant }
export const systemEntropy: Entropy = { bytes: (length) => new Uint8Array(randomBytes(length)) }

/** A participant in a process of its own, with everything on disk. `peer.close()` ends all of it. */
export const openNodePeer = async ({
  folder,
  listen,
  relay = false,
  helpers = [],
  lan = false,
  appAddress = '',
}: NodePeerOptions): Promise<NodePeer> => {
  const secrets = await openFileSecrets(join(folder, 'secrets'))
  const identity = await openIdentity(secrets, systemEntropy)
  const network = await openNodeNetwork({ identity, listen, relay, helpers, ...(lan ? { lan: systemLan } : {}) })
  const store = await openLevelStore(join(folder, 'store'))
  const peer = await openPeer({ store, secrets, network, clock: systemClock, entropy: systemEntropy, appAddress })
  return { peer, network }
}
