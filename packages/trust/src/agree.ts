import { x25519 } from '@noble/curves/ed25519.js'
import { concatBytes } from '@auzolan/core'
import { derived, withLabel } from './digest.ts'
import { subtleCrypto, unshared } from './platform.ts'

/** Everything two keys agree on bears one of these, so that no secret serves two ends. */
export type AgreeLabel = 'auzolan/agree/epoch/1'

/** 32 bytes that only the holders of the two keys know, for this label and context; `undefined`: `other` is no proper X25519 key. */
export type Agree = (label: AgreeLabel, other: Uint8Array, context: Uint8Array) => Promise<Uint8Array | undefined>

const X25519 = 'X25519'
/** PrivateKeyInfo of an X25519 secret up to the secret (RFC 8410 §7). */
const pkcs8Prefix = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20)

/** Agrees with the given X25519 secret: natively where the platform can. Its no is asked again, so that every platform takes the same keys. */
export const agreerOf = async (secret: Uint8Array): Promise<Agree> => {
  const key = await nativeKey(secret)
  const natively = key && agreerOfKey(key)
  return async (label, other, context) => {
    const agreed = await natively?.(label, other, context)
    if (agreed) return agreed
    try {
      return derived(x25519.getSharedSecret(secret, other), withLabel(label, context))
    } catch {
      return undefined
    }
  }
}

/** Any secret does: keys of small order agree on zero with all of them. */
const PROBE = new Uint8Array(32).fill(1)

/** Whether something can be wrapped to this key. Asked once, when a device comes in: one that cannot would stop every rotation. */
export const isGoodBox = async (box: Uint8Array): Promise<boolean> => {
  const agree = await agreerOf(PROBE)
  return (await agree('auzolan/agree/epoch/1', box, PROBE)) !== undefined
}

/** X25519, then HKDF-SHA-256 (RFC 5869) of label and context: the raw secret is never handed out. */
export const agreerOfKey =
  (key: CryptoKey): Agree =>
  async (label, other, context) => {
    const subtle = subtleCrypto()
    if (!subtle) throw new Error('WebCrypto has gone away')
    try {
      const publicKey = await subtle.importKey('raw', unshared(other), X25519, false, [])
      const shared = new Uint8Array(await subtle.deriveBits({ name: X25519, public: publicKey }, key, 256))
      // Not every platform refuses keys of small order, which agree on zero with everybody.
      return shared.every((byte) => byte === 0) ? undefined : derived(shared, withLabel(label, context))
    } catch {
      return undefined
    }
  }

const nativeKey = async (secret: Uint8Array): Promise<CryptoKey | undefined> => {
  try {
    const wrapped = unshared(concatBytes(pkcs8Prefix, secret))
    return await subtleCrypto()?.importKey('pkcs8', wrapped, X25519, false, ['deriveBits'])
  } catch {
    return undefined
  }
}
