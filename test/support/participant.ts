import type { Clock, Entropy, Instant } from '@auzolan/core'
import type { MemoryHub, Network } from '@auzolan/network'
import { type Answer, openPeer, type Peer, type Query } from '@auzolan/peer'
import { MemoryDisk, openMemorySecrets, openMemoryStore, type Secrets, StoreError } from '@auzolan/storage'
import type { Noise } from './noise.ts'

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

/** A process that can be killed: from then on nothing it waits for ever comes, and nothing it does has an effect. */
class Process {
  readonly #killed: () => void
  #dead = false

  constructor(killed: () => void) {
    this.#killed = killed
  }

  kill(): void {
    this.#dead = true
  }

  /** The same object, as far as this process lives. */
  bound<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (of, name) => {
        const value: unknown = Reflect.get(of, name)
        return typeof value === 'function'
          ? (...args: unknown[]) => this.#call(() => Reflect.apply(value, of, args) as unknown)
          : value
      },
    })
  }

  #call(act: () => unknown): unknown {
    if (this.#dead) return NEVER
    const result = act()
    if (!(result instanceof Promise)) return result
    return new Promise((resolve, reject) => {
      result.then(
        (value) => {
          if (!this.#dead) resolve(value)
        },
        (error: unknown) => {
          if (this.#dead) return
          // The disk was told to kill whoever writes.
          if (error instanceof StoreError && error.message.includes('killed')) this.#killed()
          else reject(error instanceof Error ? error : new Error(String(error)))
        },
      )
    })
  }
}
const NEVER = new Promise<never>(() => {})

/** One person's device in a simulated world. Its disk outlives it, so that it can crash and come back. */
export class Participant {
  readonly name: string
  readonly disk: MemoryDisk
  readonly secretsDisk: MemoryDisk
  readonly #hub: MemoryHub
  readonly #secrets: Secrets
  readonly #entropy: Entropy
  readonly #clock: Clock
  readonly #noise: Noise | undefined
  readonly #jobs = new Set<() => void>()
  readonly #ears = new Set<(message: unknown) => void>()
  #process = this.#newProcess()
  #peer: Peer | undefined
  #tab: Peer | undefined

  /** `twin`: begins with a copy of another's disk and keys, as a restored backup does. `noise`: how late its disk is. */
  constructor(
    name: string,
    hub: MemoryHub,
    seed: number,
    clock: Clock,
    twin?: { readonly disk: MemoryDisk; readonly secrets: MemoryDisk },
    noise?: Noise,
  ) {
    this.name = name
    this.disk = twin?.disk ?? new MemoryDisk()
    this.secretsDisk = twin?.secrets ?? new MemoryDisk()
    this.#secrets = openMemorySecrets(this.secretsDisk)
    this.#hub = hub
    this.#entropy = seededEntropy(seed)
    this.#clock = clock
    this.#noise = noise
  }

  get peer(): Peer {
    if (!this.#peer) throw new Error(`${this.name} is not running`)
    return this.#peer
  }
  get running(): boolean {
    return this.#peer !== undefined
  }
  /** A second tab of the same profile, if one was opened: it has no network of its own. */
  get tab(): Peer | undefined {
    return this.#tab
  }

  async start(): Promise<Peer> {
    this.#peer = await this.#open(this.#hub.network(this.name))
    return this.#peer
  }

  async openTab(): Promise<Peer> {
    this.#tab = await this.#open(silentNetwork(this.name))
    return this.#tab
  }

  /** Does what waits for quiet. */
  quiet(): void {
    const jobs = [...this.#jobs]
    this.#jobs.clear()
    for (const job of jobs) job()
  }

  async stop(): Promise<void> {
    await this.#tab?.close()
    await this.#peer?.close()
    this.#tab = this.#peer = undefined
  }

  /** Gone without a word, as when the power fails. What was written is on the disk. */
  async crash(): Promise<void> {
    this.#process.kill()
    this.#process = this.#newProcess()
    this.#jobs.clear()
    this.#ears.clear()
    this.#tab = this.#peer = undefined
    await this.#hub.network(this.name).stop()
  }

  #newProcess(): Process {
    return new Process(() => void this.crash())
  }

  #open(network: Network): Promise<Peer> {
    const process = this.#process
    const later = (_: number, job: () => void) => {
      this.#jobs.add(job)
      return () => this.#jobs.delete(job)
    }
    const own = new Set<(message: unknown) => void>()
    const siblings = {
      tell: (message: unknown) =>
        queueMicrotask(() => {
          for (const hear of this.#ears) if (!own.has(hear)) hear(message)
        }),
      hear: (take: (message: unknown) => void) => {
        own.add(take)
        this.#ears.add(take)
        return () => this.#ears.delete(take)
      },
    }
    const disk = openMemoryStore(this.disk)
    return openPeer({
      store: process.bound(this.#noise?.around(disk) ?? disk),
      secrets: process.bound({ ...this.#secrets, close: () => Promise.resolve() }),
      network: process.bound(network),
      clock: this.#clock,
      entropy: this.#entropy,
      later,
      siblings,
    })
  }
}

const silentNetwork = (self: string): Network => ({
  self,
  start: () => Promise.resolve(),
  want: () => undefined,
  state: () => ({ online: false, peers: [], addresses: [] }),
  onState: () => () => undefined,
  stop: () => Promise.resolve(),
})

/** The first answer for which `enough` holds. */
export const until = <Q extends Query>(
  peer: Peer,
  query: Q,
  enough: (answer: Answer<Q>) => boolean = () => true,
): Promise<Answer<Q>> =>
  new Promise((resolve) => {
    const stop = peer.watch(query, (answer) => {
      if (!enough(answer)) return
      queueMicrotask(() => stop())
      resolve(answer)
    })
  })

/** What a refusal would be: tests that expect success read better so. */
export const value = <T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown },
): T => {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.error)}`)
  return result.value
}
