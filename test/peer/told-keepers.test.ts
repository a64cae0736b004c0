import { MemoryHub } from '@auzolan/network'
import { expect, test } from 'vitest'
import { Participant, steppedClock, until, value } from '../support/participant.ts'

const keeper = '12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5'
const address = `/ip4/192.0.2.7/tcp/4400/ws/p2p/${keeper}`

test('a keeper is told of, seen by who it was, used by who says so, and taken back', async () => {
  const hub = new MemoryHub({ auto: true })
  const clock = steppedClock()
  const ada = new Participant('ada', hub, 1, clock)
  const ben = new Participant('ben', hub, 2, clock)
  for (const person of [ada, ben]) await person.start()
  hub.connect('ada', 'ben')
  const group = value(await ada.peer.createGroup({ name: 'Elm Street Garden', myName: 'Ada' }))
  value(await ben.peer.join(value(await ada.peer.invite(group, { uses: 1 })).link, { name: 'Ben' }))
  await until(ben.peer, { view: 'join', group }, ({ step }) => step === 'done')

  value(await ada.peer.addKeeper(group, address))
  const { keepers } = await until(ada.peer, { view: 'reach', group })
  expect(keepers).toEqual([{ peer: keeper, addresses: [address], is: 'away', left: null, told: false }])
  value(await ada.peer.tellKeeper(group, keeper, true))
  await until(ada.peer, { view: 'reach', group }, ({ keepers: [first] }) => first?.told === true)
  const heard = await until(ben.peer, { view: 'reach', group }, ({ toldOf }) => toldOf.length === 1)
  expect(heard.keepers).toEqual([])
  expect(heard.toldOf).toMatchObject([{ peer: keeper, addresses: [address], by: { name: 'Ada' } }])

  value(await ben.peer.addKeeper(group, address))
  const used = await until(ben.peer, { view: 'reach', group }, ({ keepers: own }) => own.length === 1)
  expect(used.toldOf).toEqual([])
  value(await ada.peer.tellKeeper(group, keeper, false))
  await until(ada.peer, { view: 'reach', group }, ({ keepers: [first] }) => first?.told === false)
  value(await ben.peer.removeKeeper(group, keeper))
  await until(ben.peer, { view: 'reach', group }, ({ keepers: own, toldOf }) => own.length === 0 && toldOf.length === 0)
})
