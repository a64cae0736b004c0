import { createServer, get, type Server } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { passingIdentity } from './identity.ts'
import type { Link } from './network.ts'
import { exchange, hurried, Nodes, type RunningNode } from './testing/nodes.ts'

const nodes = new Nodes()
const servers: { close(): unknown }[] = []
afterEach(async () => {
  await nodes.stop()
  for (const server of servers.splice(0)) server.close()
})

const listening = async (server: Server): Promise<number> => {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

const tcp = { listen: { host: '127.0.0.1', tcpPort: 0 } }
const circuit = (address: string) => address.includes('/p2p-circuit')

describe('through a relay', () => {
  test('two nodes that know only the relay are linked, and what they say passes it', async () => {
    const relay = await nodes.start(1, { ...tcp, relay: true })
    const helpers = relay.network.state().addresses
    const [a, b] = [await nodes.start(2, { helpers }), await nodes.start(3, { helpers })]
    const { addresses } = await a.until((state) => state.addresses.some(circuit))
    const links = [a, b].map(async ({ links: known, network, nextLink }) => {
      const others = [a.network.self, b.network.self].filter((peer) => peer !== network.self)
      for (;;) {
        const link = known.find(({ remote }) => others.includes(remote)) ?? (await nextLink())
        if (others.includes(link.remote)) return link
      }
    })
    b.network.want([{ peer: a.network.self, addresses: addresses.filter(circuit) }])
    const [atA, atB] = await Promise.all(links)
    if (!atA || !atB) throw new Error('not linked')
    expect([atA.path, atB.path]).toEqual(['relayed', 'relayed'])
    expect(await exchange(atA, atB)).toBe(true)
  })

  test('a relay that comes back is used again', async () => {
    const first = await nodes.start(1, { ...tcp, relay: true })
    const helpers = first.network.state().addresses
    const a = await nodes.start(2, { helpers, timers: hurried })
    await a.until((state) => state.addresses.some(circuit))
    const gone = a.until((state) => !state.addresses.some(circuit))
    await first.network.stop()
    await gone
    const port = Number(/tcp\/(\d+)/.exec(helpers[0] ?? '')?.[1])
    await nodes.start(1, { listen: { host: '127.0.0.1', tcpPort: port }, relay: true })
    const { addresses } = await a.until((state) => state.addresses.some(circuit))
    expect(addresses.filter(circuit)[0]).toContain(`/tcp/${port}/p2p/${first.network.self}/p2p-circuit`)
  })

  test('a helper added later is reserved with, and one that is removed is no more', async () => {
    const relay = await nodes.start(1, { ...tcp, relay: true })
    const a = await nodes.start(2, { timers: hurried })
    a.network.want([], relay.network.state().addresses)
    await a.until((state) => state.addresses.some(circuit))
    a.network.want([], [])
    await relay.network.stop()
    expect((await a.until((state) => !state.addresses.some(circuit))).addresses.filter(circuit)).toEqual([])
  })

  test('somebody given up on for a while is tried at once when the relay is there again', async () => {
    const first = await nodes.start(1, { ...tcp, relay: true })
    const helpers = first.network.state().addresses
    const a = await nodes.start(2, { helpers, timers: hurried })
    const { addresses } = await a.until((state) => state.addresses.some(circuit))
    await first.network.stop()
    await a.until((state) => !state.addresses.some(circuit))
    let giveUp = (): void => undefined
    const givenUp = new Promise<void>((resolve) => (giveUp = resolve))
    let isAway = true
    const timers: typeof hurried = {
      ...hurried,
      set: (call, milliseconds) => {
        // Longer waits between attempts never end here: only news of the relay can.
        if (milliseconds > 11_000) return giveUp()
        return hurried.set(call, isAway ? Math.min(1, milliseconds) : milliseconds)
      },
    }
    const b = await nodes.start(3, { helpers, timers, random: () => 0.5 })
    b.network.want([{ peer: a.network.self, addresses: addresses.filter(circuit) }])
    await givenUp
    isAway = false
    const port = Number(/tcp\/(\d+)/.exec(helpers[0] ?? '')?.[1])
    await nodes.start(1, { listen: { host: '127.0.0.1', tcpPort: port }, relay: true })
    await b.until(({ peers }) => peers.some(({ peer }) => peer === a.network.self))
  })

  test('a relay that is away does not keep a node from starting', async () => {
    const closed = createTcpServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const { port } = closed.address() as AddressInfo
    await new Promise((resolve) => closed.close(resolve))
    const node = await nodes.start(2, { ...tcp, helpers: [`/ip4/127.0.0.1/tcp/${port}`] })
    expect(node.network.state().online).toBe(true)
  })
})

describe('when the relay dies', () => {
  const meeting = async (isDirect: boolean) => {
    const relay = await nodes.start(1, { ...tcp, relay: true })
    const helpers = relay.network.state().addresses
    const a = await nodes.start(2, { ...(isDirect ? tcp : {}), helpers })
    const b = await nodes.start(3, { helpers })
    const { addresses } = await a.until((state) => state.addresses.some(circuit))
    b.network.want([{ peer: a.network.self, addresses: addresses.filter((address) => circuit(address) !== isDirect) }])
    const seen = ({ network }: RunningNode) => network.state().peers.map(({ peer }) => peer)
    const linked = ({ until }: RunningNode, other: RunningNode) =>
      until(({ peers }) => peers.some(({ peer }) => peer === other.network.self))
    await Promise.all([linked(a, b), linked(b, a)])
    const [atA, atB] = [a, b].map(({ links }, at) =>
      links.findLast(({ remote }) => remote === [b, a][at]?.network.self),
    )
    if (!atA || !atB) throw new Error('not linked')
    return { relay, a, b, atA, atB, seen }
  }

  test('a direct link goes on', async () => {
    const { relay, a, b, atA, atB, seen } = await meeting(true)
    const gone = [a, b].map(({ until }) => until(({ peers }) => peers.every(({ peer }) => peer !== relay.network.self)))
    await relay.network.stop()
    await Promise.all(gone)
    expect([seen(a), seen(b)]).toEqual([[b.network.self], [a.network.self]])
    expect([atA.path, atB.path]).toEqual(['direct', 'direct'])
    expect(await exchange(atA, atB)).toBe(true)
  })

  test('a relayed link is known to be gone at once, on both sides', async () => {
    const { relay, a, b, atA, atB } = await meeting(false)
    const gone = [a, b].map(({ until }) => until(({ peers }) => peers.length === 0))
    await relay.network.stop()
    await Promise.all(gone)
    expect([await atA.closed, await atB.closed]).toEqual([{ type: 'lost' }, { type: 'lost' }])
  })
})

describe('through a member', () => {
  const through = (peer: string) => [`/p2p/${peer}/p2p-circuit`]
  const linkedTo = async ({ links, nextLink }: RunningNode, peer: string): Promise<Link> => {
    for (;;) {
      const link = links.find(({ remote }) => remote === peer) ?? (await nextLink())
      if (link.remote === peer) return link
    }
  }
  const three = async () => {
    const b = await nodes.start(1, tcp)
    const [a, c] = [await nodes.start(2, { timers: hurried }), await nodes.start(3, { timers: hurried })]
    for (const { network } of [a, c]) network.want([{ peer: b.network.self, addresses: b.network.state().addresses }])
    await Promise.all([a, c].map(({ until }) => until(({ peers }) => peers.length === 1)))
    const meet = () => {
      for (const [one, other] of [[a, c] as const, [c, a] as const])
        one.network.want([
          { peer: b.network.self, addresses: b.network.state().addresses },
          { peer: other.network.self, addresses: through(b.network.self) },
        ])
    }
    return { a, b, c, meet }
  }

  test('two that only it is connected to meet, and it is said who carries', async () => {
    const { a, b, c, meet } = await three()
    b.network.introduce?.([[a.network.self, c.network.self]])
    meet()
    const [atA, atC] = await Promise.all([linkedTo(a, c.network.self), linkedTo(c, a.network.self)])
    expect(await exchange(atA, atC)).toBe(true)
    const met = a.network.state().peers.find(({ peer }) => peer === c.network.self)
    expect(met).toMatchObject({ path: 'relayed', via: b.network.self })
    expect(met?.bytes?.sent).toBeGreaterThan(0)
    expect(met?.bytes?.received).toBeGreaterThan(0)
    expect(c.links.filter(({ remote }) => remote === a.network.self)).toHaveLength(1)
  })
})

describe('pages and peers on one port', () => {
  test('a peer connects through the HTTP server, which still serves pages', async () => {
    const server = createServer((_request, response) => void response.end('page'))
    const port = await listening(server)
    const a = await nodes.start(2)
    const detach = a.network.attach(server)
    const address = `/ip4/127.0.0.1/tcp/${port}/ws/p2p/${a.network.self}`
    expect(a.network.state().addresses).toEqual([address])
    const b = await nodes.start(3)
    const links = Promise.all([a.nextLink(), b.nextLink()])
    b.network.want([{ peer: a.network.self, addresses: [address] }])
    const [atA, atB] = await links
    expect(await exchange(atB, atA)).toBe(true)
    const page = await new Promise<string>((resolve) => {
      get({ port, host: '127.0.0.1' }, (response) => response.setEncoding('utf8').once('data', resolve))
    })
    expect(page).toBe('page')
    detach()
    expect(a.network.state().addresses).toEqual([])
    expect((await atB.closed).type).toBe('lost')
  })

  test('a server that refuses a dial nobody waits for any more ends the dial, not the process', async () => {
    const server = createServer()
    server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n'))
    const dialled = new WebSocket(`ws://127.0.0.1:${await listening(server)}`)
    await new Promise((resolve) => dialled.addEventListener('close', resolve))
    expect(dialled.readyState).toBe(WebSocket.CLOSED)
  })

  test('an upgrade of another path is refused', async () => {
    const server = createServer()
    const port = await listening(server)
    const a = await nodes.start(2)
    a.network.attach(server)
    const status = await new Promise((resolve) => {
      const request = get({
        port,
        host: '127.0.0.1',
        path: '/elsewhere',
        headers: {
          connection: 'upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
        },
      })
      request.on('response', (response) => resolve(response.statusCode))
    })
    expect(status).toBe(404)
  })
})

describe('dialling', () => {
  test('reaches no address that was not asked for, whatever peers announce', async () => {
    let touched = 0
    const trap = createTcpServer((socket) => {
      touched += 1
      socket.destroy()
    })
    servers.push(trap)
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve))
    const { port } = trap.address() as AddressInfo
    // The liar announces the trap as its own address; it is learnt through identify.
    const liarServer = createServer()
    liarServer.address = () => ({ address: '127.0.0.1', family: 'IPv4', port })
    const liar = await nodes.start(2, tcp)
    const [honest] = liar.network.state().addresses
    liar.network.attach(liarServer)
    expect(liar.network.state().addresses.some((address) => address.includes(`/${port}/`))).toBe(true)
    const b = await nodes.start(3, { timers: hurried })
    const linked = b.nextLink()
    b.network.want([{ peer: liar.network.self, addresses: honest ? [honest] : [] }])
    await linked
    await liar.network.stop()
    await b.until((state) => state.peers.length === 0)
    // The honest address is tried again, in vain, twice: time enough for anything else to have been tried too.
    const again = await nodes.start(2, {
      listen: { host: '127.0.0.1', tcpPort: Number(/tcp\/(\d+)/.exec(honest ?? '')?.[1]) },
    })
    await again.nextLink()
    expect(touched).toBe(0)
  })

  test('comes back to a wanted peer that was away', async () => {
    const a = await nodes.start(2, tcp)
    const [address = ''] = a.network.state().addresses
    const b = await nodes.start(3, { timers: hurried, random: () => 0 })
    const first = Promise.all([b.nextLink(), a.nextLink()])
    b.network.want([{ peer: a.network.self, addresses: [address] }])
    const [link] = await first
    await a.network.stop()
    expect(await link.closed).toEqual({ type: 'stopped' })
    const second = b.nextLink()
    await nodes.start(2, { listen: { host: '127.0.0.1', tcpPort: Number(/tcp\/(\d+)/.exec(address)?.[1]) } })
    expect((await second).remote).toBe(a.network.self)
  })

  test('addresses of other kinds and peers that are none are passed over', async () => {
    const a = await nodes.start(2)
    a.network.want([
      { peer: 'nobody', addresses: ['/ip4/127.0.0.1/tcp/1'] },
      { peer: a.network.self, addresses: [] },
      {
        peer: '12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5',
        addresses: ['/dnsaddr/example.org', 'nonsense', `/unix/tmp`],
      },
    ])
    expect(a.network.state().peers).toEqual([])
  })
})

