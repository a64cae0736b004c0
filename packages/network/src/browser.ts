import './promise-with-resolvers.ts'
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { webRTC } from '@libp2p/webrtc'
import { createLibp2p } from 'libp2p'
import { type CommonInit, commonParts } from './libp2p-options.ts'
import { type Nearby, type NearbyComponents, NearbyService } from './nearby/nearby.ts'
import type { Network } from './network.ts'
import { SyncNetwork } from './sync-network.ts'
import { hardenedWebSockets } from './websockets.ts'

export { openIdentity, passingIdentity, type Identity, type IdentityStore } from './identity.ts'

export interface BrowserNetworkInit extends CommonInit {
  /** Where peers can introduce this page to others: the local peer, relays. Multiaddr text, best first. */
  readonly helpers: readonly string[]
}

/** Connections of one page: each WebRTC one costs the browser real memory. */
const MAX_CONNECTIONS = 50
/** One address may take this long, in milliseconds; a WebRTC dial that hangs does so for longer. */
const ADDRESS_WITHIN_MS = 4_000

/**
 * A network for a page: WebSocket to nodes, WebRTC to pages that a relay introduced, relayed where neither gets through.
 * Asks no STUN server and no name server beyond the hosts it was given. Loads libp2p, so import this file when it is wanted.
 */
export const openBrowserNetwork = async (init: BrowserNetworkInit): Promise<PageNetwork> => {
  const parts = commonParts(init)
  const made: { nearby?: Nearby } = {}
  const node = await createLibp2p({
    ...parts.options,
    addresses: { listen: ['/webrtc'] },
    transports: [
      hardenedWebSockets(),
      circuitRelayTransport(),
      webRTC({ rtcConfiguration: () => ({ iceServers: [] }) }),
    ],
    connectionManager: { maxConnections: MAX_CONNECTIONS, resolvers: {}, addressDialTimeout: ADDRESS_WITHIN_MS },
    services: {
      ...parts.services,
      relay: parts.introducer,
      nearby: (components: NearbyComponents) => (made.nearby = new NearbyService(components)),
    },
  })
  if (!made.nearby) throw new Error('libp2p made no service for meeting nearby')
  return new BrowserNetwork(
    new SyncNetwork({
      ...parts,
      node,
      relays: parts.relays(),
      rendezvous: parts.rendezvous(node),
      webrtc: true,
      listens: false,
    }),
    made.nearby,
  )
}

/** A network that can also meet devices in the same room. */
export interface PageNetwork extends Network {
  readonly nearby: Nearby
}

/** Follows the page: says goodbye when it is left, comes back when it is shown, tries again when the network may be back. */
class BrowserNetwork implements PageNetwork {
  readonly nearby: Nearby
  readonly #network: SyncNetwork
  readonly #page = new AbortController()

  constructor(network: SyncNetwork, nearby: Nearby) {
    this.#network = network
    this.nearby = nearby
  }

  get self(): string {
    return this.#network.self
  }

  async start(onLink: Parameters<Network['start']>[0]): Promise<void> {
    const { signal } = this.#page
    await this.#network.start(onLink)
    const retry = () => this.#network.retry()
    const isShown = () => document.visibilityState === 'visible'
    this.#network.watch(isShown())
    addEventListener('online', retry, { signal })
    addEventListener('pageshow', retry, { signal })
    addEventListener('pagehide', () => this.#network.leave({ type: 'bye' }), { signal })
    const onShown = () => {
      this.#network.watch(isShown())
      if (isShown()) retry()
    }
    document.addEventListener('visibilitychange', onShown, { signal })
  }

  want(...wanted: Parameters<Network['want']>): void {
    this.#network.want(...wanted)
  }

  introduce(...introduced: Parameters<SyncNetwork['introduce']>): void {
    this.#network.introduce(...introduced)
  }

  gather(...gathered: Parameters<SyncNetwork['gather']>): void {
    this.#network.gather(...gathered)
  }

  state(): ReturnType<Network['state']> {
    return this.#network.state()
  }

  onState(tell: Parameters<Network['onState']>[0]): () => void {
    return this.#network.onState(tell)
  }

  async stop(): Promise<void> {
    this.#page.abort()
    await this.#network.stop()
  }
}
