import type { Connection, PeerId } from '@libp2p/interface'
import type { ConnectionManager, TransportManager } from '@libp2p/interface-internal'
import { peerIdFromString } from '@libp2p/peer-id'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { originOf, peerOf } from './addresses.ts'
import type { TimerHandle, Timers } from './timers.ts'

/** How often a missing reservation is tried again, in milliseconds. */
const RETRY_EVERY_MS = 10_000
/** Reservations held at once: one relay may go at any time, and each costs a connection. */
const MAX_RESERVATIONS = 2
/** Members that introduce others, reserved with besides: whoever is not met through one of these is met through another. */
const MAX_INTRODUCERS = 4
const CONNECT_WITHIN_MS = 5_000

interface Components {
  readonly connectionManager: ConnectionManager
  readonly transportManager: TransportManager
}
/** The part of the circuit transport that remembers reservations. */
interface ReservationStore {
  hasReservation(peer: PeerId): boolean
  addRelay(peer: PeerId, type: 'configured'): Promise<unknown>
}

export interface RelaysInit {
  readonly timers: Timers
  /** Addresses of relays to be reachable through, best first. */
  readonly wanted: () => readonly Multiaddr[]
  /** Told the id of each relay, once its connection has proven it. */
  readonly onRelay: (relay: string) => void
}

/**
 * Keeps this peer reachable through relays. libp2p neither starts with a relay that is away
 * nor makes a lost reservation again (js-libp2p#3601), so relays are never put into its listen addresses.
 */
export class Relays {
  readonly [Symbol.toStringTag] = 'relays'
  readonly #components: Components
  readonly #init: RelaysInit
  /** Relays that already have a listener: another one would only pile up. */
  readonly #listening = new Set<string>()
  /** Addresses with the id their relay has proven: with it, an open connection is found instead of dialled again. */
  readonly #proven = new Map<string, Multiaddr>()
  readonly #asking = new Set<string>()
  readonly #connecting = new Map<string, Promise<unknown>>()
  #timer: TimerHandle
  #started = false
  #busy = false
  #again = false

  constructor(components: Components, init: RelaysInit) {
    this.#components = components
    this.#init = init
  }

  /** libp2p calls these three. */
  start(): void {
    this.#started = true
  }

  afterStart(): void {
    void this.tick()
  }

  stop(): void {
    this.#started = false
    this.#init.timers.clear(this.#timer)
  }

  /** Addresses of the relays connected so far, ending in their id. */
  get known(): readonly Multiaddr[] {
    return [...this.#proven.values()]
  }

  /** Resolves when no connection to this relay is being opened, so that nobody opens a second one meanwhile. */
  async connecting(relay: Multiaddr): Promise<void> {
    await this.#connecting.get(originOf(relay))
  }

  /** A connection closed: a place that a relay held by it is gone, also where there is another one. */
  missed(peer: PeerId): void {
    if (this.known.some((relay) => peerOf(relay) === peer.toString())) void this.tick()
  }

  /** Peers that are connected and introduce others of one's groups: lets itself be met through these, too. */
  introducedBy(peers: readonly string[]): void {
    for (const peer of peers.slice(0, MAX_INTRODUCERS)) {
      const [connection] = this.#components.connectionManager.getConnections(peerIdFromString(peer))
      if (!connection || this.#asking.has(peer)) continue
      this.#asking.add(peer)
      void this.#hold(connection.remotePeer, multiaddr(`/p2p/${peer}`))
        .catch(() => undefined)
        .then(() => this.#asking.delete(peer))
    }
  }

  /** Connects and reserves what is missing, now. */
  async tick(): Promise<void> {
    if (!this.#started) return
    if (this.#busy) {
      this.#again = true
      return
    }
    this.#busy = true
    this.#init.timers.clear(this.#timer)
    const held = new Set<string>()
    for (const address of this.#init.wanted()) {
      if (held.size >= MAX_RESERVATIONS || !this.#started) break
      const relay = await this.#reserve(address)
      if (relay) held.add(relay)
    }
    this.#busy = false
    if (!this.#started) return
    if (this.#again) {
      this.#again = false
      void this.tick()
    } else this.#timer = this.#init.timers.set(() => void this.tick(), RETRY_EVERY_MS)
  }

  /** The relay's id once it holds a place for this peer. A relay that is away is tried again later. */
  async #reserve(address: Multiaddr): Promise<string | undefined> {
    try {
      const connection = await this.#connect(address)
      const peer = connection.remotePeer
      const relay = peer.toString()
      const proven = peerOf(address) === undefined ? address.encapsulate(`/p2p/${relay}`) : address
      const isNew = !this.#proven.has(address.toString())
      this.#proven.set(address.toString(), proven)
      if (isNew) this.#init.onRelay(relay)
      await this.#hold(peer, proven)
      return relay
    } catch {
      return undefined
    }
  }

  async #hold(peer: PeerId, address: Multiaddr): Promise<void> {
    const relay = peer.toString()
    const store = this.#store()
    if (store.hasReservation(peer)) return
    if (this.#listening.has(relay)) await store.addRelay(peer, 'configured')
    else {
      await this.#components.transportManager.listen([address.encapsulate('/p2p-circuit')])
      this.#listening.add(relay)
    }
  }

  async #connect(address: Multiaddr): Promise<Connection> {
    const signal = AbortSignal.timeout(CONNECT_WITHIN_MS)
    const connecting = this.#components.connectionManager.openConnection(
      this.#proven.get(address.toString()) ?? address,
      { signal },
    )
    const origin = originOf(address)
    this.#connecting.set(
      origin,
      connecting.catch(() => undefined),
    )
    try {
      return await connecting
    } finally {
      this.#connecting.delete(origin)
    }
  }

  #store(): ReservationStore {
    for (const transport of this.#components.transportManager.getTransports()) {
      if ('reservationStore' in transport) return transport.reservationStore as ReservationStore
    }
    throw new Error('there is no circuit transport to reserve with')
  }
}
