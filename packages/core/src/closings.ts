import { MemberId, StatementId } from './ids.ts'
import { byTime, type Stamped } from './plan.ts'
import { type CloseResult, closeResults, type Said, type Statement } from './statement.ts'
import { everyId, everyRow, isInstant } from './stored.ts'

/** Somebody's word on what came of an initiative. */
export interface Closing extends Stamped {
  readonly by: MemberId
  readonly result: CloseResult
  readonly sentence: string
}

export type EndStatement = Extract<Statement, { kind: 'close' | 'reopen' }>

/**
 * Closings of one initiative and what was said to them, folded in any order. A closing stands until a later one replaces it or the
 * initiative is opened again by somebody who knew of it; what was closed apart stands side by side.
 */
export class Closings {
  readonly #closings = new Map<StatementId, Closing>()
  readonly #answered = new Set<StatementId>()

  add({ id, by, at, statement }: Pick<Said<EndStatement>, 'id' | 'by' | 'at' | 'statement'>): void {
    if (statement.kind === 'reopen') return this.#answer(statement.closings)
    this.#put({ id, by, at, result: statement.result, sentence: statement.sentence })
    this.#answer(statement.replaces)
  }

  /** By time, then id. */
  get standing(): readonly Closing[] {
    return [...this.#closings.values()].filter(({ id }) => !this.#answered.has(id)).sort(byTime)
  }

  toData(): readonly [unknown, unknown] {
    const closings = [...this.#closings.values()]
    return [closings.map(({ id, at, by, result, sentence }) => [id, at, by, result, sentence]), [...this.#answered]]
  }

  /** False: it is not what `toData` gave. */
  restore(closings: unknown, answered: unknown): boolean {
    const answers = everyId(answered, StatementId.parse)
    if (answers === undefined) return false
    this.#answer(answers)
    return everyRow(closings, ([id, at, by, said, sentence]) => {
      const [closing, member] = [StatementId.parse(id), MemberId.parse(by)]
      const result = closeResults.find((each) => each === said)
      if (closing === undefined || member === undefined || result === undefined) return false
      if (!isInstant(at) || typeof sentence !== 'string') return false
      this.#put({ id: closing, at, by: member, result, sentence })
      return true
    })
  }

  #put(closing: Closing): void {
    this.#closings.set(closing.id, closing)
  }

  #answer(closings: Iterable<StatementId>): void {
    for (const each of closings) this.#answered.add(each)
  }
}
