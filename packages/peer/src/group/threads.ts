import type { Said, Statement, ThreadId } from '@auzolan/core'
import type { News } from '../workspace/fold.ts'
import type { Workspace } from '../workspace/workspace.ts'
import type { Background } from './background.ts'
import { ThreadCache } from './thread-cache.ts'

/** Threads kept in memory after use. */
const OPEN_THREADS = 4
/** Threads read in one go while looking for what was withdrawn: some thousands of messages in memory for a moment. */
const READ_TOGETHER = 32

/** The threads of one group: kept while in use, and rid of what was withdrawn. */
export class Threads {
  readonly #workspace: Workspace
  readonly #background: Background
  readonly #erase: (said: readonly Said[]) => void
  readonly #open = new Map<ThreadId, Promise<ThreadCache>>()
  /** Threads in which somebody withdrew something since it was last quiet. */
  readonly #withdrawn = new Set<ThreadId>()

  constructor(workspace: Workspace, background: Background, erase: (said: readonly Said[]) => void) {
    this.#workspace = workspace
    this.#background = background
    this.#erase = erase
  }

  /** The messages of a thread, kept up to date while in use. */
  get(id: ThreadId): Promise<ThreadCache> {
    const thread = this.#threadOf(id)
    const open = this.#open.get(thread)
    if (open) return open
    const cache = this.#read(thread)
    this.#open.set(thread, cache)
    this.#background.run(() => cache.then((loaded) => this.#eraseWithdrawn(loaded)))
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= OPEN_THREADS) break
      this.#open.delete(oldest)
    }
    return cache
  }

  take({ anew, said }: News): void {
    if (anew) this.#open.clear()
    for (const each of said) if ('thread' in each.statement) this.#add(each.statement.thread, each)
    for (const { statement } of said)
      if (statement.kind === 'retract') this.#onWithdrawal(this.#threadOf(statement.thread))
  }

  /** Looks for what was withdrawn in threads nobody looks at. */
  async tidy(): Promise<void> {
    const threads = [...this.#withdrawn]
    this.#withdrawn.clear()
    for (let at = 0; at < threads.length; at += READ_TOGETHER) {
      const closed = threads.slice(at, at + READ_TOGETHER).filter((thread) => !this.#open.has(thread))
      const read = await this.#workspace.messages(closed)
      this.#erase(closed.flatMap((thread) => new ThreadCache(thread, read.get(thread) ?? []).takeWithdrawn()))
    }
  }

  async #read(thread: ThreadId): Promise<ThreadCache> {
    const said = (await this.#workspace.messages([thread])).get(thread) ?? []
    return new ThreadCache(
      thread,
      said.map((each) => inThread(each, thread)),
    )
  }

  #add(thread: ThreadId, said: Said): void {
    const open = this.#open.get(this.#threadOf(thread))
    if (open) this.#background.run(() => open.then((cache) => cache.add(inThread(said, cache.thread))))
  }

  /** At once in a thread in use. Elsewhere finding a message takes reading its thread: that waits until what comes in has come. */
  #onWithdrawal(thread: ThreadId): void {
    const open = this.#open.get(thread)
    if (open) this.#background.run(() => open.then((cache) => this.#eraseWithdrawn(cache)))
    else this.#withdrawn.add(thread)
  }

  /** A text that was withdrawn goes from this disk once both it and the wish are known. */
  #eraseWithdrawn(thread: ThreadCache): void {
    this.#erase(thread.takeWithdrawn())
  }

  #threadOf(thread: ThreadId): ThreadId {
    const threads = this.#workspace.groupThreads
    return threads.includes(thread) ? (threads[0] as ThreadId) : thread
  }
}

/** Talk of a group that this one continues is read in this group's thread. */
const inThread = <S extends { readonly statement: Statement }>(said: S, thread: ThreadId): S =>
  'thread' in said.statement && said.statement.thread !== thread
    ? { ...said, statement: { ...said.statement, thread } }
    : said
