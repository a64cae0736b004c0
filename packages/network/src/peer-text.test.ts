import { peerIdFromString } from '@libp2p/peer-id'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { passingIdentity } from './identity.ts'
import { MAX_PEER_BYTES, peerIdBytes, peerIdText } from './peer-text.ts'

const someSeed = fc.uint8Array({ minLength: 32, maxLength: 32 })

test('a peer id goes to bytes and back, as libp2p has it', () =>
  fc.assert(
    fc.asyncProperty(someSeed, async (seed) => {
      const { peer } = await passingIdentity({ bytes: () => seed })
      const bytes = peerIdBytes(peer)
      expect(bytes).toEqual(peerIdFromString(peer).toMultihash().bytes)
      expect(peerIdText(bytes)).toBe(peer)
    }),
    { numRuns: 20 },
  ))

test('an RSA peer id, as public relays have, is one too', () => {
  const peer = 'QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC'
  expect(peerIdText(peerIdBytes(peer))).toBe(peer)
})

test('whatever bytes or text: a peer id that goes back to the same, or undefined', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const text = peerIdText(bytes)
      if (text !== undefined) expect(peerIdBytes(text)).toEqual(bytes)
    }),
  )
  fc.assert(
    fc.property(fc.oneof(fc.string({ maxLength: 100 }), fc.anything()), (text) => {
      const bytes = peerIdBytes(text)
      if (bytes !== undefined) expect([peerIdText(bytes), bytes.length <= MAX_PEER_BYTES]).toEqual([text, true])
    }),
  )
})
