import { concatBytes, ControlId, DeviceId, toHex, type GroupId, type Instant } from '@auzolan/core'
import fc from 'fast-check'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { decodeCbor } from './cbor.ts'
import { encodeCbor, type Cbor } from './cbor-writer.ts'
import { checkRun, type CheckOptions } from './check-run.ts'
import { labelled, sha256 } from './digest.ts'
import { entryId, entryLimits, headerBytes, itemTypes, statementId, type Entry, type ItemDraft } from './entry.ts'
import { BLOCK_BYTES, resumeFeed, signEntry, startFeed, type FeedTip } from './feed.ts'
import { seededKeys, type DeviceKeys } from './keys.ts'
import { checkEvidence, decodeEvidence, encodeEvidence, parseHeader, verifyEntryAlone } from './proof.ts'
import { readRun } from './read-run.ts'
import { decodeRun, encodeRun, runLimits, runOf, type Run } from './run.ts'
import { openVerifier, type Verifier } from './verifier.ts'

let keys: DeviceKeys
let verifier: Verifier
beforeAll(async () => {
  keys = await seededKeys(filled(32, 7))
  verifier = await openVerifier()
})
afterEach(() => void vi.unstubAllGlobals())

const filled = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill)
const now = 1_800_000_000_000 as Instant
const control = (length: number): ItemDraft => ({ type: itemTypes.control, bytes: filled(length, 1) })
const statement = (fill: number, length = 40): ItemDraft => ({ type: itemTypes.statement, bytes: filled(length, fill) })
const change = (length: number): ItemDraft => ({ type: itemTypes.change, bytes: filled(length, 2) })
const text = (words: string): ItemDraft => ({ type: itemTypes.text, bytes: new TextEncoder().encode(words) })

interface Written {
  readonly group: GroupId
  readonly entries: readonly Entry[]
  /** After each entry. */
  readonly tips: readonly FeedTip[]
}

/** A founder's feed: the founding entry, then one entry for each list of items. */
const write = async (lists: readonly (readonly ItemDraft[])[]): Promise<Written> => {
  const founded = await signEntry(startFeed(keys.device), 'founding', keys, {
    at: now,
    heads: [],
    items: [control(20)],
  })
  const entries = [founded.entry]
  const tips = [founded.tip]
  let heads = [founded.entry.id as ControlId]
  for (const items of lists) {
    const signed = await signEntry(tips.at(-1) as FeedTip, founded.group, keys, { at: now, heads, items })
    entries.push(signed.entry)
    tips.push(signed.tip)
    if (signed.entry.id) heads = [signed.entry.id]
  }
  return { group: founded.group, entries, tips }
}

const travelled = (run: Run): Run => {
  const decoded = decodeRun(encodeRun(run))
  if (!decoded.ok) throw new Error(decoded.error.detail)
  return decoded.value
}

const check = (tip: FeedTip, group: GroupId, run: Run, options?: CheckOptions) =>
  checkRun(tip, group, run, verifier, options)
const accept = async (tip: FeedTip, group: GroupId, run: Run, options?: CheckOptions) => {
  const checked = await check(tip, group, run, options)
  if (!checked.ok) throw new Error(`${checked.error.type}: ${checked.error.detail}`)
  return checked.value
}
const faultOf = async (tip: FeedTip, group: GroupId, run: Run): Promise<string> => {
  const checked = await check(tip, group, run)
  return checked.ok ? 'accepted' : checked.error.type
}

const brief = (bytes: Uint8Array | null): string | null => bytes && toHex(sha256(bytes))
/** What an entry says, written out; bytes by their digest, which is faster to compare. */
const contentOf = (entry: Entry) => ({
  id: entry.id,
  header: brief(headerBytes(entry)),
  signature: brief(entry.signature),
  packed: brief(entry.packed),
  items: entry.items.map(({ type, bytes, length }) => ({ type, bytes: brief(bytes), length })),
})
const stateOf = ({ device, seq, chain, heads, start, blockBytes }: FeedTip) => ({
  device,
  seq,
  chain,
  heads,
  start,
  blockBytes,
})

