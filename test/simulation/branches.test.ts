import type { ControlId, DeviceId, Instant } from '@auzolan/core'
import { MemoryDisk, openMemoryStore } from '@auzolan/storage'
import {
  type Control,
  encodeCbor,
  encodeControl,
  type Entry,
  type FeedTip,
  itemTypes,
  runOf,
  signEntry,
  stateDigest,
} from '@auzolan/trust'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { readAlone, showAlone, type Shown } from '../../packages/peer/src/log/ending.ts'
import { GroupLog } from '../../packages/peer/src/log/group-log.ts'
import { straysKey } from '../../packages/peer/src/log/layout.ts'
import { MOST_TOLD } from '../../packages/peer/src/log/strays.ts'
import { Exchange } from '../../packages/peer/src/sync/exchange.ts'
import { decodeMessage, encodeMessage, type Message } from '../../packages/peer/src/sync/messages.ts'
import { Replica } from '../../packages/peer/src/sync/replica.ts'
import { Circle } from '../../packages/trust/src/testing/circle.ts'
import { steadySubtle } from '../support/noise.ts'

// Without WebCrypto's threads all work is done after a few turns.
beforeAll(() => {
  vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto), subtle: steadySubtle() })
})
afterAll(() => {
  vi.unstubAllGlobals()
})

const at = 1_800_000_000_000 as Instant
const honest = ['Ane', 'Beñat', 'Cira'] as const

/** One honest person's device. */
class Device {
  readonly #circle: Circle
  readonly name: string
  readonly disk = new MemoryDisk()
  log!: GroupLog

  constructor(circle: Circle, name: string) {
    this.#circle = circle
    this.name = name
  }

