/**
 * Peer ids between text and bytes without loading libp2p: base58btc of a multihash
 * (libp2p specs, `peer-ids/peer-ids.md`; multiformats, `multihash`).
 */

/** Longest peer id, in bytes: an Ed25519 one has 38, an RSA one 34. */
export const MAX_PEER_BYTES = 64

/** The bytes of a peer id as text; `undefined` for anything else. */
export const peerIdBytes = (text: unknown): Uint8Array | undefined => {
  if (typeof text !== 'string' || text.length === 0 || text.length > MAX_PEER_TEXT) return undefined
  let value = 0n
  for (const character of text) {
    const digit = ALPHABET.indexOf(character)
    if (digit < 0) return undefined
    value = value * 58n + BigInt(digit)
  }
  const bytes: number[] = []
  for (; value > 0n; value >>= 8n) bytes.unshift(Number(value & 0xffn))
  for (const character of text) {
    if (character !== '1') break
    bytes.unshift(0)
  }
  const id = Uint8Array.from(bytes)
  return isMultihash(id) ? id : undefined
}

/** The text of a peer id's bytes, as `Link.remote` has it; `undefined` for anything else. */
export const peerIdText = (bytes: unknown): string | undefined => {
  if (!(bytes instanceof Uint8Array) || !isMultihash(bytes)) return undefined
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  let text = ''
  for (; value > 0n; value /= 58n) text = `${ALPHABET[Number(value % 58n)]}${text}`
  for (const byte of bytes) {
    if (byte !== 0) break
    text = `1${text}`
  }
  return text
}

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
/** Base58 needs 1.37 characters a byte; leading zeros need one. */
const MAX_PEER_TEXT = 90

/** A key itself (code 0, short Ed25519 and secp256k1 keys) or the SHA-256 of one (code 0x12, RSA keys). */
const isMultihash = (bytes: Uint8Array): boolean => {
  const [code, length] = bytes
  if (bytes.length > MAX_PEER_BYTES || length === undefined || bytes.length !== length + 2) return false
  return code === 0 ? length > 0 : code === 0x12 && length === 32
}
