import { noise } from '@chainsafe/libp2p-noise'
import { identify, identifyPush } from '@libp2p/identify'
import { ping } from '@libp2p/ping'
import { yamux } from '@libp2p/yamux'
import type { ConnectionManager, TransportManager } from '@libp2p/interface-internal'
import type { Multiaddr } from '@multiformats/multiaddr'
import { parseAddress } from './addresses.ts'
import { DialGate } from './gate.ts'
import type { Identity } from './identity.ts'
import { Relays } from './relays.ts'
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
/** An identify message of an honest peer has under 2 KiB. */
const MAX_IDENTIFY_BYTES = 8_192

/** What both platforms configure alike, and the pieces that need each other. `NETWORK.md` 8. */
export const commonParts = (init: CommonInit) => {
  const timers = init.timers ?? systemTimers
  const agent = init.agent ?? 'auzolan'
  const gate = new DialGate()
  const helpers = (init.helpers ?? []).flatMap((text) => parseAddress(text) ?? [])
  for (const helper of helpers) gate.allow(helper)
  const made: { relays?: Relays } = {}
  let added: readonly Multiaddr[] = []
  const makeRelays = (components: { connectionManager: ConnectionManager; transportManager: TransportManager }) =>
    (made.relays = new Relays(components, {
      timers,
      wanted: () => [...helpers, ...added],
      onRelay: (relay) => gate.allowRelay(relay),
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
    relays: () => {
      if (!made.relays) throw new Error('libp2p made no relay service')
      return made.relays
    },
    options: {
      start: false,
      privateKey: init.identity.privateKey,
      nodeInfo: { userAgent: agent },
      connectionEncrypters: [noise()],
      streamMuxers: [yamux({ maxInboundStreams: MAX_STREAMS, maxOutboundStreams: MAX_STREAMS })],
      connectionGater: gate,
      // Aborts what does not answer; the default of 5 s would also abort peers that are merely busy.
      connectionMonitor: { pingInterval: 10_000, pingTimeout: { minTimeout: 20_000 } },
    },
    services: {
      identify: identify({ maxMessageSize: MAX_IDENTIFY_BYTES, runOnLimitedConnection: true }),
      identifyPush: identifyPush({ maxMessageSize: MAX_IDENTIFY_BYTES }),
      ping: ping({ maxInboundStreams: 2 }),
      relays: makeRelays,
    },
  }
}
