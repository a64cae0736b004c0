import { GroupId, toHex } from '@auzolan/core'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  checkProof,
  entranceKey,
  handshakeTag,
  makeProof,
  TAG_LENGTH,
  type Nonces,
  type PeerNames,
} from './handshake.ts'
import { seededKeys, type DeviceKeys } from './keys.ts'
import { openVerifier, type Verifier } from './verifier.ts'

const filled = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill)
const group = GroupId.fromBytes(filled(32, 1))
const other = GroupId.fromBytes(filled(32, 2))
const plain = filled(32, 6)
const nonces: Nonces = [filled(32, 3), filled(32, 4)]
const swapped: Nonces = [nonces[1], nonces[0]]
const peers: PeerNames = ['12D3KooWopener', '12D3KooWaccepter']

let keys: DeviceKeys
let verifier: Verifier
beforeAll(async () => {
  keys = await seededKeys(filled(32, 1))
  verifier = await openVerifier()
})

describe('a tag', () => {
  test('is the same for both ends and differs in everything it stands for', () => {
    const tags = [
      handshakeTag(plain, 'opener', nonces, peers),
      handshakeTag(plain, 'accepter', nonces, peers),
      handshakeTag(entranceKey(other, filled(32, 5)), 'opener', nonces, peers),
      handshakeTag(entranceKey(group, filled(32, 5)), 'opener', nonces, peers),
      handshakeTag(plain, 'opener', swapped, peers),
      handshakeTag(plain, 'opener', nonces, ['12D3KooWopener', '12D3KooWother']),
    ]
    expect(new Set(tags.map(toHex)).size).toBe(tags.length)
    expect(tags.every(({ length }) => length === TAG_LENGTH)).toBe(true)
    expect(handshakeTag(plain, 'opener', nonces, peers)).toEqual(tags[0])
  })
})

describe('a proof', () => {
  test('holds for its own connection, role and group only', async () => {
    const proof = await makeProof(keys, group, 'opener', nonces, peers)
    expect(await checkProof(verifier, keys.device, proof, group, 'opener', nonces, peers)).toBe(true)
    expect(await checkProof(verifier, keys.device, proof, group, 'accepter', nonces, peers)).toBe(false)
    expect(await checkProof(verifier, keys.device, proof, other, 'opener', nonces, peers)).toBe(false)
    expect(await checkProof(verifier, keys.device, proof, group, 'opener', swapped, peers)).toBe(false)
    expect(await checkProof(verifier, keys.device, proof, group, 'opener', nonces, [peers[1], peers[0]])).toBe(false)
    const stranger = await seededKeys(filled(32, 2))
    expect(await checkProof(verifier, stranger.device, proof, group, 'opener', nonces, peers)).toBe(false)
  })
})
