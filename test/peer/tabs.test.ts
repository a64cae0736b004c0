import { MemoryHub } from '@auzolan/network'
import type { Peer } from '@auzolan/peer'
import { expect, test, vi } from 'vitest'
import { Participant, steppedClock, until, value } from '../support/participant.ts'

const gardeners = async () => {
  const hub = new MemoryHub({ auto: true })
  const clock = steppedClock()
  const ada = new Participant('ada', hub, 1, clock)
  const ben = new Participant('ben', hub, 2, clock)
  for (const person of [ada, ben]) await person.start()
  hub.connect('ada', 'ben')
  const group = value(await ada.peer.createGroup({ name: 'Elm Street Garden', myName: 'Ada' }))
  value(await ben.peer.join(value(await ada.peer.invite(group, { uses: 1 })).link, { name: 'Ben' }))
  await until(ben.peer, { view: 'join', group }, ({ step }) => step === 'done')
  return { hub, ada, ben, group }
}

test('a tab without the network shows who else has everything, as the tab with it was told', async () => {
  const { ada, ben, group } = await gardeners()
  const tab = await ada.openTab()
  value(await tab.startInitiative(group, { title: 'Repair café' }))
  await until(ben.peer, { view: 'home', group }, ({ initiatives }) => initiatives.length === 1)
  await until(ada.peer, { view: 'status', group }, ({ state }) => state.is === 'shared')
  ada.quiet()
  const { state, copies } = await until(tab, { view: 'status', group }, ({ state }) => state.is === 'shared')
  expect(state).toEqual({ is: 'shared', others: 1 })
  expect(copies.map(({ connected, behind }) => [connected, behind])).toEqual([[true, 0]])
})

test('a tab without the network lists the connections of the tab with it, live, and from when it is opened', async () => {
  const { hub, ada, group } = await gardeners()
  const tab = await ada.openTab()
  const peers = (peer: Peer, count: number) =>
    until(peer, { view: 'reach', group }, ({ connections }) => connections.length === count)
  await peers(tab, 1)
  // Whose device it is, is told a little later.
  ada.quiet()
  const shown = await until(tab, { view: 'reach', group }, ({ connections }) => connections[0]?.by?.name === 'Ben')
  expect(shown.connections).toEqual((await peers(ada.peer, 1)).connections)
  hub.hush('ada', 'ben', true)
  await until(tab, { view: 'reach', group }, ({ connections }) => connections[0]?.quiet === true)
  hub.cut('ada', 'ben')
  await peers(tab, 0)
  hub.heal('ada', 'ben')
  await peers(tab, 1)
})

test('a helper and a keeper added in a tab without the network are looked for at once by the tab with it', async () => {
  const hub = new MemoryHub({ auto: true })
  const wants = vi.spyOn(hub.network('ada'), 'want')
  const ada = new Participant('ada', hub, 1, steppedClock())
  await ada.start()
  const group = value(await ada.peer.createGroup({ name: 'Elm Street Garden', myName: 'Ada' }))
  const tab = await ada.openTab()
  const helper = '/ip4/192.0.2.7/tcp/4400/ws'
  await tab.addHelper(helper)
  await until(ada.peer, { view: 'reach', group }, ({ helpers }) => helpers.includes(helper))
  expect(wants.mock.lastCall?.[1]).toEqual([helper])
  const keeper = '12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5'
  value(await tab.addKeeper(group, `${helper}/p2p/${keeper}`))
  await until(ada.peer, { view: 'reach', group }, ({ keepers }) => keepers.length === 1)
  expect(wants.mock.lastCall?.[0]).toMatchObject([{ peer: keeper }])
  await tab.removeHelper(helper)
  await until(ada.peer, { view: 'reach', group }, ({ helpers }) => helpers.length === 0)
  expect(wants.mock.lastCall?.[1]).toEqual([])
})