/** As many links as one peer may open in a row. */
const LOADS = 10
const identityOf = (seed: number) => passingIdentity({ bytes: (length) => new Uint8Array(length).fill(seed) })

/** What connects through it can be cut off without either side being told, as a page that is gone leaves its connections. */
const openTunnel = async (port: number) => {
  const open = new Set<Socket>()
  let isEmpty = (): void => undefined
  const tunnel = createTcpServer((near) => {
    const far = connect(port, '127.0.0.1')
    open.add(far)
    near.pipe(far).pipe(near)
    for (const socket of [near, far]) socket.on('error', () => undefined)
    far.once('close', () => {
      open.delete(far)
      near.destroy()
      if (open.size === 1) isEmpty()
    })
  })
  servers.push(tunnel)
  await new Promise<void>((resolve) => tunnel.listen(0, '127.0.0.1', resolve))
  return {
    port: (tunnel.address() as AddressInfo).port,
    open,
    /** Nothing goes through any more; what is open stays. */
    freeze: () => {
      for (const socket of open) {
        socket.unpipe()
        socket.resume()
      }
    },
    onlyOne: () => new Promise<void>((resolve) => (open.size === 1 ? resolve() : (isEmpty = resolve))),
  }
}

test('a page that is loaded anew again and again is one peer with one connection, and is told of once', async () => {
  const server = createServer()
  const tunnel = await openTunnel(await listening(server))
  const peers = await Promise.all([2, 3].map(async (seed) => ({ seed, id: (await identityOf(seed)).peer })))
  // The smaller peer id opens links: so the other side has to know what the page left behind.
  const [smaller, larger] = peers.sort((one, other) => (one.id < other.id ? -1 : 1)).map(({ seed }) => seed)
  const host = await nodes.start(larger ?? 0)
  host.network.attach(server)
  const told: number[] = []
  host.network.onState(({ peers }) => told.push(peers.length))
  for (let load = 1; load <= LOADS; load++) {
    const linked = host.nextLink()
    const page = await nodes.start(smaller ?? 0)
    const address = `/ip4/127.0.0.1/tcp/${tunnel.port}/ws/p2p/${host.network.self}`
    page.network.want([{ peer: host.network.self, addresses: [address] }])
    const link = await linked
    expect(link.remote).toBe(page.network.self)
    if (load === LOADS) break
    tunnel.freeze()
    page.network.want([])
  }
  await tunnel.onlyOne()
  expect(host.network.state().peers).toHaveLength(1)
  expect(Math.max(...told)).toBe(1)
  // All before have ended: replaced, or on a slow machine given up before they had begun.
  const before = await Promise.all(host.links.slice(0, -1).map(({ closed }) => closed))
  for (const { type } of before) expect(['replaced', 'silent']).toContain(type)
})

test('stopping twice, or before anything happened, is harmless', async () => {
  const a = await nodes.start(2, tcp)
  await a.network.stop()
  await a.network.stop()
  expect(a.network.state()).toEqual({ online: false, peers: [], addresses: [] })
})
