import { err, ok, type Result } from '@auzolan/core'
import { base36upper } from 'multiformats/bases/base36'

/** What a device says of itself to another in the same room: whose it is, and where a WebRTC connection to it may begin. */
export interface NearbyCode {
  /** Ed25519 public key, 32 bytes, that the connection then has to prove. */
  readonly key: Uint8Array
  /** As ICE takes them (RFC 8445): 4 to 32, and 22 to 64 printable characters. */
  readonly fragment: string
  readonly password: string
  /** SHA-256 of the DTLS certificate, 32 bytes. */
  readonly fingerprint: Uint8Array
  /** At least one. */
  readonly places: readonly Place[]
}

/** Where it listens. `name`: the 16 bytes of a UUID under `.local`, given instead of an address by a browser that hides it. */
export interface Place {
  readonly kind: 'ip4' | 'ip6' | 'name'
  readonly address: Uint8Array
  readonly port: number
}

export type CodeFault = { readonly type: 'not a code' } | { readonly type: 'newer version' }

/** A code of this size is read off a phone's screen at arm's length: version 8 of QR (ISO/IEC 18004) at medium correction. */
export const MAX_CODE_BYTES = 140
/** What a code begins with, so that a reader knows it from others. Only characters that QR packs two to eleven bits. */
const MARK = 'AUZOLAN:'
const VERSION = 1
const KEY_BYTES = 32
const kinds = ['ip4', 'ip6', 'name'] as const
const addressBytes = { ip4: 4, ip6: 16, name: 16 } as const
const PORT_BYTES = 2

/** As many places as fit, in their order. Throws `RangeError` where not even one does. */
export const encodeNearbyCode = (code: NearbyCode): string => {
  const head = [
    VERSION,
    ...code.key,
    ...withLength(utf8.encode(code.fragment)),
    ...withLength(utf8.encode(code.password)),
    ...code.fingerprint,
  ]
  const places: number[][] = []
  let length = head.length + 1
  for (const { kind, address, port } of code.places) {
    const place = [kinds.indexOf(kind), ...address, port >> 8, port & 0xff]
    if (length + place.length > MAX_CODE_BYTES) break
    length += place.length
    places.push(place)
  }
  if (places.length === 0) throw new RangeError('no place fits')
  return MARK + base36upper.encode(Uint8Array.of(...head, places.length, ...places.flat()))
}

/** Reads what was scanned or pasted. Spaces and small letters are forgiven. */
export const parseNearbyCode = (text: string): Result<NearbyCode, CodeFault> => {
  const tidy = text.replaceAll(/\s/g, '').toUpperCase()
  if (!tidy.startsWith(MARK) || tidy.length > MAX_TEXT) return notACode
  const bytes = bytesOf(tidy.slice(MARK.length))
  if (!bytes || bytes.length > MAX_CODE_BYTES) return notACode
  if ((bytes[0] as number) > VERSION) return err({ type: 'newer version' })
  const reader = new Reader(bytes)
  if (reader.byte() !== VERSION) return notACode
  const key = reader.bytes(KEY_BYTES)
  const fragment = reader.text(FRAGMENT)
  const password = reader.text(PASSWORD)
  const fingerprint = reader.bytes(KEY_BYTES)
  const places = reader.places()
  if (!key || !fragment || !password || !fingerprint || !places || !reader.ended) return notACode
  return ok({ key, fragment, password, fingerprint, places })
}

const notACode = err<CodeFault>({ type: 'not a code' })
/** Base 36 takes 1.55 characters a byte. */
const MAX_TEXT = MARK.length + 1 + Math.ceil(MAX_CODE_BYTES * 1.55)
/** `ice-char` of RFC 8839 5.4: nothing that could end a line of a session description. */
const FRAGMENT = /^[A-Za-z0-9+/]{4,32}$/
const PASSWORD = /^[A-Za-z0-9+/]{22,64}$/

const utf8 = new TextEncoder()
const withLength = (bytes: Uint8Array): readonly number[] => [bytes.length, ...bytes]

const bytesOf = (text: string): Uint8Array | undefined => {
  try {
    const bytes = base36upper.decode(text)
    return bytes.length > 0 ? bytes : undefined
  } catch {
    return undefined
  }
}

/** Each answers `undefined` beyond the end and for what it does not take. */
class Reader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get ended(): boolean {
    return this.#at === this.#bytes.length
  }

  byte(): number | undefined {
    return this.bytes(1)?.[0]
  }

  bytes(length: number): Uint8Array | undefined {
    const from = this.#at
    if (from + length > this.#bytes.length) return undefined
    this.#at += length
    return this.#bytes.slice(from, this.#at)
  }

  text(form: RegExp): string | undefined {
    const bytes = this.bytes(this.byte() ?? 0)
    const text = bytes && String.fromCharCode(...bytes)
    return text !== undefined && form.test(text) ? text : undefined
  }

  places(): readonly Place[] | undefined {
    const count = this.byte() ?? 0
    const places: Place[] = []
    for (let at = 0; at < count; at++) {
      const kind = kinds[this.byte() ?? kinds.length]
      const address = kind && this.bytes(addressBytes[kind])
      const [high, low] = this.bytes(PORT_BYTES) ?? []
      if (!kind || !address || high === undefined || low === undefined || (high === 0 && low === 0)) return undefined
      places.push({ kind, address, port: high * 256 + low })
    }
    return places.length > 0 ? places : undefined
  }
}
