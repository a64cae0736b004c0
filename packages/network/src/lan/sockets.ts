import { createSocket } from 'node:dgram'
import { networkInterfaces } from 'node:os'
import type { LanPlatform } from './lan.ts'
import { MAX_MESSAGE_BYTES } from './message.ts'

/** RFC 6762, section 3. */
const GROUP = '224.0.0.251'
const PORT = 5353
/** RFC 6762, section 11: what comes from further away is not from this network. */
const HOPS = 255

/** This machine's interfaces. A socket of its own on each: the default route, if there is one, leads to one of them only. */
export const systemLan: LanPlatform = {
  interfaces: () =>
    Object.values(networkInterfaces()).flatMap((list) =>
      (list ?? []).flatMap(({ family, internal, address }) => (family === 'IPv4' && !internal ? [address] : [])),
    ),
  open: (at, hear) => {
    const socket = createSocket({ type: 'udp4', reuseAddr: true })
    let isOpen = false
    const close = (): void => {
      if (isOpen) socket.close()
      isOpen = false
    }
    // Another program has the port for itself, or the interface is gone again: then nobody is found this way.
    socket.on('error', close)
    socket.on('message', (bytes, { address }) => {
      if (bytes.length <= MAX_MESSAGE_BYTES) hear(bytes, address)
    })
    const waiting: Uint8Array[] = []
    socket.bind({ port: PORT, address: '0.0.0.0', exclusive: false }, () => {
      try {
        socket.addMembership(GROUP, at)
        socket.setMulticastInterface(at)
        socket.setMulticastTTL(HOPS)
        isOpen = true
        for (const bytes of waiting.splice(0)) socket.send(bytes, PORT, GROUP)
      } catch {
        socket.close()
      }
    })
    socket.unref()
    return {
      send: (bytes) => {
        if (isOpen) socket.send(bytes, PORT, GROUP)
        else if (waiting.length < MAX_WAITING) waiting.push(bytes)
      },
      close,
    }
  },
}
/** What is sent before the socket is ready: a question and an answer. */
const MAX_WAITING = 2
