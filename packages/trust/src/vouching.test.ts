import type { ControlId } from '@auzolan/core'
import { expect, test } from 'vitest'
import type { Action } from './actions.ts'
import type { ControlLog } from './control-log.ts'
import { encodeControl, parseControl } from './control.ts'
import type { HeldFeed } from './held-feed.ts'
import { Circle } from './testing/circle.ts'
import { digestsInOrders } from './testing/orders.ts'

const five = ['Ane', 'Beñat', 'Cira', 'Dani', 'Eneko'] as const
const honest = five.slice(0, 4)

/** That somebody holds a feed so far; the chain is never looked at by the control log. */
const heldOf = (circle: Circle, name: string, seq: number): readonly HeldFeed[] => [
  { device: circle.who(name).keys.device, seq, chain: new Uint8Array(32).fill(seq) },
]
const remove = (circle: Circle, name: string): Action => ({ kind: 'remove', member: circle.member(name) })

/** Enacted by `by`, who says how far they hold what the removed person wrote. */
const removal = async (circle: Circle, by: string, name: string, seq: number, past = circle.heads) => {
  const { proposal, last } = await circle.agree(
    honest.filter((each) => each !== name),
    remove(circle, name),
    past,
  )
  return circle.say(by, { kind: 'enact', proposal, close: null, held: heldOf(circle, name, seq) }, [last])
}

/** How far what each device wrote is vouched for; checked to be the same in every order of delivery. */
const reaches = async (circle: Circle, name: string): Promise<readonly number[] | undefined> => {
  const of = (log: ControlLog) =>
    log
      .endedDevices()
      .get(circle.who(name).keys.device)
      ?.vouched.map(({ seq }) => seq)
  const [own, ...others] = await digestsInOrders(circle)
  expect(new Set(others)).toEqual(new Set([own]))
  for (const order of [<T>(list: readonly T[]) => list.toReversed(), <T>(list: readonly T[]) => list])
    expect(of(await circle.replay(order))).toEqual(of(circle.log))
  return of(circle.log)
}

const vouch = (circle: Circle, by: string, end: ControlId, name: string, seq: number, past = circle.heads) =>
  circle.say(by, { kind: 'vouch', end, held: heldOf(circle, name, seq) }, past)

test('a removal says how far its author holds what the removed member wrote, and others who hold more add to it', async () => {
  const circle = await Circle.found(five)
  const end = await removal(circle, 'Ane', 'Eneko', 4)
  expect(await reaches(circle, 'Eneko')).toEqual([4])
  await vouch(circle, 'Dani', end, 'Eneko', 7, [end])
  await vouch(circle, 'Cira', end, 'Eneko', 6, [end])
  expect(await reaches(circle, 'Eneko')).toEqual([7, 6, 4])
  expect(circle.log.endedDevices().get(circle.who('Eneko').keys.device)?.by).toEqual([end])
})

test('a removal that says nothing of it vouches for nothing', async () => {
  const circle = await Circle.found(five)
  await circle.decide(honest, remove(circle, 'Eneko'))
  expect(await reaches(circle, 'Eneko')).toEqual([])
  expect(await reaches(circle, 'Ane')).toBeUndefined()
})

test('of a removal enacted in two places what either says counts', async () => {
  const circle = await Circle.found(five)
  const { proposal, last } = await circle.agree(honest, remove(circle, 'Eneko'))
  for (const [name, seq] of [['Ane', 3] as const, ['Dani', 5] as const])
    await circle.say(name, { kind: 'enact', proposal, close: null, held: heldOf(circle, 'Eneko', seq) }, [last])
  expect(await reaches(circle, 'Eneko')).toEqual([5, 3])
})

test('nobody vouches for themselves: not by enacting the own removal, and not afterwards', async () => {
  const circle = await Circle.found(five)
  const phone = await circle.addDevice('Eneko', 'phone')
  const end = await removal(circle, 'Eneko', 'Eneko', 9, [phone])
  expect(await reaches(circle, 'Eneko')).toEqual([])
  for (const name of ['Eneko', 'phone'])
    expect(await circle.refusal(name, { kind: 'vouch', end, held: heldOf(circle, 'Eneko', 9) }, [end])).toBe('removed')
})

test('who was removed apart vouches for nobody, and two who were removed not for each other', async () => {
  const circle = await Circle.found(five)
  const { proposal, last } = await circle.agree(honest, remove(circle, 'Eneko'))
  const end = await circle.say('Ane', { kind: 'enact', proposal, close: null, held: heldOf(circle, 'Eneko', 2) }, [
    last,
  ])
  const before = await vouch(circle, 'Dani', end, 'Eneko', 3, [end])
  await circle.decide(['Ane', 'Beñat', 'Cira'], remove(circle, 'Dani'), [before])
  const late = await vouch(circle, 'Dani', end, 'Eneko', 8, [before])
  await circle.say('Dani', { kind: 'enact', proposal, close: null, held: heldOf(circle, 'Eneko', 9) }, [last])
  expect(await reaches(circle, 'Eneko')).toEqual([3, 2])
  expect(circle.log.why(late)).toMatchObject({ is: 'voided', reason: { type: 'author removed' } })
})

