import { ed25519 } from '@noble/curves/ed25519.js'
import { DeviceId, fromHex, toHex } from '@auzolan/core'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { withLabel } from './digest.ts'
import { openKeyStore, seededKeys, type SecretsLike } from './keys.ts'
import { vectors } from './verifier-vectors.ts'
import { openVerifier, verifyByLaw } from './verifier.ts'

const message = Uint8Array.of(1, 2, 3)
const seed = new Uint8Array(32).fill(7)
let drawn = 0
const entropy = { bytes: (length: number) => new Uint8Array(length).fill(++drawn) }

const memory = (keeps?: 'keys' | 'bytes'): SecretsLike & { readonly held: Map<string, unknown> } => {
  const held = new Map<string, unknown>()
  return {
    ...(keeps ? { keeps } : {}),
    held,
    get: (name) => Promise.resolve(held.get(name)),
    put: (name, value) => Promise.resolve(void held.set(name, value)),
    remove: (name) => Promise.resolve(void held.delete(name)),
  }
}

const { subtle } = globalThis.crypto
const getRandomValues = globalThis.crypto.getRandomValues.bind(globalThis.crypto)
/** Pages served over plain http have randomness and nothing else. */
const withoutSubtle = () => vi.stubGlobal('crypto', { getRandomValues })
/** A platform whose WebCrypto knows AES and SHA but not Curve25519. */
const withoutCurves = () =>
  vi.stubGlobal('crypto', {
    getRandomValues,
    subtle: {
      generateKey: (algorithm: unknown, extractable: boolean, usages: KeyUsage[]) =>
        typeof algorithm === 'string'
          ? Promise.reject(new Error('NotSupportedError'))
          : subtle.generateKey(algorithm as AesKeyGenParams, extractable, usages),
      importKey: () => Promise.reject(new Error('NotSupportedError')),
      encrypt: subtle.encrypt.bind(subtle),
      decrypt: subtle.decrypt.bind(subtle),
    },
  })
afterEach(() => void vi.unstubAllGlobals())

const platforms = [
  ['everything in WebCrypto', () => undefined],
  ['no curves in WebCrypto', withoutCurves],
  ['no WebCrypto', withoutSubtle],
] as const

describe.each(platforms)('with %s', (_, arrange) => {
  test('the same seed gives the same keys and signatures', async () => {
    const before = await seededKeys(seed)
    const signature = await before.sign('auzolan/sign/hello/1', message)
    arrange()
    const keys = await seededKeys(seed)
    expect([keys.device, keys.box]).toEqual([before.device, before.box])
    expect(await keys.sign('auzolan/sign/hello/1', message)).toEqual(signature)
  })

  test.each(['keys', 'bytes', undefined] as const)(
    'a store that keeps %s gives back the device it made, and forgets it',
    async (keeps) => {
      arrange()
      const secrets = memory(keeps)
      const made = await (await openKeyStore(secrets, entropy)).create()
      const store = await openKeyStore(secrets, entropy)
      const opened = await store.open(made.device)
      expect([opened?.device, opened?.box]).toEqual([made.device, made.box])
      const signature = (await opened?.sign('auzolan/sign/entry/1', message)) as Uint8Array
      expect(verifyByLaw(signature, withLabel('auzolan/sign/entry/1', message), DeviceId.toBytes(made.device))).toBe(
        true,
      )
      await store.forget(made.device)
      expect(await store.open(made.device)).toBeUndefined()
    },
  )

  test('a verifier accepts honest signatures under their own label only', async () => {
    arrange()
    const verifier = await openVerifier()
    const keys = await seededKeys(seed)
    const signature = await keys.sign('auzolan/sign/entry/1', message)
    expect(await verifier.verify(signature, 'auzolan/sign/entry/1', message, keys.device)).toBe(true)
    expect(await verifier.verify(signature, 'auzolan/sign/entry/1', message, DeviceId.toBytes(keys.device))).toBe(true)
    expect(await verifier.verify(signature, 'auzolan/sign/hello/1', message, keys.device)).toBe(false)
    expect(await verifier.verify(signature.subarray(1), 'auzolan/sign/entry/1', message, keys.device)).toBe(false)
    expect(
      await verifier.verify(signature, 'auzolan/sign/entry/1', message, (await seededKeys(message32)).device),
    ).toBe(false)
  })
})

