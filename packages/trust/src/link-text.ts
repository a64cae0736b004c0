import { concatBytes, equalBytes, err, type Result } from '@auzolan/core'
import { encodeCbor, type Cbor } from './cbor-writer.ts'
import { sha256 } from './digest.ts'
import { Fields, parseList } from './fields.ts'

/** A kind of link that hands a secret from one screen to another. */
export interface LinkKind<T> {
  /** Before the version. */
  readonly letter: string
  /** The part of the app's address in front of it. */
  readonly place: string
  readonly fields: (value: T) => Cbor
  /** Throws what `Fields` throws. Does not look for the end. */
  readonly read: (fields: Fields) => T
}

export type LinkTextFault = { readonly type: 'not an invitation' | 'cut off' | 'newer version' }

/** Characters of a pasted text. */
const TEXT_LIMIT = 8000
const CHECKSUM_LENGTH = 4

/** `<letter>1.` and base64url of canonical CBOR with a checksum of 4 bytes, so that a link cut off in a chat is told from a wrong one. */
export const encodeLinkText = <T>({ letter, fields }: LinkKind<T>, value: T): string => {
  const body = encodeCbor(fields(value))
  return `${letter}1.${toBase64Url(concatBytes(body, checksum(body)))}`
}

/** Reads a whole link, only its fragment, or only `<letter>1.…`, with white space around it. */
export const parseLinkText = <T>({ letter, place, read }: LinkKind<T>, text: unknown): Result<T, LinkTextFault> => {
  if (typeof text !== 'string' || text.length > TEXT_LIMIT) return err({ type: 'not an invitation' })
  const trimmed = text.trim()
  const found = new RegExp(`(?:^|[/#.])${letter}(\\d{1,4})\\.([^/#\\s]*)$`).exec(trimmed)
  if (!found) {
    const begun = new RegExp(`[/#]${place}/?(?:${letter}\\d{0,4})?$`).test(trimmed)
    return err({ type: begun ? 'cut off' : 'not an invitation' })
  }
  if (found[1] !== '1') return err({ type: 'newer version' })
  const blob = fromBase64Url(found[2] as string)
  if (!blob) return err({ type: /^[\w-]*$/.test(found[2] as string) ? 'cut off' : 'not an invitation' })
  const body = blob.subarray(0, -CHECKSUM_LENGTH)
  if (blob.length <= CHECKSUM_LENGTH || !equalBytes(checksum(body), blob.subarray(-CHECKSUM_LENGTH)))
    return err({ type: 'cut off' })
  const parsed = parseList(body, 'a link', { depth: 2 }, read)
  return parsed.ok ? parsed : err({ type: 'not an invitation' })
}

const checksum = (body: Uint8Array): Uint8Array => sha256(body).subarray(0, CHECKSUM_LENGTH)

const toBase64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

/** `undefined` for what is not the one base64url text of some bytes. */
const fromBase64Url = (text: string): Uint8Array | undefined => {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return undefined
  const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
  return toBase64Url(bytes) === text ? bytes : undefined
}

/** Where a link says to look: peers as the network reads them, and multiaddrs. */
export const whereLimits = { peers: 4, peer: 64, hints: 4, hint: 200 } as const

export const readWhere = (
  fields: Fields,
): { readonly peers: readonly Uint8Array[]; readonly hints: readonly string[] } => ({
  peers: fields
    .several('peers', 0, whereLimits.peers)
    .map((peer) => new Fields([peer], 'peers').bytesUpTo('peer', whereLimits.peer)),
  hints: fields
    .several('hints', 0, whereLimits.hints)
    .map((hint) => new Fields([hint], 'hints').text('hint', 1, whereLimits.hint)),
})
