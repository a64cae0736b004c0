import type { DocumentId, GroupId } from '@auzolan/core'
import { MemoryDisk, openMemoryStore } from '@auzolan/storage'
import { afterEach, expect, test, vi } from 'vitest'
import { inTime } from '../support/noise.ts'
import { Participant, until, value } from '../support/participant.ts'
import { cut, reaches, seen, stop, type Street, street } from '../support/street.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

const talk = async ({ peer }: Participant, group: GroupId, thread: DocumentId, enough: number) =>
  inTime(until(peer, { view: 'thread', group, thread }, ({ messages }) => messages.length >= enough))

const copyOf = async (disk: MemoryDisk): Promise<MemoryDisk> => {
  const copy = new MemoryDisk()
  const kept = await openMemoryStore(disk).range({ prefix: [] })
  await openMemoryStore(copy).write(
    kept.map((record) => ({ do: 'put', ...record })),
    { durability: 'strict' },
  )
  return copy
}

/** Ben says something, and then two devices go on with his key: one among Ada, one among Cleo, who are apart and each say something too. */
const parted = async () => {
  const place: Street = await street()
  const { hub, all, group, calendar } = place
  const [ada, ben, cleo] = all
  const { document } = await inTime(until(ada.peer, { view: 'home', group }))
  value(await ben.peer.sendMessage(group, document, 'I have a ladder'))
  for (const person of all) await talk(person, group, document, 1)
  await ben.stop()
  const twin = new Participant('twin', hub, 5, calendar, { disk: await copyOf(ben.disk), secrets: ben.secretsDisk })
  cut(hub)
  for (const other of ['ada', 'ben']) hub.cut(other, 'twin')
  await ben.start()
  await twin.start()
  hub.connect('ada', 'ben')
  hub.connect('cleo', 'twin')
  value(await ben.peer.sendMessage(group, document, 'And a saw'))
  value(await twin.peer.sendMessage(group, document, 'And cake'))
  value(await twin.peer.sendMessage(group, document, 'And tea'))
  await talk(ada, group, document, 2)
  await talk(cleo, group, document, 3)
  value(await ada.peer.sendMessage(group, document, 'A saw is fine'))
  value(await cleo.peer.sendMessage(group, document, 'Cake is fine'))
  hub.cut('ada', 'ben')
  hub.cut('cleo', 'twin')
  return { ...place, twin, document }
}

/** Links that are made one after the other, each once what the one before brought is there. */
const orders = [['ada cleo'], ['ben cleo', 'ada cleo'], ['ada twin', 'ada cleo'], ['ada twin', 'ben cleo', 'ada cleo']]

