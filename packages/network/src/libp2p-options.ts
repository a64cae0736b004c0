import { noise } from '@chainsafe/libp2p-noise'
import { circuitRelayServer } from '@libp2p/circuit-relay-v2'
import { identify, identifyPush } from '@libp2p/identify'
import { ping } from '@libp2p/ping'
import { yamux } from '@libp2p/yamux'
import type { Libp2p, StreamMuxerFactory } from '@libp2p/interface'
import type { ConnectionManager, TransportManager } from '@libp2p/interface-internal'
import type { Multiaddr } from '@multiformats/multiaddr'
import { parseAddress, peerOf } from './addresses.ts'
import { DialGate } from './gate.ts'
import type { Identity } from './identity.ts'
import { Relays } from './relays.ts'
import { Rendezvous } from './rendezvous/rendezvous.ts'
import { systemTimers, type Timers } from './timers.ts'

/** What Node and browser are told alike. */
export interface CommonInit {
  readonly identity: Identity
  /** Relays to be reachable and introduced through, as multiaddr text, best first. `/p2p/<id>` may be missing. */
  readonly helpers?: readonly string[]
  readonly timers?: Timers
  /** From 0 to below 1, for jitter only. */
  readonly random?: () => number
  /** Name and version of the software, said to peers. */
  readonly agent?: string
}

/** Streams of one connection: sync, identify, ping, relay hops, WebRTC signalling and room for more. */
const MAX_STREAMS = 256
const multiplexer: () => StreamMuxerFactory = yamux({
  maxInboundStreams: MAX_STREAMS,
  maxOutboundStreams: MAX_STREAMS,
})
/** An identify message of an honest peer has under 2 KiB. */
const MAX_IDENTIFY_BYTES = 8_192

/** What one member carries for others of its groups, beside what their WebRTC says to meet: enough to go on where that does not get through. */
const introductions = {
  maxReservations: 64,
  reservationTtl: 3_600_000,
  defaultDurationLimit: 600_000,
  /** A BigInt: a number breaks relaying silently (js-libp2p#1903). */
  defaultDataLimit: 8n << 20n,
}
const HOP_WITHIN_MS = 10_000

/** What both platforms configure alike, and the pieces that need each other. `NETWORK.md` 8. */
export const commonParts = (init: CommonInit, forAnybody = false) => {
  const timers = init.timers ?? systemTimers
  const agent = init.agent ?? 'auzolan'
  const gate = new DialGate(forAnybody)
  const helpers = (init.helpers ?? []).flatMap((text) => parseAddress(text) ?? [])
  for (const helper of helpers) gate.allow(helper)
  const made: { relays?: Relays; rendezvous?: Rendezvous } = {}
  let added: readonly Multiaddr[] = []
  const makeRelays = (components: { connectionManager: ConnectionManager; transportManager: TransportManager }) =>
    (made.relays = new Relays(components, {
      timers,
      wanted: () => [...helpers, ...added],
      onRelay: (relay) => {
        gate.allowRelay(relay)
        made.rendezvous?.look()
      },
    }))
  return {
    timers,
    agent,
    gate,
    random: init.random ?? Math.random,
    /** Helpers besides those it began with, instead of those added before. */
    help: (addresses: readonly Multiaddr[]): void => {
      added = addresses
      gate.allowHelpers(addresses)
      void made.relays?.tick()
    },
    /** Finding others at relays; `hosts`: others find each other here. */
    rendezvous: (node: Libp2p): Rendezvous => {
      const relays = () => new Set((made.relays?.known ?? []).flatMap((relay) => peerOf(relay) ?? []))
      return (made.rendezvous = new Rendezvous({ node, timers, hosts: forAnybody, relays }))
    },
    relays: () => {
      if (!made.relays) throw new Error('libp2p made no relay service')
      return made.relays
    },
    options: {
      start: false,
      privateKey: init.identity.privateKey,
      nodeInfo: { userAgent: agent },
      connectionEncrypters: [noise()],
      streamMuxers: [multiplexer],
      connectionGater: gate,
      // For connections without a link, which ends by itself: its ping may wait behind all that a link lets be on its way, on a slow line.
      connectionMonitor: { pingInterval: 10_000, pingTimeout: { minTimeout: 60_000 } },
    },
    services: {
      identify: identify({ maxMessageSize: MAX_IDENTIFY_BYTES, runOnLimitedConnection: true }),
      identifyPush: identifyPush({ maxMessageSize: MAX_IDENTIFY_BYTES }),
      ping: ping({ maxInboundStreams: 2 }),
      relays: makeRelays,
    },
    /** Whom the gate lets meet here; a relay for anybody has limits of its own. */
    introducer: circuitRelayServer({ hopTimeout: HOP_WITHIN_MS, reservations: introductions }),
  }
}
