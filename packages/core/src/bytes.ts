/** Lower-case hex of `bytes`, two digits a byte. */
export const toHex = (bytes: Uint8Array): string => {
  let text = ''
  for (const byte of bytes) text += hexOfByte[byte]
  return text
}

/** Bytes of lower-case hex; `undefined` for anything else. */
export const fromHex = (text: string): Uint8Array | undefined => {
  if (text.length % 2 !== 0) return undefined
  const bytes = new Uint8Array(text.length / 2)
  for (let at = 0; at < bytes.length; at++) {
    const [high, low] = [digitOf(text.charCodeAt(2 * at)), digitOf(text.charCodeAt(2 * at + 1))]
    if (high < 0 || low < 0) return undefined
    bytes[at] = 16 * high + low
  }
  return bytes
}

/** The value of a lower-case hex digit, by its character code; -1 for anything else. */
const digitOf = (code: number): number => {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  return code >= 0x61 && code <= 0x66 ? code - 0x61 + 10 : -1
}

export const equalBytes = (left: Uint8Array, right: Uint8Array): boolean => {
  if (left.length !== right.length) return false
  for (let at = 0; at < left.length; at++) if (left[at] !== right[at]) return false
  return true
}

/** Orders byte strings as unsigned numbers of equal weight: the shorter prefix first. */
export const compareBytes = (left: Uint8Array, right: Uint8Array): number => {
  const length = Math.min(left.length, right.length)
  for (let at = 0; at < length; at++) {
    const difference = (left[at] as number) - (right[at] as number)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

export const concatBytes = (...parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/**
 * CRC-32 (ISO 3309), as in ZIP and PNG. `before`: of what stands in front. Finds accidents, and nothing that was made on purpose. Four bytes
 * at a time ("slicing by four", Kounavis and Berry 2005): half the time of one by one.
 */
export const crc32 = (bytes: Uint8Array, before = 0): number => {
  const [far, third, second, near] = crcTables
  const whole = bytes.length - (bytes.length % 4)
  let sum = ~before
  for (let at = 0; at < whole; at += 4) {
    sum ^= (bytes[at] as number) | ((bytes[at + 1] as number) << 8)
    sum ^= ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24)
    sum =
      (far[sum & 0xff] as number) ^
      (third[(sum >>> 8) & 0xff] as number) ^
      (second[(sum >>> 16) & 0xff] as number) ^
      (near[sum >>> 24] as number)
  }
  for (let at = whole; at < bytes.length; at++)
    sum = (near[(sum ^ (bytes[at] as number)) & 0xff] as number) ^ (sum >>> 8)
  return ~sum >>> 0
}

/** What one byte does to the sum after it, and after one, two and three more: the furthest first. */
const crcTables = ((): readonly [Uint32Array, Uint32Array, Uint32Array, Uint32Array] => {
  const near = Uint32Array.from({ length: 256 }, (_, byte) => {
    let sum = byte
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1
    return sum >>> 0
  })
  const further = (table: Uint32Array) => table.map((sum) => (near[sum & 0xff] as number) ^ (sum >>> 8))
  const second = further(near)
  const third = further(second)
  return [further(third), third, second, near]
})()

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
