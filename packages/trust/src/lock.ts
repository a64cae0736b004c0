import { gcm } from '@noble/ciphers/aes.js'
import { concatBytes, type Entropy } from '@auzolan/core'
import { derived, withLabel } from './digest.ts'

/** 96 bits: nobody tries them all, so that no slow derivation is needed. */
export const LOCK_WORDS = 6

const CONSONANTS = 'bdfghjklmnprstvz'
const VOWELS = 'aiou'
/** Two bytes a word, in letters that are told apart when read aloud (D. Wilkerson, "A Proposal for Proquints", 2009). */
const WORD_LENGTH = 5
const SALT_LENGTH = 16
const TAG_LENGTH = 16
const LABEL = 'auzolan/backup/lock/1'
/** Every key locks one thing: its salt is fresh. */
const ONCE = new Uint8Array(12)

/** Six made-up words for a person to keep, `lusab babad …`. */
export const makeLockWords = (entropy: Entropy): string => {
  const bytes = entropy.bytes(2 * LOCK_WORDS)
  return Array.from({ length: LOCK_WORDS }, (_, at) =>
    wordOf(bytes[2 * at] as number, bytes[2 * at + 1] as number),
  ).join(' ')
}

/** salt 16 B ‖ AES-256-GCM. Throws where `words` are not what `makeLockWords` makes: that is our own promise. */
export const lock = (plain: Uint8Array, words: string, entropy: Entropy): Uint8Array => {
  const secret = bytesOfWords(words)
  if (!secret) throw new Error('these are no words of a lock')
  const salt = entropy.bytes(SALT_LENGTH)
  return concatBytes(salt, gcm(keyOf(secret, salt), ONCE).encrypt(plain))
}

/** `undefined`: other words, or not as it was locked. Case, signs and spaces between the words do not matter. */
export const unlock = (locked: Uint8Array, words: string): Uint8Array | undefined => {
  const secret = bytesOfWords(words)
  if (!secret || locked.length < SALT_LENGTH + TAG_LENGTH) return undefined
  try {
    return gcm(keyOf(secret, locked.subarray(0, SALT_LENGTH)), ONCE).decrypt(locked.subarray(SALT_LENGTH))
  } catch {
    return undefined
  }
}

const keyOf = (secret: Uint8Array, salt: Uint8Array): Uint8Array => derived(secret, withLabel(LABEL), salt)

const wordOf = (high: number, low: number): string => {
  const bits = (high << 8) | low
  return [
    CONSONANTS[bits >> 12],
    VOWELS[(bits >> 10) & 3],
    CONSONANTS[(bits >> 6) & 15],
    VOWELS[(bits >> 4) & 3],
    CONSONANTS[bits & 15],
  ].join('')
}

const bytesOfWords = (words: string): Uint8Array | undefined => {
  const letters = words.toLowerCase().replace(/[^a-z]/g, '')
  if (letters.length !== LOCK_WORDS * WORD_LENGTH) return undefined
  const bytes: number[] = []
  for (let at = 0; at < letters.length; at += WORD_LENGTH) {
    let bits = 0
    for (let place = 0; place < WORD_LENGTH; place++) {
      const [alphabet, width] = place % 2 === 0 ? ([CONSONANTS, 4] as const) : ([VOWELS, 2] as const)
      const value = alphabet.indexOf(letters[at + place] as string)
      if (value < 0) return undefined
      bits = (bits << width) | value
    }
    bytes.push(bits >> 8, bits & 0xff)
  }
  return Uint8Array.from(bytes)
}
