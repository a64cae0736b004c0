import { equalBytes } from '@auzolan/core'
import { MAX_KEY_PARTS } from './key.ts'
import type { Key } from './store.ts'

/**
 * Keys as bytes whose unsigned order is the order of `compareKeys`.
 *
 * ```
 * key    = part …
 * number = length (1–8) ‖ that many bytes, big-endian, no leading zeros (0 is one zero byte)
 * string = 0x10 ‖ each UTF-16 code unit in the bit layout of UTF-8 ‖ 0x00
 * ```
 *
 * Inside a string the code units 0 and 1 are written 0x01 0x01 and 0x01 0x02, so that 0x00 ends it and sorts first. Code units
 * one by one, not code points: IndexedDB compares those, and a lone surrogate is a valid part.
 */
export const encodeKey = (key: Key): Uint8Array => {
  const bytes: number[] = []
  for (const part of key) {
    if (typeof part === 'number') pushNumber(bytes, part)
    else pushString(bytes, part)
  }
  return Uint8Array.from(bytes)
}

/** Sorts after every key that starts with `prefix` and before all that follow them: no part starts with 0xff. */
export const encodeEnd = (prefix: Key): Uint8Array => {
  const start = encodeKey(prefix)
  const end = new Uint8Array(start.length + 1)
  end.set(start)
  end[start.length] = 0xff
  return end
}

/** The key of these bytes; `undefined` for bytes `encodeKey` never makes. */
export const decodeKey = (bytes: Uint8Array): Key | undefined => {
  const key: (string | number)[] = []
  let at = 0
  while (at < bytes.length) {
    const tag = bytes[at] as number
    const found = tag === STRING ? takeString(bytes, at + 1) : takeNumber(bytes, at)
    if (found === undefined) return undefined
    key.push(found.part)
    at = found.end
  }
  if (key.length === 0 || key.length > MAX_KEY_PARTS) return undefined
  // Damaged bytes can still read as some key; only the one way of writing it counts.
  return equalBytes(encodeKey(key), bytes) ? key : undefined
}

const STRING = 0x10
const END = 0x00
const ESCAPE = 0x01

const pushNumber = (bytes: number[], part: number): void => {
  const digits: number[] = []
  let rest = part
  do {
    digits.unshift(rest % 256)
    rest = Math.floor(rest / 256)
  } while (rest > 0)
  bytes.push(digits.length, ...digits)
}

const takeNumber = (bytes: Uint8Array, at: number): { part: number; end: number } | undefined => {
  const end = at + 1 + (bytes[at] as number)
  if (end === at + 1 || end > bytes.length) return undefined
  const part = bytes.subarray(at + 1, end).reduce((sum, digit) => sum * 256 + digit, 0)
  return Number.isSafeInteger(part) ? { part, end } : undefined
}

const pushString = (bytes: number[], part: string): void => {
  bytes.push(STRING)
  for (let at = 0; at < part.length; at++) {
    const unit = part.charCodeAt(at)
    if (unit <= ESCAPE) bytes.push(ESCAPE, unit + 1)
    else if (unit < 0x80) bytes.push(unit)
    else if (unit < 0x800) bytes.push(0xc0 | (unit >> 6), 0x80 | (unit & 0x3f))
    else bytes.push(0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f))
  }
  bytes.push(END)
}

const takeString = (bytes: Uint8Array, start: number): { part: string; end: number } | undefined => {
  let part = ''
  let at = start
  while (at < bytes.length) {
    const lead = bytes[at] as number
    if (lead === END) return { part, end: at + 1 }
    const low = (offset: number): number => (bytes[at + offset] ?? 0) & 0x3f
    if (lead === ESCAPE) {
      part += String.fromCharCode(low(1) - 1)
      at += 2
    } else if (lead < 0x80) {
      part += String.fromCharCode(lead)
      at += 1
    } else if (lead < 0xe0) {
      part += String.fromCharCode(((lead & 0x1f) << 6) | low(1))
      at += 2
    } else {
      part += String.fromCharCode(((lead & 0x0f) << 12) | (low(1) << 6) | low(2))
      at += 3
    }
  }
  return undefined
}
