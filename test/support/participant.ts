import type { Clock, Entropy, Instant } from '@auzolan/core'
import type { MemoryHub } from '@auzolan/network'
import { type Answer, openPeer, type Peer, type Query } from '@auzolan/peer'
import { MemoryDisk, openMemorySecrets, openMemoryStore, type Secrets } from '@auzolan/storage'

/** Seeded randomness: the same seed gives the same ids and keys. Not for secrets. */
export const seededEntropy = (seed: number): Entropy => {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) & 0xff
  }
  return { bytes: (length) => Uint8Array.from({ length }, next) }
}

/** A clock that goes on by a second each time it is asked. */
export const steppedClock = (start = Date.UTC(2026, 10, 22)): Clock => {
  let now = start
  return { now: () => (now += 1000) as Instant }
}

/** One person's device in a simulated world. Its disk outlives it, so that it can crash and come back. */
export class Participant {
  readonly name: string
  readonly #hub: MemoryHub
  readonly #disk = new MemoryDisk()
  readonly #secrets: Secrets = openMemorySecrets()
  readonly #entropy: Entropy
  readonly #clock: Clock
  readonly #jobs = new Set<() => void>()
  #peer: Peer | undefined

  constructor(name: string, hub: MemoryHub, seed: number, clock: Clock) {
    this.name = name
    this.#hub = hub
    this.#entropy = seededEntropy(seed)
    this.#clock = clock
  }

  get peer(): Peer {
    if (!this.#peer) throw new Error(`${this.name} is not running`)
    return this.#peer
  }

  async start(): Promise<Peer> {
    const later = (_: number, job: () => void) => {
      this.#jobs.add(job)
      return () => this.#jobs.delete(job)
    }
    const secrets = { ...this.#secrets, keeps: this.#secrets.keeps, get: this.#secrets.get.bind(this.#secrets), put: this.#secrets.put.bind(this.#secrets), remove: this.#secrets.remove.bind(this.#secrets), close: () => Promise.resolve() }
    this.#peer = await openPeer({ store: openMemoryStore(this.#disk), secrets, network: this.#hub.network(this.name), clock: this.#clock, entropy: this.#entropy, later })
    return this.#peer
  }

  /** Does what waits for quiet. */
  quiet(): void {
    const jobs = [...this.#jobs]
    this.#jobs.clear()
    for (const job of jobs) job()
  }

  async stop(): Promise<void> {
    await this.#peer?.close()
    this.#peer = undefined
  }
}

/** The first answer for which `enough` holds. */
export const until = <Q extends Query>(peer: Peer, query: Q, enough: (answer: Answer<Q>) => boolean = () => true): Promise<Answer<Q>> =>
  new Promise((resolve) => {
    const stop = peer.watch(query, (answer) => {
      if (!enough(answer)) return
      queueMicrotask(() => stop())
      resolve(answer)
    })
  })

/** What a refusal would be: tests that expect success read better so. */
export const value = <T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown }): T => {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.error)}`)
  return result.value
}
