import type { GroupId } from '@auzolan/core'
import type { Frame } from '@auzolan/network'
import { type MemoryDisk, openMemoryStore } from '@auzolan/storage'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { KEPT_MS } from '../../packages/peer/src/keeper/limits.ts'
import { decodeKeepMessage, encodeKeepMessage, type KeepMessage } from '../../packages/peer/src/keeper/messages.ts'
import { KEEPER, KEEPER_ADDRESS, left, openKeeper, type Standing } from '../support/keeping.ts'
import { inTime } from '../support/noise.ts'
import { Participant, until, value } from '../support/participant.ts'
import { cut, reaches, seen, stop, street, threeVotes, type Street } from '../support/street.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

const say = async (person: Participant, group: GroupId, text: string): Promise<void> => {
  const { document } = await inTime(until(person.peer, { view: 'home', group }))
  value(await person.peer.sendMessage(group, document, text))
}
const hears = async (person: Participant, group: GroupId, text: string): Promise<void> => {
  const { document } = await inTime(until(person.peer, { view: 'home', group }))
  const has = until(person.peer, { view: 'thread', group, thread: document }, ({ messages }) =>
    messages.some((message) => message.text === text),
  )
  await inTime(has)
}
const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** The street, apart; everybody has added the keeper, and nobody is connected to it. */
const withKeeper = async (place?: Street): Promise<Street & Standing> => {
  const there = place ?? (await street())
  const { hub, calendar, all, group } = there
  for (const { name } of all) hub.cut(name, KEEPER)
  const standing = await openKeeper(hub, calendar)
  const invitation = value(await all[0].peer.askKeeper(group))
  value(await standing.keeper.invite(invitation))
  for (const { peer } of all) value(await peer.addKeeper(group, KEEPER_ADDRESS))
  cut(hub)
  return { ...there, ...standing }
}

describe('a keeper', () => {
  test('hands on what is said between two who are never there together, and cannot read it', async () => {
    const place = await withKeeper()
    const { hub, all, group, disk, keeper } = place
    const [ada, ben, cleo] = all
    await say(ada, group, 'The hall is free on Tuesday')
    hub.connect('ada', KEEPER)
    await left(place, 2)
    await ada.stop()
    hub.connect('ben', KEEPER)
    await hears(ben, group, 'The hall is free on Tuesday')
    await say(ben, group, 'Then I bring the projector')
    hub.connect('cleo', KEEPER)
    await hears(cleo, group, 'Then I bring the projector')
    await hears(cleo, group, 'The hall is free on Tuesday')
    expect(keeper.shelves).toHaveLength(1)
    const bytes = await everything(disk)
    for (const word of ['Tuesday', 'projector', 'Ada', 'Ben', 'Cleo', 'Elm', group.slice(0, 16)])
      expect(bytes.includes(word)).toBe(false)
    for (const secret of [Buffer.from(group, 'hex'), Buffer.from('The hall')])
      expect(bytes.includes(secret)).toBe(false)
    await stop(all)
  })

  test('has what was left with it after it was off, and a visitor reads on from where it was', async () => {
    const place = await withKeeper()
    const { hub, calendar, all, group, disk } = place
    const [ada, ben] = all
    await say(ada, group, 'One')
    hub.connect('ada', KEEPER)
    hub.connect('ben', KEEPER)
    await hears(ben, group, 'One')
    await ben.stop()
    await say(ada, group, 'Two')
    await left(place, 3)
    await hub.network(KEEPER).stop()
    const again = await openKeeper(hub, calendar, disk)
    await ben.start()
    hub.connect('ben', KEEPER)
    await hears(ben, group, 'Two')
    expect(again.keeper.counts.given).toBe(1)
    await stop(all)
  })

  test('serves who was away when the key changed, and gives nothing that who was removed could open', async () => {
    const there = await street()
    await threeVotes(there)
    const place = await withKeeper(there)
    const { hub, all, group, ids } = place
    const [ada, ben, cleo] = all
    for (const [one, other] of [
      ['ada', 'ben'],
      ['ada', 'cleo'],
      ['ben', 'cleo'],
    ] as const)
      hub.heal(one, other)
    const proposal = value(await ada.peer.propose(group, { is: 'remove', person: ids.Ben }))
    for (const person of all) await seen(person, group, ({ proposals }) => proposals.length === 2)
    value(await cleo.peer.vote(group, proposal, 'yes'))
    await seen(ada, group, ({ proposals }) => proposals.some(({ yes }) => yes === 1))
    cut(hub)
    value(await ada.peer.vote(group, proposal, 'yes'))
    await reaches([ada], group, 'decided')
    await say(ada, group, 'Without Ben')
    hub.connect('ada', KEEPER)
    // The new key is made when nothing else is to be done.
    await left(place, 2, () => ada.quiet())
    hub.connect('ben', KEEPER)
    hub.connect('cleo', KEEPER)
    await hears(cleo, group, 'Without Ben')
    await turns(200)
    expect((await seen(ben, group, () => true)).removed).toEqual([])
    const { document } = await inTime(until(ben.peer, { view: 'home', group }))
    expect((await inTime(until(ben.peer, { view: 'thread', group, thread: document }))).messages).toEqual([])
    await stop(all)
  })

  test('refuses strangers: who was not asked for, and packs that no member signed', async () => {
    const place = await withKeeper()
    const { hub, calendar, all, group, keeper } = place
    const [ada] = all
    const dora = new Participant('dora', hub, 77, calendar)
    await dora.start()
    const other = value(await dora.peer.createGroup({ name: 'Choir', myName: 'Dora' }))
    value(await dora.peer.addKeeper(other, KEEPER_ADDRESS))
    await say(dora, other, 'La la')
    hub.connect('dora', KEEPER)
    const refused = async () => {
      while (keeper.counts.refused === 0) await turns(1)
    }
    await inTime(refused())
    expect(keeper.shelves.map(({ packs }) => packs)).toEqual([0])
    expect(keeper.counts.taken).toBe(0)
    await say(ada, group, 'Here')
    hub.connect('ada', KEEPER)
    await left(place, 2)
    await dora.stop()
    await stop(all)
  })

  test('keeps nothing for ever', async () => {
    const place = await withKeeper()
    const { hub, calendar, all, group, keeper, disk } = place
    await say(all[0], group, 'Soon gone')
    hub.connect('ada', KEEPER)
    await left(place, 2)
    hub.cut('ada', KEEPER)
    const before = (await everything(disk)).length
    calendar.pass(KEPT_MS / (24 * 60 * 60 * 1000) + 1)
    await keeper.expire()
    expect(keeper.shelves).toMatchObject([{ packs: 0, bytes: 0 }])
    expect((await everything(disk)).length).toBeLessThan(before / 4)
    await stop(all)
  })

  test('is forgotten with everything it has, by who runs it', async () => {
    const place = await withKeeper()
    const { hub, all, group, keeper, disk } = place
    await say(all[0], group, 'Gone now')
    hub.connect('ada', KEEPER)
    await left(place, 2)
    expect(await keeper.forget(keeper.shelves[0]!.name)).toBe(true)
    expect((await everything(disk)).length).toBe(0)
    expect(await keeper.forget('00')).toBe(false)
    await stop(all)
  })
})

