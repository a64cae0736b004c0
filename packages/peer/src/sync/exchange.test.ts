import type { ControlId, DeviceId, GroupId, Instant } from '@auzolan/core'
import { MemoryDisk, openMemoryStore } from '@auzolan/storage'
import {
  encodeCbor,
  invitationKeys,
  type ItemDraft,
  itemTypes,
  makeJoinRequest,
  openVerifier,
  runOf,
  seededKeys,
  signEntry,
} from '@auzolan/trust'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { GroupLog } from '../log/group-log.ts'
import { Author, bytes, control, statement } from '../log/testing/author.ts'
import { groupPrefix, tailKey } from '../log/layout.ts'
import { bytesOf } from '../log/slice.ts'
import { MAX_BYTES_OF_ONE } from '../log/waiting.ts'
import { BATCH_BYTES, Exchange } from './exchange.ts'
import { decodeMessage, encodeMessage, type Message } from './messages.ts'
import { WINDOW_BYTES } from './outgoing.ts'
import { Replica } from './replica.ts'

// Without WebCrypto's threads all work is done after a few turns.
beforeAll(async () => {
  vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) })
  town = await makeTown()
})
afterAll(() => {
  vi.unstubAllGlobals()
})

const at = Date.UTC(2026, 10, 22) as Instant
const words = (length: number, fill = 1): ItemDraft => statement(bytes(length, fill))

interface Town {
  readonly group: GroupId
  readonly people: readonly Author[]
  /** Names the newest who is in. */
  readonly heads: readonly ControlId[]
}
let town: Town

/** Four people who let each other in one after another; each says something before and after. */
const makeTown = async (): Promise<Town> => {
  const people = await Promise.all([1, 2, 3, 4].map(async (seed) => new Author(await seededKeys(bytes(32, seed)))))
  const [ada] = people as [Author]
  const founders = [{ device: ada.keys.device, box: ada.keys.box, name: 'Ada', cosign: null }]
  const founding = await ada.sign(
    'founding',
    [],
    control({ kind: 'found', name: 'Elm', purpose: '', founders, continues: null, nonce: bytes(16, 9) }),
  )
  const { group } = founding
  const secret = bytes(16, 4)
  const { publicKey: key } = await invitationKeys(secret)
  const invite = (
    await ada.sign(group, [founding.id], control({ kind: 'invite', key, uses: 9, expires: null, note: '' }))
  ).id
  let heads = [invite]
  for (const [place, newcomer] of people.slice(1).entries()) {
    const host = people[place] as Author
    for (let said = 0; said < 3; said++) await host.sign(group, heads, words(30, said))
    const proof = await makeJoinRequest({ group, secret }, newcomer.keys, 'New', {
      bytes: (length) => bytes(length, 5),
    })
    heads = [(await host.sign(group, heads, control({ kind: 'admit', invite, ...proof }))).id]
    await newcomer.sign(group, heads, words(40))
  }
  for (const person of people) for (let said = 0; said < 4; said++) await person.sign(group, heads, words(50, said))
  return { group, people, heads }
}

const openLog = async (disk = new MemoryDisk()) =>
  GroupLog.open(openMemoryStore(disk), town.group, await openVerifier())

/** A log that holds the first so many entries of each feed, as far as they can be judged. */
const holding = async (counts: readonly number[], disk?: MemoryDisk): Promise<GroupLog> => {
  const log = await openLog(disk)
  for (const [place, person] of town.people.entries()) {
    const entries = person.entries.slice(0, counts[place])
    if (entries.length > 0) await log.receive([{ run: runOf(entries) }])
  }
  return log
}

const everything = [99, 99, 99, 99]

/** Two exchanges, and what one says to the other until it is let through. */
class Wire {
  readonly exchanges: readonly [Exchange, Exchange]
  readonly waiting: [Message[], Message[]] = [[], []]
  readonly said: [Message[], Message[]] = [[], []]
  readonly offences: string[] = []
  /** What becomes of a message on its way; `undefined`: it is lost. */
  path: (message: Message, from: 0 | 1) => Message | undefined = (message) => message

