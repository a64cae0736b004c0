import type { Result } from '@auzolan/core'
import type { Answer, Peer, Query, Refusal } from '@auzolan/peer'
import { explain } from '../words/refusals.ts'
import type { Words } from '../words/Words.svelte.ts'
import { Live } from './Live.svelte.ts'
import type { Notices } from './Notices.svelte.ts'

/** `blocked`: this window keeps nothing. `failed`: anything else that kept the peer from opening. */
export type Phase =
  | { readonly is: 'opening' }
  | { readonly is: 'open' }
  | { readonly is: 'blocked' }
  | { readonly is: 'failed'; readonly why: string }

/** Most views remembered after their screen closed; a session of a few groups stays well below. */
const REMEMBERED_VIEWS = 60

/** The network starts after the peer and asks around; meeting a device of the same room takes about half of this. */
const LOOKING_MS = 4_000

/** The one peer of this page, and the views of it that are on screen. */
export class Session {
  readonly words: Words
  readonly notices: Notices
  #found!: (peer: Peer) => void
  /** Resolves once the peer is open; stays pending if it never opens. */
  readonly peer = new Promise<Peer>((resolve) => {
    this.#found = resolve
  })
  /** Plain on purpose: made while a screen is derived. Oldest first. */
  readonly #lives: Record<string, Live<Query>> = {}
  #phase = $state.raw<Phase>({ is: 'opening' })
  #looking = $state(true)

  constructor(words: Words, notices: Notices) {
    this.words = words
    this.notices = notices
  }

  get phase(): Phase {
    return this.#phase
  }

  /** Whether it is too early to say that nobody is in reach. Without any network at all nobody needs to be looked for. */
  get looking(): boolean {
    return this.#looking && navigator.onLine
  }

  async start(open: () => Promise<Peer>): Promise<void> {
    this.#phase = { is: 'opening' }
    try {
      this.#found(await open())
      this.#phase = { is: 'open' }
      setTimeout(() => (this.#looking = false), LOOKING_MS)
    } catch (error) {
      this.#phase = isStorageRefusal(error) ? { is: 'blocked' } : { is: 'failed', why: String(error) }
    }
  }

  /** One `Live` per question, so that two components on a screen share one watch. */
  live<Q extends Query>(query: Q): Live<Q> {
    const key = JSON.stringify(query)
    const known = this.#lives[key]
    if (known) return known as unknown as Live<Q>
    const [oldest, ...others] = Object.keys(this.#lives)
    if (oldest !== undefined && others.length + 1 >= REMEMBERED_VIEWS) delete this.#lives[oldest]
    const live = this.anew(query)
    this.#lives[key] = live as unknown as Live<Query>
    return live
  }

  /** A view that begins without an answer: the one remembered may be about an earlier attempt. */
  anew<Q extends Query>(query: Q): Live<Q> {
    return new Live(query, (asked, tell) => this.#watch(asked, tell))
  }

  /** Does something; a refusal is said in a notice and gives `undefined`. */
  async act<T>(what: (peer: Peer) => Promise<Result<T, Refusal>>): Promise<T | undefined> {
    const result = await what(await this.peer)
    if (result.ok) return result.value
    this.notices.say(explain(this.words, result.error))
    return undefined
  }

  #watch<Q extends Query>(query: Q, tell: (answer: Answer<Q>) => void): () => void {
    let stopped = false
    let undo: (() => void) | undefined
    void this.peer.then((peer) => {
      if (!stopped) undo = peer.watch(query, tell)
    })
    return () => {
      stopped = true
      undo?.()
    }
  }
}

/** IndexedDB refuses with these names in windows that keep nothing. */
const isStorageRefusal = (error: unknown): boolean =>
  error instanceof Error && ['SecurityError', 'InvalidStateError', 'StorageBlocked'].includes(error.name)