type Spoil = (message: Extract<KeepMessage, { say: 'pack' }>, earlier: readonly Uint8Array[]) => readonly KeepMessage[]

test.each([
  ['drops everything', (message) => [{ say: 'end', number: message.number }]],
  ['invents packs', (message) => [{ ...message, bytes: new Uint8Array(500).fill(1) }]],
  [
    'changes a byte',
    (message) => [{ ...message, bytes: message.bytes.map((byte, at) => (at === 300 ? byte ^ 1 : byte)) }],
  ],
  ['gives the same again and again', (message, [first]) => [{ ...message, bytes: first ?? message.bytes }]],
  ['gives what another group left', (message) => [{ ...message, bytes: foreign }]],
  ['answers twice', (message) => [message, message]],
  ['answers something else', ({ number }) => [{ say: 'kept', number, at: 3 }]],
] satisfies [string, Spoil][])(
  'a keeper that %s harms nothing: what it kept is brought by others',
  async (_, spoil: Spoil) => {
    const place = await withKeeper()
    const { hub, all, group } = place
    const [ada, ben, cleo] = all
    foreign ??= await somethingForeign(ada)
    await say(ada, group, 'It rains')
    hub.connect('ada', KEEPER)
    await left(place, 2)
    const earlier: Uint8Array[] = []
    let repeating = false
    hub.corrupt = (frame: Frame, from) => {
      const read = frame.type === 'keep' && from === KEEPER ? decodeKeepMessage(frame.payload) : undefined
      if (!read?.ok || read.value.say !== 'pack') return frame
      if (repeating) return frame
      const [first, second] = spoil(read.value, earlier)
      earlier.push(read.value.bytes)
      repeating = second !== undefined
      // The second comes before anybody asked for it.
      if (second) void place.links.at(-1)?.send({ type: 'keep', payload: encodeKeepMessage(second) })
      return first ? { type: 'keep', payload: encodeKeepMessage(first) } : frame
    }
    hub.connect('ben', KEEPER)
    await turns(300)
    hub.corrupt = (frame) => frame
    hub.connect('ada', 'cleo')
    await hears(cleo, group, 'It rains')
    hub.connect('cleo', 'ben')
    await hears(ben, group, 'It rains')
    for (const { peer } of all) expect((await inTime(until(peer, { view: 'people', group }))).people).toHaveLength(3)
    await stop(all)
  },
)

let foreign: Uint8Array = undefined as never
const somethingForeign = async (person: Participant): Promise<Uint8Array> => {
  const other = value(await person.peer.createGroup({ name: 'Choir', myName: 'Ada' }))
  const file = value(await person.peer.exportPacks(other))
  return file.subarray(file.length - 400)
}

/** All that lies on a disk, keys and values, one after the other. */
const everything = async (disk: MemoryDisk): Promise<Buffer> => {
  const all: Buffer[] = []
  for (const prefix of ['shelf', 'index', 'pack'])
    for (const { key, value: bytes } of await openMemoryStore(disk).range({ prefix: [prefix] }))
      all.push(Buffer.from(key.join('/')), Buffer.from(bytes))
  return Buffer.concat(all)
}
