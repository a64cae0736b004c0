import { concatBytes } from '@auzolan/core'

/** Multicast DNS (RFC 6762, DNS-SD RFC 6763), as much of it as it takes to say who is there. Own service name: other programs are not disturbed. */
const SERVICE = ['_auzolan', '_tcp', 'local'] as const

/** Largest message read, in bytes: one packet on any network. Ours have under 1,200. */
export const MAX_MESSAGE_BYTES = 1_472
/** Addresses in one answer. */
export const MAX_LAN_ADDRESSES = 8
/** Characters of one address: a TXT string has at most 255 bytes. */
export const MAX_LAN_ADDRESS = 240

const HEADER_BYTES = 12
const MAX_RECORDS = 32
const MAX_LABELS = 16
const [TYPE_PTR, TYPE_TXT, CLASS_IN] = [12, 16, 1]
const TOP_BIT = 0x8000
/** Seconds for which others may remember an answer. Ours are heard anew each time; this is for other readers. */
const TTL_SECONDS = 120
const IS_ANSWER = 0x8400
const INSTANCE = /^[a-z2-7]{16}$/

export type LanMessage = { readonly is: 'question' } | { readonly is: 'answer'; readonly addresses: readonly string[] }

export const encodeQuestion = (): Uint8Array => concatBytes(header(0, 1, 0), name(SERVICE), numbers(TYPE_PTR, CLASS_IN))

/** `instance`: 16 characters that say nothing, other ones at each start. Addresses end in the peer id; too many or too long ones are left out. */
export const encodeAnswer = (instance: string, addresses: readonly string[]): Uint8Array => {
  const texts = addresses
    .map((address) => new TextEncoder().encode(`a=${address}`))
    .filter(({ length }) => length <= MAX_LAN_ADDRESS)
    .slice(0, MAX_LAN_ADDRESSES)
  const data = concatBytes(...texts.flatMap((text) => [Uint8Array.of(text.length), text]))
  const about = numbers(TYPE_TXT, CLASS_IN, 0, TTL_SECONDS, data.length)
  return concatBytes(header(IS_ANSWER, 0, 1), name([instance, ...SERVICE]), about, data)
}

/** `undefined`: not about us, or not what this program says. Whatever the bytes, it reads each at most once. */
export const parseLanMessage = (bytes: Uint8Array): LanMessage | undefined => {
  if (bytes.length < HEADER_BYTES || bytes.length > MAX_MESSAGE_BYTES) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const [questions, answers] = [view.getUint16(4), view.getUint16(6)]
  if (questions + answers > MAX_RECORDS) return undefined
  const isAnswer = (view.getUint16(2) & TOP_BIT) !== 0
  let at = HEADER_BYTES
  for (let question = 0; question < questions; question++) {
    const read = readName(bytes, at)
    if (!read || read.end + 4 > bytes.length) return undefined
    const isPointer = view.getUint16(read.end) === TYPE_PTR
    if (!isAnswer && isPointer && isOurs(read.labels)) return { is: 'question' }
    at = read.end + 4
  }
  for (let answer = 0; isAnswer && answer < answers; answer++) {
    const read = readName(bytes, at)
    if (!read || read.end + 10 > bytes.length) return undefined
    const from = read.end + 10
    const end = from + view.getUint16(read.end + 8)
    if (end > bytes.length) return undefined
    const [instance = '', ...service] = read.labels
    const isText = view.getUint16(read.end) === TYPE_TXT
    if (isText && INSTANCE.test(instance) && isOurs(service)) return readTexts(bytes.subarray(from, end))
    at = end
  }
  return undefined
}

const readTexts = (data: Uint8Array): LanMessage | undefined => {
  const addresses: string[] = []
  for (let at = 0; at < data.length;) {
    const length = data[at] ?? 0
    const text = data.subarray(at + 1, at + 1 + length)
    if (text.length < length || length > MAX_LAN_ADDRESS || addresses.length >= MAX_LAN_ADDRESSES) return undefined
    // Nothing but printable ASCII is an address.
    if (text.some((byte) => byte < 0x21 || byte > 0x7e)) return undefined
    const address = String.fromCharCode(...text)
    if (address.startsWith('a=/')) addresses.push(address.slice(2))
    at += 1 + length
  }
  return { is: 'answer', addresses }
}

/** Names that point elsewhere are not followed: ours never do, and a circle could not be told from a long way. */
const readName = (
  bytes: Uint8Array,
  from: number,
): { readonly labels: readonly string[]; readonly end: number } | undefined => {
  const labels: string[] = []
  let at = from
  for (;;) {
    const length = bytes[at]
    if (length === undefined || labels.length > MAX_LABELS) return undefined
    if (length === 0) return { labels, end: at + 1 }
    if (length >= 0xc0) return at + 1 < bytes.length ? { labels: [...labels, ''], end: at + 2 } : undefined
    if (length > 63 || at + 1 + length > bytes.length) return undefined
    labels.push(String.fromCharCode(...bytes.subarray(at + 1, at + 1 + length)).toLowerCase())
    at += 1 + length
  }
}

const isOurs = (labels: readonly string[]): boolean =>
  labels.length === SERVICE.length && SERVICE.every((label, at) => labels[at] === label)

const header = (flags: number, questions: number, answers: number): Uint8Array =>
  numbers(0, flags, questions, answers, 0, 0)

const numbers = (...values: readonly number[]): Uint8Array => {
  const bytes = new Uint8Array(2 * values.length)
  const view = new DataView(bytes.buffer)
  for (const [at, value] of values.entries()) view.setUint16(2 * at, value)
  return bytes
}

const name = (labels: readonly string[]): Uint8Array =>
  concatBytes(
    ...labels.flatMap((label) => [Uint8Array.of(label.length), new TextEncoder().encode(label)]),
    Uint8Array.of(0),
  )
