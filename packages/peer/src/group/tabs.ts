import { GroupId } from '@auzolan/core'
import type { Siblings } from '../peer.ts'
import type { Group } from './group.ts'

/** What another tab of this profile says. Only `type` and `group` have been looked at. */
export interface Heard {
  readonly type: unknown
  readonly group: GroupId | undefined
  readonly known: unknown
  readonly connected: unknown
  readonly link: unknown
  readonly reached: unknown
}

/** Delay in which news of others' copies are gathered for the other tabs. */
const SHARE_MS = 200

/** The other tabs of this profile: they read the same store, and only one of them holds the network. */
export class Tabs {
  readonly #siblings: Siblings | undefined
  readonly #later: (milliseconds: number, job: () => void) => () => void
  readonly #sharing = new Set<GroupId>()
  #unhear: (() => void) | undefined

  constructor(siblings: Siblings | undefined, later: (milliseconds: number, job: () => void) => () => void) {
    this.#siblings = siblings
    this.#later = later
  }

  /** False where there is one process. */
  get exist(): boolean {
    return this.#siblings !== undefined
  }

  tell(message: unknown): void {
    this.#siblings?.tell(message)
  }

  hear(take: (heard: Heard) => void): void {
    this.#unhear = this.#siblings?.hear((message) => {
      const { type, group, known, connected, link, reached } = (message ?? {}) as Readonly<Record<string, unknown>>
      take({ type, group: GroupId.parse(group), known, connected, link, reached })
    })
  }

  /** Only the tab that holds the network hears who else has what; the others are told. */
  shareLater(group: Group): void {
    if (!this.#siblings || this.#sharing.has(group.id)) return
    this.#sharing.add(group.id)
    this.#later(SHARE_MS, () => {
      this.#sharing.delete(group.id)
      const { known } = group
      this.tell({ type: 'known', group: group.id, known: known.encode(), connected: known.here })
    })
  }

  stop(): void {
    this.#unhear?.()
  }
}
