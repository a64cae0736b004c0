import { DocumentId, type Instant, type StatementId } from './ids.ts'
import type { ThreadId } from './statement.ts'
import { everyRow, isInstant } from './stored.ts'
import { Tally } from './tally.ts'

/** How much is said in a thread; the messages themselves are read from the log when somebody looks. */
export interface Talk {
  readonly messages: number
  /** Claimed time of the newest message; `null` before the first. */
  readonly newestAt: Instant | null
}

/** Messages counted by thread, each once, in any order. */
export class Talks {
  readonly #talks = new Map<ThreadId, { readonly tally: Tally; newestAt: Instant | null }>()

  add(thread: ThreadId, { id, at }: { readonly id: StatementId; readonly at: Instant }): void {
    let talk = this.#talks.get(thread)
    if (talk === undefined) this.#talks.set(thread, (talk = { tally: new Tally(), newestAt: null }))
    talk.tally.add(id)
    talk.newestAt = talk.newestAt === null || talk.newestAt < at ? at : talk.newestAt
  }

  of(thread: ThreadId): Talk {
    const talk = this.#talks.get(thread)
    return { messages: talk?.tally.count ?? 0, newestAt: talk?.newestAt ?? null }
  }

  get messages(): number {
    let count = 0
    for (const { tally } of this.#talks.values()) count += tally.count
    return count
  }

  toData(): unknown {
    return Array.from(this.#talks, ([thread, { tally, newestAt }]) => [thread, newestAt, tally.packed])
  }

  /** Adds what `toData` gave; false where it is damaged. */
  restore(data: unknown): boolean {
    return everyRow(data, ([thread, newestAt, packed]) => {
      const [document, tally] = [DocumentId.parse(thread), Tally.parse(packed)]
      if (document === undefined || tally === undefined || (newestAt !== null && !isInstant(newestAt))) return false
      this.#talks.set(document, { tally, newestAt })
      return true
    })
  }
}
