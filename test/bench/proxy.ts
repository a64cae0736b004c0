import { once } from 'node:events'
import { type AddressInfo, createServer, connect, type Socket } from 'node:net'

/** Stands between two replicas, counts what passes and may hold it back. */
export interface Proxy {
  readonly port: number
  /** Payload bytes of TCP, both ways. */
  bytes(): number
  /** On the clock of `now`; when the last byte passed. */
  lastAt(): number
  close(): void
}

/** Milliseconds on a clock that all processes of this machine share. */
export const now = (): number => Number(process.hrtime.bigint()) / 1e6

/** @param oneWay milliseconds each byte is held back in each direction: half a round trip */
export const startProxy = async (to: number, oneWay = 0): Promise<Proxy> => {
  let bytes = 0
  let lastAt = now()
  const sockets = new Set<Socket>()
  const pass = (from: Socket, into: Socket) => {
    const later = (act: () => void) => (oneWay === 0 ? act() : setTimeout(act, oneWay))
    from.setNoDelay(true)
    from.on('data', (chunk) => {
      bytes += chunk.length
      lastAt = now()
      later(() => into.writable && into.write(chunk))
    })
    from.on('end', () => later(() => into.end()))
    from.on('error', () => into.destroy())
  }
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1')
    sockets.add(near).add(far)
    pass(near, far)
    pass(far, near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    bytes: () => bytes,
    lastAt: () => lastAt,
    close: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
