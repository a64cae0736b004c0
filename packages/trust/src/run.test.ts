import type { ControlId, GroupId, Instant } from '@auzolan/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { checkRun } from './check-run.ts'
import { itemTypes, entryId, type Entry, type ItemDraft } from './entry.ts'
import { signEntry, startFeed, type FeedTip } from './feed.ts'
import { seededKeys, type DeviceKeys } from './keys.ts'
import { decodeRun, encodeRun, runOf, type Run } from './run.ts'
import { openVerifier, type Verifier } from './verifier.ts'

let keys: DeviceKeys
let verifier: Verifier
beforeAll(async () => {
  keys = await seededKeys(new Uint8Array(32).fill(7))
  verifier = await openVerifier()
})

const now = 1_800_000_000_000 as Instant
const control = (length: number): ItemDraft => ({ type: itemTypes.control, bytes: new Uint8Array(length).fill(1) })
const statement = (fill: number, length = 40): ItemDraft => ({ type: itemTypes.statement, bytes: new Uint8Array(length).fill(fill) })
const text = (words: string): ItemDraft => ({ type: itemTypes.text, bytes: new TextEncoder().encode(words) })

/** A founder's feed: the founding entry, then one entry for each list of items. */
const write = async (lists: readonly (readonly ItemDraft[])[]): Promise<{ group: GroupId; entries: Entry[]; tip: FeedTip }> => {
  const founded = await signEntry(startFeed(keys.device), 'founding', keys, { at: now, heads: [], items: [control(20)] })
  const entries = [founded.entry]
  let { tip } = founded
  let heads = [founded.entry.id as ControlId]
  for (const items of lists) {
    const signed = await signEntry(tip, founded.group, keys, { at: now, heads, items })
    entries.push(signed.entry)
    tip = signed.tip
    if (signed.entry.id) heads = [signed.entry.id]
  }
  return { group: founded.group, entries, tip }
}

const travelled = (run: Run): Run => {
  const decoded = decodeRun(encodeRun(run))
  if (!decoded.ok) throw new Error(decoded.error.detail)
  return decoded.value
}

describe('a run', () => {
  test('comes out as the entries that were signed', async () => {
    const lists = Array.from({ length: 300 }, (_, at) => (at % 50 === 20 ? [control(300)] : [statement(at % 256), text(`words ${at}`)]))
    const { group, entries, tip } = await write([[control(5000)], [statement(1, 40_000)], ...lists, [statement(9, 70_000)], [statement(3)]])
    const checked = await checkRun(startFeed(keys.device), group, travelled(runOf(entries)), verifier)
    if (!checked.ok) throw new Error(checked.error.detail)
    expect(checked.value.tip.chain).toEqual(tip.chain)
    expect(checked.value.tip.blockBytes).toBe(tip.blockBytes)
    expect(checked.value.entries.map((entry) => [entry.seq, entry.id, entry.heads, entryId(entry)])).toEqual(
      entries.map((entry) => [entry.seq, entry.id, entry.heads, entryId(entry)]),
    )
    expect(checked.value.entries.map((entry) => entry.items.map((item) => item.bytes))).toEqual(
      entries.map((entry) => entry.items.map((item) => item.bytes)),
    )
  })
})