/** Entries of every kind, and blocks that end early, exactly and far beyond their size. */
const mixed = (): Promise<Written> =>
  write([
    [control(5000)],
    [statement(1, BLOCK_BYTES)],
    [change(100_000), change(5)],
    [statement(4)],
    ...Array.from({ length: 200 }, (_, at) =>
      at % 50 === 20 ? [control(300)] : [statement(at), text(`words ${at}`), statement(at, 500)],
    ),
    [statement(9, 70_000)],
    [statement(3), text('')],
  ])

describe('a run', () => {
  test('comes out as the entries that were signed, and ends where their author stood', async () => {
    const { group, entries, tips } = await mixed()
    const checked = await accept(startFeed(keys.device), group, travelled(runOf(entries)))
    expect(checked.entries.map(contentOf)).toEqual(entries.map(contentOf))
    expect(checked.entries.map(entryId)).toEqual(entries.map(entryId))
    expect(stateOf(checked.tip)).toEqual(stateOf(tips.at(-1) as FeedTip))
  })

  test('gives the same result in one piece or many, with WebCrypto or without', async () => {
    const { group, entries, tips } = await mixed()
    const getRandomValues = globalThis.crypto.getRandomValues.bind(globalThis.crypto)
    const native = await accept(startFeed(keys.device), group, runOf(entries))
    vi.stubGlobal('crypto', { getRandomValues })
    const plain = await accept(startFeed(keys.device), group, runOf(entries))
    expect(plain.entries.map(contentOf)).toEqual(native.entries.map(contentOf))
    vi.unstubAllGlobals()
    for (const piece of [1, 3, 50]) {
      let tip = startFeed(keys.device)
      for (let at = 0; at < entries.length; at += piece) {
        const checked = await accept(tip, group, travelled(runOf(entries.slice(at, at + piece))))
        tip = checked.tip
        expect(stateOf(tip)).toEqual(stateOf(tips[Math.min(at + piece, entries.length) - 1] as FeedTip))
      }
    }
  })

  test('is chained over blocks that end with the entry that fills them', async () => {
    const { entries, tips } = await write([
      [statement(1, BLOCK_BYTES - 200)],
      [statement(2)],
      [statement(3, 70_000)],
      [statement(4)],
    ])
    const room = BLOCK_BYTES - (tips[1] as FeedTip).blockBytes
    const { packed } = entries[2] as Entry
    const exact = await write([
      [statement(1, BLOCK_BYTES - 200 + room - packed.length)],
      [statement(2)],
      [statement(3)],
    ])
    expect(exact.tips.map(({ blockBytes }) => blockBytes)).toEqual([
      entries[0]?.packed.length,
      BLOCK_BYTES - packed.length,
      0,
      exact.entries[3]?.packed.length,
    ])
    for (const written of [entries, exact.entries]) {
      let start = labelled('auzolan/feed/1', DeviceId.toBytes(keys.device))
      let block = new Uint8Array()
      let chain = start
      for (const entry of written) {
        expect(toHex(entry.prev)).toBe(toHex(chain))
        block = concatBytes(block, entry.packed) as Uint8Array<ArrayBuffer>
        chain = sha256(start, block)
        if (block.length < BLOCK_BYTES) continue
        start = chain
        block = new Uint8Array()
      }
    }
    const { group, tips: ends } = exact
    expect(stateOf((await accept(startFeed(keys.device), group, runOf(exact.entries))).tip)).toEqual(
      stateOf(ends.at(-1) as FeedTip),
    )
  })

  test('goes on from a tip that was saved', async () => {
    const { group, entries, tips } = await mixed()
    for (const seq of [1, 2, 3, 4, 100, 204]) {
      const before = tips[seq - 1] as FeedTip
      const all = concatBytes(...entries.slice(0, seq).map(({ packed }) => packed))
      const resumed = resumeFeed(keys.device, before, all.subarray(all.length - before.blockBytes))
      expect(stateOf(resumed)).toEqual(stateOf(before))
      expect(stateOf((await accept(resumed, group, runOf(entries.slice(seq)))).tip)).toEqual(
        stateOf(tips.at(-1) as FeedTip),
      )
    }
  })

  test('needs only the signature at its tip, and gives ids to all where asked', async () => {
    const { group, entries } = await mixed()
    const run = runOf(entries)
    const signatures = run.signatures.slice()
    signatures.fill(0, 0, signatures.length - 64)
    const checked = await accept(startFeed(keys.device), group, { ...run, signatures }, { ids: 'all' })
    expect(checked.entries.map(({ id }) => id)).toEqual(entries.map(entryId))
    expect(checked.entries.map(({ signature }) => signature !== null)).toEqual(
      entries.map((_, at) => at === entries.length - 1),
    )
  })

  test('with a text withdrawn still holds, and says so', async () => {
    const { group, entries } = await write([[statement(1), text('said too soon')], [statement(2)]])
    const checked = await accept(startFeed(keys.device), group, travelled({ ...runOf(entries), bodies: [null] }))
    expect(checked.entries[1]?.items[1]).toMatchObject({ type: itemTypes.text, bytes: null, length: 13 })
    expect(runOf(checked.entries).bodies).toEqual([null])
    expect(checked.entries.map(entryId)).toEqual(entries.map(entryId))
  })

  test('is refused with the reason', async () => {
    const { group, entries, tips } = await write([[statement(1), text('hello')], [statement(2)], [statement(3)]])
    const start = startFeed(keys.device)
    const run = runOf(entries)
    const other = await seededKeys(filled(32, 8))
    const flip = (bytes: Uint8Array, at: number) => bytes.map((byte, place) => (place === at ? byte ^ 1 : byte))
    const faults = {
      gap: await faultOf(tips[0] as FeedTip, group, run),
      again: await faultOf(tips[3] as FeedTip, group, runOf(entries.slice(3))),
      device: await faultOf(startFeed(other.device), group, run),
      forged: await faultOf(startFeed(other.device), group, { ...run, device: other.device }),
      foreign: await faultOf(start, entryId(entries[1] as Entry) as string as GroupId, run),
      tip: await faultOf(start, group, { ...run, signatures: flip(run.signatures, run.signatures.length - 1) }),
      unsigned: await faultOf(start, group, { ...run, signatures: filled(256, 0) }),
      fewSignatures: await faultOf(start, group, { ...run, signatures: run.signatures.subarray(64) }),
      content: await faultOf(start, group, { ...run, packed: flip(run.packed, run.packed.length - 1) }),
      early: await faultOf(start, group, { ...run, packed: flip(run.packed, 20) }),
      body: await faultOf(start, group, { ...run, bodies: [new TextEncoder().encode('hallo')] }),
      bodyLength: await faultOf(start, group, { ...run, bodies: [filled(4, 1)] }),
      bodyMissing: await faultOf(start, group, { ...run, bodies: [] }),
      bodyExtra: await faultOf(start, group, { ...run, bodies: [...run.bodies, null] }),
      cut: await faultOf(start, group, { ...run, packed: run.packed.subarray(0, -1) }),
      longer: await faultOf(start, group, { ...run, packed: concatBytes(run.packed, filled(1, 0)) }),
      fewer: await faultOf(start, group, { ...run, count: 3, signatures: run.signatures.subarray(64) }),
      none: await faultOf(start, group, { ...run, count: 0, signatures: filled(0, 0) }),
    }
    expect(faults).toEqual({
      gap: 'gap',
      again: 'gap',
      device: 'key',
      forged: 'heads',
      foreign: 'heads',
      tip: 'signature',
      unsigned: 'signature missing',
      fewSignatures: 'signature missing',
      content: 'signature',
      early: 'heads',
      body: 'body',
      bodyLength: 'body',
      bodyMissing: 'body',
      bodyExtra: 'body',
      cut: 'cbor',
      longer: 'cbor',
      fewer: 'cbor',
      none: 'limit',
    })
  })

  test('read back from the own disk is taken without its signature', async () => {
    const { group, entries } = await write([[statement(1)]])
    const run = { ...runOf(entries), signatures: filled(128, 0) }
    expect(
      (await accept(startFeed(keys.device), group, run, { trusted: true })).entries.map(({ signature }) => signature),
    ).toEqual([null, null])
  })

  test('from the middle of a feed is read without the rest', async () => {
    const { group, entries } = await write([[statement(1)], [statement(2), text('hello')], [statement(3)]])
    const read = readRun(group, travelled(runOf(entries.slice(2))))
    if (!read.ok) throw new Error(read.error.detail)
    expect(read.value.map(({ seq, items }) => [seq, items.map(({ bytes }) => brief(bytes))])).toEqual(
      entries.slice(2).map(({ seq, items }) => [seq, items.map(({ bytes }) => brief(bytes))]),
    )
  })

  test('of entries that do not follow one another is never made', async () => {
    const { entries } = await write([[statement(1)], [statement(2)]])
    expect(() => runOf([])).toThrow()
    expect(() => runOf([entries[0] as Entry, entries[2] as Entry])).toThrow()
  })
})