  constructor(logs: readonly [GroupLog, GroupLog]) {
    const side = (which: 0 | 1) =>
      new Exchange(
        new Replica(town.group, [{ log: logs[which] }]),
        { mine: 0, theirs: 0 },
        async (message) => {
          const heard = decodeMessage(encodeMessage(message))
          if (!heard.ok) throw new Error(heard.error.detail)
          this.said[which].push(heard.value)
          this.waiting[which].push(heard.value)
        },
        {
          known: () => undefined,
          progress: () => undefined,
          offence: (detail) => void this.offences.push(detail),
          failed: () => this.offences.push('failed'),
        },
      )
    this.exchanges = [side(0), side(1)]
    for (const which of [0, 1] as const) logs[which].onAccepted(() => this.exchanges[which].mayPush(this.may[which]))
  }

  /** Whether each side takes the other for a member. */
  may: [boolean, boolean] = [true, true]

  async open(): Promise<void> {
    for (const which of [0, 1] as const) await this.exchanges[which].open(this.may[which])
    await this.settle()
  }

  /** Lets everything through that `path` does not hold back, in an order that the seed chooses. */
  async settle(seed = 1): Promise<void> {
    let state = seed
    for (;;) {
      await idle()
      state = (state * 48271) % 2147483647
      const from = (this.waiting[state % 2 === 0 ? 0 : 1].length > 0 ? state % 2 : 1 - (state % 2)) as 0 | 1
      const message = this.waiting[from].shift()
      if (!message) return
      const arrives = this.path(message, from)
      if (arrives) await hear(this.exchanges[from === 0 ? 1 : 0], arrives)
    }
  }

  /** How often each entry was sent by one side. */
  sent(from: 0 | 1): Map<string, number> {
    const times = new Map<string, number>()
    for (const message of this.said[from]) {
      if (message.say !== 'entries') continue
      const { device, from: first, count } = message.parcel.run
      for (let seq = first; seq < first + count; seq++)
        times.set(`${device} ${seq}`, (times.get(`${device} ${seq}`) ?? 0) + 1)
    }
    return times
  }
}

/** Most entries that one message of the left side brought. */
const perParcel = (wire: Wire): number =>
  Math.max(...wire.said[0].map((message) => (message.say === 'entries' ? message.parcel.run.count : 0)))

const hear = async (exchange: Exchange, message: Message): Promise<void> => {
  if (message.say === 'frontier') return exchange.onFrontier(message.digest, message.lines)
  if (message.say === 'entries') return exchange.onEntries(message.parcel)
  if (message.say === 'have') return exchange.onHave(message.taken, message.lines)
  if (message.say === 'want') return exchange.onWant(message.device, message.from, message.to)
  if (message.say === 'claim') return exchange.onClaim(message)
  if (message.say === 'evidence') return exchange.onEvidence(message.evidence)
}

const idle = async (): Promise<void> => {
  for (let turns = 0; turns < 2; turns++) await new Promise((resolve) => setImmediate(resolve))
}

const device = (person: number): DeviceId => (town.people[person] as Author).keys.device

