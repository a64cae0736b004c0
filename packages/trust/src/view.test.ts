import type { ControlId } from '@auzolan/core'
import { afterEach, describe, expect, test } from 'vitest'
import type { Action } from './actions.ts'
import { Circle } from './testing/circle.ts'
import { digestsInOrders } from './testing/orders.ts'

const five = ['Ane', 'Beñat', 'Cira', 'Dani', 'Eneko']
const four = five.slice(0, 4)
let circle: Circle
const found = async (): Promise<Circle> => (circle = await Circle.found(five))

// Whatever a test did, everybody who knows the same sees the same, in any order of delivery.
afterEach(async () => {
  expect(new Set(await digestsInOrders(circle)).size).toBe(1)
})

const about = (kind: 'remove' | 'readmit', name: string): Action => ({ kind, member: circle.member(name) })
const moderator = (name: string): Action => ({
  kind: 'role',
  member: circle.member(name),
  role: 'moderator',
  on: true,
})
const why = (id: ControlId): string => {
  const answer = circle.log.why(id)
  return answer.is === 'voided' ? answer.reason.type : answer.is
}
const isSuspended = (name: string) => circle.log.state().members.get(circle.member(name))?.suspended

describe('a suspension', () => {
  const suspend = (by: string, past?: readonly ControlId[]) =>
    circle.say(by, { kind: 'suspend', member: circle.member('Eneko'), reason: '' }, past)

  test('is ended by a decision to take that member back, and by no other decision', async () => {
    await found()
    await circle.decide(four, moderator('Ane'))
    await circle.decide(four, about('remove', 'Dani'))
    await suspend('Ane')
    const three = four.slice(0, 3)
    await circle.decide(three, about('readmit', 'Dani'))
    await circle.decide(three, moderator('Eneko'))
    await circle.decide(three, { kind: 'rename', name: 'Garden', purpose: '' })
    expect(isSuspended('Eneko')).toBe(true)
    await circle.decide(three, about('readmit', 'Eneko'))
    expect(isSuspended('Eneko')).toBe(false)
  })

  test('is ended where one of several enactments knew of it', async () => {
    await found()
    for (const name of ['Ane', 'Beñat']) await circle.decide(four, moderator(name))
    await suspend('Ane')
    const { proposal, last } = await circle.agree(four, about('readmit', 'Eneko'))
    const second = await suspend('Beñat', [last])
    await circle.enact('Dani', proposal, null, [last])
    expect(isSuspended('Eneko')).toBe(true)
    await circle.enact('Cira', proposal, null, [second])
    expect(isSuspended('Eneko')).toBe(false)
  })
})

describe('what does not build on the last seal', () => {
  test('counts for nothing where its device was locked out by then', async () => {
    await found()
    const linked = await circle.addDevice('Eneko', 'phone')
    const device = circle.who('phone').keys.device
    const revoked = await circle.say('Eneko', { kind: 'revokeDevice', device }, [linked])
    const late = await circle.invite('phone', 1, [linked])
    expect(why(late)).toBe('accepted')
    await circle.seal(four.slice(0, 3), revoked, [revoked])
    expect(why(late)).toBe('against the seal')
  })
})

test('advice is not given by who was a moderator once', async () => {
  circle = await Circle.found(five, {
    rules: new Map([['rename', { kind: 'advice', least: 1, from: 'moderator' }]]),
    admission: { kind: 'invitation' },
    quorum: null,
  })
  for (const on of [true, false])
    await circle.decide(four, { kind: 'role', member: circle.member('Beñat'), role: 'moderator', on })
  const proposal = await circle.propose('Ane', { kind: 'rename', name: 'Garden', purpose: '' })
  await circle.vote('Beñat', proposal, 'yes')
  expect(await circle.refusal('Ane', { kind: 'enact', proposal, close: null })).toBe('not decided')
})

test('what was said between two removals does not count after the second', async () => {
  await found()
  const open = await circle.propose('Ane', { kind: 'rename', name: 'Garden', purpose: '' })
  await circle.decide(four, about('remove', 'Eneko'))
  await circle.decide(four, about('readmit', 'Eneko'))
  await circle.vote('Eneko', open, 'yes')
  const votes = () => circle.log.proposals().find(({ id }) => id === open)?.votes.size
  expect(votes()).toBe(1)
  await circle.decide(four, about('remove', 'Eneko'))
  expect(votes()).toBe(0)
})

test('a vote that is given comes only from those of whom every enactment knew that its holder had been out', async () => {
  await found()
  const start = circle.heads
  const voters: Action = { kind: 'voters', members: five.map((name) => circle.member(name)).sort() }
  const { proposal, last } = await circle.agree(four, voters, start)
  const removed = await circle.decide(four, about('remove', 'Eneko'), start)
  const back = await circle.decide(four, about('readmit', 'Eneko'), [removed])
  await circle.enact('Dani', proposal, null, [last])
  await circle.enact('Cira', proposal, null, [back, last].sort())
  expect(circle.log.state().voters.has(circle.member('Eneko'))).toBe(false)
})

test('a decision that a rule changed apart would have let pass as well stands', async () => {
  await found()
  const { proposal, last } = await circle.agree(five, { kind: 'rename', name: 'Garden', purpose: '' })
  await circle.decide(five, { kind: 'rule', name: 'rename', rule: { kind: 'unanimous' } }, [proposal])
  const enact = await circle.enact('Ane', proposal, null, [last])
  expect([why(enact), circle.log.state().name]).toEqual(['accepted', 'Garden'])
})
