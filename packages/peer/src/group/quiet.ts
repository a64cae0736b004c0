import type { GroupId, HomeView } from '@auzolan/core'
import { type Store, StoreError } from '@auzolan/storage'
import { answer } from '../answers/answer.ts'
import { decodeKeptHome, encodeKeptHome } from '../answers/kept-home.ts'
import { homeKey } from '../log/layout.ts'
import { writeSpare } from '../log/spare.ts'
import type { Background } from './background.ts'
import type { Group } from './group.ts'

/** Quiet after which list lines are read from documents and caches are stored. */
const TIDY_MS = 400
/** Between two copies of what is shown: each costs with the size of the group, and one that is a little old is shown for a moment only. */
const KEEP_MS = 5_000
/** After a group was opened. */
const INSPECT_MS = 10_000

/** What waits until a group is quiet: list lines, caches, and the search for damage. */
export class Quiet {
  readonly #store: Store
  readonly #background: Background
  readonly #later: (milliseconds: number, job: () => void) => () => void
  readonly #isOpen: (group: Group) => boolean
  readonly #tidying = new Map<GroupId, () => void>()
  readonly #inspecting = new Map<GroupId, () => void>()
  /** Groups whose home screen was stored just now. */
  readonly #keeping = new Map<GroupId, () => void>()

  constructor(
    store: Store,
    background: Background,
    later: (milliseconds: number, job: () => void) => () => void,
    isOpen: (group: Group) => boolean,
  ) {
    this.#store = store
    this.#background = background
    this.#later = later
    this.#isOpen = isOpen
  }

  /**
   * List lines and stored copies follow when it is quiet. While entries still come they come first: opening documents and threads meanwhile
   * would take half of the time.
   * @param before how many entries were here when this was looked at last
   */
  tidy(group: Group, before = -1): void {
    if (this.#tidying.has(group.id)) return
    this.#tidying.set(
      group.id,
      this.#later(TIDY_MS, () => {
        this.#tidying.delete(group.id)
        if (!this.#isOpen(group)) return
        const { have, of } = group.progress
        const coming = have < of && have > before
        // Of what is arriving there may be no copy yet that a start could begin with.
        const arriving = coming || before >= 0
        this.#background.run(() =>
          (coming ? group.upkeep.keepDerived() : group.upkeep.tidy()).then(() =>
            arriving ? this.keepHome(group) : this.#keepInTurn(group),
          ),
        )
        if (coming) this.tidy(group, have)
      }),
    )
  }

  /** Damage is looked for when the start is long over: it takes reading everything. */
  inspect(group: Group): void {
    const cancel = this.#later(INSPECT_MS, () => {
      if (this.#isOpen(group)) this.#background.run(() => group.upkeep.inspect())
    })
    this.#inspecting.set(group.id, cancel)
  }

  /** Stores the home screen at once where it was not for a while, and otherwise when it is time again. */
  async #keepInTurn(group: Group): Promise<void> {
    if (this.#keeping.has(group.id) || !group.rows.changed || !this.#isOpen(group)) return
    const again = () => {
      this.#keeping.delete(group.id)
      if (this.#isOpen(group)) this.#background.run(() => group.upkeep.keep().then(() => this.#keepInTurn(group)))
    }
    this.#keeping.set(group.id, this.#later(KEEP_MS, again))
    await this.keepHome(group)
  }

  /** Stores the home screen as it is, for the next start. */
  async keepHome(group: Group): Promise<void> {
    if (!group.rows.changed || !this.#isOpen(group)) return
    try {
      const home = await answer(
        group,
        { view: 'home', group: group.id },
        { links: new Map(), persisted: 'unknown', store: this.#store },
      )
      if (!home) return
      group.rows.changed = false
      const value = encodeKeptHome(home as HomeView)
      await writeSpare(this.#store, [{ do: 'put', key: homeKey(group.id), value }])
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
    }
  }

  /** The home screen as it was last kept. */
  async home(id: GroupId): Promise<HomeView | undefined> {
    const record = await this.#store.get(homeKey(id))
    return record && decodeKeptHome(id, record)
  }

  /** The group is being closed. */
  drop(id: GroupId): void {
    for (const waiting of [this.#tidying, this.#inspecting, this.#keeping]) {
      waiting.get(id)?.()
      waiting.delete(id)
    }
  }

  stop(): void {
    for (const waiting of [this.#tidying, this.#inspecting, this.#keeping])
      for (const cancel of waiting.values()) cancel()
  }
}
