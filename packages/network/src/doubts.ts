import type { TimerHandle, Timers } from './timers.ts'

/** So long after the platform said that the network may be another one, whoever does not answer is looked for at once, in milliseconds. */
const MOVED_FOR_MS = 10_000
/** Otherwise only then, in milliseconds: with the time until a link is quiet, well over the 10 s for which a busy page may stand still. */
const STILL_QUIET_MS = 10_000

/** Peers whose link stands and does not answer, so that another way to them is worth trying. The link is left alone: the newest one wins. */
export class Doubts {
  readonly #timers: Timers
  readonly #doubted: (peer: string) => void
  /** Who does not answer, and since when; with the look to come where it is too early to doubt. */
  readonly #quiet = new Map<string, TimerHandle>()
  readonly #peers = new Set<string>()
  #movedAt = Number.NEGATIVE_INFINITY

  /** `doubted`: called once for each peer that becomes one. */
  constructor(timers: Timers, doubted: (peer: string) => void) {
    this.#timers = timers
    this.#doubted = doubted
  }

  has(peer: string): boolean {
    return this.#peers.has(peer)
  }

  /** This device may be on another network than before. */
  moved(): void {
    this.#movedAt = this.#timers.now()
    for (const peer of this.#quiet.keys()) this.doubt(peer)
  }

  quiet(peer: string): void {
    if (this.#quiet.has(peer)) return
    const isMoved = this.#timers.now() - this.#movedAt < MOVED_FOR_MS
    this.#quiet.set(peer, isMoved ? undefined : this.#timers.set(() => this.doubt(peer), STILL_QUIET_MS))
    if (isMoved) this.doubt(peer)
  }

  /** There is a reason not to wait: somebody said where they are now. Nothing where they answer. */
  doubt(peer: string): void {
    if (!this.#quiet.has(peer) || this.#peers.has(peer)) return
    this.#timers.clear(this.#quiet.get(peer))
    this.#peers.add(peer)
    this.#doubted(peer)
  }

  /** They were heard, or the link is no more. */
  over(peer: string): void {
    this.#timers.clear(this.#quiet.get(peer))
    this.#quiet.delete(peer)
    this.#peers.delete(peer)
  }

  stop(): void {
    for (const timer of this.#quiet.values()) this.#timers.clear(timer)
    this.#quiet.clear()
    this.#peers.clear()
  }
}
