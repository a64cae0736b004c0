import type { StatementId } from './ids.ts'

/** Hex digits of an id kept for counting: 52 bits, the most an exact number holds. Two of 50,000 agree once in four million groups. */
const KEPT_DIGITS = 13
const packedKeys = new RegExp(`^(?:[0-9a-f]{${KEPT_DIGITS}})*$`)

/** Counts statements, each once, whatever the order; small enough to be stored with the views. */
export class Tally {
  #packed: string
  /** Made at the first addition, so that a count read back from the store costs nothing. */
  #seen: Set<number> | undefined

  constructor(packed = '') {
    this.#packed = packed
  }

  static parse(packed: unknown): Tally | undefined {
    return typeof packed === 'string' && packedKeys.test(packed) ? new Tally(packed) : undefined
  }

  get count(): number {
    return this.#packed.length / KEPT_DIGITS
  }

  get packed(): string {
    return this.#packed
  }

  add(id: StatementId): void {
    this.#seen ??= unpack(this.#packed)
    const key = id.slice(0, KEPT_DIGITS)
    const seen = this.#seen.size
    if (this.#seen.add(Number.parseInt(key, 16)).size > seen) this.#packed += key
  }
}

const unpack = (packed: string): Set<number> => {
  const seen = new Set<number>()
  for (let at = 0; at < packed.length; at += KEPT_DIGITS)
    seen.add(Number.parseInt(packed.slice(at, at + KEPT_DIGITS), 16))
  return seen
}
