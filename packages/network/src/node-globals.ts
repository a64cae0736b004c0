import { WebSocket } from 'ws'

/**
 * What goes wrong after libp2p has given a dial up (it stops listening then) would end the process: a full server that refuses late is enough.
 * The socket is closed in any case.
 */
class DialledWebSocket extends WebSocket {
  constructor(...given: ConstructorParameters<typeof WebSocket>) {
    super(...given)
    this.on('error', () => undefined)
  }
}

/** Node before 22 has no WebSocket of its own, and libp2p dials with the global one. Import this file before libp2p. */
if (!('WebSocket' in globalThis))
  Object.defineProperty(globalThis, 'WebSocket', { configurable: true, writable: true, value: DialledWebSocket })