  async open(): Promise<this> {
    this.log = await GroupLog.open(openMemoryStore(this.disk), this.#circle.group, this.#circle.verifier)
    return this
  }

  /** Invites, building on all that it knows. */
  async invites(): Promise<void> {
    const invite: Control = { kind: 'invite', key: await this.#circle.inviteKey(), uses: 1, expires: null, note: '' }
    const items = [{ type: itemTypes.control, bytes: encodeControl(invite) }]
    expect(await this.log.append(this.#circle.who(this.name).keys, at, items)).toMatchObject({ ok: true })
  }
}

/** Three people who keep to the rules, and Dani, whose device goes on from one place in several ways. */
class Street {
  readonly circle: Circle
  readonly devices: readonly Device[]
  readonly branches: readonly { tip: FeedTip; readonly entries: Entry[] }[]
  #said = 0

  private constructor(circle: Circle, branches: number) {
    this.circle = circle
    this.devices = honest.map((name) => new Device(circle, name))
    this.branches = Array.from({ length: branches }, () => ({ tip: circle.who('Dani').tip, entries: [] }))
  }

  static async begin(branches = 3): Promise<Street> {
    const street = new Street(await Circle.found([...honest, 'Dani']), branches)
    for (const device of street.devices) {
      await device.open()
      await device.log.receive([{ run: runOf(street.circle.entries) }])
    }
    return street
  }

  get dani(): DeviceId {
    return this.circle.who('Dani').keys.device
  }
  device(number: number): Device {
    return this.devices[number % this.devices.length] as Device
  }
  branch(number: number) {
    return this.branches[number % this.branches.length] as (typeof this.branches)[number]
  }

  /** Dani goes on with one branch, where `heads` and what it said before is known. */
  async writes(number: number, heads: readonly ControlId[], kind: 'control' | 'statement'): Promise<Entry> {
    const branch = this.branch(number)
    const before = branch.entries.findLast(({ id }) => id)?.id
    const past = before ? [before] : heads
    this.#said += 1
    const invite: Control = {
      kind: 'invite',
      key: await this.circle.inviteKey(),
      uses: 1,
      expires: null,
      note: `${this.#said}`,
    }
    const item =
      kind === 'control'
        ? { type: itemTypes.control, bytes: encodeControl(invite) }
        : { type: itemTypes.statement, bytes: encodeCbor(['card', `Dani ${this.#said}`]) }
    const { group } = this.circle
    const signed = await signEntry(branch.tip, group, this.circle.who('Dani').keys, { at, heads: past, items: [item] })
    branch.tip = signed.tip
    branch.entries.push(signed.entry)
    return signed.entry
  }

  async hands(number: number, to: number): Promise<void> {
    const { entries } = this.branch(number)
    if (entries.length > 0) await this.device(to).log.receive([{ run: runOf(entries) }])
  }

  async everybodyMeets(): Promise<void> {
    for (let round = 0; round < 2; round++)
      for (const [place, one] of this.devices.entries())
        for (const other of this.devices.slice(place + 1)) await meet(one.log, other.log)
  }
}

/** Both tell each other what they lack, in an order that the seed chooses, until nothing is left to say. */
const meet = async (one: GroupLog, other: GroupLog, seed = 1): Promise<readonly Message[]> => {
  const logs = [one, other] as const
  const lines: [Message[], Message[]] = [[], []]
  const said: Message[] = []
  const offences: string[] = []
  const exchanges = logs.map(
    (log, side) =>
      new Exchange(
        new Replica(log.group, [{ log }]),
        { mine: 0, theirs: 0 },
        async (message) => {
          const heard = decodeMessage(encodeMessage(message))
          if (!heard.ok) throw new Error(heard.error.detail)
          lines[side as 0 | 1].push(heard.value)
          said.push(heard.value)
        },
        {
          known: () => undefined,
          progress: () => undefined,
          offence: (detail) => void offences.push(detail),
          failed: () => offences.push('failed'),
        },
      ),
  )
  const stops = logs.map((log, side) => log.onAccepted(() => exchanges[side]?.mayPush(true)))
  for (const exchange of exchanges) await exchange.open(true)
  let state = seed
  for (;;) {
    for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve))
    state = (state * 48271) % 2147483647
    const from = (lines[state % 2 === 0 ? 0 : 1].length > 0 ? state % 2 : 1 - (state % 2)) as 0 | 1
    const message = lines[from].shift()
    if (!message) break
    await hear(exchanges[1 - from] as Exchange, message)
  }
  for (const stop of stops) stop()
  for (const exchange of exchanges) exchange.close()
  expect(offences).toEqual([])
  return said
}

const hear = async (exchange: Exchange, message: Message): Promise<void> => {
  if (message.say === 'frontier') return exchange.onFrontier(message.digest, message.lines)
  if (message.say === 'entries') return exchange.onEntries(message.parcel)
  if (message.say === 'have') return exchange.onHave(message.taken, message.lines)
  if (message.say === 'want') return exchange.onWant(message.device, message.from, message.to)
  if (message.say === 'claim') return exchange.onClaim(message)
  if (message.say === 'evidence') return exchange.onEvidence(message.evidence)
  if (message.say === 'lacks') return exchange.onLacks(message.ids)
  if (message.say === 'alone') return exchange.onAlone(message.entries)
}

const standing = ({ control }: GroupLog) => ({
  size: control.size,
  heads: control.heads,
  digest: stateDigest(control.state()),
})

const steps = fc.array(
  fc.record({
    does: fc.constantFrom('signs', 'signs', 'signs', 'hands', 'hands', 'invites', 'invites', 'meet', 'restarts'),
    branch: fc.nat(2),
    who: fc.nat(2),
    other: fc.nat(2),
    kind: fc.constantFrom<('control' | 'statement')[]>('control', 'control', 'statement'),
  }),
  { minLength: 12, maxLength: 30 },
)

describe('a device goes on from one place in several ways', () => {
  test('and whoever built on which, everybody comes to the same state, and nothing waits for ever', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (schedule) => {
        const street = await Street.begin()
        for (const { does, branch, who, other, kind } of schedule) {
          const device = street.device(who)
          if (does === 'signs') await street.writes(branch, device.log.control.heads, kind)
          else if (does === 'hands') await street.hands(branch, who)
          else if (does === 'invites') await device.invites()
          else if (does === 'restarts') await device.open()
          else if (device !== street.device(other)) await meet(device.log, street.device(other).log, branch + 1)
        }
        await street.everybodyMeets()
        const [first] = street.devices as [Device]
        const expected = standing(first.log)
        for (const device of street.devices) {
          expect(device.log.heldBack).toBe(0)
          expect(device.log.strays.lacking([])).toEqual([])
          expect(standing(device.log)).toEqual(expected)
          await device.open()
          expect(standing(device.log)).toEqual(expected)
        }
        const newcomer = await new Device(street.circle, 'newcomer').open()
        await meet(newcomer.log, street.device(1).log)
        expect(standing(newcomer.log)).toEqual(expected)
      }),
      { seed: 23, numRuns: 12 },
    )
  })

  test('an entry that one built on is shown alone to who built on the other, however long each branch is', async () => {
    const street = await Street.begin(2)
    const [ane, benat, cira] = street.devices as [Device, Device, Device]
    for (const branch of [0, 1])
      for (let said = 0; said < 80; said++) await street.writes(branch, street.circle.heads, 'control')
    await street.hands(0, 0)
    await street.hands(1, 1)
    await ane.invites()
    await benat.invites()
    expect(ane.log.control.size).toBe(82)
    await meet(ane.log, benat.log)
    expect(ane.log.control.size).toBe(163)
    expect(standing(benat.log)).toEqual(standing(ane.log))
    expect([...ane.log.state.equivocators.keys()]).toEqual([street.dani])
    await meet(benat.log, cira.log)
    expect(standing(cira.log)).toEqual(standing(ane.log))
    await cira.invites()
    expect(cira.log.control.mayWrite(street.dani, cira.log.control.heads)).toMatchObject({
      is: 'refused',
      reason: { type: 'frozen device' },
    })
  })

