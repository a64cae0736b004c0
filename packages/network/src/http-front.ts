import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocketDoor } from './websockets.ts'

/** WebSockets one HTTP server lets through at once, as many as there may be connections, and those from one address. */
const MAX_THROUGH = 300
const MAX_THROUGH_PER_ADDRESS = 64

/**
 * Hands WebSocket upgrades of `/` to the network's own listener, so that pages and peers share a port, and the network still
 * sees who connects. Ends connections that have not asked for anything in `upgradeMs`: `http` itself waits a minute. Returns its own undo.
 */
export const shareServer = (server: Server, door: () => WebSocketDoor | undefined, upgradeMs: number): (() => void) => {
  const through = new Map<Duplex, string>()
  const deadlines = new WeakMap<Duplex, ReturnType<typeof setTimeout>>()

  const onConnection = (socket: Duplex): void => {
    const deadline = setTimeout(() => socket.destroy(), upgradeMs)
    deadlines.set(socket, deadline)
    socket.once('close', () => clearTimeout(deadline))
  }
  const onRequest = ({ socket }: IncomingMessage): void => clearTimeout(deadlines.get(socket))

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    clearTimeout(deadlines.get(socket))
    socket.on('error', () => socket.destroy())
    const from = request.socket.remoteAddress ?? ''
    const fromThere = [...through.values()].filter((address) => address === from).length
    const open = door()
    if (request.url !== '/' || request.headers.upgrade?.toLowerCase() !== 'websocket') refuse(socket, '404 Not Found')
    else if (!open || through.size >= MAX_THROUGH || fromThere >= MAX_THROUGH_PER_ADDRESS)
      refuse(socket, '503 Service Unavailable')
    else {
      through.set(socket, from)
      socket.once('close', () => through.delete(socket))
      open.onUpgrade(request, socket, head)
    }
  }

  server.on('connection', onConnection)
  server.on('request', onRequest)
  server.on('upgrade', onUpgrade)
  return () => {
    server.off('connection', onConnection)
    server.off('request', onRequest)
    server.off('upgrade', onUpgrade)
    for (const socket of through.keys()) socket.destroy()
  }
}

const refuse = (socket: Duplex, status: string): void => {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy())
}