test.each(orders.map((order) => [order.join(', then '), order] as const))(
  'a device with two branches: who is in and what all others say is the same for everybody, and of its own words each goes on showing one branch (%s)',
  async (_, order) => {
    const { hub, all, twin, group, document, calendar } = await parted()
    const [ada, ben, cleo] = all
    const everybody = [ada, ben, cleo, twin]
    for (const link of order) {
      const [one, other] = link.split(' ') as [string, string]
      hub.connect(one, other)
      for (const { name, peer } of everybody)
        if (name === one || name === other)
          await inTime(
            until(peer, { view: 'people', group }, ({ people }) =>
              people.some(({ devices }) => devices.some(({ frozen }) => frozen)),
            ),
          )
    }
    for (const person of [ada, cleo])
      await inTime(
        until(person.peer, { view: 'thread', group, thread: document }, ({ messages }) =>
          ['A saw is fine', 'Cake is fine'].every((said) => messages.some(({ text }) => text === said)),
        ),
      )
    const dora = new Participant('dora', hub, 9, calendar)
    await dora.start()
    hub.connect('ada', 'dora')
    value(await dora.peer.join(value(await ada.peer.invite(group, { uses: 1 })).link, { name: 'Dora' }))
    await inTime(until(dora.peer, { view: 'join', group }, ({ step }) => step === 'done'))
    await talk(dora, group, document, 3)
    for (const person of [ada, cleo])
      await inTime(until(person.peer, { view: 'people', group }, ({ people }) => people.length === 4))

    const isAlike = async (person: Participant) => {
      const { people } = await inTime(until(person.peer, { view: 'people', group }))
      const { voters, proposals, removed } = await seen(person, group, () => true)
      const { messages } = await talk(person, group, document, 3)
      const said = messages.map(({ text, by }) => [by.name, text] as const)
      return {
        same: {
          people: people
            .map(({ name, left, contested, paused, devices }) => [
              name,
              left,
              contested,
              paused,
              devices.map(({ frozen }) => frozen),
            ])
            .sort(),
          decided: [voters, proposals, removed],
          others: said.filter(([name]) => name !== 'Ben').sort(),
        },
        ben: said.flatMap(([name, text]) => (name === 'Ben' ? [text] : [])),
      }
    }
    const shown = []
    for (const person of [ada, cleo, dora]) shown.push(await isAlike(person))
    expect(shown[1]?.same).toEqual(shown[0]?.same)
    expect(shown[2]?.same).toEqual(shown[0]?.same)
    expect(shown[0]?.ben).toEqual(['I have a ladder', 'And a saw'])
    expect(shown[1]?.ben).toEqual(['I have a ladder', 'And cake', 'And tea'])
    // Whoever comes later is shown what lies before the place, and no more than one of the two after it.
    const late = shown[2]?.ben ?? []
    expect([shown[0], shown[1]].some((other) => late.every((text, place) => other?.ben[place] === text))).toBe(true)
    expect(late[0]).toBe('I have a ladder')
    for (const person of [ada, cleo]) {
      const before = await isAlike(person)
      await person.stop()
      await person.start()
      expect(await isAlike(person)).toEqual(before)
    }
    await stop([...everybody, dora])
  },
)

test('whose device has two branches is told so, comes in again as the same person with another, and is heard by everybody', async () => {
  const { hub, all, twin, group, document } = await parted()
  const [ada, ben, cleo] = all
  hub.connect('ada', 'cleo')
  hub.connect('ada', 'ben')
  await inTime(until(ben.peer, { view: 'groups' }, ([row]) => row?.standing === 'frozen'))
  expect(await ben.peer.sendMessage(group, document, 'Which?')).toEqual({ ok: false, error: { type: 'device frozen' } })
  const { link } = value(await ada.peer.invite(group, { uses: 1 }))
  expect(await ben.peer.readInvitation(link)).toEqual({ ok: false, error: { type: 'rewound' } })
  expect(await ben.peer.linkDevice(group)).toEqual({ ok: false, error: { type: 'device frozen' } })
  await ben.stop()
  await ben.start()
  await inTime(until(ben.peer, { view: 'groups' }, ([row]) => row?.standing === 'frozen'))

  const { people } = await inTime(until(ada.peer, { view: 'people', group }))
  const lost = people.find(({ name }) => name === 'Ben')!.id
  const keysBefore = new Set(ben.secretsDisk.secrets.keys())
  const way = value(await ada.peer.linkLost(group, lost))
  hub.connect('ada', 'ben')
  value(await ben.peer.useDeviceLink(way.link, 'Phone'))
  const asked = ({ linking }: { linking: { step: string } }) => linking.step === 'asked'
  const { linking } = await inTime(until(ada.peer, { view: 'devices', group }, asked))
  if (linking.step !== 'asked') throw new Error('nobody asks')
  value(await ada.peer.confirmDevice(group, linking.device))
  const { proposals } = await seen(ada, group, (view) => view.proposals.length === 1)
  value(await ada.peer.vote(group, proposals[0]!.id, 'yes'))
  const isIn = () => inTime(until(ben.peer, { view: 'groups' }, ([row]) => row?.standing === 'member'))
  await reaches([ada, cleo], group, 'confirmed')
  await isIn()
  value(await ben.peer.sendMessage(group, document, 'Saw and cake, both'))
  for (const person of [ada, cleo])
    await inTime(
      until(person.peer, { view: 'thread', group, thread: document }, ({ messages }) =>
        messages.some(({ text, by }) => text === 'Saw and cake, both' && by.id === lost),
      ),
    )
  // The key that is in two places is used no more.
  expect([...keysBefore].filter((name) => !ben.secretsDisk.secrets.has(name))).toHaveLength(1)
  await stop([ada, ben, cleo, twin])
})
