import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { expect, test } from 'vitest'
import { encodeHello } from './control.ts'
import { encodeWireFrame } from './frames.ts'
import { DialGate } from './gate.ts'
import { passingIdentity } from './identity.ts'
import { frameTypes } from './network.ts'
import { Relays } from './relays.ts'
import { Rendezvous } from './rendezvous/rendezvous.ts'
import { SYNC_PROTOCOL, SyncNetwork } from './sync-network.ts'
import { ManualTimers, settled } from './testing/manual-timers.ts'

const peerOfSeed = async (seed: number) =>
  (await passingIdentity({ bytes: (length) => new Uint8Array(length).fill(seed) })).peer
const [smaller = '', larger = ''] = (await Promise.all([1, 2].map(peerOfSeed))).sort()
const ADDRESS = '/ip4/127.0.0.1/tcp/1'

/** A network over a node that does nothing by itself: its events and connections are the test's. */
const setup = async () => {
  const timers = new ManualTimers()
  const events = new EventTarget()
  const dials: boolean[] = []
  const node = Object.assign(events, {
    peerId: peerIdFromString(smaller),
    status: 'started',
    handle: async () => {},
    start: async () => {},
    stop: async () => {},
    getConnections: () => [],
    getMultiaddrs: () => [],
    dial: async (_addresses: unknown, { force }: { force: boolean }) => {
      dials.push(force)
      throw new Error('nobody there')
    },
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
  const identified = async (connection: Connection) => {
    const detail = { connection, peerId: connection.remotePeer, protocols: [SYNC_PROTOCOL] }
    events.dispatchEvent(new CustomEvent('peer:identify', { detail }))
    await settled()
  }
  return { timers, events, network, dials, identified }
}

/** A connection to the other peer, whose streams go nowhere; `say` is the other side. */
const connectionTo = (remote: string) => {
  let stream = new EventTarget()
  const ends: string[] = []
  const connection = {
    remotePeer: peerIdFromString(remote),
    remoteAddr: multiaddr(ADDRESS),
    status: 'open',
    newStream: () => {
      const does = { status: 'open', send: () => true, close: async () => {}, abort: () => {} }
      stream = Object.assign(new EventTarget(), does)
      return Promise.resolve(stream as unknown as Stream)
    },
    close: async () => void ends.push('closed'),
    abort: () => void ends.push('aborted'),
  } as unknown as Connection
  const say = (data: Uint8Array) => void stream.dispatchEvent(Object.assign(new Event('message'), { data }))
  const end = () => void stream.dispatchEvent(new Event('close'))
  return { connection, say, end, ends, pong: () => say(encodeWireFrame(frameTypes.pong, new Uint8Array())) }
}

/** Linked to the other peer, who is wanted; somebody looks. */
const linked = async () => {
  const around = await setup()
  const { network, identified } = around
  network.watch(true)
  const other = connectionTo(larger)
  await identified(other.connection)
  other.say(encodeHello('other'))
  await settled()
  network.want([{ peer: larger, addresses: [ADDRESS] }])
  return { ...around, ...other, seen: () => network.state().peers.map(({ quiet }) => quiet ?? false) }
}

test('a peer that refuses every link is asked once a second, not over and over', async () => {
  const { timers, identified } = await setup()
  let asked = 0
  const { connection } = connectionTo(larger)
  connection.newStream = () => {
    asked += 1
    return Promise.reject(new Error('refused'))
  }
  await identified(connection)
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

test('a page that stands still for ten seconds is shown as such and nothing is dialled; when it answers, all is as before', async () => {
  const { timers, dials, pong, seen, ends } = await linked()
  await timers.pass(5_000)
  expect(seen()).toEqual([true])
  await timers.pass(5_000)
  pong()
  expect(seen()).toEqual([false])
  expect([dials, ends]).toEqual([[], []])
})

test('a page that died without a word is known after five seconds, looked for after fifteen, and its connection goes after thirty', async () => {
  const { timers, dials, seen, ends } = await linked()
  await timers.pass(5_000)
  expect(seen()).toEqual([true])
  expect(dials).toEqual([])
  await timers.pass(10_000)
  expect(dials[0]).toBe(true)
  await timers.pass(15_000)
  expect(seen()).toEqual([])
  expect(ends).toEqual(['aborted'])
  // One attempt at a time, after growing waits.
  expect(dials.length).toBeLessThan(8)
})

test('after a change of networks whoever does not answer is dialled beside the old connection within three seconds', async () => {
  const { timers, network, dials, ends } = await linked()
  network.retry()
  await timers.pass(3_000)
  expect(dials[0]).toBe(true)
  expect(ends).toEqual([])
})

test('after a change of networks whoever answers is left alone', async () => {
  const { timers, network, dials, pong } = await linked()
  network.retry()
  pong()
  await timers.pass(2_000)
  pong()
  expect(dials).toEqual([])
})

test('a transport that says that it ended is tried again within a second', async () => {
  const { timers, events, dials, connection, end, seen } = await linked()
  Object.assign(connection, { status: 'closed' })
  events.dispatchEvent(new CustomEvent('connection:close', { detail: connection }))
  end()
  await settled()
  expect(seen()).toEqual([])
  await timers.pass(1_000)
  expect(dials[0]).toBe(false)
})

test('of a page loaded anew twenty times one connection is left', async () => {
  const { timers, network, identified } = await setup()
  const all = []
  for (let load = 0; load < 20; load++) {
    const page = connectionTo(larger)
    all.push(page)
    await identified(page.connection)
    page.say(encodeHello('other'))
    await timers.pass(3_000)
  }
  expect(network.state().peers).toHaveLength(1)
  expect(all.map(({ ends }) => ends.length > 0)).toEqual(all.map((_, at) => at < 19))
})