describe('a packed entry', () => {
  const digest = filled(32, 1)
  const id = filled(32, 9)
  const carried = (type: number, length = 3): Cbor => [type, filled(length, 1)]
  const cases: readonly (readonly [string, Cbor, string])[] = [
    ['no list', 7, 'cbor'],
    ['two fields', [now, null], 'cbor'],
    ['a time before 1970', [-1, null, [carried(1)]], 'cbor'],
    ['heads as text', [now, 'heads', [carried(1)]], 'cbor'],
    ['no heads', [now, [], [carried(0)]], 'heads'],
    ['short heads', [now, [filled(31, 1)], [carried(1)]], 'cbor'],
    ['unsorted heads', [now, [filled(32, 2), filled(32, 1)], [carried(1)]], 'heads'],
    ['doubled heads', [now, [id, id], [carried(1)]], 'heads'],
    ['17 heads', [now, Array.from({ length: 17 }, (_, at) => filled(32, at)), [carried(1)]], 'heads'],
    ['no items', [now, null, []], 'limit'],
    ['257 items', [now, null, Array<Cbor>(257).fill(carried(1))], 'limit'],
    ['items as a map', [now, null, new Map()], 'cbor'],
    ['an unknown type', [now, null, [carried(4)]], 'item'],
    ['a text inside the chain', [now, null, [carried(1), carried(3)]], 'item'],
    ['a statement beside the chain', [now, null, [[1, digest, 3]]], 'item'],
    ['a text without its statement', [now, null, [[3, digest, 3]]], 'item'],
    ['a text after a text', [now, null, [carried(1), [3, digest, 0], [3, digest, 0]]], 'item'],
    ['a control item with another', [now, null, [carried(0), carried(1)]], 'item'],
    ['a control item behind another', [now, null, [carried(1), carried(0)]], 'item'],
    ['a control item too long', [now, null, [carried(0, entryLimits.control + 1)]], 'limit'],
    ['a change too long', [now, null, [carried(2, entryLimits.change + 1)]], 'limit'],
    ['a text too long', [now, null, [carried(1), [3, digest, entryLimits.text + 1]]], 'limit'],
    ['an entry too long', [now, null, [carried(2, 400_000), carried(2, 400_000)]], 'limit'],
    ['an item of four', [now, null, [[1, digest, 3, 4]]], 'cbor'],
    ['an item of text', [now, null, [[1, 'text']]], 'cbor'],
  ]

  test.each(cases)('with %s is refused', async (_, packed, type) => {
    const { group, tips } = await write([[statement(1)]])
    const bodies = [filled(0, 0)]
    const run: Run = {
      device: keys.device,
      from: 3,
      count: 1,
      packed: encodeCbor(packed),
      signatures: filled(64, 1),
      bodies,
    }
    expect(await faultOf(tips[1] as FeedTip, group, run)).toBe(type)
  })

  test('that repeats unchanged heads is refused', async () => {
    const { group, tips, entries } = await write([[statement(1)]])
    const packed = encodeCbor([now, [ControlId.toBytes(entries[0]?.id as ControlId)], [carried(1)]])
    const run = { device: keys.device, from: 3, count: 1, packed, signatures: filled(64, 1), bodies: [] }
    expect(await faultOf(tips[1] as FeedTip, group, run)).toBe('heads')
  })

  test('that leaves its heads out where none were written yet is refused, so that nobody founds twice', async () => {
    const { group, tips, entries } = await write([])
    const run = {
      device: keys.device,
      from: 1,
      count: 1,
      packed: encodeCbor([now, null, [carried(0)]]),
      signatures: filled(64, 1),
      bodies: [],
    }
    expect(await faultOf(startFeed(keys.device), group, run)).toBe('heads')
    expect(await faultOf(tips[0] as FeedTip, group, { ...run, from: 2 })).toBe('heads')
    const packed = concatBytes((entries[0] as Entry).packed, run.packed)
    expect(await faultOf(startFeed(keys.device), group, { ...run, count: 2, packed, signatures: filled(128, 1) })).toBe(
      'heads',
    )
  })

  test('outside the limits is not signed', async () => {
    const { group, tips, entries } = await write([])
    const heads = [entries[0]?.id as ControlId]
    const tip = tips[0] as FeedTip
    const drafts: (readonly ItemDraft[])[] = [
      [],
      [control(entryLimits.control + 1)],
      [text('alone')],
      [control(3), statement(1)],
      [change(400_000), change(400_000)],
    ]
    for (const items of drafts)
      await expect(signEntry(tip, group, keys, { at: now, heads, items })).rejects.toThrow(RangeError)
    await expect(signEntry(tip, group, keys, { at: now, heads: [], items: [statement(1)] })).rejects.toThrow(RangeError)
    await expect(signEntry(tip, 'founding', keys, { at: now, heads: [], items: [control(1)] })).rejects.toThrow(
      RangeError,
    )
  })
})

