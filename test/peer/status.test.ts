import { MemoryHub } from '@auzolan/network'
import { expect, test } from 'vitest'
import { Participant, steppedClock, until, value } from '../support/participant.ts'

const neighbours = async () => {
  const hub = new MemoryHub({ auto: true })
  const clock = steppedClock()
  const people = ['ada', 'ben', 'cleo'].map((name, at) => new Participant(name, hub, at + 1, clock))
  const [ada, ben, cleo] = people as [Participant, Participant, Participant]
  for (const person of people) await person.start()
  hub.connect('ada', 'ben')
  const group = value(await ada.peer.createGroup({ name: 'Elm Street Garden', myName: 'Ada' }))
  const { link } = value(await ada.peer.invite(group, { uses: 2 }))
  value(await ben.peer.join(link, { name: 'Ben' }))
  await until(ben.peer, { view: 'join', group }, ({ step }) => step === 'done')
  return { hub, ada, ben, cleo, group, link }
}

test('a newcomer who wrote nothing counts nobody they have not heard from', async () => {
  const { hub, ada, ben, cleo, group, link } = await neighbours()
  await ada.stop()
  hub.connect('ben', 'cleo')
  value(await cleo.peer.join(link, { name: 'Cleo' }))
  await until(cleo.peer, { view: 'join', group }, ({ step }) => step === 'done')
  const { state, copies } = await until(cleo.peer, { view: 'status', group }, ({ state }) => state.is === 'shared')
  expect(state).toEqual({ is: 'shared', others: 1 })
  expect(copies.map(({ by, asOf }) => [by.name, asOf !== null])).toEqual(
    expect.arrayContaining([
      ['Ada', false],
      ['Ben', true],
    ]),
  )
  await ben.stop()
})

test('what was written apart is not counted as held until it was confirmed', async () => {
  const { hub, ada, ben, group } = await neighbours()
  const status = { view: 'status', group } as const
  await until(ada.peer, status, ({ state }) => state.is === 'shared')
  hub.cut('ada', 'ben')
  await until(ada.peer, status, ({ state }) => state.is === 'offline')
  value(await ada.peer.startInitiative(group, { title: 'Repair café' }))
  const apart = await until(ada.peer, status, ({ onlyHere }) => onlyHere === 1)
  expect(apart.state).toEqual({ is: 'offline' })
  hub.heal('ada', 'ben')
  const joined = await until(ada.peer, status, ({ state }) => state.is === 'shared')
  expect(joined).toMatchObject({ state: { others: 1 }, onlyHere: 0 })
  await ben.stop()
})

test('whoever does not answer is not shown as in reach, is when they answer, and is told nothing twice', async () => {
  const { hub, ada, ben, group } = await neighbours()
  const status = { view: 'status', group } as const
  const inReach = (connected: boolean) =>
    until(ada.peer, status, ({ copies }) => copies.every((copy) => copy.connected === connected))
  await until(ada.peer, status, ({ state }) => state.is === 'shared')
  const said = () => [hub.traffic('ada', 'ben').frames, hub.traffic('ben', 'ada').frames]
  await inReach(true)
  const before = said()
  hub.hush('ada', 'ben', true)
  expect((await inReach(false)).state).toEqual({ is: 'offline' })
  hub.hush('ada', 'ben', false)
  expect((await inReach(true)).state).toEqual({ is: 'shared', others: 1 })
  expect(said()).toEqual(before)
  await ben.stop()
})

test('a device that comes back twenty times is one device, and what it has already is not sent again', async () => {
  const { hub, ada, ben, group } = await neighbours()
  const initiative = value(await ada.peer.startInitiative(group, { title: 'Repair café' }))
  await until(ben.peer, { view: 'home', group }, ({ initiatives }) => initiatives.length === 1)
  const thread = { view: 'thread', group, thread: initiative } as const
  value(await ada.peer.sendMessage(group, initiative, 'Who has a ladder?'))
  await until(ben.peer, thread, ({ messages }) => messages.length === 1)
  const told: number[] = []
  const stop = ben.peer.watch(thread, ({ messages }) => told.push(messages.length))
  const bytes = () => hub.traffic('ada', 'ben').bytes
  const before = bytes()
  for (let load = 0; load < 20; load++) {
    hub.connect('ada', 'ben')
    await until(ada.peer, { view: 'status', group }, ({ state }) => state.is === 'shared')
  }
  value(await ada.peer.sendMessage(group, initiative, 'And a drill?'))
  await until(ben.peer, thread, ({ messages }) => messages.length === 2)
  const { connections } = await until(ada.peer, { view: 'reach', group }, ({ connections: all }) => all.length > 0)
  expect(connections).toHaveLength(1)
  expect((await until(ada.peer, { view: 'status', group })).copies).toHaveLength(1)
  expect(told.filter((count, at) => count !== told[at - 1])).toEqual(told)
  expect((bytes() - before) / 21).toBeLessThan(2_000)
  stop()
  await ben.stop()
})
