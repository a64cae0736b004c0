import type { MemberId, StatementId } from './ids.ts'
import { byTime, type Stamped } from './plan.ts'
import type { CloseResult, Said, Statement } from './statement.ts'

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
    if (statement.kind === 'reopen') return this.answer(statement.closings)
    this.put({ id, by, at, result: statement.result, sentence: statement.sentence })
    this.answer(statement.replaces)
  }

  put(closing: Closing): void {
    this.#closings.set(closing.id, closing)
  }

  answer(closings: Iterable<StatementId>): void {
    for (const each of closings) this.#answered.add(each)
  }

  /** By time, then id. */
  get standing(): readonly Closing[] {
    return [...this.#closings.values()].filter(({ id }) => !this.#answered.has(id)).sort(byTime)
  }

  get all(): Iterable<Closing> {
    return this.#closings.values()
  }

  get answered(): Iterable<StatementId> {
    return this.#answered
  }
}