describe('an exchange', () => {
  test('makes two equal whatever each lacked, and sends each entry once, and none that the other had', async () => {
    const counts = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 4, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(counts, counts, fc.integer({ min: 1, max: 1e6 }), async (left, right, seed) => {
        const logs = [await holding(left), await holding(right)] as const
        const had = logs.map((log) => new Map(log.frontier().map(({ device: of, seq }) => [of, seq])))
        const wire = new Wire(logs)
        await wire.open()
        await wire.settle(seed)
        expect(logs[1].frontier()).toEqual(logs[0].frontier())
        for (const side of [0, 1] as const)
          for (const [entry, times] of wire.sent(side)) {
            const [of, seq] = entry.split(' ') as [DeviceId, string]
            expect([entry, times]).toEqual([entry, 1])
            expect(Number(seq)).toBeGreaterThan(had[1 - side]?.get(of) ?? 0)
          }
        expect(wire.offences).toEqual([])
      }),
      { numRuns: 25 },
    )
  })

  test('fills what either can no longer read from the other, each part once', async () => {
    const lose = async (disk: MemoryDisk, person: number) => {
      const store = openMemoryStore(disk)
      const [record] = await store.range({ prefix: tailKey(town.group, device(person)) })
      if (record) await store.write([{ do: 'remove', key: record.key }], { durability: 'strict' })
    }
    const disks = [new MemoryDisk(), new MemoryDisk()] as const
    const logs = [await holding(everything, disks[0]), await holding(everything, disks[1])] as const
    await lose(disks[0], 1)
    await lose(disks[1], 2)
    for (const log of logs) await log.inspect()
    expect(logs.map(({ holes }) => holes.length)).toEqual([1, 1])
    const wire = new Wire(logs)
    await wire.open()
    await wire.settle()
    expect(logs.map(({ holes }) => holes.length)).toEqual([0, 0])
    for (const side of [0, 1] as const) for (const [, times] of wire.sent(side)) expect(times).toBe(1)
  })

  test('takes in what has come part by part, so that others get their turn', async () => {
    const [left, right] = [await holding(everything), await holding(everything)]
    const { keys } = town.people[0] as Author
    const [entries, length] = [24, 60_000]
    for (let entry = 0; entry < entries; entry++) await left.append(keys, at, [words(length, entry)])
    const wire = new Wire([left, right])
    wire.path = (message) => (message.say === 'entries' ? undefined : message)
    await wire.open()
    const parts: number[] = []
    right.onAccepted((accepted) => parts.push(accepted.length))
    const entriesSent = wire.said[0].filter(({ say }) => say === 'entries')
    const heard = entriesSent.map((message) => hear(wire.exchanges[1], message))
    await Promise.all(heard)
    await wire.settle()
    expect(parts.reduce((sum, part) => sum + part, 0)).toBe(entries)
    const onePart = Math.ceil(BATCH_BYTES / length) + 1
    for (const part of parts) expect(part).toBeLessThanOrEqual(Math.max(onePart, perParcel(wire)))
    expect(parts.length).toBeGreaterThan(2)
  })

  test.each([
    ['entries', (fill: number) => [words(400_000, fill)]],
    ['texts', (fill: number) => Array.from({ length: 60 }, (_, each) => (each % 2 ? text(fill) : words(10, fill)))],
  ] as const)('never has more %s on their way than its window', async (_, items) => {
    const [left, right] = [await holding(everything), await holding(everything)]
    const { keys } = town.people[0] as Author
    for (let entry = 0; entry < 16; entry++) await left.append(keys, at, items(entry))
    const wire = new Wire([left, right])
    let confirmed = 0
    const unconfirmed = () =>
      wire.said[0].reduce((sum, each) => sum + (each.say === 'entries' ? bytesOf(each.parcel.run) : 0), 0) - confirmed
    wire.path = (message) => (message.say === 'have' ? undefined : message)
    await wire.open()
    expect(unconfirmed()).toBeGreaterThan(WINDOW_BYTES / 2)
    expect(unconfirmed()).toBeLessThanOrEqual(WINDOW_BYTES)
    expect(right.seqOf(device(0))).toBeLessThan(left.seqOf(device(0)))
    const taken = wire.said[1].flatMap((each) => (each.say === 'have' ? [each] : [])).at(-1)
    wire.path = (message) => {
      if (message.say === 'have') confirmed = message.taken
      expect(unconfirmed()).toBeLessThanOrEqual(WINDOW_BYTES)
      return message
    }
    if (!taken) throw new Error('nothing was confirmed')
    confirmed = taken.taken
    wire.exchanges[0].onHave(taken.taken, taken.lines)
    await wire.settle()
    expect(right.frontier()).toEqual(left.frontier())
  })

  test('asks once for a feed of which a part went missing, and gets it', async () => {
    const [left, right] = [await holding(everything), await holding(everything)]
    const wire = new Wire([left, right])
    await wire.open()
    const { keys } = town.people[0] as Author
    for (let entry = 0; entry < 4; entry++) {
      await left.append(keys, at, [words(20, entry)])
      await idle()
    }
    let arrived = 0
    wire.path = (message) => (message.say === 'entries' && (arrived += 1) === 1 ? undefined : message)
    await wire.settle()
    expect(right.frontier()).toEqual(left.frontier())
    expect(wire.said[1].filter(({ say }) => say === 'want')).toMatchObject([{ device: keys.device, to: null }])
    expect(wire.offences).toEqual([])
  })

  test('sends nothing to who is not a member, whatever they ask for, and goes on once they are', async () => {
    const [left, right] = [await holding(everything), await holding([2, 0, 0, 0])]
    const wire = new Wire([left, right])
    wire.may = [false, true]
    await wire.open()
    wire.exchanges[0].onWant(device(1), 1, null)
    wire.exchanges[0].onWant(device(1), 1, 3)
    await left.append((town.people[0] as Author).keys, at, [words(20)])
    await wire.settle()
    expect(wire.sent(0).size).toBe(0)
    wire.may = [true, true]
    wire.exchanges[0].mayPush(true)
    await wire.settle()
    expect(right.frontier()).toEqual(left.frontier())
  })

  test('takes who sent what was known for a holder of that, not of all that is here', async () => {
    const [left, right] = [await holding(everything), await holding([99, 99, 99, 4])]
    const wire = new Wire([left, right])
    wire.path = (message, from) => (from === 0 && message.say === 'entries' ? undefined : message)
    await wire.open()
    // What the other side sends is here already, with more behind it.
    const { entries } = town.people[3] as Author
    await wire.exchanges[0].onEntries({ run: runOf(entries.slice(0, 4)) })
    await wire.settle()
    expect(wire.exchanges[0].holds(device(3))).toBe(4)
  })

  test('asks again for what it had to put off once anything has moved, whoever brought it', async () => {
    const [left, right] = [await holding(everything), await holding([2, 0, 0, 0])]
    const bea = town.people[1] as Author
    const size = 400_000
    for (let entry = 0; entry * size < MAX_BYTES_OF_ONE + size; entry++)
      await left.append(bea.keys, at, [words(size, entry)])
    const wire = new Wire([left, right])
    // Ada's feed, which lets Bea in, comes by another way, and late.
    wire.path = (message) =>
      message.say === 'entries' && message.parcel.run.device === device(0) ? undefined : message
    await wire.open()
    expect(right.seqOf(device(1))).toBe(0)
    expect(wire.said[1].filter(({ say }) => say === 'want')).toEqual([])
    await right.receive([{ run: runOf((town.people[0] as Author).entries) }])
    await wire.settle()
    expect(right.seqOf(device(1))).toBe(left.seqOf(device(1)))
    expect(wire.offences).toEqual([])
  })

  test('leaves a feed where a newer app goes on, says so, and blames nobody', async () => {
    const dan = town.people[3] as Author
    const unknown = { type: itemTypes.control, bytes: encodeCbor(['dance', 1]) }
    const next = await signEntry(dan.tip, town.group, dan.keys, { at, heads: town.heads, items: [unknown] })
    const after = await signEntry(next.tip, town.group, dan.keys, { at, heads: town.heads, items: [words(10)] })
    const logs = [await holding(everything), await holding(everything)] as const
    const wire = new Wire(logs)
    await wire.open()
    for (let again = 0; again < 20; again++)
      await wire.exchanges[1].onEntries({ run: runOf([next.entry, after.entry]) })
    await wire.settle()
    expect(logs[1].newerVersion).toBe(true)
    expect(logs[1].seqOf(device(3))).toBe(dan.entries.length)
    expect(logs[1].stoppedAt(device(3))).toMatchObject({ seq: dan.entries.length + 1, reason: { type: 'newer' } })
    expect(wire.offences).toEqual([])
    const { keys } = town.people[0] as Author
    await logs[0].append(keys, at, [words(10)])
    await wire.settle()
    expect(logs[1].seqOf(keys.device)).toBe(logs[0].seqOf(keys.device))
  })
})

describe('another tab of a profile', () => {
  test('knows who is in, in whatever order it reads the feeds', async () => {
    const disk = new MemoryDisk()
    const [here, there] = [await holding([2, 0, 0, 0], disk), await openLog(disk)]
    await here.receive(town.people.map(({ entries }) => ({ run: runOf(entries) })))
    await there.refresh()
    expect(there.frontier()).toEqual(here.frontier())
    expect(there.control.heads).toEqual(here.control.heads)
    expect(there.state.members.size).toBe(4)
  })

  test('that removes a group ends what is being written there', async () => {
    const disk = new MemoryDisk()
    const { keys } = town.people[0] as Author
    const log = await holding(everything, disk)
    await openMemoryStore(disk).write([{ do: 'removeRange', prefix: groupPrefix(town.group) }], {
      durability: 'strict',
    })
    await expect(log.append(keys, at, [words(20)])).rejects.toMatchObject({ kind: 'failed' })
  })
})

const text = (fill: number): ItemDraft => ({ type: itemTypes.text, bytes: bytes(16_000, fill) })
