import { type DeviceId, DocumentId, type Instant } from '@auzolan/core'
import { MemoryDisk, openMemoryStore } from '@auzolan/storage'
import {
  type DeviceKeys,
  encodeCbor,
  encodeControl,
  type Entry,
  type FeedTip,
  itemTypes,
  runOf,
  signEntry,
  type Verifier,
} from '@auzolan/trust'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Circle } from '../../packages/trust/src/testing/circle.ts'
import { Workspace } from '../../packages/peer/src/workspace/workspace.ts'
import { GroupLog } from '../../packages/peer/src/log/group-log.ts'

const names = ['Ane', 'Beñat', 'Cira', 'Dani', 'Eve'] as const
const document = DocumentId.fromBytes(new Uint8Array(DocumentId.length).fill(7))
const at = 1_800_000_000_000 as Instant

/** One honest person's device. */
class Device {
  readonly name: string
  readonly keys: DeviceKeys
  readonly disk = new MemoryDisk()
  readonly #circle: Circle
  log!: GroupLog
  workspace!: Workspace
  /** Entries of Eve's feed that were here when this device learned of the removal. */
  learned: number | undefined

  constructor(circle: Circle, name: string) {
    this.#circle = circle
    this.name = name
    this.keys = circle.who(name).keys
  }

  async open(): Promise<this> {
    const { group, verifier } = this.#circle
    const store = openMemoryStore(this.disk)
    this.log = await GroupLog.open(store, group, verifier)
    await this.log.speakFor(this.keys.device)
    this.workspace = await Workspace.open(store, group, [{ log: this.log }])
    return this
  }

  async restart(): Promise<void> {
    await this.workspace.save()
    this.workspace.close()
    await this.open()
  }
}

/** What of Eve's is shown: her cards, and her changes of a document. */
const shownOf = async (workspace: Workspace, circle: Circle): Promise<unknown> => [
  workspace.board.name(circle.member('Eve')),
  (await workspace.changesOf(document)).map(({ seq }) => seq),
]

/** Four people who keep to the rules, one whom they have agreed to remove and who goes on writing as if nobody had told her. */
class Street {
  readonly circle: Circle
  readonly devices: Device[]
  readonly written: Entry[] = []
  #proposal!: Awaited<ReturnType<Circle['agree']>>
  #tip: FeedTip

  private constructor(circle: Circle) {
    this.circle = circle
    this.devices = names.slice(0, 4).map((name) => new Device(circle, name))
    this.#tip = circle.who('Eve').tip
  }

  static async begin(): Promise<Street> {
    const street = new Street(await Circle.found(names))
    const { circle, devices } = street
    street.#proposal = await circle.agree(names.slice(0, 4), { kind: 'remove', member: circle.member('Eve') })
    for (const device of devices) {
      // Before it speaks for anybody: of its own ballots it would have lost the memory otherwise.
      const log = await GroupLog.open(openMemoryStore(device.disk), circle.group, circle.verifier)
      for (const entry of circle.entries) await log.receive([{ run: runOf([entry]) }])
      await device.open()
    }
    return street
  }

  get eve(): DeviceKeys {
    return this.circle.who('Eve').keys
  }

  device(number: number): Device {
    return this.devices[number % this.devices.length] as Device
  }

