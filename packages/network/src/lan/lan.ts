import { parseAddress, peerOf } from '../addresses.ts'
import type { TimerHandle, Timers } from '../timers.ts'
import { encodeAnswer, encodeQuestion, parseLanMessage } from './message.ts'

/** One network interface, to send to all on it and to hear them. */
export interface LanSocket {
  send(bytes: Uint8Array): void
  close(): void
}

/** The platform's part: IPv4 addresses of interfaces that lead outside, and a socket on one. `undefined`: it cannot be had now. */
export interface LanPlatform {
  readonly interfaces: () => readonly string[]
  readonly open: (at: string, hear: (bytes: Uint8Array, from: string) => void) => LanSocket | undefined
}

export interface LanInit {
  readonly platform: LanPlatform
  readonly timers: Timers
  /** From 0 to below 1. */
  readonly random: () => number
  readonly self: string
  /** Addresses of this peer now, as multiaddr text. */
  readonly addresses: () => readonly string[]
  /** Heard from somebody at their own address. */
  readonly seen: (peer: string, addresses: readonly string[]) => void
}

/** How often interfaces are looked for, in milliseconds: a cable put in is noticed within it. */
const LOOK_EVERY_MS = 2_000
/** Looks between two questions on an interface that was there before. */
const LOOKS_PER_QUESTION = 15
/** Interfaces used at once: a machine for people has few, one for containers many. */
const MAX_INTERFACES = 8
/** Answers are sent at most this often on one interface, in milliseconds, whoever asks however often. */
const ANSWER_EVERY_MS = 500
/** Messages heard between two looks on one interface; more are a flood, and are dropped unread. */
const MAX_HEARD = 256

interface Interface {
  readonly socket: LanSocket
  answeredAt: number
  /** Whoever asked too soon is answered then. */
  late?: TimerHandle
  heard: number
}

/**
 * Finds peers on the same network, on every interface by itself and so without a default route. Acts on every answer, not only on the
 * first: who comes back has to be found again. What an answer says is believed as far as it names the place it came from.
 */
export class Lan {
  readonly #init: LanInit
  readonly #open = new Map<string, Interface>()
  readonly #instance: string
  #timer: TimerHandle
  #looks = 0
  #running = false

  constructor(init: LanInit) {
    this.#init = init
    this.#instance = Array.from({ length: 16 }, () => LETTERS[Math.floor(init.random() * LETTERS.length)]).join('')
  }

  start(): void {
    this.#running = true
    this.#look()
  }

  stop(): void {
    this.#running = false
    this.#init.timers.clear(this.#timer)
    for (const { socket } of this.#open.values()) socket.close()
    this.#open.clear()
  }

  #look(): void {
    if (!this.#running) return
    const { platform, timers } = this.#init
    const there = platform.interfaces().slice(0, MAX_INTERFACES)
    for (const [at, { socket }] of this.#open) {
      if (there.includes(at)) continue
      socket.close()
      this.#open.delete(at)
    }
    const isTime = this.#looks++ % LOOKS_PER_QUESTION === 0
    for (const at of there) {
      const known = this.#open.get(at)
      if (known) known.heard = 0
      const socket = known?.socket ?? platform.open(at, (bytes, from) => this.#hear(at, bytes, from))
      if (!socket) continue
      if (!known) this.#open.set(at, { socket, answeredAt: -ANSWER_EVERY_MS, heard: 0 })
      if (!known || isTime) {
        socket.send(encodeQuestion())
        this.#answer(at)
      }
    }
    this.#timer = timers.set(() => this.#look(), LOOK_EVERY_MS)
  }

  #hear(at: string, bytes: Uint8Array, from: string): void {
    const known = this.#open.get(at)
    if (!known || (known.heard += 1) > MAX_HEARD) return
    const message = parseLanMessage(bytes)
    if (message?.is === 'question') this.#answer(at)
    if (message?.is === 'answer') this.#seen(message.addresses, from)
  }

  #answer(at: string): void {
    const known = this.#open.get(at)
    const now = this.#init.timers.now()
    if (!known) return
    const early = known.answeredAt + ANSWER_EVERY_MS - now
    if (early > 0) {
      known.late ??= this.#init.timers.set(() => {
        delete known.late
        if (this.#open.get(at) === known) this.#answer(at)
      }, early)
      return
    }
    known.answeredAt = now
    const addresses = this.#init.addresses().filter((address) => hostOf(address) === at)
    if (addresses.length > 0) known.socket.send(encodeAnswer(this.#instance, addresses))
  }

  #seen(texts: readonly string[], from: string): void {
    const addresses = texts.filter((text) => hostOf(text) === from)
    const peers = new Set(
      addresses.map((text) => {
        const address = parseAddress(text)
        return address && peerOf(address)
      }),
    )
    const [peer] = peers
    if (peers.size === 1 && peer !== undefined && peer !== this.#init.self) this.#init.seen(peer, addresses)
  }
}

/** The IPv4 address that a direct address leads to. */
const hostOf = (address: string): string | undefined =>
  /^\/ip4\/([\d.]+)\/tcp\/\d+(?:\/ws)?\/p2p\/[^/]+$/.exec(address)?.[1]

const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567'
