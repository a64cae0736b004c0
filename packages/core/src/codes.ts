import { concatBytes, crc32, equalBytes } from './bytes.ts'
import { err, ok, type Result } from './result.ts'

/** What travels as pictures: the certificate of a decision, or a copy of a group in packs. */
export type Carried = 'decision' | 'copy'

/**
 * Bytes in one part: the most that a phone reads from a screen in every light (a code of 69 by 69 modules). Parts of one thing: at four a
 * second they are all shown within a minute.
 */
export const codeLimits = { bytes: 300, parts: 200 } as const

/** The most that travels as pictures, in bytes. What is larger goes as a file. */
export const MAX_CARRIED_BYTES = codeLimits.bytes * codeLimits.parts

/** One picture of a sequence: one thing, cut so that each part fits a square code. Format: `docs/formats/codes.md`. */
export interface CodePart {
  readonly kind: Carried
  /** CRC-32 of kind and whole: names the sequence, and shows that what was put together is what was cut. */
  readonly set: number
  /** From 1. */
  readonly number: number
  readonly count: number
  readonly bytes: Uint8Array
}

export interface CodeFault {
  readonly type: 'no part' | 'newer' | 'another kind' | 'another sequence'
}

/** The parts of one sequence that were read so far, in whatever order. */
export interface Collected extends Pick<CodePart, 'kind' | 'set' | 'count'> {
  readonly parts: ReadonlyMap<number, Uint8Array>
}

/** The texts of all codes, in order; each has only characters that a code holds densely. The same bytes give the same codes. */
export const cutIntoCodes = (kind: Carried, whole: Uint8Array): Result<readonly string[], { type: 'too large' }> => {
  if (whole.length === 0) throw new Error('nothing cannot be carried')
  if (whole.length > MAX_CARRIED_BYTES) return err({ type: 'too large' })
  const set = checksum(kind, whole)
  const count = Math.ceil(whole.length / codeLimits.bytes)
  return ok(
    Array.from({ length: count }, (_, at) => {
      const from = at * codeLimits.bytes
      return writeCode({ kind, set, number: at + 1, count, bytes: whole.subarray(from, from + codeLimits.bytes) })
    }),
  )
}

export const writeCode = ({ kind, set, number, count, bytes }: CodePart): string => {
  const head = new Uint8Array(HEAD_BYTES)
  new DataView(head.buffer).setUint32(1, set)
  head[0] = kinds.indexOf(kind)
  head[5] = number
  head[6] = count
  return MARK + toBase45(concatBytes(head, bytes))
}

/** Reads one scanned code. Each part has one form. */
export const readCode = (text: unknown): Result<CodePart, CodeFault> => {
  if (typeof text !== 'string' || text.length > MAX_TEXT) return err({ type: 'no part' })
  if (!text.startsWith(MARK)) return err({ type: /^AUZOLAN\d{1,3}:/.test(text) ? 'newer' : 'no part' })
  const read = fromBase45(text.slice(MARK.length))
  const [kindNumber = 0, , , , , number = 0, count = 0] = read ?? []
  const kind = kinds[kindNumber]
  if (!read || !kind || number < 1 || number > count || count > codeLimits.parts) return err({ type: 'no part' })
  const bytes = read.subarray(HEAD_BYTES)
  const fits =
    number < count ? bytes.length === codeLimits.bytes : bytes.length >= 1 && bytes.length <= codeLimits.bytes
  if (!fits) return err({ type: 'no part' })
  return ok({ kind, set: new DataView(read.buffer, read.byteOffset).getUint32(1), number, count, bytes })
}

/** Adds a scanned code of the wanted kind. A part that is there already changes nothing: the answer is `before` itself. */
export const collectCode = (
  before: Collected | undefined,
  text: unknown,
  wanted: Carried,
): Result<Collected, CodeFault> => {
  const read = readCode(text)
  if (!read.ok) return read
  const { kind, set, count, number, bytes } = read.value
  if (kind !== wanted) return err({ type: 'another kind' })
  if (before && (before.set !== set || before.count !== count)) return err({ type: 'another sequence' })
  const known = before?.parts.get(number)
  if (before && known) return equalBytes(known, bytes) ? ok(before) : err({ type: 'another sequence' })
  return ok({ kind, set, count, parts: new Map([...(before?.parts ?? []), [number, bytes]]) })
}

/** Numbers of the parts that are not there yet, from 1. */
export const missingParts = ({ count, parts }: Collected): readonly number[] =>
  Array.from({ length: count }, (_, at) => at + 1).filter((number) => !parts.has(number))

/** What the parts make together. `incomplete`: some are missing. `damaged`: they are not what was cut. */
export const joinCodes = (collected: Collected): Result<Uint8Array, { type: 'incomplete' | 'damaged' }> => {
  const { kind, set, count, parts } = collected
  if (parts.size < count) return err({ type: 'incomplete' })
  const whole = concatBytes(...Array.from({ length: count }, (_, at) => parts.get(at + 1) as Uint8Array))
  return checksum(kind, whole) === set ? ok(whole) : err({ type: 'damaged' })
}

const kinds: readonly Carried[] = ['decision', 'copy']
const MARK = 'AUZOLAN1:'
/** Kind 1, set 4, number 1, count 1. */
const HEAD_BYTES = 7

const checksum = (kind: Carried, whole: Uint8Array): number => crc32(whole, crc32(Uint8Array.of(kinds.indexOf(kind))))

/** RFC 9285. Two bytes are three of the characters of which a code holds 5.5 bits each. */
const toBase45 = (bytes: Uint8Array): string => {
  let text = ''
  for (let at = 0; at < bytes.length; at += 2) {
    const isPair = at + 1 < bytes.length
    let value = isPair ? 256 * (bytes[at] as number) + (bytes[at + 1] as number) : (bytes[at] as number)
    for (let digit = 0; digit < (isPair ? 3 : 2); digit++) {
      text += ALPHABET[value % 45]
      value = Math.floor(value / 45)
    }
  }
  return text
}

const fromBase45 = (text: string): Uint8Array | undefined => {
  if (text.length % 3 === 1) return undefined
  const bytes = new Uint8Array(Math.floor((text.length * 2) / 3))
  for (let at = 0, place = 0; at < text.length; at += 3) {
    const digits = [...text.slice(at, at + 3)].map((letter) => ALPHABET.indexOf(letter))
    const value = digits.reduceRight((sum, digit) => 45 * sum + digit, 0)
    if (digits.includes(-1) || value > (digits.length === 3 ? 0xffff : 0xff)) return undefined
    if (digits.length === 3) bytes[place++] = value >> 8
    bytes[place++] = value & 0xff
  }
  return bytes
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'
/** Characters of the longest code. */
const MAX_TEXT = MARK.length + Math.ceil(((HEAD_BYTES + codeLimits.bytes) * 3) / 2)