describe('hostile bytes', () => {
  test('with one bit changed a run is refused, or is the run it was', async () => {
    const { group, entries } = await write([
      [statement(1), text('hello')],
      [statement(2, 300)],
      [control(30)],
      [change(500)],
    ])
    const honest = encodeRun(runOf(entries))
    const expected = entries.map((entry) => brief(headerBytes(entry)))
    await fc.assert(
      fc.asyncProperty(fc.nat(honest.length * 8 - 1), async (bit) => {
        const bytes = honest.slice()
        bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7))
        const decoded = decodeRun(bytes)
        if (!decoded.ok) return
        const checked = await check(startFeed(keys.device), group, decoded.value)
        // Signatures before the tip are not part of what is vouched for.
        if (checked.ok) expect(checked.value.entries.map((entry) => brief(headerBytes(entry)))).toEqual(expected)
      }),
      { numRuns: 400 },
    )
  })

  test('never throw', async () => {
    const { group, tips } = await write([])
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void decodeRun(bytes)))
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 4 }), async (packed, count) => {
        const run: Run = { device: keys.device, from: 2, count, packed, signatures: filled(64 * count, 1), bodies: [] }
        expect((await check(tips[0] as FeedTip, group, run)).ok).toBe(false)
      }),
    )
  })

  test('that claim too much are refused before anything is made of them', () => {
    const faultOfRun = (bytes: Uint8Array) => {
      const decoded = decodeRun(bytes)
      return decoded.ok ? undefined : decoded.error.type
    }
    const run: Run = {
      device: keys.device,
      from: 1,
      count: 1,
      packed: filled(10, 1),
      signatures: filled(64, 1),
      bodies: [],
    }
    expect(faultOfRun(filled(runLimits.bytes + 1, 0))).toBe('limit')
    expect(faultOfRun(encodeRun({ ...run, count: runLimits.entries + 1 }))).toBe('limit')
    expect(faultOfRun(encodeRun({ ...run, from: Number.MAX_SAFE_INTEGER }))).toBe('limit')
    expect(faultOfRun(encodeRun({ ...run, from: 0 }))).toBe('cbor')
    expect(faultOfRun(encodeRun({ ...run, bodies: Array<null>(1000).fill(null) }))).toBe('body')
    expect(faultOfRun(encodeRun({ ...run, packed: filled(100, 1), bodies: [filled(entryLimits.text + 1, 0)] }))).toBe(
      'limit',
    )
    expect(faultOfRun(encodeCbor([filled(31, 1), 1, 1, filled(1, 1), filled(64, 1), []]))).toBe('cbor')
    expect(faultOfRun(concatBytes(encodeRun(run), filled(1, 0)))).toBe('cbor')
  })
})