  test('a control entry here and a message there: what others built on the one is shown to who holds the other', async () => {
    const street = await Street.begin(2)
    const [ane, benat] = street.devices as [Device, Device]
    await street.writes(0, street.circle.heads, 'control')
    await street.writes(1, street.circle.heads, 'statement')
    await street.hands(0, 0)
    await street.hands(1, 1)
    await ane.invites()
    await meet(ane.log, benat.log)
    expect(standing(benat.log)).toEqual(standing(ane.log))
    expect(benat.log.control.size).toBe(3)
  })

  test('one whose record no longer reads is asked for again, with all that builds on it', async () => {
    const street = await Street.begin(2)
    const [ane, benat] = street.devices as [Device, Device]
    for (const branch of [0, 1]) {
      await street.writes(branch, street.circle.heads, 'control')
      await street.hands(branch, branch)
      await street.device(branch).invites()
    }
    await meet(ane.log, benat.log)
    const store = openMemoryStore(benat.disk)
    const [record] = await store.range({ prefix: straysKey(street.circle.group) })
    await store.write([{ do: 'put', key: record!.key, value: new Uint8Array(9) }], { durability: 'strict' })
    await benat.open()
    expect(benat.log.control.size).toBeLessThan(ane.log.control.size)
    await meet(ane.log, benat.log)
    expect(standing(benat.log)).toEqual(standing(ane.log))
  })
})

describe('whoever signs thousands for one place', () => {
  const shownOf = async (street: Street, count: number): Promise<readonly Shown[]> => {
    const shown: Shown[] = []
    const { circle } = street
    const { tip } = street.branch(0)
    for (let said = 0; said < count; said++) {
      street.branch(0).tip = tip
      street.branch(0).entries.length = 0
      const entry = await street.writes(0, circle.heads, 'control')
      shown.push(showAlone(entry) as Shown)
    }
    return shown
  }
  const read = (street: Street, shown: readonly Shown[]) =>
    Promise.all(shown.map((one) => readAlone(one, street.circle.group, street.circle.verifier)))

  test('gets the first few of them taken in, others’ entries stay what is built on, and what somebody built on is taken in', async () => {
    const street = await Street.begin(3)
    const [ane, benat] = street.devices as [Device, Device]
    for (const branch of [1, 2]) {
      await street.writes(branch, street.circle.heads, 'control')
      await street.hands(branch, branch - 1)
    }
    await ane.invites()
    await meet(ane.log, benat.log)
    const told = await read(street, await shownOf(street, 3 * MOST_TOLD))
    const before = ane.log.control.size
    await ane.log.takeAlone(
      told.flatMap((entry) => entry ?? []),
      new Set(),
    )
    expect(ane.log.control.size).toBeLessThanOrEqual(before + MOST_TOLD)
    await ane.invites()
    await benat.invites()
    const last = told.at(-1)!
    expect(ane.log.control.has(last.id)).toBe(false)
    await ane.log.takeAlone([last], new Set([last.id]))
    expect(ane.log.control.has(last.id)).toBe(true)
    while (ane.log.strays.loose.length > 0) await ane.invites()
    await meet(ane.log, benat.log)
    expect(standing(benat.log)).toEqual(standing(ane.log))
    expect(benat.log.heldBack).toBe(0)
  })

  test('a device with one feed gets nothing in beside it, and what it did not sign itself is none of its own', async () => {
    const street = await Street.begin(1)
    const [ane] = street.devices as [Device]
    const [shown] = await shownOf(street, 1)
    expect(await ane.log.strays.read(shown!)).toBeUndefined()
    expect(
      await readAlone({ ...shown!, signature: new Uint8Array(64) }, street.circle.group, street.circle.verifier),
    ).toBe(undefined)
  })

  test('a control entry whose own signature is none is not taken in under that of a later one', async () => {
    const street = await Street.begin(1)
    const [ane] = street.devices as [Device]
    await street.writes(0, street.circle.heads, 'control')
    await street.writes(0, street.circle.heads, 'statement')
    const run = runOf(street.branch(0).entries)
    const signatures = run.signatures.slice()
    signatures.fill(1, 0, 64)
    expect(await ane.log.receive([{ run: { ...run, signatures } }])).toMatchObject([
      { is: 'refused', reason: { type: 'signature', seq: 1 } },
    ])
    expect(await ane.log.receive([{ run }])).toEqual([{ is: 'accepted', entries: 2 }])
  })
})
