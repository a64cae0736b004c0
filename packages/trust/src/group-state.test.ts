import type { ControlId } from '@auzolan/core'
import { afterEach, expect, test } from 'vitest'
import type { Admission } from './rules.ts'
import { Circle } from './testing/circle.ts'
import { digestsInOrders } from './testing/orders.ts'

const five = ['Ane', 'Beñat', 'Cira', 'Dani', 'Eneko']
const three = five.slice(0, 3)
let circle: Circle
const found = async (admission: Admission = { kind: 'invitation' }): Promise<Circle> =>
  (circle = await Circle.found(five, { rules: new Map(), admission, quorum: null }))
const state = () => circle.log.state()

// Whatever a test did, everybody who knows the same sees the same, in any order of delivery.
afterEach(async () => {
  expect(new Set(await digestsInOrders(circle)).size).toBe(1)
})

test('who left is no voter any more, by decision or at all', async () => {
  await found()
  await circle.say('Eneko', { kind: 'leave' })
  expect([state().voters.has(circle.member('Eneko')), state().voters.size]).toEqual([false, 4])
})

test('a device is revoked by its own person, and by the group that gave its person another', async () => {
  await found()
  await circle.addDevice('Ane', 'phone')
  const revoked = (name: string) => state().devices.get(circle.who(name).keys.device)?.revoked
  expect([revoked('phone'), revoked('Dani')]).toEqual([false, false])
  await circle.say('Ane', { kind: 'revokeDevice', device: circle.who('phone').keys.device })
  const { keys } = await circle.stranger('tablet')
  const proof = await circle.proofOf(circle.member('Dani'), keys)
  const { device, box } = keys
  await circle.decide(three, { kind: 'rebind', member: circle.member('Dani'), device, box, proof })
  expect(['phone', 'Ane', 'Dani', 'tablet'].map(revoked)).toEqual([true, false, true, false])
})

test('the quorum is the one that was sealed, not one that was only decided', async () => {
  await found()
  const enact = await circle.decide(three, { kind: 'quorum', quorum: { num: 3, den: 4 } })
  expect(state().quorum).toEqual({ num: 1, den: 2 })
  await circle.seal(three, enact)
  expect(state().quorum).toEqual({ num: 3, den: 4 })
})

test('who speaks for a newcomer is shown while what they said stands', async () => {
  await found({ kind: 'sponsors', count: 2 })
  const start = circle.heads
  await circle.ask('Gari')
  const newcomer = circle.member('Gari')
  for (const name of ['Dani', 'Eneko']) await circle.say(name, { kind: 'sponsor', member: newcomer }, start)
  const sponsors = () => state().sponsors.get(newcomer)
  expect(sponsors()).toEqual(['Dani', 'Eneko'].map((name) => circle.member(name)).sort())
  await circle.decide(three, { kind: 'remove', member: circle.member('Eneko') }, start)
  expect(sponsors()).toEqual([circle.member('Dani')])
})

test('of several entries that say the same the lowest id is named', async () => {
  await found()
  const invites = [await circle.invite('Ane', 9), await circle.invite('Ane', 9)] as const
  const admitted = [
    await circle.admit('Beñat', invites[0], 'Gari', [invites[1]]),
    await circle.admit('Cira', invites[1], 'Gari', [invites[1]]),
  ]
  const { proposal, last } = await circle.agree(three, { kind: 'rename', name: 'Garden', purpose: '' })
  const enacted: ControlId[] = []
  for (const name of ['Dani', 'Eneko']) enacted.push(await circle.enact(name, proposal, null, [last]))
  expect(state().devices.get(circle.who('Gari').keys.device)?.admittedBy).toBe(admitted.sort()[0])
  expect(state().decided.get(proposal)).toBe(enacted.sort()[0])
})

test('a device is named as doubled where both its entries are known, and not where one is', async () => {
  await found()
  const eneko = circle.who('Eneko')
  const { tip } = eneko
  const start = circle.heads
  const one = await circle.invite('Eneko', 1, start)
  eneko.tip = tip
  const other = await circle.invite('Eneko', 2, start)
  expect(circle.log.stateAt([one])?.equivocators.size).toBe(0)
  expect(circle.log.stateAt([one, other].sort())?.equivocators.get(eneko.keys.device)).toEqual([one, other].sort())
})
