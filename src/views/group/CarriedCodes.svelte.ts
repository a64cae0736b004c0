import { cutIntoCodes } from '@auzolan/core'
import type { GroupState } from '../../state/GroupState.svelte.ts'

/** What is shown: everything, or only the `count` changes that nobody else is known to have. */
export interface ShownCodes {
  readonly texts: readonly string[]
  readonly count?: number
}

/** A copy of the group as codes, as far as it fits. */
export class CarriedCodes {
  readonly #group: GroupState
  #shown = $state.raw<ShownCodes>()

  constructor(group: GroupState) {
    this.#group = group
  }

  get shown(): ShownCodes | undefined {
    return this.#shown
  }

  /** Answers why nothing is shown; empty where something is. */
  async show(): Promise<string> {
    const { session, id } = this.#group
    const all = await session.act((peer) => peer.exportPacks(id))
    if (!all) return ''
    const whole = cutIntoCodes('copy', all)
    if (whole.ok) {
      this.#shown = { texts: whole.value }
      return ''
    }
    const count = this.#group.status.current?.onlyHere ?? 0
    const part = count > 0 ? await session.act((peer) => peer.exportPacks(id, 'only here')) : undefined
    const news = part && cutIntoCodes('copy', part)
    if (!news?.ok) return session.words.say('carry.tooMuch')
    this.#shown = { texts: news.value, count }
    return ''
  }

  hide(): void {
    this.#shown = undefined
  }
}