  /** Each names the moment before her removal. */
  async writes(): Promise<void> {
    const number = this.written.length + 1
    const items = [
      { type: itemTypes.statement, bytes: encodeCbor(['card', `Eve ${number}`]) },
      {
        type: itemTypes.change,
        bytes: encodeCbor([DocumentId.toBytes(document), new Uint8Array(8), new Uint8Array(1)]),
      },
    ]
    const { group, heads } = this.circle
    const signed = await signEntry(this.#tip, group, this.eve, { at: (at + number) as Instant, heads, items })
    this.#tip = signed.tip
    this.written.push(signed.entry)
  }

  /** She hands somebody what she wrote, up to there. */
  async hands(to: number, upTo: number): Promise<void> {
    const entries = this.written.slice(0, upTo)
    if (entries.length > 0) await this.#learning(this.device(to), ({ log }) => log.receive([{ run: runOf(entries) }]))
  }

  async enacts(who: number): Promise<void> {
    const { proposal } = this.#proposal
    await this.#learning(this.device(who), async ({ log, keys }) => {
      const held = await log.held([this.eve.device])
      const control = { kind: 'enact', proposal, close: null, ...(held.length > 0 ? { held } : {}) } as const
      await log.append(keys, at, [{ type: itemTypes.control, bytes: encodeControl(control) }])
    })
  }

  async vouches(who: number): Promise<void> {
    const { log, keys } = this.device(who)
    for (const { end, held } of log.unsaid)
      await log.append(keys, at, [{ type: itemTypes.control, bytes: encodeControl({ kind: 'vouch', end, held }) }])
  }

  async meets(from: number, to: number): Promise<void> {
    const [source, target] = [this.device(from), this.device(to)]
    if (source === target) return
    await this.#learning(target, async ({ log }) => {
      const parcels = []
      for (const device of source.log.devices) {
        const parcel = await source.log.parcelFrom(device, log.seqOf(device) + 1)
        if (parcel) parcels.push(parcel)
      }
      await log.receive(parcels)
    })
  }

  /** Everybody meets everybody, and says what they have to say. */
  async settles(): Promise<void> {
    for (let round = 0; round < 2; round++) {
      for (const from of this.devices.keys()) for (const to of this.devices.keys()) await this.meets(from, to)
      for (const who of this.devices.keys()) await this.vouches(who)
    }
    for (const from of this.devices.keys()) for (const to of this.devices.keys()) await this.meets(from, to)
  }

  async #learning(device: Device, act: (device: Device) => Promise<unknown>): Promise<void> {
    const knew = device.log.state.removed.size > 0
    const before = device.log.seqOf(this.eve.device)
    await act(device)
    if (!knew && device.log.state.removed.size > 0) device.learned = before
  }
}

type Step = readonly ['writes' | 'enacts' | 'vouches' | 'hands' | 'meets' | 'restarts', number, number]

const steps = fc.array(
  fc.tuple(
    fc.constantFrom<Step[0]>('writes', 'writes', 'hands', 'hands', 'meets', 'meets', 'vouches', 'enacts', 'restarts'),
    fc.nat(3),
    fc.nat(9),
  ),
  { minLength: 10, maxLength: 40 },
)

const take = async (street: Street, [what, who, other]: Step): Promise<void> => {
  if (what === 'writes') await street.writes()
  else if (what === 'enacts') await street.enacts(who)
  else if (what === 'vouches') await street.vouches(who)
  else if (what === 'hands') await street.hands(who, other)
  else if (what === 'meets') await street.meets(who, other)
  else await street.device(who).restart()
}

test('of what a removed member wrote counts what somebody held when learning of it, and nothing that was slipped in later, for everybody', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (schedule) => {
      const street = await Street.begin()
      for (const step of schedule) await take(street, step)
      await street.enacts(0)
      await street.settles()
      const { circle, devices, eve } = street
      const furthest = Math.max(...devices.map(({ learned }) => learned ?? 0))
      const expected = [
        furthest > 0 ? `Eve ${furthest}` : undefined,
        Array.from({ length: furthest }, (_, index) => index + 1),
      ]

      for (let more = 0; more < 3; more++) await street.writes()
      for (const who of devices.keys()) await street.hands(who, street.written.length)
      await street.settles()

      for (const { log, workspace } of devices) {
        await settled()
        expect(log.counted.get(eve.device)).toBe(furthest)
        expect(log.unsaid).toEqual([])
        expect(await shownOf(workspace, circle)).toEqual(expected)
      }
      for (const device of devices) {
        await device.restart()
        expect(await shownOf(device.workspace, circle)).toEqual(expected)
      }
      await expectAnew(circle, circle.verifier, devices, expected)
    }),
    { seed: 1, numRuns: 8 },
  )
})

/** A newcomer who hears all of it at once, feed by feed in either order, and was nowhere near. */
const expectAnew = async (
  circle: Circle,
  verifier: Verifier,
  [source]: readonly Device[],
  expected: unknown,
): Promise<void> => {
  if (!source) return
  for (const order of [(list: DeviceIds) => list, (list: DeviceIds) => list.toReversed()]) {
    const log = await GroupLog.open(openMemoryStore(), circle.group, verifier)
    const workspace = await Workspace.open(openMemoryStore(), circle.group, [{ log }])
    for (const device of order([...source.log.devices]))
      for await (const run of source.log.runs(device)) await log.receive([{ run }])
    await settled()
    expect(await shownOf(workspace, circle)).toEqual(expected)
    expect(log.unsaid).toEqual([])
  }
}
type DeviceIds = readonly DeviceId[]

/** What is folded anew needs no more than the store, which answers within a few turns. */
const settled = async (): Promise<void> => {
  for (let turns = 0; turns < 8; turns++) await new Promise((resolve) => setImmediate(resolve))
}
