import { DocumentId, MemberId, StatementId } from './ids.ts'
import { byTime, type Stamped } from './plan.ts'
import type { Said, Statement, ThreadId } from './statement.ts'
import { everyId, everyRow, isInstant } from './stored.ts'

/** Somebody was called by name in a message. `id`: what was said, the message itself or its other words. */
export interface Mention extends Stamped {
  readonly by: MemberId
  readonly thread: ThreadId
  readonly message: StatementId
}

interface Call extends Mention {
  readonly of: readonly MemberId[]
}

export type MentionStatement = Extract<Statement, { kind: 'message' | 'revise' | 'retract' }>

/** Who was called by name, folded in any order. A message that its author withdrew calls nobody. */
export class Mentions {
  readonly #calls = new Map<StatementId, Call>()
  /** Messages by who withdrew them: only their author's wish counts. */
  readonly #withdrawn = new Map<StatementId, Set<MemberId>>()

  add({ id, by, at, statement }: Pick<Said<MentionStatement>, 'id' | 'by' | 'at' | 'statement'>): void {
    if (statement.kind === 'retract') return this.#withdraw(statement.message, by)
    const { thread, mentions } = statement
    const message = statement.kind === 'message' ? id : statement.message
    if (mentions.length > 0) this.#calls.set(id, { id, at, by, thread, message, of: mentions })
  }

  /** By others, by time; each message once. */
  of(member: MemberId): readonly Mention[] {
    const found = new Map<StatementId, Mention>()
    const calls = [...this.#calls.values()].sort(byTime)
    for (const { of, ...mention } of calls) {
      if (mention.by === member || !of.includes(member) || found.has(mention.message)) continue
      if (this.#withdrawn.get(mention.message)?.has(mention.by) !== true) found.set(mention.message, mention)
    }
    return [...found.values()]
  }

  toData(): readonly [unknown, unknown] {
    return [
      Array.from(this.#calls.values(), ({ id, at, by, thread, message, of }) => [id, at, by, thread, message, of]),
      Array.from(this.#withdrawn, ([message, by]) => [message, [...by]]),
    ]
  }

  /** Adds what `toData` gave; false where it is damaged. */
  restore(calls: unknown, withdrawn: unknown): boolean {
    return (
      everyRow(calls, ([id, at, by, thread, message, of]) => {
        const [said, about, author] = [StatementId.parse(id), StatementId.parse(message), MemberId.parse(by)]
        const [place, members] = [DocumentId.parse(thread), everyId(of, MemberId.parse)]
        if (said === undefined || about === undefined || author === undefined || !isInstant(at)) return false
        if (place === undefined || members === undefined) return false
        this.#calls.set(said, { id: said, at, by: author, thread: place, message: about, of: members })
        return true
      }) &&
      everyRow(withdrawn, ([message, by]) => {
        const [about, members] = [StatementId.parse(message), everyId(by, MemberId.parse)]
        if (about === undefined || members === undefined) return false
        for (const member of members) this.#withdraw(about, member)
        return true
      })
    )
  }

  #withdraw(message: StatementId, by: MemberId): void {
    this.#withdrawn.set(message, (this.#withdrawn.get(message) ?? new Set()).add(by))
  }
}
