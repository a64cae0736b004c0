import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import { concatBytes, DeviceId, type Entropy } from '@auzolan/core'
import { agreerOf, agreerOfKey, type Agree } from './agree.ts'
import { labelled, withLabel } from './digest.ts'
import { digestLabels, type SignLabel } from './labels.ts'
import { subtleCrypto, unshared } from './platform.ts'

/** One device's keys in one group. The secret halves stay where they are. */
export interface DeviceKeys {
  readonly device: DeviceId
  /** X25519 public key, 32 bytes. */
  readonly box: Uint8Array
  /** Ed25519 over label ‖ 0x00 ‖ message; 64 bytes. */
  sign(label: SignLabel, message: Uint8Array): Promise<Uint8Array>
  readonly agree: Agree
}

export interface KeyStore {
  create(): Promise<DeviceKeys>
  /** `undefined`: not held here, or the record is damaged. */
  open(device: DeviceId): Promise<DeviceKeys | undefined>
  forget(device: DeviceId): Promise<void>
}

/** Where secrets lie. `keeps: 'keys'`: the store can hold a `CryptoKey` without exporting it (IndexedDB). */
export interface SecretsLike {
  readonly keeps?: 'keys' | 'bytes'
  get(name: string): Promise<unknown>
  put(name: string, value: unknown): Promise<void>
  remove(name: string): Promise<void>
}

const SEED_LENGTH = 32
const ED25519 = 'Ed25519'
/** PrivateKeyInfo of an Ed25519 seed up to the seed (RFC 8410 §7). */
const pkcs8Prefix = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20)

/** Both key pairs from 32 bytes: the same seed gives the same keys everywhere. */
export const seededKeys = async (seed: Uint8Array): Promise<DeviceKeys> => {
  if (seed.length !== SEED_LENGTH) throw new RangeError('a seed has 32 bytes')
  const secret = labelled(digestLabels.signSeed, seed)
  const boxSecret = labelled(digestLabels.boxSeed, seed)
  return {
    device: DeviceId.fromBytes(ed25519.getPublicKey(secret)),
    box: x25519.getPublicKey(boxSecret),
    sign: await signerOf(secret),
    agree: await agreerOf(boxSecret),
  }
}

/** Signs with the given Ed25519 secret: natively where the platform can (about 60 µs against 1 ms). */
export const signerOf = async (secret: Uint8Array): Promise<DeviceKeys['sign']> => {
  const key = await nativeKey(secret)
  return key
    ? (label, message) => signNatively(key, label, message)
    : (label, message) => Promise.resolve(ed25519.sign(withLabel(label, message), secret))
}

const signNatively = async (key: CryptoKey, label: SignLabel, message: Uint8Array): Promise<Uint8Array> => {
  const subtle = subtleCrypto()
  if (!subtle) throw new Error('WebCrypto has gone away')
  return new Uint8Array(await subtle.sign(ED25519, key, unshared(withLabel(label, message))))
}

const nativeKey = async (secret: Uint8Array): Promise<CryptoKey | undefined> => {
  try {
    return await subtleCrypto()?.importKey('pkcs8', unshared(concatBytes(pkcs8Prefix, secret)), ED25519, false, [
      'sign',
    ])
  } catch {
    return undefined
  }
}

/**
 * Opens the device keys kept in `secrets` (`TRUST.md` T7): pairs that never leave WebCrypto where the platform has Ed25519 and X25519
 * and the store can keep them; else a seed sealed by an AES key that never leaves; else the seed itself.
 */
export const openKeyStore = async (
  secrets: SecretsLike,
  entropy: Entropy,
  options: { readonly extractable?: boolean } = {},
): Promise<KeyStore> => {
  const make =
    secrets.keeps === 'keys' ? await makerOfKept(entropy, options.extractable ?? false) : () => makeSeed(entropy)
  return {
    create: async () => {
      const { keys, record } = await make()
      await secrets.put(nameOf(keys.device), record)
      return keys
    },
    open: async (device) => {
      const keys = await readRecord(await secrets.get(nameOf(device)))
      return keys?.device === device ? keys : undefined
    },
    forget: (device) => secrets.remove(nameOf(device)),
  }
}

const nameOf = (device: DeviceId): string => `device/${device}`

type Maker = () => Promise<{ readonly keys: DeviceKeys; readonly record: unknown }>

const makeSeed = async (entropy: Entropy): ReturnType<Maker> => {
  const seed = entropy.bytes(SEED_LENGTH)
  return { keys: await seededKeys(seed), record: seed }
}

const makerOfKept = async (entropy: Entropy, extractable: boolean): Promise<Maker> => {
  const subtle = subtleCrypto()
  if (!subtle) return () => makeSeed(entropy)
  try {
    await makePairs(subtle, false)
    return () => makePairs(subtle, extractable)
  } catch {
    return () => makeSealed(subtle, entropy)
  }
}

const makePairs = async (subtle: SubtleCrypto, extractable: boolean): ReturnType<Maker> => {
  const sign = await subtle.generateKey(ED25519, extractable, ['sign', 'verify'])
  const box = await subtle.generateKey('X25519', extractable, ['deriveBits'])
  return { keys: await keysOfPairs(subtle, sign, box), record: { sign, box } }
}

const keysOfPairs = async (subtle: SubtleCrypto, sign: CryptoKeyPair, box: CryptoKeyPair): Promise<DeviceKeys> => ({
  device: DeviceId.fromBytes(new Uint8Array(await subtle.exportKey('raw', sign.publicKey))),
  box: new Uint8Array(await subtle.exportKey('raw', box.publicKey)),
  sign: (label, message) => signNatively(sign.privateKey, label, message),
  agree: agreerOfKey(box.privateKey),
})

const makeSealed = async (subtle: SubtleCrypto, entropy: Entropy): ReturnType<Maker> => {
  const seed = entropy.bytes(SEED_LENGTH)
  const seal = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  const nonce = entropy.bytes(12)
  const sealed = await subtle.encrypt({ name: 'AES-GCM', iv: unshared(nonce) }, seal, unshared(seed))
  return { keys: await seededKeys(seed), record: { seal, nonce, sealed: new Uint8Array(sealed) } }
}

/** A record of any of the three forms; `undefined` for anything else. */
const readRecord = async (record: unknown): Promise<DeviceKeys | undefined> => {
  if (record instanceof Uint8Array) return record.length === SEED_LENGTH ? seededKeys(record) : undefined
  const subtle = subtleCrypto()
  if (!subtle || typeof record !== 'object' || record === null) return undefined
  const { sign, box, seal, nonce, sealed } = record as Record<string, unknown>
  try {
    if (isPair(sign) && isPair(box)) return await keysOfPairs(subtle, sign, box)
    if (!(seal instanceof CryptoKey) || !(nonce instanceof Uint8Array) || !(sealed instanceof Uint8Array))
      return undefined
    const seed = await subtle.decrypt({ name: 'AES-GCM', iv: unshared(nonce) }, seal, unshared(sealed))
    return await seededKeys(new Uint8Array(seed))
  } catch {
    return undefined
  }
}

const isPair = (value: unknown): value is CryptoKeyPair => {
  const { publicKey, privateKey } = (value ?? {}) as Record<string, unknown>
  return publicKey instanceof CryptoKey && privateKey instanceof CryptoKey
}
