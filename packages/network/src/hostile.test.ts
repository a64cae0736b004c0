import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { exchange, Nodes, type RunningNode } from './testing/nodes.ts'

const nodes = new Nodes()
const servers: { close(): unknown }[] = []
afterEach(async () => {
  await nodes.stop()
  for (const server of servers.splice(0)) server.close()
})

const portIn = (addresses: readonly string[], kind: RegExp): number => {
  for (const address of addresses) {
    const [, port] = kind.exec(address) ?? []
    if (port !== undefined) return Number(port)
  }
  throw new Error('no such address')
}
/** Shorter than in earnest, and still long enough for the honest. */
const handshakeMs = 1_500
/** Guards against hanging. */
const GIVES_UP_WITHIN_MS = 30_000
const anyTcp = /\/tcp\/(\d+)/

/** Resolves with how many bytes came back once the socket is closed by the other side. */
const untilClosed = (socket: Socket): Promise<number> =>
  new Promise((resolve) => {
    let received = 0
    socket.on('data', (bytes) => {
      received += bytes.length
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(received))
  })

const openSocket = async (port: number): Promise<Socket> => {
  const socket = connect({ port, host: '127.0.0.1' })
  await new Promise<void>((resolve) => socket.once('connect', resolve))
  return socket
}

const openWebSocket = async (port: number): Promise<Socket> => {
  const socket = await openSocket(port)
  const upgraded = new Promise<void>((resolve) => socket.once('data', () => resolve()))
  socket.write(
    'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  )
  await upgraded
  return socket
}

/** Whoever was attacked still links with honest peers. */
const expectAlive = async (attacked: RunningNode): Promise<void> => {
  const honest = await nodes.start(9)
  const links = Promise.all([attacked.nextLink(), honest.nextLink()])
  honest.network.want([{ peer: attacked.network.self, addresses: attacked.network.state().addresses }])
  const [there, here] = await links
  expect(await exchange(here, there)).toBe(true)
}

const MASK = [1, 2, 3, 4]
const masked = (...payload: number[]) => [...MASK, ...payload.map((byte, at) => byte ^ (MASK[at % 4] as number))]

/** Frames that break the rules of RFC 6455; unguarded, each ends the process. */
const malformed = {
  'an unmasked frame': [0x82, 0x05, 1, 2, 3, 4, 5],
  'a reserved opcode': [0x83, 0x81, ...masked(1)],
  'a reserved bit': [0xc2, 0x81, ...masked(1)],
  'text that is not UTF-8': [0x81, 0x82, ...masked(0xff, 0xfe)],
  'a close code that may not be sent': [0x88, 0x82, ...masked(0x03, 0xec)],
  'a claim of 200 MiB': [0x82, 0xff, 0, 0, 0, 0, 0x0c, 0x80, 0, 0, ...MASK],
  'a fragmented ping': [0x09, 0x81, ...masked(1)],
}

const doors = {
  'the WebSocket port': async () => {
    const node = await nodes.start(1, { listen: { host: '127.0.0.1', wsPort: 0 }, handshakeMs })
    return { node, port: portIn(node.network.state().addresses, anyTcp) }
  },
  'a shared HTTP port': async () => {
    const server = createServer()
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const node = await nodes.start(1, { handshakeMs })
    node.network.attach(server)
    return { node, port: (server.address() as AddressInfo).port }
  },
}

describe.each(Object.entries(doors))('at %s', (_door, open) => {
  test.each(Object.entries(malformed))('%s closes that socket and nothing else', async (_name, bytes) => {
    const { node, port } = await open()
    const socket = await openWebSocket(port)
    const closed = untilClosed(socket)
    socket.write(Uint8Array.from(bytes))
    await closed
    await expectAlive(node)
  })

  test('90 MB before any handshake are not taken', async () => {
    const { node, port } = await open()
    const socket = await openWebSocket(port)
    const closed = untilClosed(socket)
    const size = 90_000_000
    const header = Uint8Array.from([0x82, 0xff, 0, 0, 0, 0, ...new Uint8Array(4), ...MASK])
    new DataView(header.buffer).setUint32(6, size)
    socket.write(header)
    const block = new Uint8Array(1_000_000)
    let written = 0
    socket.on('drain', () => !socket.destroyed && written < size && push())
    const push = () => {
      while (written < size && !socket.destroyed && socket.write(block)) written += block.length
    }
    push()
    await closed
    expect(written).toBeLessThan(size / 2)
    await expectAlive(node)
  })

  test(
    'a socket that says nothing is closed',
    async () => {
      const { node, port } = await open()
      const socket = await openSocket(port)
      expect(await untilClosed(socket)).toBe(0)
      await expectAlive(node)
    },
    GIVES_UP_WITHIN_MS,
  )
})

describe('at the TCP port', () => {
  const openTcp = async () => {
    const node = await nodes.start(1, { listen: { host: '127.0.0.1', tcpPort: 0 }, handshakeMs })
    return { node, port: portIn(node.network.state().addresses, anyTcp) }
  }

  test(
    'a socket that says nothing is closed',
    async () => {
      const { node, port } = await openTcp()
      const socket = await openSocket(port)
      await untilClosed(socket)
      await expectAlive(node)
    },
    GIVES_UP_WITHIN_MS,
  )

  test.each([
    ['noise', Uint8Array.from({ length: 4096 }, (_, at) => (at * 197) & 0xff)],
    ['an HTTP request', new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n')],
    ['an endless length', new Uint8Array(64).fill(0xff)],
    ['zeros', new Uint8Array(100_000)],
  ])(
    '%s closes that socket and nothing else',
    async (_name, bytes) => {
      const { node, port } = await openTcp()
      const socket = await openSocket(port)
      const closed = untilClosed(socket)
      socket.write(bytes)
      await closed
      await expectAlive(node)
    },
    GIVES_UP_WITHIN_MS,
  )
})
