/** A seeded source of choices (mulberry32), so that a failing run can be had again. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit)
  }

  chance(percent: number): boolean {
    return this.below(100) < percent
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T
  }

  shuffled<T>(items: readonly T[]): T[] {
    const left = [...items]
    const all: T[] = []
    while (left.length > 0) all.push(...left.splice(this.below(left.length), 1))
    return all
  }

  hex(bytes: number): string {
    return Array.from({ length: 2 * bytes }, () => this.below(16).toString(16)).join('')
  }
}
