import type { DocumentId, InitiativeRow } from '@auzolan/core'
import type { News } from '../workspace/fold.ts'

/** Rows of the list as they were last answered: of thousands, one message touches one. */
export class KeptRows {
  readonly #rows = new Map<DocumentId, InitiativeRow>()

  /** Something is shown differently since the list was stored. */
  changed = true

  get all(): ReadonlyMap<DocumentId, InitiativeRow> {
    return this.#rows
  }

  keep(rows: readonly InitiativeRow[]): void {
    for (const row of rows) this.#rows.set(row.id, row)
  }

  /** Somebody's name may be in any of them. */
  forget(): void {
    this.changed = true
    this.#rows.clear()
  }

  touch(document: DocumentId): void {
    this.changed = true
    this.#rows.delete(document)
  }

  take({ said, changes, control, anew }: News): void {
    if (control || anew) this.forget()
    for (const { document } of changes) this.touch(document)
    for (const { statement } of said) {
      if ('initiative' in statement) this.touch(statement.initiative)
      else if ('place' in statement) this.touch(statement.place)
      else if ('thread' in statement) this.touch(statement.thread)
      else this.forget()
    }
  }
}
