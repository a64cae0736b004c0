import { ControlId, MemberId, StatementId } from './ids.ts'
import { byTime, type Stamped } from './plan.ts'
import type { Said, Statement } from './statement.ts'
import { everyRow, isInstant } from './stored.ts'

interface Reason extends Stamped {
  readonly words: string
}

type Because = Extract<Statement, { kind: 'because' }>

/** Why people answered proposals as they did, folded in any order: of each person the latest for each proposal. */
export class Reasons {
  readonly #reasons = new Map<ControlId, Map<MemberId, Reason>>()

  add({ id, by, at, statement }: Pick<Said<Because>, 'id' | 'by' | 'at' | 'statement'>): void {
    this.#put(statement.proposal, by, { id, at, words: statement.words })
  }

  of(proposal: ControlId, member: MemberId): string | undefined {
    return this.#reasons.get(proposal)?.get(member)?.words
  }

  toData(): unknown {
    return [...this.#reasons].flatMap(([proposal, given]) =>
      [...given].map(([member, { id, at, words }]) => [proposal, member, id, at, words]),
    )
  }

  /** False: the rows are not what `toData` gave. */
  restore(rows: unknown): boolean {
    return everyRow(rows, ([of, by, said, at, words]) => {
      const [proposal, member, id] = [ControlId.parse(of), MemberId.parse(by), StatementId.parse(said)]
      if (proposal === undefined || member === undefined || id === undefined) return false
      if (!isInstant(at) || typeof words !== 'string') return false
      this.#put(proposal, member, { id, at, words })
      return true
    })
  }

  #put(proposal: ControlId, member: MemberId, reason: Reason): void {
    let given = this.#reasons.get(proposal)
    if (given === undefined) this.#reasons.set(proposal, (given = new Map<MemberId, Reason>()))
    const before = given.get(member)
    if (before === undefined || byTime(before, reason) < 0) given.set(member, reason)
  }
}
