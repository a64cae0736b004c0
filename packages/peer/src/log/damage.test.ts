import { DeviceId, type GroupId, type Instant } from '@auzolan/core'
import { MemoryDisk, openMemoryStore, type Key, type Store } from '@auzolan/storage'
import {
  type Control,
  type DeviceKeys,
  encodeControl,
  itemTypes,
  openVerifier,
  runOf,
  seededKeys,
  signEntry,
  startFeed,
  type Verifier,
  headerBytes,
} from '@auzolan/trust'
import { beforeAll, describe, expect, test } from 'vitest'
import { evidenceOf } from './evidence.ts'
import { GroupLog } from './group-log.ts'

let verifier: Verifier
let ada: DeviceKeys
beforeAll(async () => {
  verifier = await openVerifier()
  ada = await seededKeys(new Uint8Array(32).fill(1))
})

const at = 1_800_000_000_000 as Instant
const words = (text: string) => [{ type: itemTypes.statement, bytes: new TextEncoder().encode(text) }]

const found = async (
  store: Store,
): Promise<{ log: GroupLog; group: GroupId; founding: Awaited<ReturnType<typeof signEntry>> }> => {
  const control: Control = {
    kind: 'found',
    name: 'Elm',
    purpose: '',
    founders: [{ device: ada.device, box: ada.box, name: 'Ada', cosign: null }],
    continues: null,
    nonce: new Uint8Array(16),
  }
  const founding = await signEntry(startFeed(ada.device), 'founding', ada, {
    at,
    heads: [],
    items: [{ type: itemTypes.control, bytes: encodeControl(control) }],
  })
  const log = await GroupLog.open(store, founding.group, verifier)
  await log.receive([{ run: runOf([founding.entry]) }])
  return { log, group: founding.group, founding }
}

const say = async (log: GroupLog, text: string): Promise<void> => {
  const said = await log.append(ada, at, words(text))
  if (!said.ok) throw new Error(said.error.type)
}

/** Everything one log has and the other lacks, as an exchange would bring it. */
const bring = async (from: GroupLog, to: GroupLog): Promise<string[]> => {
  const receipts: string[] = []
  for (const device of from.devices)
    for (let next = to.seqOf(device) + 1; next <= from.seqOf(device);) {
      const parcel = await from.parcelFrom(device, next)
      if (!parcel) break
      receipts.push(...(await to.receive([parcel])).map(({ is }) => is))
      next = parcel.run.from + parcel.run.count
    }
  return receipts
}

const mend = async (from: GroupLog, to: GroupLog): Promise<void> => {
  for (const { device, from: first, to: last } of to.holes)
    for (let next = first; next <= last;) {
      const parcel = await from.parcelFrom(device, next, last)
      if (!parcel) return
      await to.receive([parcel])
      next = parcel.run.from + parcel.run.count
    }
}

const everything = async (log: GroupLog): Promise<string[]> => {
  const seqs: string[] = []
  for await (const run of log.runs(ada.device))
    for (let seq = run.from; seq < run.from + run.count; seq++) seqs.push(`${seq}`)
  return seqs
}

const records = async (disk: MemoryDisk): Promise<readonly { key: Key; value: Uint8Array }[]> =>
  openMemoryStore(disk).range({ prefix: ['g'] })

describe('a log on a disk that turns bits', () => {
  test('with one bit turned in any record it opens, and is whole again once somebody sends what is missing', async () => {
    const source = new MemoryDisk()
    const { log, group } = await found(openMemoryStore(source))
    for (let entry = 0; entry < 30; entry++) await say(log, 'x'.repeat(3000) + entry)
    for (let entry = 0; entry < 3; entry++) await say(log, `short ${entry}`)
    const good = await records(source)
    expect(new Set(good.map(({ key }) => key[2]))).toEqual(new Set(['control', 'segment', 'tail', 'tip']))
    for (const [number, { key, value }] of good.entries()) {
      const disk = new MemoryDisk()
      const bad = value.slice()
      const bit = (number * 977) % (bad.length * 8)
      bad[bit >> 3]! ^= 1 << (bit & 7)
      await openMemoryStore(disk).write(
        [...good.map((record) => ({ do: 'put' as const, ...record })), { do: 'put', key, value: bad }],
        { durability: 'strict' },
      )
      const damaged = await GroupLog.open(openMemoryStore(disk), group, verifier)
      await damaged.inspect()
      expect(damaged.seqOf(ada.device)).toBe(34)
      await mend(log, damaged)
      expect(damaged.holes).toEqual([])
      expect(await everything(damaged)).toEqual(await everything(log))
      expect(damaged.frontier()).toEqual(log.frontier())
      expect(damaged.state).toEqual(log.state)
      expect((await damaged.append(ada, at, words('on we go'))).ok).toBe(true)
      const again = await GroupLog.open(openMemoryStore(disk), group, verifier)
      expect(again.seqOf(ada.device)).toBe(35)
      expect(again.holes).toEqual([])
    }
  })

  test('what does not continue the chain does not fill a hole', async () => {
    const disk = new MemoryDisk()
    const { log, group, founding } = await found(openMemoryStore(disk))
    await say(log, 'first')
    await say(log, 'second')
    const whole = await GroupLog.open(openMemoryStore(), group, verifier)
    await bring(log, whole)
    await openMemoryStore(disk).write(
      [{ do: 'put', key: ['g', group, 'tail', ada.device, 2], value: new Uint8Array(9) }],
      { durability: 'strict' },
    )
    const damaged = await GroupLog.open(openMemoryStore(disk), group, verifier)
    await damaged.inspect()
    expect(damaged.holes).toEqual([{ device: ada.device, from: 2, to: 2 }])
    const other = await signEntry(
      founding.tip,
      group,
      { ...ada, sign: async () => new Uint8Array(64).fill(7) },
      { at, heads: log.control.heads, items: words('forged') },
    )
    expect((await damaged.receive([{ run: runOf([other.entry]) }]))[0]).toMatchObject({
      is: 'refused',
      reason: { type: 'signature' },
    })
    expect(await damaged.append(ada, at, words('third'))).toMatchObject({ ok: false, error: { type: 'damaged' } })
    await mend(whole, damaged)
    expect(damaged.holes).toEqual([])
    expect((await damaged.append(ada, at, words('third'))).ok).toBe(true)
  })
})

