import { toHex } from '@auzolan/core'
import { MAX_SIGNS, MAX_TOLD, type Sign, type SignOf } from './messages.ts'

/** How long a sign is kept unless it is left again, in milliseconds. */
export const SIGN_KEPT_MS = 2 * 60 * 60 * 1000
/** Peers with signs here: as many as one machine has connections. */
const MAX_PEERS = 300

interface Left {
  readonly signs: ReadonlyMap<string, Uint8Array>
  readonly until: number
}

/** Who left which signs. Forgets each with its connection: whoever is gone cannot be met here. */
export class Board {
  /** In the order in which they came last. */
  readonly #left = new Map<string, Left>()

  /** Leaves these signs in place of those before, and says for each who else left the same tag, the newest first. */
  leave(peer: string, signs: readonly Sign[], now: number): readonly (readonly SignOf[])[] {
    for (const [other, { until }] of this.#left) if (until <= now) this.#left.delete(other)
    this.#left.delete(peer)
    const kept = signs.slice(0, MAX_SIGNS).map(({ tag, note }) => [toHex(tag), note] as const)
    if (kept.length > 0 && this.#left.size < MAX_PEERS)
      this.#left.set(peer, { signs: new Map(kept), until: now + SIGN_KEPT_MS })
    return kept.map(([tag]) => this.#others(peer, tag))
  }

  forget(peer: string): void {
    this.#left.delete(peer)
  }

  #others(peer: string, tag: string): readonly SignOf[] {
    const others: SignOf[] = []
    for (const [other, { signs }] of [...this.#left].reverse()) {
      const note = signs.get(tag)
      if (note && other !== peer && others.push({ peer: other, note }) === MAX_TOLD) break
    }
    return others
  }
}
