import type { PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, test } from 'vitest'
import { parseAddress, waysTo } from './addresses.ts'
import { DialGate } from './gate.ts'
import { passingIdentity } from './identity.ts'

const peers = await Promise.all(
  [1, 2, 3].map(async (seed) => (await passingIdentity({ bytes: (length) => new Uint8Array(length).fill(seed) })).peer),
)
const [relay = '', friend = '', stranger = ''] = peers
const id = (peer: string): PeerId => peerIdFromString(peer)
const host = '/ip4/192.168.1.9/tcp/4001/ws'

describe('the gate', () => {
  const gate = new DialGate()
  gate.allow(multiaddr(`${host}/p2p/${relay}`))
  const ways = waysTo(friend, [multiaddr('/ip4/10.0.0.7/tcp/9/ws')], [multiaddr(`${host}/p2p/${relay}`)])
  gate.allowWanted([...ways.direct, ...ways.webrtc, ...ways.relayed])

  test.each([
    `${host}/p2p/${relay}`,
    `${host}/p2p/${relay}/p2p-circuit/p2p/${friend}`,
    `${host}/p2p/${relay}/p2p-circuit/webrtc/p2p/${friend}`,
    `/p2p/${relay}/p2p-circuit/p2p/${friend}`,
    `/ip4/10.0.0.7/tcp/9/ws/p2p/${friend}`,
  ])('lets through %s', (address) => {
    expect(gate.denyDialMultiaddr(multiaddr(address))).toBe(false)
  })

  test.each([
    `/ip4/192.168.1.9/tcp/4002/ws/p2p/${relay}`,
    `/ip4/192.168.1.10/tcp/4001/ws/p2p/${relay}`,
    `/ip4/10.0.0.7/tcp/9/p2p/${friend}`,
    `/dns4/example.org/tcp/443/tls/ws/p2p/${friend}`,
    `/p2p/${stranger}/p2p-circuit/p2p/${friend}`,
    `${host}/p2p/${stranger}/p2p-circuit/p2p/${friend}`,
    `/p2p/${friend}`,
  ])('stops %s', (address) => {
    expect(gate.denyDialMultiaddr(multiaddr(address))).toBe(true)
  })

  test('knows whom it may dial, and through whom it may be reached', () => {
    expect([relay, friend, stranger].map((peer) => gate.denyDialPeer(id(peer)))).toEqual([false, false, true])
    expect([relay, friend, stranger].map((peer) => gate.denyInboundRelayedConnection(id(peer)))).toEqual([
      false,
      true,
      true,
    ])
  })

  test('forgets what is wanted no more', () => {
    gate.allowWanted([])
    expect(gate.denyDialMultiaddr(multiaddr(`/ip4/10.0.0.7/tcp/9/ws/p2p/${friend}`))).toBe(true)
    expect(gate.denyDialMultiaddr(multiaddr(`${host}/p2p/${relay}`))).toBe(false)
  })
})

describe('addresses', () => {
  test.each([
    '/dnsaddr/example.org',
    '/unix/tmp',
    '/memory/1',
    '/ip4/1.2.3.4/udp/9/quic-v1',
    `${host}/p2p/${relay}/p2p-circuit/p2p/${relay}/p2p-circuit/p2p/${friend}`,
    'not an address',
    '',
    `/dns4/${'a'.repeat(600)}/tcp/1`,
    7,
    undefined,
  ])('%s is none we dial', (text) => {
    expect(parseAddress(text)).toBeUndefined()
  })

  test('lead to a peer straight, introduced and relayed', () => {
    const through = `${host}/p2p/${relay}`
    const ways = waysTo(
      friend,
      [multiaddr(`${through}/p2p-circuit/webrtc/p2p/${friend}`), multiaddr('/ip4/10.0.0.7/tcp/9/ws')],
      [multiaddr(through)],
    )
    expect(ways.direct.map(String)).toEqual([`/ip4/10.0.0.7/tcp/9/ws/p2p/${friend}`])
    expect(ways.webrtc.map(String)).toEqual([`${through}/p2p-circuit/webrtc/p2p/${friend}`])
    expect(ways.relayed.map(String)).toEqual([`${through}/p2p-circuit/p2p/${friend}`])
  })

  test('that end in another peer are not ways to this one', () => {
    expect(waysTo(friend, [multiaddr(`/ip4/10.0.0.7/tcp/9/ws/p2p/${stranger}`)], [])).toEqual({
      direct: [],
      webrtc: [],
      relayed: [],
    })
  })
})

describe('meeting through this peer', () => {
  const gate = new DialGate()
  gate.allowMeeting([[relay, friend], [stranger]])
  const may = (from: string, to: string) => !gate.denyOutboundRelayedConnection(id(from), id(to))

  test('is for two of one group, not for strangers to each other', () => {
    expect([may(relay, friend), may(friend, relay)]).toEqual([true, true])
    expect([may(relay, stranger), may(stranger, friend)]).toEqual([false, false])
    expect(gate.denyInboundRelayReservation(id(friend))).toBe(false)
  })

  test('ends when they are no longer here', () => {
    gate.allowMeeting([[stranger]])
    expect(may(relay, friend)).toBe(false)
    expect(gate.denyInboundRelayReservation(id(friend))).toBe(true)
  })

  test('is for everybody at a relay, and for nobody at first', () => {
    expect(new DialGate(true).denyOutboundRelayedConnection(id(relay), id(stranger))).toBe(false)
    expect(new DialGate().denyInboundRelayReservation(id(friend))).toBe(true)
  })
})
