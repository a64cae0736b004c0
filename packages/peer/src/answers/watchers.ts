import type { Answer, Query } from '../peer.ts'

/** Keeps one question answered: worked out anew when something it depends on changed, one at a time, the newest state last. */
export class Watcher<Q extends Query> {
  readonly query: Q
  readonly #work: (query: Q) => Promise<Answer<Q> | undefined>
  readonly #tell: (answer: Answer<Q>) => void
  #stale = false
  #working = false
  #on = true

  constructor(query: Q, work: (query: Q) => Promise<Answer<Q> | undefined>, tell: (answer: Answer<Q>) => void) {
    this.query = query
    this.#work = work
    this.#tell = tell
  }

  refresh(): void {
    this.#stale = true
    if (!this.#working) void this.#run()
  }

  stop(): void {
    this.#on = false
  }

  async #run(): Promise<void> {
    this.#working = true
    try {
      while (this.#stale && this.#on) {
        // What else changes in this turn is answered with it.
        await Promise.resolve()
        this.#stale = false
        const answer = await this.#work(this.query)
        if (answer !== undefined && this.#on) this.#tell(answer)
      }
    } catch (error) {
      if (this.#on) throw error
    } finally {
      this.#working = false
    }
  }
}
