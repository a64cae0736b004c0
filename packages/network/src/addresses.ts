import { CODE_P2P, CODE_P2P_CIRCUIT, type Multiaddr, multiaddr } from '@multiformats/multiaddr'

/** Longest address accepted, as text: two peer ids, a long host name and the rest fit three times. */
export const MAX_ADDRESS_TEXT = 512
/** Addresses kept for one peer: an invitation carries at most eight. */
export const MAX_ADDRESSES_PER_PEER = 16

/** What an address may be made of. No `dnsaddr`, which asks a name server for more addresses, no files, no memory. */
const allowedParts: ReadonlySet<string> = new Set([
  'ip4',
  'ip6',
  'dns',
  'dns4',
  'dns6',
  'tcp',
  'tls',
  'sni',
  'ws',
  'wss',
  'p2p',
  'p2p-circuit',
  'webrtc',
])

/** An address somebody gave us. `undefined`: not one this peer would ever dial. */
export const parseAddress = (text: unknown): Multiaddr | undefined => {
  if (typeof text !== 'string' || text.length > MAX_ADDRESS_TEXT) return undefined
  try {
    const address = multiaddr(text)
    const parts = address.getComponents()
    const circuits = parts.filter(({ code }) => code === CODE_P2P_CIRCUIT)
    const allowed = parts.length > 0 && circuits.length <= 1 && parts.every(({ name }) => allowedParts.has(name))
    return allowed ? address : undefined
  } catch {
    return undefined
  }
}

/** The host part, before any peer id: what a socket is opened to. Empty for `/p2p/<relay>/p2p-circuit/…`. */
export const originOf = (address: Multiaddr): string => {
  const parts = address.getComponents()
  const end = parts.findIndex(({ code }) => code === CODE_P2P || code === CODE_P2P_CIRCUIT)
  return multiaddrText(parts.slice(0, end < 0 ? parts.length : end))
}

/** The peer whose circuit the address goes through. */
export const relayOf = (address: Multiaddr): string | undefined => {
  const parts = address.getComponents()
  const circuit = parts.findIndex(({ code }) => code === CODE_P2P_CIRCUIT)
  return circuit < 0 ? undefined : parts.slice(0, circuit).findLast(({ code }) => code === CODE_P2P)?.value
}

/** The address of the relay itself, for an address that goes through one. */
export const relayAddressOf = (address: Multiaddr): Multiaddr | undefined => {
  const parts = address.getComponents()
  const circuit = parts.findIndex(({ code }) => code === CODE_P2P_CIRCUIT)
  return circuit > 0 ? multiaddr(parts.slice(0, circuit)) : undefined
}

/** The peer at the far end, if the address names it. */
export const peerOf = (address: Multiaddr): string | undefined => {
  const last = address.getComponents().at(-1)
  return last?.code === CODE_P2P ? last.value : undefined
}

export const throughCircuit = (address: Multiaddr): boolean =>
  address.getComponents().some(({ code }) => code === CODE_P2P_CIRCUIT)

/**
 * The peer that carries what is said over a connection to this address; `undefined`: nobody does. WebRTC only meets through a relay, and a relay
 * may itself be reached by WebRTC: what comes after the last circuit counts.
 */
export const carrierOf = (address: Multiaddr): string | undefined => {
  const parts = address.getComponents()
  const circuit = parts.findLastIndex(({ code }) => code === CODE_P2P_CIRCUIT)
  if (circuit < 0 || parts.slice(circuit).some(({ name }) => name === 'webrtc')) return undefined
  return parts.slice(0, circuit).findLast(({ code }) => code === CODE_P2P)?.value ?? ''
}

export const isRelayed = (address: Multiaddr): boolean => carrierOf(address) !== undefined

/** Who introduces, for the address `/p2p/<peer>/p2p-circuit`: somebody this peer is connected to, wherever that is. */
export const introducerOf = (address: Multiaddr): string | undefined => {
  const [peer, circuit, ...more] = address.getComponents()
  return peer?.code === CODE_P2P && circuit?.code === CODE_P2P_CIRCUIT && more.length === 0 ? peer.value : undefined
}

/** Ways to one peer, best first: straight to it, WebRTC introduced by a relay, all through a relay. */
export interface Ways {
  readonly direct: readonly Multiaddr[]
  readonly webrtc: readonly Multiaddr[]
  readonly relayed: readonly Multiaddr[]
}

/** Every way to `peer` its addresses and the relays known name. Relay addresses end in the relay's `/p2p/…`. */
export const waysTo = (peer: string, addresses: readonly Multiaddr[], relays: readonly Multiaddr[]): Ways => {
  const named = addresses
    .filter((address) => peerOf(address) === undefined || peerOf(address) === peer)
    .map((address) => (peerOf(address) === peer ? address : address.encapsulate(`/p2p/${peer}`)))
  const through = [...relays, ...named.flatMap((address) => relayAddressOf(address) ?? [])].filter(
    (relay) => peerOf(relay) !== undefined && peerOf(relay) !== peer,
  )
  return {
    direct: unique(named.filter((address) => !throughCircuit(address))),
    webrtc: unique(through.map((relay) => relay.encapsulate(`/p2p-circuit/webrtc/p2p/${peer}`))),
    relayed: unique(through.map((relay) => relay.encapsulate(`/p2p-circuit/p2p/${peer}`))),
  }
}

const unique = (addresses: readonly Multiaddr[]): Multiaddr[] => [
  ...new Map(addresses.map((address) => [address.toString(), address])).values(),
]

const multiaddrText = (parts: Parameters<typeof multiaddr>[0]): string => multiaddr(parts).toString()
