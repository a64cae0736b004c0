import { fromHex, toHex } from '@auzolan/core'
import { multiaddr } from '@multiformats/multiaddr'
import type { NearbyCode, Place } from './code.ts'

/** What a code says of how to connect. */
export type Description = Omit<NearbyCode, 'key'>

/**
 * What another device needs of an own offer (RFC 8829, 8839). Real addresses of version 4 come first, as they are short and every local
 * network has them; then names, then version 6. `undefined`: nothing to connect to, or not an offer of data over DTLS.
 */
export const describe = (sdp: string): Description | undefined => {
  const lines = sdp.split(/\r?\n/)
  const valueOf = (name: string) => lines.find((line) => line.startsWith(name))?.slice(name.length)
  const fragment = valueOf('a=ice-ufrag:')
  const password = valueOf('a=ice-pwd:')
  const fingerprint = bytesOf(valueOf('a=fingerprint:sha-256 ')?.replaceAll(':', ''))
  const found = lines.flatMap((line) => placeOf(line) ?? [])
  const places = order.flatMap((kind) => found.filter((place) => place.kind === kind))
  return fragment && password && fingerprint?.length === DIGEST_BYTES && places.length > 0
    ? { fragment, password, fingerprint, places }
    : undefined
}

const DIGEST_BYTES = 32
const order = ['ip4', 'name', 'ip6'] as const

/**
 * The answer that a device described so would give to any offer. `passive`: it waits for the DTLS handshake. Both sides offer, and each makes
 * the other's answer: ICE settles who leads by its tie-breaker (RFC 8445 7.3.1.1).
 */
export const answerOf = (
  { fragment, password, fingerprint, places }: Description,
  setup: 'active' | 'passive',
): string =>
  [
    'v=0',
    'o=- 0 0 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    ...places.map(
      (place, at) => `a=candidate:${at + 1} 1 udp ${HIGHEST_PRIORITY - at} ${hostOf(place)} ${place.port} typ host`,
    ),
    'a=end-of-candidates',
    `a=ice-ufrag:${fragment}`,
    `a=ice-pwd:${password}`,
    `a=fingerprint:sha-256 ${toHex(fingerprint)
      .toUpperCase()
      .replaceAll(/..(?!$)/g, '$&:')}`,
    `a=setup:${setup}`,
    'a=mid:0',
    'a=sctp-port:5000',
    `a=max-message-size:${MAX_MESSAGE_BYTES}`,
    '',
  ].join('\r\n')

/** Of host candidates (RFC 8445 5.1.2.1). */
const HIGHEST_PRIORITY = 2_113_937_151
/** What Chromium says of itself; we send 16 KiB. */
const MAX_MESSAGE_BYTES = 262_144

/** `a=candidate:<foundation> <component> udp <priority> <address> <port> typ host …` */
const placeOf = (line: string): Place | undefined => {
  const [mark, , transport, , host, portText, , type] = line.split(' ')
  const port = Number(portText)
  if (!mark?.startsWith('a=candidate:') || transport?.toLowerCase() !== 'udp' || type !== 'host') return undefined
  if (!host || !Number.isInteger(port) || port < 1 || port > 0xffff) return undefined
  if (host.endsWith(LOCAL)) {
    const address = bytesOf(host.slice(0, -LOCAL.length).replaceAll('-', ''))
    return address?.length === 16 ? { kind: 'name', address, port } : undefined
  }
  const kind = host.includes(':') ? 'ip6' : 'ip4'
  try {
    return { kind, address: multiaddr(`/${kind}/${host}`).bytes.slice(1), port }
  } catch {
    return undefined
  }
}

const LOCAL = '.local'

const hostOf = ({ kind, address }: Place): string => {
  if (kind === 'ip4') return address.join('.')
  const hex = toHex(address)
  return kind === 'ip6'
    ? hex.replaceAll(/....(?!$)/g, '$&:')
    : `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}${LOCAL}`
}

const bytesOf = (hex: string | undefined): Uint8Array | undefined =>
  hex === undefined ? undefined : fromHex(hex.toLowerCase())
