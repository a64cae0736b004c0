import './promise-with-resolvers.ts'
import './node-globals.ts'
import type { Server } from 'node:http'
import { circuitRelayServer, circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { tcp } from '@libp2p/tcp'
import { getThinWaistAddresses } from '@libp2p/utils'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { originOf } from './addresses.ts'
import { shareServer } from './http-front.ts'
import { type CommonInit, commonParts } from './libp2p-options.ts'
import type { Network } from './network.ts'
import { Lan, type LanPlatform } from './lan/lan.ts'
import { SyncNetwork } from './sync-network.ts'
import { hardenedWebSockets, type WebSocketDoor } from './websockets.ts'

export { systemLan } from './lan/sockets.ts'
export { openIdentity, passingIdentity, type Identity, type IdentityStore } from './identity.ts'

export interface NodeNetworkInit extends CommonInit {
  /** An IP address to listen on, and ports; 0 for any free one, none for not at all. */
  readonly listen: { readonly host: string; readonly tcpPort?: number; readonly wsPort?: number }
  /** Whether to introduce others to each other and carry their sealed bytes, within limits. */
  readonly relay: boolean
  /** How long a new socket may take to prove itself a peer, in milliseconds. Default 5,000. */
  readonly handshakeMs?: number
  /** Finds peers that are wanted on the networks this machine is on, and is found there. Absent: neither. */
  readonly lan?: LanPlatform
}

export interface NodeNetwork extends Network {
  /**
   * Lets peers connect by WebSocket through an HTTP server that serves other things too: upgrades of `/` are forwarded.
   * The server's address is announced while it listens. Returns its own undo.
   */
  attach(server: Server): () => void
}

/** Connections in all, and from one address in a second: a house full of devices behind one router, not a flood. */
const MAX_CONNECTIONS = 300
const CONNECTIONS_PER_SECOND = 50
const MAX_HANDSHAKES = 64
const HANDSHAKE_MS = 5_000

/** One relay's circuits: a workspace of a group fits through one, and nobody can be made to carry more for ever. */
const relayLimits = {
  maxReservations: 256,
  reservationTtl: 3_600_000,
  defaultDurationLimit: 1_800_000,
  /** A BigInt: a number breaks relaying silently (js-libp2p#1903). */
  defaultDataLimit: 64n << 20n,
}
const HOP_WITHIN_MS = 10_000
const RELAY_STREAMS = 512

/** A network for a process that others can reach: TCP and WebSocket, and a relay if asked. Needs no native module. */
export const openNodeNetwork = async (init: NodeNetworkInit): Promise<NodeNetwork> => {
  const { listen, relay, handshakeMs = HANDSHAKE_MS } = init
  const parts = commonParts(init, relay)
  const fronts = new Set<Server>()
  const doors: WebSocketDoor[] = []
  /** Without a port of its own, WebSocket has a listener only this machine reaches: upgrades of attached servers need one. */
  const inner = listen.wsPort === undefined
  const at = (port: number): string => `/${listen.host.includes(':') ? 'ip6' : 'ip4'}/${listen.host}/tcp/${port}`
  const streams = {
    maxInboundHopStreams: RELAY_STREAMS,
    maxOutboundHopStreams: RELAY_STREAMS,
    maxOutboundStopStreams: RELAY_STREAMS,
  }
  const node = await createLibp2p({
    ...parts.options,
    addresses: {
      listen: [
        ...(listen.tcpPort === undefined ? [] : [at(listen.tcpPort)]),
        listen.wsPort === undefined ? '/ip4/127.0.0.1/tcp/0/ws' : `${at(listen.wsPort)}/ws`,
      ],
      announceFilter: (addresses: Multiaddr[]) => {
        const hidden = new Set(inner ? doors.flatMap((door) => door.getAddrs().map(originOf)) : [])
        return [
          ...addresses.filter((address) => !hidden.has(originOf(address))),
          ...[...fronts].flatMap((server) => addressesOf(server, init.identity.peer)),
        ]
      },
    },
    transports: [
      tcp({ maxConnections: MAX_CONNECTIONS }),
      hardenedWebSockets({ upgradeMs: handshakeMs, onListener: (door) => doors.push(door) }),
      circuitRelayTransport(),
    ],
    connectionManager: {
      maxConnections: MAX_CONNECTIONS,
      inboundConnectionThreshold: CONNECTIONS_PER_SECOND,
      maxIncomingPendingConnections: MAX_HANDSHAKES,
      inboundUpgradeTimeout: handshakeMs,
      resolvers: {},
    },
    services: {
      ...parts.services,
      relay: relay
        ? circuitRelayServer({ hopTimeout: HOP_WITHIN_MS, reservations: relayLimits, ...streams })
        : parts.introducer,
    },
  })
  const made: { network?: SyncNetwork } = {}
  const lan =
    init.lan &&
    new Lan({
      platform: init.lan,
      timers: parts.timers,
      random: parts.random,
      self: node.peerId.toString(),
      addresses: () => node.getMultiaddrs().map(String),
      seen: (peer, addresses) => made.network?.sighted(peer, addresses),
    })
  const network = new SyncNetwork({
    ...parts,
    node,
    relays: parts.relays(),
    rendezvous: parts.rendezvous(node),
    webrtc: false,
    listens: true,
    ...(lan ? { beside: lan } : {}),
  })
  made.network = network
  return Object.assign(network, {
    attach: (server: Server) => {
      fronts.add(server)
      const undo = shareServer(server, () => (node.status === 'started' ? doors[0] : undefined), handshakeMs)
      return () => {
        fronts.delete(server)
        undo()
      }
    },
  })
}

const addressesOf = (server: Server, peer: string): Multiaddr[] => {
  const address = server.address()
  if (address === null || typeof address === 'string') return []
  const version = address.family === 'IPv6' ? 'ip6' : 'ip4'
  const listening = multiaddr(`/${version}/${address.address}/tcp/${address.port}`)
  return getThinWaistAddresses(listening, address.port).map((reachable) => reachable.encapsulate(`/ws/p2p/${peer}`))
}
