import type { Entropy } from '@auzolan/core'

/** Repeatable choices: whole numbers only, so that every engine chooses the same. Never for secrets. */
export interface Random {
  /** 0 … `below` − 1. */
  readonly int: (below: number) => number
  /** `least` … `most`, both included. */
  readonly between: (least: number, most: number) => number
  /** True in `hits` of `of` cases. */
  readonly chance: (hits: number, of: number) => boolean
  readonly pick: <T>(from: readonly T[]) => T
  readonly shuffled: <T>(from: readonly T[]) => T[]
}

/** The mulberry32 generator (Tommy Ettinger, public domain): 32 bits of state, ample for made-up talk. */
const createWords = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let word = Math.imul(state ^ (state >>> 15), state | 1)
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61)
    return (word ^ (word >>> 14)) >>> 0
  }
}

export const createRandom = (seed: number): Random => {
  const word = createWords(seed)
  const int = (below: number): number => Math.floor((word() / 2 ** 32) * below)
  const pick = <T>(from: readonly T[]): T => {
    if (from.length === 0) throw new Error('nothing to pick from')
    return from[int(from.length)] as T
  }
  const shuffled = <T>(from: readonly T[]): T[] => {
    const list = [...from]
    for (let at = list.length - 1; at > 0; at--) {
      const other = int(at + 1)
      ;[list[at], list[other]] = [list[other] as T, list[at] as T]
    }
    return list
  }
  return {
    int,
    between: (least, most) => least + int(most - least + 1),
    chance: (hits, of) => int(of) < hits,
    pick,
    shuffled,
  }
}

/** Repeatable bytes for ids and keys of made-up people. Never for real ones. */
export const seededEntropy = (seed: number): Entropy => {
  const word = createWords(seed)
  return { bytes: (length) => Uint8Array.from({ length }, () => word() & 0xff) }
}
