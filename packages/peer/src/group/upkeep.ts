import { StoreError } from '@auzolan/storage'
import type { Group } from './group.ts'
import type { Threads } from './threads.ts'

type House = Pick<Group, 'workspace' | 'rooms' | 'rows' | 'reach'>

export interface UpkeepParts {
  readonly threads: Threads
  /** What was begun before has been taken in. */
  readonly settled: () => Promise<unknown>
  readonly tell: (change: 'document' | 'lines') => void
}

/** What is done for one group when it is quiet: nothing that could not be found again. */
export class Upkeep {
  readonly #house: House
  readonly #parts: UpkeepParts
  #tidying: Promise<void> = Promise.resolve()

  constructor(house: House, parts: UpkeepParts) {
    this.#house = house
    this.#parts = parts
  }

  /** Reads the list lines of documents that need it, and notes who was met. */
  tidy(): Promise<void> {
    this.#tidying = this.#tidyNow().catch((error: unknown) => {
      // The device is going away: what was not tidied now is tidied after the next start.
      if (!(error instanceof StoreError)) throw error
    })
    return this.#tidying
  }

  async #tidyNow(): Promise<void> {
    const { workspace, rooms, rows, reach } = this.#house
    await this.#parts.threads.tidy()
    await this.#parts.settled()
    const disproven = await rooms.prove()
    if (disproven.length > 0) this.#parts.tell('document')
    const changed = [...new Set([...workspace.stale, ...disproven])]
    if (changed.length > 0) {
      await rooms.refreshFacts(changed)
      for (const document of changed) rows.touch(document)
      this.#parts.tell('lines')
    }
    await this.keepDerived()
    // Small, and without it a device that is switched off now would not know whom to look for.
    await reach.save()
  }

  /** Stores the copy of the state. What it costs grows with the group. */
  async keep(): Promise<void> {
    const { workspace } = this.#house
    if (workspace.worthSaving) await workspace.save()
  }

  /** While much is coming: a device that is switched off in the middle need not begin again. */
  async keepDerived(): Promise<void> {
    const { workspace } = this.#house
    if (workspace.mostlyUnsaved) await workspace.save()
  }

  /** Reads everything once for damage. */
  async inspect(): Promise<void> {
    for (const { log } of this.#house.workspace.sources) await log.inspect()
  }

  /** Resolves when nothing is being tidied any more. */
  end(): Promise<void> {
    return this.#tidying
  }
}