test('a vouch is for a device that what it names takes out, and known to its author', async () => {
  const circle = await Circle.found(five)
  const first = await circle.invite('Ane', 1)
  const end = await removal(circle, 'Ane', 'Eneko', 2, [first])
  const held = heldOf(circle, 'Eneko', 5)
  expect(await circle.refusal('Dani', { kind: 'vouch', end: first, held })).toBe('unknown end')
  expect(await circle.refusal('Dani', { kind: 'vouch', end, held: heldOf(circle, 'Cira', 5) })).toBe('unknown end')
  const both = [...held, ...heldOf(circle, 'Cira', 5)].sort((one, other) => (one.device < other.device ? -1 : 1))
  expect(await circle.refusal('Dani', { kind: 'vouch', end, held: both })).toBe('unknown end')
  expect(await circle.refusal('Dani', { kind: 'vouch', end, held }, [first])).toBe('unknown end')
  const guest = await circle.stranger('Gari')
  expect(guest.tip.seq).toBe(0)
  expect(await circle.refusal('Gari', { kind: 'vouch', end, held })).toBe('unknown device')
})

test('who came in knowing of the removal held nothing before it, and vouches for nothing; who came in apart from it may', async () => {
  const circle = await Circle.found(five)
  const invite = await circle.invite('Ane', 5)
  const end = await removal(circle, 'Ane', 'Eneko', 2, [invite])
  const after = await circle.admit('Ane', invite, 'Gari', [end])
  await vouch(circle, 'Gari', end, 'Eneko', 9, [after])
  expect(await reaches(circle, 'Eneko')).toEqual([2])
  expect(circle.log.wasInBefore(circle.who('Gari').keys.device, end)).toBe(false)
  const apart = await circle.admit('Beñat', invite, 'Haizea', [invite])
  await vouch(circle, 'Haizea', end, 'Eneko', 4, [end, apart].sort())
  expect(await reaches(circle, 'Eneko')).toEqual([4, 2])
  expect(circle.log.wasInBefore(circle.who('Haizea').keys.device, end)).toBe(true)
})

test('who is suspended vouches once the suspension ends', async () => {
  const circle = await Circle.found(five)
  const role = { kind: 'role', member: circle.member('Ane'), role: 'moderator', on: true } as const
  const given = await circle.decide(honest, role)
  const end = await removal(circle, 'Ane', 'Eneko', 2, [given])
  await circle.say('Ane', { kind: 'suspend', member: circle.member('Dani'), reason: '' })
  const said = { kind: 'vouch', end, held: heldOf(circle, 'Eneko', 5) } as const
  expect(await circle.refusal('Dani', said)).toBe('suspended')
  await circle.say('Ane', { kind: 'unsuspend', member: circle.member('Dani') })
  await circle.say('Dani', said)
  expect(await reaches(circle, 'Eneko')).toEqual([5, 2])
})

test('whoever is taken back counts whole again', async () => {
  const circle = await Circle.found(five)
  await removal(circle, 'Ane', 'Eneko', 2)
  await circle.decide(honest, { kind: 'readmit', member: circle.member('Eneko') })
  expect(await reaches(circle, 'Eneko')).toBeUndefined()
})

test('a device that its own person locks out counts as far as somebody held it, and one that locks out in return vouches for nothing', async () => {
  const circle = await Circle.found(five)
  const linked = await circle.addDevice('Ane', 'stolen')
  const [owner, thief] = [circle.who('Ane').keys.device, circle.who('stolen').keys.device]
  const locked = await circle.say('Ane', { kind: 'revokeDevice', device: thief, held: heldOf(circle, 'stolen', 3) }, [
    linked,
  ])
  expect(await reaches(circle, 'stolen')).toEqual([3])
  await vouch(circle, 'Dani', locked, 'stolen', 4, [locked])
  const inReturn = await circle.say('stolen', { kind: 'revokeDevice', device: owner, held: heldOf(circle, 'Ane', 1) }, [
    linked,
  ])
  expect(await reaches(circle, 'stolen')).toEqual([4])
  expect(await reaches(circle, 'Ane')).toEqual([])
  await vouch(circle, 'Dani', inReturn, 'Ane', 6)
  expect(await reaches(circle, 'Ane')).toEqual([6])
})

test('the devices that a person had before the group gave them another count as far as somebody held them', async () => {
  const circle = await Circle.found(five)
  const own = await circle.stranger('new')
  const { device, box } = own.keys
  const member = circle.member('Ane')
  const proof = await circle.proofOf(member, own.keys)
  const { proposal, last } = await circle.agree(five.slice(1), { kind: 'rebind', member, device, box, proof })
  await circle.say('Dani', { kind: 'enact', proposal, close: null, held: heldOf(circle, 'Ane', 5) }, [last])
  expect(await reaches(circle, 'Ane')).toEqual([5])
  expect(circle.log.endedDevices().has(device)).toBe(false)
})

test('what is held is written in one form: sorted, each feed once, none left out and named empty', async () => {
  const circle = await Circle.found(five)
  const [first, second] = [...heldOf(circle, 'Ane', 1), ...heldOf(circle, 'Eneko', 2)].sort((one, other) =>
    one.device < other.device ? -1 : 1,
  ) as [HeldFeed, HeldFeed]
  const end = circle.heads[0] as ControlId
  const bytes = encodeControl({ kind: 'vouch', end, held: [first, second] })
  expect(parseControl(bytes)).toEqual({ ok: true, value: { kind: 'vouch', end, held: [first, second] } })
  for (const held of [[second, first], [first, first], [], [{ ...first, seq: 0 }]])
    for (const control of [
      { kind: 'vouch', end, held } as const,
      { kind: 'enact', proposal: end, close: null, held } as const,
      { kind: 'revokeDevice', device: first.device, held } as const,
    ])
      expect(parseControl(encodeControl(control))).toMatchObject({ error: { type: 'malformed' } })
})
