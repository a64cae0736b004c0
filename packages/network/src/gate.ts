import type { ConnectionGater, PeerId } from '@libp2p/interface'
import { CODE_P2P_CIRCUIT, type Multiaddr } from '@multiformats/multiaddr'
import { originOf, peerOf, relayAddressOf, relayOf } from './addresses.ts'

/**
 * What may be dialled: hosts somebody on this side named, and circuits of relays at such hosts. libp2p's own default
 * forbids private addresses in browsers and allows every public one, also those a stranger announces.
 */
export class DialGate implements ConnectionGater {
  readonly #fixed: Multiaddr[] = []
  #added: readonly Multiaddr[] = []
  #wanted: readonly Multiaddr[] = []
  #origins: ReadonlySet<string> = new Set()
  #peers: ReadonlySet<string> = new Set()
  #relays: ReadonlySet<string> = new Set()
  readonly #helpers = new Set<string>()
  readonly #forAnybody: boolean
  #circles: readonly ReadonlySet<string>[] = []

  /** `forAnybody`: this peer is a relay, and introduces whoever asks. */
  constructor(forAnybody = false) {
    this.#forAnybody = forAnybody
  }

  /** Allows an address for good: a helper's. */
  allow(address: Multiaddr): void {
    this.#fixed.push(address)
    this.#refresh()
  }

  /** Allows these helpers instead of the ones added before. */
  allowHelpers(addresses: readonly Multiaddr[]): void {
    this.#added = addresses
    this.#refresh()
  }

  /** Allows a relay by id, once the connection to its allowed address has proven it. */
  allowRelay(peer: string): void {
    this.#helpers.add(peer)
    this.#refresh()
  }

  /** Allows these addresses instead of the ones wanted before. */
  allowWanted(addresses: readonly Multiaddr[]): void {
    this.#wanted = addresses
    this.#refresh()
  }

  /** Those of one list may meet each other through this peer, instead of those before. */
  allowMeeting(circles: readonly (readonly string[])[]): void {
    this.#circles = circles.map((circle) => new Set(circle))
  }

  /** Only for whom there is somebody to meet here. */
  denyInboundRelayReservation = (peer: PeerId): boolean => !this.#mayMeet(peer.toString())

  denyOutboundRelayedConnection = (from: PeerId, to: PeerId): boolean => !this.#mayMeet(from.toString(), to.toString())

  denyDialPeer = (peer: PeerId): boolean => !this.#peers.has(peer.toString())

  denyDialMultiaddr = (address: Multiaddr): boolean => {
    const origin = originOf(address)
    const relay = relayOf(address)
    if (relay !== undefined && !this.#relays.has(relay)) return true
    if (origin !== '/' && origin !== '') return !this.#origins.has(origin)
    return relay === undefined
  }

  /** A stranger may not reach this peer through a relay it did not choose. */
  denyInboundRelayedConnection = (relay: PeerId): boolean => !this.#relays.has(relay.toString())

  /** Addresses peers announce are not kept: nothing would ever be allowed to dial them. */
  filterMultiaddrForPeer = (_peer: PeerId, address: Multiaddr): boolean => !this.denyDialMultiaddr(address)

  #mayMeet(...peers: readonly string[]): boolean {
    return this.#forAnybody || this.#circles.some((circle) => peers.every((peer) => circle.has(peer)))
  }

  #refresh(): void {
    const addresses = [...this.#fixed, ...this.#added, ...this.#wanted]
    const relays = addresses.flatMap((address) => relayAddressOf(address) ?? [])
    const reached = [...addresses, ...relays]
    this.#origins = new Set(reached.map(originOf))
    this.#peers = new Set([...reached.flatMap((address) => peerOf(address) ?? []), ...this.#helpers])
    const asRelays = [...this.#fixed, ...this.#added, ...relays].filter((address) => !hasCircuit(address))
    this.#relays = new Set([...asRelays.flatMap((address) => peerOf(address) ?? []), ...this.#helpers])
  }
}

const hasCircuit = (address: Multiaddr): boolean =>
  address.getComponents().some(({ code }) => code === CODE_P2P_CIRCUIT)
