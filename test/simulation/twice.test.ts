import { DocumentId, type Entropy, type InitiativeDoc, type Instant } from '@auzolan/core'
import { MemoryDisk, openMemoryStore } from '@auzolan/storage'
import { type Entry, type FeedTip, type ItemDraft, runOf, signEntry } from '@auzolan/trust'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { initialiseEngine } from '../../packages/peer/src/documents/engine.ts'
import { GroupLog } from '../../packages/peer/src/log/group-log.ts'
import { Rooms } from '../../packages/peer/src/workspace/rooms.ts'
import { Workspace } from '../../packages/peer/src/workspace/workspace.ts'
import { Circle } from '../../packages/trust/src/testing/circle.ts'
import { seededEntropy } from '../support/participant.ts'

beforeAll(() => initialiseEngine('embedded'))

const document = DocumentId.fromBytes(new Uint8Array(DocumentId.length).fill(7))
const at = 1_800_000_000_000 as Instant
type Name = 'Ane' | 'Cira' | 'Eve'

/** One device's copy of the group, with its documents. */
class Copy {
  readonly #circle: Circle
  readonly #entropy: Entropy
  readonly #disk = new MemoryDisk()
  #workspace!: Workspace
  #rooms!: Rooms
  log!: GroupLog
  #taking: Promise<void> = Promise.resolve()

  constructor(circle: Circle, entropy: Entropy) {
    this.#circle = circle
    this.#entropy = entropy
  }

  async open(): Promise<this> {
    const store = openMemoryStore(this.#disk)
    this.log = await GroupLog.open(store, this.#circle.group, this.#circle.verifier)
    this.#workspace = await Workspace.open(store, this.#circle.group, [{ log: this.log }])
    this.#rooms = new Rooms(this.#workspace, store, this.#entropy, () => Promise.resolve())
    this.#workspace.onNews(({ changes }) => {
      this.#taking = this.#taking.then(() => this.#rooms.take(changes))
    })
    return this
  }

  async restart(): Promise<void> {
    await this.#taking
    await this.#rooms.close()
    await this.#workspace.save()
    this.#workspace.close()
    await this.open()
  }

  async hears(entries: readonly Entry[]): Promise<void> {
    if (entries.length > 0) await this.log.receive([{ run: runOf(entries) }])
    await this.#taking
  }

  async room() {
    await this.#taking
    return this.#rooms.open(document)
  }

  async plan(): Promise<string> {
    return (await this.room()).state<InitiativeDoc>().value.plan
  }

  /** What an entry holds that writes this, as the device would make it. */
  async edited(name: Name, text: string): Promise<readonly ItemDraft[]> {
    const room = await this.room()
    const { heads } = room.state()
    const edit = { do: 'write', field: ['plan'], from: heads, text } as const
    const made = room.edit([edit], this.#circle.who(name).keys.device, at)
    if (!made.ok) throw new Error(made.error.type)
    return made.value.items
  }

  async close(): Promise<void> {
    await this.#taking
    await this.#rooms.close()
  }
}

/**
 * Eve signs two changes with one actor and number, one after the other in her feed, and goes on from the second. Ane writes on top of the first,
 * and Cira, who pretends not to have had it, on top of the second.
 */
const story = async (swapped: boolean) => {
  const circle = await Circle.found(['Ane', 'Cira', 'Eve'])
  const feeds: Record<Name, Entry[]> = { Ane: [...circle.entries], Cira: [], Eve: [] }
  const tips = new Map<Name, FeedTip>((['Ane', 'Cira', 'Eve'] as const).map((name) => [name, circle.who(name).tip]))
  const signs = async (name: Name, items: readonly ItemDraft[]): Promise<Entry> => {
    const tip = tips.get(name) as FeedTip
    const signed = await signEntry(tip, circle.group, circle.who(name).keys, { at, heads: circle.heads, items })
    tips.set(name, signed.tip)
    feeds[name].push(signed.entry)
    return signed.entry
  }
  const copy = (seed: number) => new Copy(circle, seededEntropy(seed)).open()
  const [ane, cira, one, other] = [await copy(1), await copy(2), await copy(3), await copy(3)]
  for (const each of [ane, cira, one, other]) await each.hears(feeds.Ane)
  // Enough for a snapshot of the document to be kept when it is closed.
  for (let line = 1; line <= 33; line++) await ane.hears([await signs('Ane', await ane.edited('Ane', `${line}. Dig.`))])
  for (const each of [cira, one, other]) await each.hears(feeds.Ane.slice(1))

  const [deep, wide] = [await one.edited('Eve', '33. Dig. Deep.'), await other.edited('Eve', '33. Dig. Wide.')]
  const [first, second] = swapped ? [wide, deep] : [deep, wide]
  const before = await signs('Eve', first)
  await ane.hears([before])
  await signs('Eve', second)
  // Only who takes the second for the first can go on from it.
  const liar = await copy(4)
  const twin = await copy(3)
  for (const each of [liar, twin]) await each.hears(feeds.Ane)
  const alone = await signEntry(circle.who('Eve').tip, circle.group, circle.who('Eve').keys, {
    at,
    heads: circle.heads,
    items: second,
  })
  for (const each of [liar, twin]) await each.hears([alone.entry])
  await signs('Eve', await twin.edited('Eve', `${await twin.plan()} And more.`))
  await signs('Cira', await liar.edited('Cira', `${await liar.plan()} So says Cira.`))
  await signs('Ane', await ane.edited('Ane', `${await ane.plan()} So says Ane.`))
  for (const each of [ane, cira, one, other, liar, twin]) await each.close()
  expect([feeds.Ane.length, feeds.Eve.length, feeds.Cira.length]).toEqual([35, 3, 1])
  return { circle, feeds, expected: `33. Dig. ${swapped ? 'Wide' : 'Deep'}. So says Ane.` }
}

test.each([false, true])(
  'of two changes with one actor and number everybody holds the one that comes first in its feed, in whatever order feeds come (%s)',
  async (swapped) => {
    const { circle, feeds, expected } = await story(swapped)
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(fc.constantFrom<Name | 'restart' | 'look'>('Ane', 'Cira', 'Eve', 'restart', 'look'), fc.nat(20)),
          {
            maxLength: 14,
          },
        ),
        async (schedule) => {
          const copy = await new Copy(circle, seededEntropy(9)).open()
          const have = { Ane: 0, Cira: 0, Eve: 0 }
          const brings = async (name: Name, upTo: number) => {
            await copy.hears(feeds[name].slice(have[name], upTo))
            have[name] = Math.max(have[name], Math.min(upTo, feeds[name].length))
          }
          await brings('Ane', 1)
          for (const [what, count] of schedule) {
            if (what === 'restart') await copy.restart()
            else if (what === 'look') await copy.plan()
            else await brings(what, have[what] + count)
          }
          for (const name of ['Cira', 'Eve', 'Ane'] as const) await brings(name, 99)
          const shown = [await copy.plan()]
          await copy.restart()
          shown.push(await copy.plan())
          expect(shown).toEqual([expected, expected])
          const room = await copy.room()
          expect(room.unmerged(circle.who('Cira').keys.device).map(({ text }) => text)).toEqual(['So says Cira.'])
          expect(room.unmerged(circle.who('Ane').keys.device)).toEqual([])
          await copy.close()
        },
      ),
      { seed: 1, numRuns: 15 },
    )
  },
)