describe('one writer', () => {
  test('two tabs over one disk never fork the feed', async () => {
    const disk = new MemoryDisk()
    const { log, group } = await found(openMemoryStore(disk))
    const tab = await GroupLog.open(openMemoryStore(disk), group, verifier)
    await Promise.all(Array.from({ length: 40 }, (_, at) => say(at % 2 ? log : tab, 'y'.repeat(2000) + at)))
    await log.refresh()
    await tab.refresh()
    expect(log.seqOf(ada.device)).toBe(41)
    expect(tab.frontier()).toEqual(log.frontier())
    const copy = await GroupLog.open(openMemoryStore(), group, verifier)
    expect(new Set(await bring(log, copy))).toEqual(new Set(['accepted']))
    expect(copy.frontier()).toEqual(log.frontier())
  })

  test('a write for which there was no room leaves no gap and no trace', async () => {
    const disk = new MemoryDisk()
    const { log, group } = await found(openMemoryStore(disk))
    disk.failWrite(1, 'quota')
    const invite: Control = { kind: 'invite', key: DeviceId.toBytes(ada.device), uses: 1, expires: null, note: '' }
    const items = [{ type: itemTypes.control, bytes: encodeControl(invite) }]
    await expect(log.append(ada, at, items)).rejects.toMatchObject({ kind: 'quota' })
    expect(log.state.invites.size).toBe(0)
    expect(await log.append(ada, at, items)).toMatchObject({ ok: true, value: { seq: 2 } })
    const again = await GroupLog.open(openMemoryStore(disk), group, verifier)
    expect(again.state).toEqual(log.state)
    const copy = await GroupLog.open(openMemoryStore(), group, verifier)
    expect(await bring(log, copy)).toEqual(['accepted'])
  })

  test('what the rules refuse is never written, so that it cannot block the feed', async () => {
    const { log, group } = await found(openMemoryStore())
    const uninvite: Control = { kind: 'uninvite', invite: log.control.heads[0]! }
    const refused = await log.append(ada, at, [{ type: itemTypes.control, bytes: encodeControl(uninvite) }])
    expect(refused.ok).toBe(false)
    await say(log, 'still here')
    const copy = await GroupLog.open(openMemoryStore(), group, verifier)
    expect(await bring(log, copy)).toEqual(['accepted'])
  })
})

describe('a device that signs two entries for one place', () => {
  test('is frozen by the proof, on whichever device holds one of them, and stays so', async () => {
    const disk = new MemoryDisk()
    const { log, group, founding } = await found(openMemoryStore(disk))
    const other = await GroupLog.open(openMemoryStore(), group, verifier)
    await other.receive([{ run: runOf([founding.entry]) }])
    await say(log, 'left')
    const right = await signEntry(founding.tip, group, ada, { at, heads: log.control.heads, items: words('right') })
    expect((await other.receive([{ run: runOf([right.entry]) }]))[0]).toMatchObject({ is: 'accepted' })
    const claim = await other.signedHeader(ada.device, 2)
    const proof = await log.confront(claim!)
    expect(proof).toEqual(
      evidenceOf(
        { header: headerBytes(right.entry), signature: right.entry.signature! },
        (await log.signedHeader(ada.device, 2))!,
      ),
    )
    expect(await other.freeze(proof!)).toBe(true)
    for (const each of [log, other, await GroupLog.open(openMemoryStore(disk), group, verifier)]) {
      expect(each.frozen.get(ada.device)?.seq).toBe(2)
      expect(await each.append(ada, at, words('more'))).toMatchObject({ ok: false, error: { type: 'frozen device' } })
    }
    const next = await signEntry(right.tip, group, ada, { at, heads: log.control.heads, items: words('more') })
    expect((await other.receive([{ run: runOf([next.entry]) }]))[0]).toMatchObject({
      is: 'refused',
      reason: { type: 'frozen device' },
    })
  })

  test('an entry everybody has proves nothing', async () => {
    const { log } = await found(openMemoryStore())
    expect(await log.confront((await log.signedHeader(ada.device, 1))!)).toBeUndefined()
    expect(await log.freeze(new Uint8Array(40))).toBe(false)
    expect(log.frozen.size).toBe(0)
  })
})
