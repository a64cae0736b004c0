import { concatBytes } from '@auzolan/core'
import { decodeCborPrefix, encodeCbor, type Cbor } from '@auzolan/trust'

/** Numbers at which formats turn: widths of heads, limits, signs. */
const turningPoints = [0, 1, 23, 24, 255, 256, 65_535, 65_536, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1]
/** Bytes of CBOR heads that mean something else than data. */
const heads = [0x00, 0x17, 0x18, 0x1b, 0x20, 0x40, 0x58, 0x5f, 0x60, 0x80, 0x9f, 0xa0, 0xc0, 0xf4, 0xf6, 0xfb, 0xff]

/** Random numbers below a bound; the same seed gives the same ones (xorshift32). */
export const randomOf = (seed: number): ((below: number) => number) => {
  let state = seed | 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % Math.max(1, below)
  }
}

/** One to four changes of `input`; parts of `other` may be taken in. Half of them keep to whole CBOR values. */
export const mutate = (
  input: Uint8Array,
  other: Uint8Array,
  random: (below: number) => number,
  most: number,
): Uint8Array => {
  let bytes = input
  for (let left = 1 + random(4); left > 0; left--)
    bytes = random(2) === 0 ? changeValue(bytes, other, random) : changeBytes(bytes, other, random)
  return bytes.subarray(0, most)
}

const spliced = (bytes: Uint8Array, from: number, to: number, middle: Uint8Array): Uint8Array =>
  concatBytes(bytes.subarray(0, from), middle, bytes.subarray(to))

const changeBytes = (bytes: Uint8Array, other: Uint8Array, random: (below: number) => number): Uint8Array => {
  const at = random(bytes.length)
  const end = Math.min(bytes.length, at + 1 + random(random(8) === 0 ? bytes.length : 8))
  switch (random(6)) {
    case 0:
      return spliced(bytes, at, at + 1, Uint8Array.of((bytes[at] ?? 0) ^ (1 << random(8))))
    case 1:
      return spliced(bytes, at, at + 1, Uint8Array.of(random(256)))
    case 2:
      return spliced(bytes, at, at + random(2), Uint8Array.of(heads[random(heads.length)] as number))
    case 3:
      return spliced(bytes, at, end, new Uint8Array(0))
    case 4:
      return spliced(bytes, at, at, bytes.subarray(at, end))
    default: {
      const from = random(other.length)
      return spliced(bytes, at, end, other.subarray(from, from + end - at))
    }
  }
}

/** Where a CBOR value begins and ends, near a random place; `undefined` where there is none. */
const valueIn = (bytes: Uint8Array, random: (below: number) => number): readonly [number, number] | undefined => {
  for (let tries = 0; tries < 8; tries++) {
    const at = random(bytes.length)
    const read = decodeCborPrefix(bytes, at)
    if (read.ok) return [at, read.value.end]
  }
  return undefined
}

const changeValue = (bytes: Uint8Array, other: Uint8Array, random: (below: number) => number): Uint8Array => {
  const place = valueIn(bytes, random)
  if (!place) return changeBytes(bytes, other, random)
  const [from, to] = place
  switch (random(4)) {
    case 0:
      return spliced(bytes, from, to, encodeCbor(turningPoints[random(turningPoints.length)] as Cbor))
    case 1:
      return spliced(bytes, to, to, bytes.subarray(from, to))
    case 2:
      return spliced(bytes, from, to, encodeCbor([[], '', null, true, new Uint8Array(32)][random(5)] as Cbor))
    default: {
      const [start, end] = valueIn(other, random) ?? [0, 0]
      return spliced(bytes, from, to, other.subarray(start, end))
    }
  }
}
