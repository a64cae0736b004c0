import { concatBytes, DeviceId, type GroupId, type Instant, toHex } from '@auzolan/core'
import {
  checkRun,
  encodeCbor,
  encodeControl,
  encodeRun,
  itemTypes,
  openVerifier,
  readRun,
  type Run,
  runOf,
  seededKeys,
  signEntry,
  startFeed,
  type Entry,
} from '@auzolan/trust'
import fc from 'fast-check'
import { deflateSync } from 'fflate'
import { beforeAll, describe, expect, test } from 'vitest'
import { seal, unseal } from './sealed.ts'
import { decodeSegment, encodeSegment } from './segment.ts'
import { joinRuns, sliceRun } from './slice.ts'

let run: Run
let group: GroupId
beforeAll(async () => {
  const keys = await seededKeys(new Uint8Array(32).fill(1))
  const entries: Entry[] = []
  let tip = startFeed(keys.device)
  const founders = [{ device: keys.device, box: keys.box, name: 'Ada', cosign: null }]
  const bytes = encodeControl({
    kind: 'found',
    name: 'Elm',
    purpose: '',
    founders,
    continues: null,
    nonce: new Uint8Array(16),
  })
  const founding = await signEntry(tip, 'founding', keys, {
    at: 1 as Instant,
    heads: [],
    items: [{ type: itemTypes.control, bytes }],
  })
  group = founding.group
  entries.push(founding.entry)
  tip = founding.tip
  for (let at = 2; at <= 24; at++) {
    const text = { type: itemTypes.text, bytes: new TextEncoder().encode(`message ${at} `.repeat(at % 5)) }
    const statement = { type: itemTypes.statement, bytes: new Uint8Array(at * 90).fill(at) }
    const signed = await signEntry(tip, group, keys, {
      at: at as Instant,
      heads: [founding.entry.id!],
      items: at % 3 ? [statement, text] : [statement],
    })
    entries.push(signed.entry)
    tip = signed.tip
  }
  run = runOf(entries)
})

describe('a segment', () => {
  test('holds the run it was made of', () => {
    expect(decodeSegment(encodeSegment(run))).toEqual({ ok: true, value: run })
  })

  test('with one bit turned is refused or is a run, and never throws', () => {
    const bytes = encodeSegment(run)
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const bad = bytes.slice()
        bad[bit >> 3]! ^= 1 << (bit & 7)
        decodeSegment(bad)
        expect(unseal(concatBytes(bad, seal(bytes).subarray(bytes.length)))).toBeUndefined()
      }),
      { numRuns: 300 },
    )
  })

  test('that inflates to more than it claims, or claims more than a run may hold, is refused', () => {
    const device = DeviceId.toBytes(run.device)
    const bomb = (claimed: number) =>
      encodeCbor([1, device, 1, 1, claimed, deflateSync(new Uint8Array(50_000_000)), new Uint8Array(64)])
    expect(decodeSegment(bomb(1000))).toMatchObject({ ok: false })
    expect(decodeSegment(bomb(1_000_000))).toMatchObject({ ok: false })
    expect(decodeSegment(bomb(50_000_000))).toMatchObject({
      ok: false,
      error: { detail: 'claims more than a run may hold' },
    })
  })

  test('of random bytes is refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(decodeSegment(bytes).ok).toBe(false)
      }),
    )
  })
})

describe('runs', () => {
  test('cut anywhere and joined are what they were', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 2, max: 24 })), (cuts) => {
        const starts = [1, ...cuts.sort((left, right) => left - right)]
        const parts = starts.map((from, at) => sliceRun(run, from, (starts[at + 1] ?? 25) - 1))
        expect(parts.every((part) => readRun(group, part).ok)).toBe(true)
        expect(joinRuns(parts).map((whole) => toHex(encodeRun(whole)))).toEqual([toHex(encodeRun(run))])
      }),
      { numRuns: 30 },
    )
  })

  test('are checked the same in parts as whole', async () => {
    const verifier = await openVerifier()
    const first = await checkRun(startFeed(run.device), group, sliceRun(run, 1, 10), verifier)
    const rest = first.ok && (await checkRun(first.value.tip, group, sliceRun(run, 11), verifier))
    const whole = await checkRun(startFeed(run.device), group, run, verifier)
    expect(rest && rest.ok && whole.ok && rest.value.tip.chain).toEqual(whole.ok && whole.value.tip.chain)
  })

  test('with a gap between them are not joined, nor ones whose texts are too much for a segment', () => {
    expect(joinRuns([sliceRun(run, 1, 3), sliceRun(run, 5, 7)])).toHaveLength(2)
    const long = { ...sliceRun(run, 2, 2), bodies: [new Uint8Array(16_000)] }
    const many = Array.from({ length: 100 }, (_, at) => ({ ...long, from: 2 + at }))
    const joined = joinRuns(many)
    expect(joined.length).toBeGreaterThan(5)
    for (const each of joined) expect(decodeSegment(encodeSegment(each)).ok).toBe(true)
  })
})
