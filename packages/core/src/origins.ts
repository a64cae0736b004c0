import { ActionId, DocumentId, StatementId } from './ids.ts'
import { byTime, type Stamped } from './plan.ts'
import type { Said, Statement, ThreadId } from './statement.ts'
import { everyRow, isInstant } from './stored.ts'

/** The message that something was made of. */
export interface Origin {
  readonly thread: ThreadId
  readonly message: StatementId
}

/** What in it was made; nothing: the initiative itself. */
export interface MadeIn {
  readonly action?: ActionId | null
  readonly listing?: StatementId | null
}

interface Link extends Origin, Stamped {
  readonly made: DocumentId
  readonly action: ActionId | null
  readonly listing: StatementId | null
}

export type OriginStatement = Extract<Statement, { kind: 'became' }>

/** What was made of which message, folded in any order. */
export class Origins {
  readonly #links = new Map<StatementId, Link>()

  add({ id, at, statement }: Pick<Said<OriginStatement>, 'id' | 'at' | 'statement'>): void {
    const { thread, message, made, action, listing } = statement
    this.#links.set(id, { id, at, thread, message, made, action, listing })
  }

  /** Of several told, the first by time; `null`: nobody told of one. */
  of(made: DocumentId, { action = null, listing = null }: MadeIn = {}): Origin | null {
    const [first] = [...this.#links.values()]
      .filter((link) => link.made === made && link.action === action && link.listing === listing)
      .sort(byTime)
    return first ? { thread: first.thread, message: first.message } : null
  }

  toData(): unknown {
    return Array.from(this.#links.values(), ({ id, at, thread, message, made, action, listing }) => [
      ...[id, at, thread, message, made, action, listing],
    ])
  }

  /** Adds what `toData` gave; false where it is damaged. */
  restore(data: unknown): boolean {
    return everyRow(data, ([id, at, thread, message, made, action, listing]) => {
      const [link, about] = [StatementId.parse(id), StatementId.parse(message)]
      const [place, thing] = [DocumentId.parse(thread), DocumentId.parse(made)]
      const [step, goods] = [ActionId.parse(action) ?? null, StatementId.parse(listing) ?? null]
      if (link === undefined || about === undefined || place === undefined || thing === undefined) return false
      if (!isInstant(at) || (action !== null && step === null)) return false
      if (listing !== null && goods === null) return false
      this.#links.set(link, { id: link, at, thread: place, message: about, made: thing, action: step, listing: goods })
      return true
    })
  }
}
