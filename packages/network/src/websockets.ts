import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { webSockets } from '@libp2p/websockets'
import type { CreateListenerOptions, Listener, Transport } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'

/** One WebSocket message, at most, in bytes. Noise frames have 64 KiB; ours are split long before. */
const MAX_MESSAGE_BYTES = 1024 * 1024
/** Sockets of one listener. */
const MAX_SOCKETS = 512
/** Close code for an abort: 1006 cannot be sent, so the stock transport leaves an aborted socket open. */
const ABORTED = 4000
const UNSENDABLE = 1006

export interface HardenedInit {
  /** A socket that has not become a WebSocket by then is closed, in milliseconds. */
  readonly upgradeMs?: number
  readonly onListener?: (door: WebSocketDoor) => void
}

/**
 * The WebSocket transport without its known holes: a bad frame, an oversize message or a silent socket ends that socket
 * and nothing else, and an aborted connection really ends. It reaches into @libp2p/websockets 10.1.21
 * and throws at start when a version is not built as expected. `NETWORK.md` 8.
 */
export const hardenedWebSockets =
  ({ upgradeMs = 5_000, onListener = () => {} }: HardenedInit = {}): ((
    components: Parameters<ReturnType<typeof webSockets>>[0],
  ) => Transport) =>
  (components) => {
    const transport: unknown = webSockets()(components)
    assertTransport(transport)
    const connect = transport._connect.bind(transport)
    transport._connect = async (address, options) => withSafeClose(await connect(address, options))
    const createListener = transport.createListener.bind(transport)
    transport.createListener = (options) => {
      const listener = createListener(options)
      onListener(harden(listener, upgradeMs))
      return listener
    }
    return transport
  }

/** A listener that also takes upgrades another HTTP server received. */
export interface WebSocketDoor {
  onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  getAddrs(): Multiaddr[]
}

const harden = (listener: unknown, upgradeMs: number): WebSocketDoor => {
  assertListener(listener)
  listener.wsServer.options.maxPayload = MAX_MESSAGE_BYTES
  listener.server.maxConnections = MAX_SOCKETS
  const deadlines = new WeakMap<object, ReturnType<typeof setTimeout>>()
  listener.server.on('connection', (socket) => {
    socket.on('error', () => socket.destroy())
    const deadline = setTimeout(() => socket.destroy(), upgradeMs)
    deadlines.set(socket, deadline)
    socket.once('close', () => clearTimeout(deadline))
  })
  const onConnection = listener.onWsServerConnection.bind(listener)
  listener.onWsServerConnection = (webSocket, request) => {
    clearTimeout(deadlines.get(request.socket))
    webSocket.on('error', () => webSocket.terminate())
    onConnection(withSafeClose(webSocket), request)
  }
  return listener
}

const withSafeClose = <Socket extends ClosableSocket>(socket: Socket): Socket => {
  const close = socket.close.bind(socket)
  socket.close = (code, reason) => {
    if (code !== UNSENDABLE) close(code, reason)
    else if (socket.terminate) socket.terminate()
    else close(ABORTED)
  }
  return socket
}

interface ClosableSocket {
  close(code?: number, reason?: string): void
  terminate?(): void
}
interface ServerWebSocket extends ClosableSocket {
  terminate(): void
  on(event: 'error', tell: () => void): unknown
}
interface RawSocket {
  destroy(): void
  on(event: 'error', tell: () => void): unknown
  once(event: 'close', tell: () => void): unknown
}
interface StockTransport extends Transport {
  _connect(address: unknown, options: unknown): Promise<ClosableSocket>
  createListener(options: CreateListenerOptions): Listener
}
interface StockListener extends WebSocketDoor {
  readonly wsServer: { readonly options: { maxPayload?: number } }
  readonly server: { maxConnections: number; on(event: 'connection', take: (socket: RawSocket) => void): unknown }
  onWsServerConnection(webSocket: ServerWebSocket, request: { readonly socket: object }): void
}

const hasField = <Name extends string>(value: unknown, name: Name): value is Record<Name, unknown> =>
  typeof value === 'object' && value !== null && name in value && (value as Record<string, unknown>)[name] !== undefined

function assertTransport(value: unknown): asserts value is StockTransport {
  const built = hasField(value, '_connect') && typeof value._connect === 'function'
  if (!built || !hasField(value, 'createListener')) throw new Error('@libp2p/websockets has changed: _connect is gone')
}

function assertListener(value: unknown): asserts value is StockListener {
  const built =
    hasField(value, 'wsServer') &&
    hasField(value.wsServer, 'options') &&
    hasField(value, 'server') &&
    hasField(value, 'onWsServerConnection') &&
    typeof value.onWsServerConnection === 'function' &&
    hasField(value, 'onUpgrade') &&
    typeof value.onUpgrade === 'function'
  if (!built) throw new Error('@libp2p/websockets has changed: its listener cannot be hardened')
}
