import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lock, LOCK_WORDS, makeLockWords, unlock } from './lock.ts'

const entropyOf = (seed: number) => {
  let next = seed
  return { bytes: (length: number) => Uint8Array.from({ length }, () => (next = (next * 31 + 7) & 0xff)) }
}

test('what was locked opens with its words, however they are typed, and with no others', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(255), (plain, seed) => {
      const entropy = entropyOf(seed)
      const words = makeLockWords(entropy)
      expect(words.split(' ')).toHaveLength(LOCK_WORDS)
      const locked = lock(plain, words, entropy)
      expect(unlock(locked, words)).toEqual(plain)
      expect(unlock(locked, `  ${words.toUpperCase().replaceAll(' ', '-\n')} `)).toEqual(plain)
      const other = words.startsWith('b') ? `d${words.slice(1)}` : `b${words.slice(1)}`
      expect(unlock(locked, other)).toBeUndefined()
    }),
  )
})

test('a lock that was touched anywhere does not open', () => {
  const entropy = entropyOf(3)
  const words = makeLockWords(entropy)
  const locked = lock(Uint8Array.of(1, 2, 3), words, entropy)
  for (let at = 0; at < locked.length; at++) {
    const touched = locked.slice()
    touched[at] = (touched[at] as number) ^ 1
    expect(unlock(touched, words)).toBeUndefined()
  }
  expect(unlock(locked.subarray(0, 20), words)).toBeUndefined()
})

test('what cannot be words of a lock opens nothing', () => {
  const locked = lock(new Uint8Array(4), makeLockWords(entropyOf(1)), entropyOf(2))
  for (const words of ['', 'one two', 'aaaaa '.repeat(6), 'lusab '.repeat(7)])
    expect(unlock(locked, words)).toBeUndefined()
})
