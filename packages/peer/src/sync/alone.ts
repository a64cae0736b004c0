import type { ControlId } from '@auzolan/core'
import { parseHeader } from '@auzolan/trust'
import type { Shown, StandsAlone } from '../log/ending.ts'
import { Queue } from '../log/queue.ts'
import { MAX_LACKING, type Message } from './messages.ts'
import type { Replica } from './replica.ts'

export interface AloneParts {
  readonly replica: Replica
  /** The number we gave the group on this link. */
  readonly index: number
  readonly say: (message: Message) => Promise<void>
  readonly offence: (detail: string) => void
}

/**
 * Control entries that no feed brings, over one link: where a device signed two for one place, each side may hold another feed of it, and what
 * others built on one is shown alone (`docs/decisions/0023`). Asked for by id when something waits for it; told unasked where nothing
 * builds on it yet, so that both come to the same state.
 */
export class Alone {
  readonly #parts: AloneParts
  readonly #queue = new Queue()
  /** Shown and waiting for their own past, in the order in which they came. */
  readonly #held = new Map<ControlId, StandsAlone>()
  #asked = new Set<ControlId>()
  #standing = ''
  readonly #told = new Set<ControlId>()

  constructor(parts: AloneParts) {
    this.#parts = parts
  }

  /** Entries that are not there yet, to be sent: those that nothing here builds on. */
  untold(): readonly Shown[] {
    const { replica } = this.#parts
    const ids = replica.loose.filter((id) => !this.#told.has(id))
    for (const id of ids) this.#told.add(id)
    return replica.standingAlone(ids)
  }

  /** Asks for what something here waits for; for the same again only once anything has moved. */
  look(): Promise<void> {
    return this.#queue.run(async () => {
      if (this.#parts.replica.frozen.size === 0) return
      if (this.#standing !== this.#parts.replica.standing) await this.#take()
      await this.#ask()
    })
  }

  /** Takes in what was shown. Resolves when it is on disk, or waits. */
  hear(entries: readonly Shown[]): Promise<void> {
    return this.#queue.run(async () => {
      const { replica, offence } = this.#parts
      for (const shown of entries) {
        const named = parseHeader(shown.header)
        if (!named.ok) return offence('an entry that does not read')
        const { id } = named.value
        if (replica.hasJudged(id) || this.#held.has(id)) continue
        const entry = await replica.readAlone(shown)
        if (entry) this.#held.set(id, entry)
      }
      await this.#take()
      await this.#ask()
    })
  }

  async #take(): Promise<void> {
    const { replica } = this.#parts
    for (let left = -1; left !== this.#held.size && this.#held.size > 0;) {
      left = this.#held.size
      const waiting = await replica.takeAlone([...this.#held.values()], neededBy(replica, this.#held))
      this.#held.clear()
      for (const entry of waiting.slice(-MAX_HELD)) this.#held.set(entry.id, entry)
    }
    if (this.#standing !== replica.standing) this.#asked.clear()
    this.#standing = replica.standing
  }

  async #ask(): Promise<void> {
    const { replica, index, say } = this.#parts
    const lacking = [...replica.lacking([...this.#held.values()])]
    const ids = lacking.filter((id) => !this.#held.has(id) && !this.#asked.has(id))
    for (const id of ids) this.#asked.add(id)
    for (let from = 0; from < ids.length; from += MAX_LACKING)
      await say({ say: 'lacks', index, ids: ids.slice(from, from + MAX_LACKING) })
  }
}

/** What feeds here wait for, and what that builds on among these. */
export const neededBy = (replica: Replica, held: ReadonlyMap<ControlId, StandsAlone>): ReadonlySet<ControlId> => {
  const needed = new Set(replica.lacking([]))
  for (const id of needed) for (const head of held.get(id)?.heads ?? []) needed.add(head)
  return needed
}

/**
 * Entries kept on one link while what they build on is asked for, oldest of a branch last: 4 MB at most. Of a longer branch the newest are
 * let go, and asked for again when the oldest have been taken in.
 */
const MAX_HELD = 256
