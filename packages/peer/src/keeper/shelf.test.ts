import type { ControlId, Instant } from '@auzolan/core'
import { MemoryDisk, openMemoryStore } from '@auzolan/storage'
import { EpochKeys, openVerifier, sealPack } from '@auzolan/trust'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_SHELF_PACKS, MAX_SUCCESSORS } from './limits.ts'
import { decodeKeepMessage, encodeKeepMessage, type KeepMessage } from './messages.ts'
import { Shelf } from './shelf.ts'

const now = 1_800_000_000_000 as Instant
let drawn = 0
const entropy = { bytes: (length: number) => new Uint8Array(length).map((_, at) => at + (drawn += 1)) }
const epochOf = (fill: number): EpochKeys =>
  new EpochKeys(fill.toString(16).padStart(2, '0').repeat(32) as ControlId, new Uint8Array(32).fill(fill))
const [ours, later, strangers] = [epochOf(1), epochOf(2), epochOf(9)]
const packBy = (keys: EpochKeys, content = 'hello'): Promise<Uint8Array> =>
  sealPack(keys, new TextEncoder().encode(content), now, entropy)

const openShelf = async (disk = new MemoryDisk()) => {
  const parts = { store: openMemoryStore(disk), verifier: await openVerifier(), clock: { now: () => now }, entropy }
  return { parts, shelf: await Shelf.make(parts, [ours.relayKey()]) }
}

describe('what is kept for one group', () => {
  test('is only what somebody signed with a relay key that is known', async () => {
    const { shelf } = await openShelf()
    expect(await shelf.put(null, await packBy(strangers))).toBe('stranger')
    expect(await shelf.put(null, new Uint8Array(300))).toBe('not signed')
    expect(await shelf.put(ours.relayKey(), await packBy(ours))).toBe('not signed')
    expect(await shelf.put(strangers.relayKey(), await packBy(ours))).toBe('stranger')
    expect(shelf.packs).toBe(0)
    expect(await shelf.put(null, await packBy(ours))).toBe(1)
    expect(shelf.packs).toBe(1)
  })

  test('lies there once, in the order in which it came, and still after the keeper was off', async () => {
    const { shelf, parts } = await openShelf()
    const [one, two] = [await packBy(ours, 'one'), await packBy(ours, 'two')]
    expect([await shelf.put(null, one), await shelf.put(null, two), await shelf.put(null, one)]).toEqual([1, 2, 1])
    const [again] = await Shelf.openAll(parts)
    expect(again?.id).toEqual(shelf.id)
    expect(await again?.next(0)).toEqual({ at: 1, relay: null, bytes: one })
    expect(await again?.next(1)).toEqual({ at: 2, relay: null, bytes: two })
    expect(await again?.next(2)).toBeUndefined()
    expect(await again?.put(null, await packBy(ours, 'three'))).toBe(3)
  })

  test('goes on under a key that a known one names, and one names no more than a few', async () => {
    const { shelf } = await openShelf()
    expect(await shelf.adopt(strangers.relayKey(), later.relayKey())).toBe('stranger')
    expect(await shelf.adopt(ours.relayKey(), later.relayKey())).toBeUndefined()
    expect(await shelf.put(null, await packBy(later))).toBe(1)
    for (let named = 1; named < MAX_SUCCESSORS; named++)
      expect(await shelf.adopt(ours.relayKey(), epochOf(20 + named).relayKey())).toBeUndefined()
    expect(await shelf.adopt(ours.relayKey(), epochOf(40).relayKey())).toBe('too many keys')
    expect(await shelf.adopt(later.relayKey(), epochOf(40).relayKey())).toBeUndefined()
  })

  test('is crowded out by nobody: who has the most there gives way', async () => {
    const { shelf, parts } = await openShelf()
    await shelf.adopt(ours.relayKey(), later.relayKey())
    expect(await shelf.put(null, await packBy(ours, 'kept'))).toBe(1)
    const many = Array.from({ length: MAX_SHELF_PACKS }, (_, at) => at)
    // As a keeper that has them opens them again: signing as many takes long and shows nothing more.
    const index = await parts.store.get(['index', shelf.name, 1])
    const [relay] = [later.relayKey()]
    await parts.store.write(
      many.map((at) => ({
        do: 'put' as const,
        key: ['index', shelf.name, at + 2],
        value: Uint8Array.from(index!.map((byte, place) => (place >= 3 && place < 35 ? relay[place - 3]! : byte))),
      })),
      { durability: 'relaxed' },
    )
    const [again] = await Shelf.openAll(parts)
    await again!.put(null, await packBy(later, 'one more'))
    expect(again!.packs).toBe(MAX_SHELF_PACKS)
    expect((await again!.next(0))?.at).toBe(1)
  })
})

test('what a device and a keeper say is read as it was said, and whatever bytes never throw', () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
  const number = fc.nat(63)
  const said: fc.Arbitrary<KeepMessage> = fc.oneof(
    fc.record({ say: fc.constant('desk' as const), nonce: bytes(32) }),
    fc.record({
      say: fc.constant('enter' as const),
      number,
      proofs: fc.array(fc.record({ relay: bytes(32), signature: bytes(64) }), { minLength: 1, maxLength: 8 }),
    }),
    fc.record({
      say: fc.constant('pack' as const),
      number,
      at: fc.nat(),
      relay: fc.option(bytes(32)),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 400 }),
    }),
    fc.record({ say: fc.constantFrom('out' as const, 'end' as const, 'news' as const), number }),
  )
  fc.assert(
    fc.property(said, fc.uint8Array({ maxLength: 200 }), (message, noise) => {
      expect(decodeKeepMessage(encodeKeepMessage(message))).toEqual({ ok: true, value: message })
      decodeKeepMessage(noise)
    }),
  )
})
