import type { TimerHandle, Timers } from './timers.ts'

/** Shortest and longest wait before trying again, in milliseconds. */
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 60_000

export interface WantedInit {
  readonly timers: Timers
  /** From 0 to below 1. Keeps peers that lost the same relay from coming back all at once. */
  readonly random: () => number
  /** How the peer is reached now: 'direct' is left alone, 'relayed' may be improved. */
  readonly reached: (peer: string) => 'direct' | 'relayed' | 'no'
  /** One attempt. Never rejects. */
  readonly dial: (peer: string) => Promise<void>
}

interface Attempt {
  failures: number
  timer: TimerHandle
  dialling: boolean
}

/** Tries to stay connected to those wanted: at once, then after growing, jittered waits. */
export class Wanted {
  readonly #init: WantedInit
  readonly #attempts = new Map<string, Attempt>()
  #running = false

  constructor(init: WantedInit) {
    this.#init = init
  }

  start(): void {
    this.#running = true
    this.now()
  }

  stop(): void {
    this.#running = false
    for (const attempt of this.#attempts.values()) this.#init.timers.clear(attempt.timer)
  }

  /** These, and nobody else. `moved`: those to be tried now, as they may be somewhere else than before; the others wait as long as they did. */
  set(peers: readonly string[], moved: ReadonlySet<string> = new Set(peers)): void {
    const kept = new Set(peers)
    for (const [peer, attempt] of this.#attempts) {
      if (kept.has(peer)) continue
      this.#init.timers.clear(attempt.timer)
      this.#attempts.delete(peer)
    }
    for (const peer of kept) {
      const known = this.#attempts.get(peer)
      if (known && !moved.has(peer)) continue
      if (known) known.failures = 0
      else this.#attempts.set(peer, { failures: 0, timer: undefined, dialling: false })
      this.#soon(peer, 0)
    }
  }

  /** Something changed for the better (online again, page visible, relay up): try all of them now. */
  now(): void {
    for (const [peer, attempt] of this.#attempts) {
      attempt.failures = 0
      this.#soon(peer, 0)
    }
  }

  /** This one may be reachable now. */
  soon(peer: string): void {
    const attempt = this.#attempts.get(peer)
    if (attempt) attempt.failures = 0
    this.#soon(peer, 0)
  }

  /** The link to a peer ended: try again soon. */
  lost(peer: string): void {
    const attempt = this.#attempts.get(peer)
    if (attempt) this.#soon(peer, this.#wait(attempt))
  }

  #wait(attempt: Attempt): number {
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt.failures)
    return longest * (0.5 + this.#init.random() / 2)
  }

  #soon(peer: string, milliseconds: number): void {
    const attempt = this.#attempts.get(peer)
    if (!attempt || !this.#running) return
    this.#init.timers.clear(attempt.timer)
    attempt.timer = this.#init.timers.set(() => void this.#try(peer, attempt), milliseconds)
  }

  async #try(peer: string, attempt: Attempt): Promise<void> {
    if (attempt.dialling || this.#init.reached(peer) === 'direct') return
    attempt.dialling = true
    await this.#init.dial(peer)
    attempt.dialling = false
    if (this.#attempts.get(peer) !== attempt) return
    const wait = this.#wait(attempt)
    attempt.failures = this.#init.reached(peer) === 'direct' ? 0 : attempt.failures + 1
    this.#soon(peer, wait)
  }
}
