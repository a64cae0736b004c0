import { ed25519 } from '@noble/curves/ed25519.js'
import { DeviceId, fromHex, toHex } from '@auzolan/core'
import { withLabel } from './digest.ts'
import type { SignLabel } from './labels.ts'
import { remember } from './maps.ts'
import { subtleCrypto, unshared } from './platform.ts'
import { vectors } from './verifier-vectors.ts'

/**
 * One verdict for signatures on every platform (`TRUST.md` T10). ZIP-215 as noble implements it is the law. WebCrypto implementations accept
 * subsets of it, so their yes is a yes and their no is asked again.
 */
export interface Verifier {
  verify(signature: Uint8Array, label: SignLabel, message: Uint8Array, key: DeviceId | Uint8Array): Promise<boolean>
  /** A canonical encoding of a point of prime order. Whoever registers a key asks this once. */
  goodKey(key: Uint8Array): boolean
  /** Whether WebCrypto is asked first. */
  readonly native: boolean
}

/** A group has tens of devices; the rest is room for strangers. Reached, the oldest goes. */
const KEY_CACHE_LIMIT = 4096

export const openVerifier = async (): Promise<Verifier> => {
  const native = await agreesWithLaw()
  const imported = new Map<string, Promise<CryptoKey | undefined>>()
  const good = new Map<string, boolean>()

  const saysYes = async (signature: Uint8Array, message: Uint8Array, key: Uint8Array): Promise<boolean> => {
    const cryptoKey = await keep(imported, toHex(key), () => importKey(key))
    return cryptoKey !== undefined && verifyNatively(signature, message, cryptoKey)
  }

  return {
    native,
    verify: async (signature, label, message, key) => {
      const bytes = typeof key === 'string' ? DeviceId.toBytes(key) : key
      if (signature.length !== 64 || bytes.length !== 32) return false
      const signed = withLabel(label, message)
      return (native && (await saysYes(signature, signed, bytes))) || verifyByLaw(signature, signed, bytes)
    },
    goodKey: (key) => keep(good, toHex(key), () => isGoodKey(key)),
  }
}

const keep = <T>(cache: Map<string, T>, key: string, make: () => T): T =>
  cache.get(key) ?? remember(cache, key, make(), KEY_CACHE_LIMIT)

export const verifyByLaw = (signature: Uint8Array, message: Uint8Array, key: Uint8Array): boolean =>
  ed25519.verify(signature, message, key, { zip215: true })

const isGoodKey = (key: Uint8Array): boolean => {
  try {
    const point = ed25519.Point.fromBytes(key, false)
    return !point.isSmallOrder() && point.isTorsionFree()
  } catch {
    return false
  }
}

const importKey = async (key: Uint8Array): Promise<CryptoKey | undefined> => {
  try {
    return await subtleCrypto()?.importKey('raw', unshared(key), 'Ed25519', false, ['verify'])
  } catch {
    return undefined
  }
}

const verifyNatively = async (signature: Uint8Array, message: Uint8Array, key: CryptoKey): Promise<boolean> => {
  try {
    return (await subtleCrypto()?.verify('Ed25519', key, unshared(signature), unshared(message))) ?? false
  } catch {
    return false
  }
}

/** Whether the platform accepts nothing that the law refuses, and at least the honest signature. */
const agreesWithLaw = async (): Promise<boolean> => {
  for (const vector of vectors) {
    const [key, message, signature] = [vector.key, vector.message, vector.signature].map(
      (hex) => fromHex(hex) as Uint8Array,
    )
    if (!key || !message || !signature) throw new Error('a vector is not hex')
    const cryptoKey = await importKey(key)
    const accepted = cryptoKey !== undefined && (await verifyNatively(signature, message, cryptoKey))
    if (accepted && !vector.law) return false
    if (!accepted && vector.name === 'honest') return false
  }
  return true
}