describe('a single entry', () => {
  test('proves itself and one of its items to a stranger', async () => {
    const { entries, group } = await write([[statement(1), text('hello')], [statement(2)]])
    const entry = entries[1] as Entry
    const header = headerBytes(entry)
    const signature = entry.signature as Uint8Array
    const hello = { index: 1, bytes: new TextEncoder().encode('hello') }
    const proven = await verifyEntryAlone(header, signature, verifier, hello)
    expect(proven).toMatchObject({
      ok: true,
      value: { group, device: keys.device, seq: 2, heads: [group], at: now, id: entryId(entry) },
    })
    const faults = [
      await verifyEntryAlone(header, signature, verifier, { ...hello, index: 0 }),
      await verifyEntryAlone(header, filled(64, 1), verifier, hello),
      await verifyEntryAlone(header.with(0, 0x87), signature, verifier),
      await verifyEntryAlone(header.with(1, 2), signature, verifier),
    ].map((result) => (result.ok ? undefined : result.error.type))
    expect(faults).toEqual(['body', 'signature', 'cbor', 'version'])
  })

  test('that founds a group names it', async () => {
    const { entries, group } = await write([])
    expect(parseHeader(headerBytes(entries[0] as Entry))).toMatchObject({
      ok: true,
      value: { group, heads: [], seq: 1 },
    })
  })

  test('of random bytes is refused', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void expect(parseHeader(bytes).ok).toBe(false)))
  })

  test('has statement ids that depend on place and content', async () => {
    const { group } = await write([])
    const bytes = filled(3, 1)
    const ids = [
      statementId(group, keys.device, 1, 0, bytes),
      statementId(group, keys.device, 2, 0, bytes),
      statementId(group, keys.device, 1, 1, bytes),
      statementId(group, keys.device, 1, 0, filled(4, 1)),
    ]
    expect(new Set(ids).size).toBe(4)
    expect(ids[0]).toMatch(/^[0-9a-f]{32}$/)
    expect(() => statementId(group, keys.device, 2 ** 40, 255, sha256(bytes))).not.toThrow()
  })
})

