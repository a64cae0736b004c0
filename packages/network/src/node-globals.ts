import { WebSocket } from 'ws'

/** Node before 22 has no WebSocket of its own, and libp2p dials with the global one. Import this file before libp2p. */
if (!('WebSocket' in globalThis))
  Object.defineProperty(globalThis, 'WebSocket', { configurable: true, writable: true, value: WebSocket })
