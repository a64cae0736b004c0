import type { Connection, PeerId } from '@libp2p/interface'
import type { ConnectionManager, TransportManager } from '@libp2p/interface-internal'
import type { Multiaddr } from '@multiformats/multiaddr'
import { relayOf } from './addresses.ts'
import type { TimerHandle, Timers } from './timers.ts'

/** How often a missing reservation is tried again, in milliseconds. */
const RETRY_EVERY_MS = 10_000
/** Reservations held at once: one relay may go at any time, and each costs a connection. */
const MAX_RESERVATIONS = 2
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
  /** Told after each connection to a relay, before anything is reserved. */
  readonly onRelay: (address: Multiaddr, connection: Connection) => void
  /** Whether to ask for reservations, or only to stay connected. */
  readonly reserve: boolean
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

  /** The relay's id once it is connected and, if asked for, reserved. A relay that is away is tried again later. */
  async #reserve(address: Multiaddr): Promise<string | undefined> {
    try {
      const signal = AbortSignal.timeout(CONNECT_WITHIN_MS)
      const connection = await this.#components.connectionManager.openConnection(address, { signal })
      const peer = connection.remotePeer
      const relay = peer.toString()
      this.#init.onRelay(address, connection)
      if (!this.#init.reserve) return relay
      const store = this.#store()
      if (store.hasReservation(peer)) return relay
      if (this.#listening.has(relay)) await store.addRelay(peer, 'configured')
      else {
        await this.#components.transportManager.listen([address.encapsulate(relayEnding(address, relay))])
        this.#listening.add(relay)
      }
      return relay
    } catch {
      return undefined
    }
  }

  #store(): ReservationStore {
    for (const transport of this.#components.transportManager.getTransports()) {
      if ('reservationStore' in transport) return transport.reservationStore as ReservationStore
    }
    throw new Error('there is no circuit transport to reserve with')
  }
}

const relayEnding = (address: Multiaddr, relay: string): string =>
  address.toString().endsWith(`/p2p/${relay}`) ? '/p2p-circuit' : `/p2p/${relay}/p2p-circuit`

/** Relays this peer can be reached through now, from its own addresses. */
export const reservedRelays = (addresses: readonly Multiaddr[]): ReadonlySet<string> =>
  new Set(addresses.flatMap((address) => relayOf(address) ?? []))

