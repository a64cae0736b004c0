import type { Connection, Libp2p } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { expect, test } from 'vitest'
import { DialGate } from './gate.ts'
import { passingIdentity } from './identity.ts'
import { Relays } from './relays.ts'
import { Rendezvous } from './rendezvous/rendezvous.ts'
import { SYNC_PROTOCOL, SyncNetwork } from './sync-network.ts'
import { ManualTimers, settled } from './testing/manual-timers.ts'

const peerOfSeed = async (seed: number) =>
  (await passingIdentity({ bytes: (length) => new Uint8Array(length).fill(seed) })).peer
const [smaller = '', larger = ''] = (await Promise.all([1, 2].map(peerOfSeed))).sort()

/** A network over a node that does nothing by itself: its events and connections are the test's. */
const setup = async () => {
  const timers = new ManualTimers()
  const events = new EventTarget()
  const node = Object.assign(events, {
    peerId: peerIdFromString(smaller),
    status: 'started',
    handle: async () => {},
    start: async () => {},
    stop: async () => {},
    getConnections: () => [],
    getMultiaddrs: () => [],
  }) as unknown as Libp2p
  const components = { connectionManager: {}, transportManager: {} } as unknown as ConstructorParameters<
    typeof Relays
  >[0]
  const relays = new Relays(components, { timers, wanted: () => [], onRelay: () => {} })
  const parts = {
    node,
    gate: new DialGate(),
    relays,
    rendezvous: new Rendezvous({ node, timers, hosts: false, relays: () => new Set() }),
    timers,
    random: () => 0,
    agent: 'test',
    help: () => undefined,
    webrtc: false,
    listens: true,
  }
  const network = new SyncNetwork(parts)
  await network.start(() => {})
  return { timers, events, network }
}

test('a peer that refuses every link is asked once a second, not over and over', async () => {
  const { timers, events } = await setup()
  let asked = 0
  const connection = {
    remotePeer: peerIdFromString(larger),
    remoteAddr: multiaddr('/ip4/127.0.0.1/tcp/1'),
    status: 'open',
    newStream: () => {
      asked += 1
      return Promise.reject(new Error('refused'))
    },
  } as unknown as Connection
  const detail = { connection, peerId: connection.remotePeer, protocols: [SYNC_PROTOCOL] }
  events.dispatchEvent(new CustomEvent('peer:identify', { detail }))
  await settled()
  expect(asked).toBe(1)
  await timers.pass(5_000)
  expect(asked).toBe(6)
})

test('a peer that does not speak sync is not asked', async () => {
  const { events, network } = await setup()
  const connection = { newStream: () => Promise.reject(new Error('asked')) } as unknown as Connection
  const detail = { connection, peerId: peerIdFromString(larger), protocols: ['/ipfs/id/1.0.0'] }
  events.dispatchEvent(new CustomEvent('peer:identify', { detail }))
  await settled()
  expect(network.state().peers).toEqual([])
})
