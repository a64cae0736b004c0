import type { ControlId, GroupId, Instant } from '@auzolan/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EpochKeys } from './epoch.ts'
import { seededKeys } from './keys.ts'
import { checkPack, checkPackKeys, encodePackKeys, openPack, openPackKeys, packTag, sealPack } from './pack.ts'
import { openVerifier } from './verifier.ts'

const filled = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill)
const now = 1_800_000_000_000 as Instant
const group = '0a'.repeat(32) as GroupId
const epoch = '11'.repeat(32) as ControlId
const keys = new EpochKeys(epoch, filled(32, 1))
let drawn = 0
const entropy = { bytes: (length: number) => filled(length, (drawn += 1)) }
const must = <T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown },
): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

describe('a pack', () => {
  test('is opened by members of its epoch, and by nobody else', async () => {
    const verifier = await openVerifier()
    const content = filled(300, 7)
    const pack = must(await checkPack(await sealPack(keys, content, now, entropy), verifier))
    expect(openPack(pack, keys)).toEqual({ ok: true, value: content })
    for (const other of [
      new EpochKeys(epoch, filled(32, 2)),
      new EpochKeys('22'.repeat(32) as ControlId, filled(32, 1)),
    ])
      expect(openPack(pack, other)).toEqual({ ok: false, error: { type: 'another key' } })
  })

  test('with any byte changed is refused by who carries it', async () => {
    const verifier = await openVerifier()
    const pack = await sealPack(keys, filled(20, 7), now, entropy)
    for (let at = 0; at < pack.length; at++) {
      pack[at]! ^= 1 << (at & 7)
      expect((await checkPack(pack, verifier)).ok).toBe(false)
      pack[at]! ^= 1 << (at & 7)
    }
    expect((await checkPack(pack, verifier)).ok).toBe(true)
  })

  test('signed again by a carrier with a key of their own opens for nobody', async () => {
    const verifier = await openVerifier()
    const own = new EpochKeys(epoch, filled(32, 9))
    const forged = must(await checkPack(await sealPack(own, filled(20, 7), now, entropy), verifier))
    expect(openPack(forged, keys)).toEqual({ ok: false, error: { type: 'another key' } })
    expect(openPack({ ...forged, relay: keys.relayKey() }, keys)).toEqual({ ok: false, error: { type: 'damaged' } })
  })

  test('has a tag that changes weekly and says nothing of the group', () => {
    expect(packTag(keys, 1)).toEqual(packTag(keys, 1))
    expect(packTag(keys, 1)).not.toEqual(packTag(keys, 2))
    expect(packTag(keys, 1)).not.toEqual(packTag(new EpochKeys(epoch, filled(32, 2)), 1))
  })

  test('of whatever bytes never throws', async () => {
    const verifier = await openVerifier()
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        expect((await checkPack(bytes, verifier)).ok).toBe(false)
        expect(await checkPackKeys(bytes, keys.relayKey(), verifier)).toBeUndefined()
      }),
      { numRuns: 300 },
    )
  })
})

describe('the key in a file', () => {
  test('is for the devices it was wrapped to', async () => {
    const [ane, benat, stranger] = await Promise.all([1, 2, 3].map((seed) => seededKeys(filled(32, seed))))
    const verifier = await openVerifier()
    const bytes = await encodePackKeys(group, { id: epoch, key: filled(32, 1), keys }, [ane!, benat!], entropy)
    const read = (await checkPackKeys(bytes, keys.relayKey(), verifier))!
    expect(read.epoch).toBe(epoch)
    expect(await openPackKeys(group, read, ane!)).toEqual(filled(32, 1))
    expect(await openPackKeys(group, read, benat!)).toEqual(filled(32, 1))
    expect(await openPackKeys(group, read, stranger!)).toBeUndefined()
    expect(await openPackKeys('0b'.repeat(32) as GroupId, read, ane!)).toBeUndefined()
    for (let at = 0; at < bytes.length; at += 3) {
      const changed = Uint8Array.from(bytes)
      changed[at]! ^= 1
      expect(await checkPackKeys(changed, keys.relayKey(), verifier)).toBeUndefined()
    }
  })
})
