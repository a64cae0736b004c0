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
