import type { Answer, Query } from '@auzolan/peer'
import { createSubscriber } from 'svelte/reactivity'

/** Starts an answer being kept up to date; returns its undo. */
export type Watch<Q extends Query> = (query: Q, tell: (answer: Answer<Q>) => void) => () => void

/**
 * An answer of the peer that the screen can follow. Watches only while something on screen reads `current`;
 * afterwards the last answer stays, so that coming back to a screen paints at once.
 */
export class Live<Q extends Query> {
  readonly query: Q
  readonly #watch: Watch<Q>
  readonly #subscribe: () => void
  #answer: Answer<Q> | undefined

  constructor(query: Q, watch: Watch<Q>) {
    this.query = query
    this.#watch = watch
    this.#subscribe = createSubscriber((update) =>
      watch(query, (answer) => {
        this.#answer = answer
        update()
      }),
    )
  }

  /** `undefined` until the first answer. */
  get current(): Answer<Q> | undefined {
    this.#subscribe()
    return this.#answer
  }

  /** The answer as the peer gives it from now on, for once. */
  fresh(): Promise<Answer<Q>> {
    return new Promise((resolve) => {
      // The first answer may come before `undo` is there.
      const undo = this.#watch(this.query, (answer) => {
        resolve(answer)
        queueMicrotask(() => undo())
      })
    })
  }
}
