import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { describe, expect, test } from 'vitest'
import { type IdentityStore, openIdentity } from './identity.ts'

const memoryStore = (keeps: 'keys' | 'bytes'): IdentityStore & { readonly kept: Map<string, unknown> } => {
  const kept = new Map<string, unknown>()
  return {
    keeps,
    kept,
    get: async (name) => kept.get(name),
    put: async (name, value) => void kept.set(name, value),
  }
}
const entropy = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) }
const message = new TextEncoder().encode('who I am')

describe.each(['keys', 'bytes'] as const)('an identity where %s can be kept', (keeps) => {
  test('is made once and the same ever after', async () => {
    const store = memoryStore(keeps)
    const first = await openIdentity(store, entropy)
    const second = await openIdentity(store, entropy)
    expect(second.peer).toBe(first.peer)
    expect(peerIdFromPrivateKey(first.privateKey).toString()).toBe(first.peer)
    const signature = await second.privateKey.sign(message)
    expect(await first.privateKey.publicKey.verify(message, signature)).toBe(true)
    expect(second.privateKey.equals(first.privateKey)).toBe(true)
    expect((await openIdentity(memoryStore(keeps), entropy)).peer).not.toBe(first.peer)
  })
})

test('a kept key cannot be exported', async () => {
  const store = memoryStore('keys')
  const { privateKey } = await openIdentity(store, entropy)
  expect(() => privateKey.raw).toThrow('cannot leave')
  const [pair] = [...store.kept.values()] as CryptoKeyPair[]
  if (!pair) throw new Error('nothing was kept')
  await expect(crypto.subtle.exportKey('pkcs8', pair.privateKey)).rejects.toThrow()
})

test('something else in its place is an error, not a new identity', async () => {
  const store = memoryStore('bytes')
  await openIdentity(store, entropy)
  for (const name of store.kept.keys()) store.kept.set(name, new Uint8Array(5))
  await expect(openIdentity(store, entropy)).rejects.toThrow('no key')
})
