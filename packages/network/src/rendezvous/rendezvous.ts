import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import type { Found } from '../network.ts'
import { byteStreamOf } from '../stream-bytes.ts'
import type { TimerHandle, Timers } from '../timers.ts'
import { TokenBucket } from '../token-bucket.ts'
import { Board } from './board.ts'
import {
  decodeAnswer,
  decodeSigns,
  encodeAnswer,
  encodeSigns,
  MAX_ANSWER_BYTES,
  MAX_ASKED_BYTES,
  MAX_SIGNS,
  RENDEZVOUS_PROTOCOL,
  type Sign,
} from './messages.ts'
import { readOne, writeOne } from './one-frame.ts'

/** A question and its answer fit into it many times, in milliseconds. */
const SAID_WITHIN_MS = 5_000
/** Signs are left again this often, in milliseconds: twice before they go. */
const AGAIN_EVERY_MS = 50 * 60 * 1000
/** Questions of one peer. */
const ASKED_PER_SECOND = 1
const ASKED_BURST = 10
const MAX_STREAMS = 2

export interface RendezvousParts {
  readonly node: Libp2p
  readonly timers: Timers
  /** Whether this is a machine at which others meet. */
  readonly hosts: boolean
  /** Peer ids of the relays this one chose. */
  readonly relays: () => ReadonlySet<string>
}

/** Finding others of one's groups at a relay that both reach, without telling it which groups (`NETWORK.md` 6). */
export class Rendezvous {
  readonly #parts: RendezvousParts
  readonly #board = new Board()
  readonly #asking = new Map<string, TokenBucket>()
  /** Connections to peers at which signs may be left. */
  readonly #hosts = new Map<string, Connection>()
  #signs: readonly Sign[] = []
  #tell: (found: Found) => void = () => {}
  #timer: TimerHandle

  constructor(parts: RendezvousParts) {
    this.#parts = parts
  }

  async start(): Promise<void> {
    const { node, hosts, timers } = this.#parts
    if (hosts)
      await node.handle(RENDEZVOUS_PROTOCOL, (stream, connection) => void this.#answer(stream, connection), {
        maxInboundStreams: MAX_STREAMS,
      })
    const again = () => {
      for (const host of this.#hosts.values()) void this.#ask(host)
      this.#timer = timers.set(again, AGAIN_EVERY_MS)
    }
    this.#timer = timers.set(again, AGAIN_EVERY_MS)
  }

  stop(): void {
    this.#parts.timers.clear(this.#timer)
  }

  /** Leaves these signs at every relay in place of those before; `tell` gets who left the same. */
  gather(signs: readonly Sign[], tell: (found: Found) => void): void {
    this.#signs = signs.slice(0, MAX_SIGNS)
    this.#tell = tell
    for (const host of this.#hosts.values()) void this.#ask(host)
  }

  /** A connection whose other side said what it speaks. */
  identified(connection: Connection, protocols: readonly string[]): void {
    if (!protocols.includes(RENDEZVOUS_PROTOCOL)) return
    this.#hosts.set(connection.remotePeer.toString(), connection)
    void this.#ask(connection)
  }

  closed(connection: Connection): void {
    const peer = connection.remotePeer.toString()
    if (this.#hosts.get(peer) === connection) this.#hosts.delete(peer)
    if (this.#parts.node.getConnections(connection.remotePeer).length > 0) return
    this.#board.forget(peer)
    this.#asking.delete(peer)
  }

  /** A relay was proven to be one: it may have been connected before. */
  look(): void {
    for (const host of this.#hosts.values()) void this.#ask(host)
  }

  async #ask(connection: Connection): Promise<void> {
    const { timers, relays } = this.#parts
    const signs = this.#signs
    if (signs.length === 0 || !relays().has(connection.remotePeer.toString())) return
    try {
      const opened = await connection.newStream(RENDEZVOUS_PROTOCOL, { signal: AbortSignal.timeout(SAID_WITHIN_MS) })
      const stream = byteStreamOf(opened, timers)
      const said = readOne(stream, { most: MAX_ANSWER_BYTES, within: SAID_WITHIN_MS, timers })
      writeOne(stream, encodeSigns(signs))
      const payload = await said
      stream.end()
      const answer = payload && decodeAnswer(payload, signs.length)
      if (!answer?.ok) return
      answer.value.forEach((told, at) => {
        const tag = signs[at]?.tag
        if (tag) for (const found of told) this.#tell({ ...found, tag })
      })
    } catch {
      // Asked again when it is connected anew, or within the hour.
    }
  }

  async #answer(opened: Stream, connection: Connection): Promise<void> {
    const { timers } = this.#parts
    const peer = connection.remotePeer.toString()
    const now = timers.now()
    const bucket = this.#asking.get(peer) ?? new TokenBucket(ASKED_PER_SECOND, ASKED_BURST, now)
    this.#asking.set(peer, bucket)
    if (bucket.take(1, now) > 0) return opened.abort(new Error('too many questions in a row'))
    const stream = byteStreamOf(opened, timers)
    const payload = await readOne(stream, { most: MAX_ASKED_BYTES, within: SAID_WITHIN_MS, timers })
    const signs = payload && decodeSigns(payload)
    if (!signs?.ok) return opened.abort(new Error('not a question'))
    try {
      writeOne(stream, encodeAnswer(this.#board.leave(peer, signs.value, timers.now())))
      stream.end()
    } catch {
      this.#board.forget(peer)
    }
  }
}
