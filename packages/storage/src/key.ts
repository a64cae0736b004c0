import type { Key, Range } from './store.ts'

/** Most parts of one key: the deepest the app uses is 5, the rest is room. Bounds what one comparison can cost. */
export const MAX_KEY_PARTS = 8

/** Throws `RangeError` for a key no store can hold: that is a mistake in our own code, not a refusal. */
export const checkKey = (key: Key): void => {
  if (key.length === 0) throw new RangeError('a key has at least one part')
  checkPrefix(key)
}

/** Like `checkKey`, but a prefix may be empty: everything. */
export const checkPrefix = (prefix: Key): void => {
  if (prefix.length > MAX_KEY_PARTS) throw new RangeError(`a key has at most ${String(MAX_KEY_PARTS)} parts`)
  prefix.forEach(checkPart)
}

/** Throws `RangeError` for a range that asks for keys that cannot be, or for less than no records. */
export const checkRange = ({ prefix, from, limit }: Range): void => {
  checkPrefix(prefix)
  if (from !== undefined) checkPart(from)
  if (limit !== undefined && (!Number.isSafeInteger(limit) || limit < 0)) {
    throw new RangeError('a limit is a whole number ≥ 0')
  }
}

const checkPart = (part: string | number): void => {
  if (typeof part === 'number' && !(Number.isSafeInteger(part) && part >= 0)) {
    throw new RangeError('a number in a key is a safe integer ≥ 0')
  }
}

/**
 * The order all stores share: part by part, numbers before strings, strings by UTF-16 code unit, a key before the keys it
 * starts. Equals `indexedDB.cmp` on the same arrays (Indexed Database API 3.0, "compare two keys").
 */
export const compareKeys = (left: Key, right: Key): number => {
  const shared = Math.min(left.length, right.length)
  for (let at = 0; at < shared; at++) {
    const difference = compareParts(left[at] as string | number, right[at] as string | number)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

const compareParts = (left: string | number, right: string | number): number => {
  if (typeof left === 'number') return typeof right === 'number' ? left - right : -1
  if (typeof right === 'number') return 1
  return left < right ? -1 : left > right ? 1 : 0
}

/** Whether `key` is `prefix` or goes on from it by whole parts. */
export const startsWith = (key: Key, prefix: Key): boolean =>
  key.length >= prefix.length && prefix.every((part, at) => part === key[at])
