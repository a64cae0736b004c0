import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type RawData, WebSocket, WebSocketServer } from 'ws'

/** One WebSocket, as the peers that bring no transport of their own use it. Uncompressed: deflate costs more time than it saves here. */
export interface Link {
  send(message: Uint8Array | string): void
  receive(take: (message: Uint8Array) => void): void
}

const linkOf = (socket: WebSocket): Link => ({
  send: (message) => socket.send(message),
  receive: (take) =>
    void socket.on('message', (data: RawData) => take(data instanceof Buffer ? data : new Uint8Array(0))),
})

/** Listens on a free port of 127.0.0.1 and answers it. */
export const listenServer = async (): Promise<{ server: WebSocketServer; port: number }> => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

export const listenForLinks = async (greet: (link: Link) => void): Promise<number> => {
  const { server, port } = await listenServer()
  server.on('connection', (socket) => greet(linkOf(socket)))
  return port
}

export const dialLink = async (port: number): Promise<Link> => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false })
  const link = linkOf(socket)
  await once(socket, 'open')
  return link
}
