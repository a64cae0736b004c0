import { MemoryHub } from '@auzolan/network'
import { expect, test } from 'vitest'
import { Participant, steppedClock, until, value } from '../support/participant.ts'

test('a tab without the network shows who else has everything, as the tab with it was told', async () => {
  const hub = new MemoryHub({ auto: true })
  const clock = steppedClock()
  const ada = new Participant('ada', hub, 1, clock)
  const ben = new Participant('ben', hub, 2, clock)
  for (const person of [ada, ben]) await person.start()
  hub.connect('ada', 'ben')
  const group = value(await ada.peer.createGroup({ name: 'Elm Street Garden', myName: 'Ada' }))
  value(await ben.peer.join(value(await ada.peer.invite(group, { uses: 1 })).link, { name: 'Ben' }))
  await until(ben.peer, { view: 'join', group }, ({ step }) => step === 'done')
  const tab = await ada.openTab()
  value(await tab.startInitiative(group, { title: 'Repair café' }))
  await until(ben.peer, { view: 'home', group }, ({ initiatives }) => initiatives.length === 1)
  await until(ada.peer, { view: 'status', group }, ({ state }) => state.is === 'shared')
  ada.quiet()
  const { state, copies } = await until(tab, { view: 'status', group }, ({ state }) => state.is === 'shared')
  expect(state).toEqual({ is: 'shared', others: 1 })
  expect(copies.map(({ connected, behind }) => [connected, behind])).toEqual([[true, 0]])
})
