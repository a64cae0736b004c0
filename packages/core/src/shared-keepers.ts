import { MemberId, StatementId } from './ids.ts'
import { byTime, type Stamped } from './plan.ts'
import type { Said, Statement } from './statement.ts'
import { everyRow, isInstant } from './stored.ts'

interface Told extends Stamped {
  readonly addresses: readonly string[]
}

type Keeper = Extract<Statement, { kind: 'keeper' }>

/** A keeper that somebody of the group leaves packs with, and told the others of. */
export interface SharedKeeper {
  readonly peer: string
  readonly by: MemberId
  readonly addresses: readonly string[]
}

/** Keepers that members told each other of, folded in any order: of each person the latest for each keeper. */
export class SharedKeepers {
  readonly #told = new Map<string, Map<MemberId, Told>>()

  add({ id, by, at, statement }: Pick<Said<Keeper>, 'id' | 'by' | 'at' | 'statement'>): void {
    this.#put(statement.peer, by, { id, at, addresses: statement.addresses })
  }

  /** Of each keeper what was said last by each who still tells of it. */
  get all(): readonly SharedKeeper[] {
    return [...this.#told]
      .flatMap(([peer, told]) =>
        [...told].flatMap(([by, { addresses }]) => (addresses.length > 0 ? [{ peer, by, addresses }] : [])),
      )
      .sort((left, right) => (`${left.peer} ${left.by}` < `${right.peer} ${right.by}` ? -1 : 1))
  }

  toData(): unknown {
    return [...this.#told].flatMap(([peer, told]) =>
      [...told].map(([member, { id, at, addresses }]) => [peer, member, id, at, addresses]),
    )
  }

  /** False: the rows are not what `toData` gave. */
  restore(rows: unknown): boolean {
    return everyRow(rows, ([peer, by, said, at, addresses]) => {
      const [member, id] = [MemberId.parse(by), StatementId.parse(said)]
      if (typeof peer !== 'string' || member === undefined || id === undefined || !isInstant(at)) return false
      if (!Array.isArray(addresses) || !addresses.every((each): each is string => typeof each === 'string'))
        return false
      this.#put(peer, member, { id, at, addresses })
      return true
    })
  }

  #put(peer: string, by: MemberId, next: Told): void {
    const told = this.#told.get(peer) ?? new Map<MemberId, Told>()
    this.#told.set(peer, told)
    const before = told.get(by)
    if (before === undefined || byTime(before, next) < 0) told.set(by, next)
  }
}
