import type { Entropy } from '@auzolan/core'
import { generateKeyPairFromSeed, publicKeyFromRaw } from '@libp2p/crypto/keys'
import type { Ed25519PrivateKey, PrivateKey } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'

/** Where this installation's key is kept: what storage calls its secrets. */
export interface IdentityStore {
  readonly keeps: 'keys' | 'bytes'
  get(name: string): Promise<unknown>
  put(name: string, value: unknown): Promise<void>
}

/** This installation on the network. It stands for a device, never for a person. */
export interface Identity {
  /** libp2p peer id as text. */
  readonly peer: string
  readonly privateKey: PrivateKey
}

const KEY_NAME = 'network-identity'
const SEED_BYTES = 32

/**
 * The key of this installation, made on first use. Where keys can be kept it is a pair nobody can export,
 * otherwise a seed of 32 bytes. What is kept but is no key is an error, never replaced: the network id would change unnoticed.
 */
export const openIdentity = async (secrets: IdentityStore, entropy: Entropy): Promise<Identity> => {
  const kept = await secrets.get(KEY_NAME)
  if (kept instanceof Uint8Array && kept.length === SEED_BYTES) return fromSeed(kept)
  if (isKeyPair(kept)) return fromKeyPair(kept)
  if (kept !== undefined) throw new Error('what is kept as the network identity is no key')
  const pair = secrets.keeps === 'keys' ? await generatedPair() : undefined
  if (pair) {
    await secrets.put(KEY_NAME, pair)
    return fromKeyPair(pair)
  }
  const seed = entropy.bytes(SEED_BYTES)
  await secrets.put(KEY_NAME, seed)
  return fromSeed(seed)
}

/** An identity that is gone with the page: for tests, and for a page that must not keep one. */
export const passingIdentity = (entropy: Entropy): Promise<Identity> => fromSeed(entropy.bytes(SEED_BYTES))

const fromSeed = async (seed: Uint8Array): Promise<Identity> =>
  identityOf(await generateKeyPairFromSeed('Ed25519', seed))

/** `undefined` where the platform has no Ed25519 or no WebCrypto (a page on plain http). */
const generatedPair = async (): Promise<CryptoKeyPair | undefined> => {
  try {
    return await crypto.subtle.generateKey({ name: 'Ed25519' }, false, ['sign', 'verify'])
  } catch {
    return undefined
  }
}

const fromKeyPair = async ({ privateKey, publicKey }: CryptoKeyPair): Promise<Identity> => {
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey))
  const key = publicKeyFromRaw(raw)
  if (key.type !== 'Ed25519') throw new Error('what is kept as the network identity is no Ed25519 key')
  const unexported: Ed25519PrivateKey = {
    type: 'Ed25519',
    publicKey: key,
    get raw(): Uint8Array {
      throw new Error('the network key cannot leave the key store')
    },
    equals: (other?: { publicKey?: unknown }) => key.equals(other?.publicKey),
    sign: async (data, options) => {
      const signature = await crypto.subtle.sign({ name: 'Ed25519' }, privateKey, contiguous(data))
      options?.signal?.throwIfAborted()
      return new Uint8Array(signature)
    },
  }
  return identityOf(unexported)
}

const identityOf = (privateKey: PrivateKey): Identity => ({
  peer: peerIdFromPrivateKey(privateKey).toString(),
  privateKey,
})

const contiguous = (data: { subarray(): Uint8Array }): Uint8Array<ArrayBuffer> => new Uint8Array(data.subarray())

const isKeyPair = (kept: unknown): kept is CryptoKeyPair =>
  typeof kept === 'object' &&
  kept !== null &&
  'privateKey' in kept &&
  'publicKey' in kept &&
  kept.privateKey instanceof CryptoKey &&
  kept.publicKey instanceof CryptoKey
