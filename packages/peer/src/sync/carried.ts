import type { ControlId } from '@auzolan/core'
import type { Shown, StandsAlone } from '../log/ending.ts'
import { neededBy } from './alone.ts'
import type { Replica } from './replica.ts'

/**
 * Control entries that a file brings without their feeds, as devices signed two for one place (`docs/decisions/0023`). A file cannot be asked:
 * it brings all of them, and nothing is taken in but what the log accepts.
 */
export class Carried {
  readonly #replica: Replica
  readonly #entries = new Map<ControlId, StandsAlone>()

  constructor(replica: Replica) {
    this.#replica = replica
  }

  /** What is not of this group, not signed, or of a device that has one feed is left out. Proofs come first. */
  async hear(proofs: readonly Uint8Array[], shown: readonly Shown[]): Promise<void> {
    for (const proof of proofs) await this.#replica.freeze(proof)
    for (const each of shown) {
      const entry = await this.#replica.readAlone(each)
      if (entry) this.#entries.set(entry.id, entry)
    }
  }

  /** Takes in what can be, in whatever order it builds on each other. True: something was, and what waits may be looked at again. */
  async takeIn(): Promise<boolean> {
    const all = this.#entries.size
    for (let left = -1; left !== this.#entries.size && this.#entries.size > 0;) {
      left = this.#entries.size
      await this.#replica.takeAlone([...this.#entries.values()], neededBy(this.#replica, this.#entries))
      for (const id of this.#entries.keys()) if (this.#replica.hasJudged(id)) this.#entries.delete(id)
    }
    return this.#entries.size < all
  }
}