describe('evidence', () => {
  const twoFor = async () => {
    const { group, tips, entries } = await write([])
    const sign = (fill: number) =>
      signEntry(tips[0] as FeedTip, group, keys, {
        at: now,
        heads: [entries[0]?.id as ControlId],
        items: [statement(fill)],
      })
    const [first, second] = [(await sign(1)).entry, (await sign(2)).entry]
    const shown = (entry: Entry) => ({ header: headerBytes(entry), signature: entry.signature as Uint8Array })
    return { group, founding: shown(entries[0] as Entry), first: shown(first), second: shown(second) }
  }

  test('of two entries for one place convinces a stranger, whichever was met first', async () => {
    const { group, first, second } = await twoFor()
    const bytes = encodeEvidence({ first, second })
    expect(encodeEvidence({ first: second, second: first })).toEqual(bytes)
    const decoded = decodeEvidence(bytes)
    if (!decoded.ok) throw new Error(decoded.error.detail)
    expect(await checkEvidence(decoded.value, verifier)).toMatchObject({
      ok: true,
      value: { group, device: keys.device, seq: 2 },
    })
  })

  test('of which the version is not a number is refused, so that it has one form', async () => {
    const decoded = decodeCbor(encodeEvidence(await twoFor()))
    const [, ...parts] = decoded.ok ? (decoded.value as readonly Cbor[]) : []
    for (const version of ['', null, []])
      expect(decodeEvidence(encodeCbor([version, ...parts]))).toMatchObject({ ok: false, error: { type: 'cbor' } })
  })

  test('that shows less is refused', async () => {
    const { first, second, founding } = await twoFor()
    const faults = [
      await checkEvidence({ first, second: first }, verifier),
      await checkEvidence({ first, second: founding }, verifier),
      await checkEvidence({ first, second: { ...second, signature: first.signature } }, verifier),
      decodeEvidence(encodeEvidence({ first, second: first })),
      decodeEvidence(encodeCbor([2])),
      decodeEvidence(filled(5, 0x81)),
    ].map((result) => (result.ok ? undefined : result.error.type))
    expect(faults).toEqual(['item', 'item', 'signature', 'cbor', 'version', 'cbor'])
  })
})