const message32 = new Uint8Array(32).fill(1)

describe('keys kept by the platform', () => {
  test('cannot be taken out', async () => {
    const secrets = memory('keys')
    const { device } = await (await openKeyStore(secrets, entropy)).create()
    const record = secrets.held.get(`device/${device}`) as { sign: CryptoKeyPair; box: CryptoKeyPair }
    for (const { privateKey } of [record.sign, record.box]) {
      expect(privateKey.extractable).toBe(false)
      await expect(subtle.exportKey('pkcs8', privateKey)).rejects.toThrow()
    }
  })

  test('that are a seed are sealed where the platform can', async () => {
    withoutCurves()
    const secrets = memory('keys')
    const { device } = await (await openKeyStore(secrets, entropy)).create()
    const { seal, sealed } = secrets.held.get(`device/${device}`) as { seal: CryptoKey; sealed: Uint8Array }
    expect([seal.extractable, sealed.length]).toEqual([false, 48])
  })

  test('that are damaged or of another device are not opened', async () => {
    const secrets = memory()
    const store = await openKeyStore(secrets, entropy)
    const { device } = await store.create()
    for (const record of [
      undefined,
      null,
      7,
      'text',
      new Uint8Array(31),
      message32,
      {},
      { sign: {}, box: {} },
      { seal: 1 },
    ]) {
      await secrets.put(`device/${device}`, record)
      expect(await store.open(device)).toBeUndefined()
    }
  })
})

const withVerify = (
  verify: (algorithm: unknown, key: unknown, signature: Uint8Array, signed: Uint8Array) => Promise<boolean>,
) => vi.stubGlobal('crypto', { getRandomValues, subtle: { importKey: () => Promise.resolve({}), verify } })

const bytes = (hex: string): Uint8Array => fromHex(hex) as Uint8Array

describe('one verdict', () => {
  test.each(vectors)('$name: $law', (vector) => {
    expect(verifyByLaw(bytes(vector.signature), bytes(vector.message), bytes(vector.key))).toBe(vector.law)
  })

  test('a platform that accepts more than the law is not asked', async () => {
    withVerify(() => Promise.resolve(true))
    const verifier = await openVerifier()
    expect(verifier.native).toBe(false)
    const { device } = await seededKeysByLaw()
    expect(await verifier.verify(new Uint8Array(64), 'auzolan/sign/entry/1', message, device)).toBe(false)
  })

  test('a platform that accepts less is asked, and overruled', async () => {
    const honest = vectors.find(({ name }) => name === 'honest')
    withVerify((_, __, signature, signed) =>
      Promise.resolve(honest?.signature === toHex(signature) && honest.message === toHex(signed)),
    )
    const verifier = await openVerifier()
    expect(verifier.native).toBe(true)
    const { device, sign } = await seededKeysByLaw()
    expect(
      await verifier.verify(await sign('auzolan/sign/entry/1', message), 'auzolan/sign/entry/1', message, device),
    ).toBe(true)
  })

  test('a good key is a canonical point of prime order', async () => {
    const verifier = await openVerifier()
    const good = vectors.filter(({ key }) => verifier.goodKey(bytes(key))).map(({ name }) => name)
    expect(good).toEqual(['honest', 'S plus the order', 'S off by one', 'another message', 'R with torsion'])
    expect(verifier.goodKey(new Uint8Array(31))).toBe(false)
    expect(verifier.goodKey(DeviceId.toBytes((await seededKeys(seed)).device))).toBe(true)
  })
})

const seededKeysByLaw = () => {
  const secret = new Uint8Array(32).fill(3)
  return Promise.resolve({
    device: DeviceId.fromBytes(ed25519.getPublicKey(secret)),
    sign: (label: 'auzolan/sign/entry/1', signed: Uint8Array) =>
      Promise.resolve(ed25519.sign(withLabel(label, signed), secret)),
  })
}
