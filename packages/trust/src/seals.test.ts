import type { ControlId } from '@auzolan/core'
import { afterEach, describe, expect, test } from 'vitest'
import type { Action } from './actions.ts'
import { Circle } from './testing/circle.ts'
import { digestsInOrders } from './testing/orders.ts'

let circle: Circle
const five = ['Ane', 'Beñat', 'Cira', 'Dani', 'Eneko']
const found = async (names: readonly string[] = five): Promise<Circle> => (circle = await Circle.found(names))

// Whatever a test did, everybody who knows the same sees the same, in any order of delivery.
afterEach(async () => {
  expect(new Set(await digestsInOrders(circle)).size).toBe(1)
})

const rename = (name: string): Action => ({ kind: 'rename', name, purpose: '' })
const remove = (name: string): Action => ({ kind: 'remove', member: circle.member(name) })
const founding = (): ControlId => circle.group as string as ControlId
const sealed = (): ControlId => circle.log.state().sealed
const why = (id: ControlId): string => {
  const answer = circle.log.why(id)
  return answer.is === 'voided' ? answer.reason.type : answer.is
}
const votersOf = (names: readonly string[]): Action => ({
  kind: 'voters',
  members: names.map((name) => circle.member(name)).sort(),
})

describe('a seal', () => {
  test('is what more than half of the voters have acknowledged', async () => {
    await found()
    const decision = await circle.decide(five, rename('Garden'))
    expect(sealed()).toBe(founding())
    await circle.seal(['Ane', 'Beñat'], decision)
    expect(sealed()).toBe(founding())
    expect(circle.log.proposals()[0]?.phase).toBe('decided')
    await circle.seal(['Cira'], decision)
    expect(sealed()).toBe(decision)
    expect(circle.log.proposals()[0]?.phase).toBe('sealed')
  })

  test('counts a later point for earlier ones', async () => {
    await found()
    const first = await circle.decide(five, rename('Garden'))
    await circle.seal(['Ane'], first)
    const second = await circle.decide(five, rename('Shed'))
    await circle.seal(['Beñat', 'Cira'], second)
    expect(sealed()).toBe(first)
    await circle.seal(['Ane'], second)
    expect(sealed()).toBe(second)
  })

  test('counts two unrelated points of one member for nothing, and names who signed both', async () => {
    const { log } = await found()
    await circle.addDevice('Cira', 'Cira’s phone')
    const start = circle.heads
    const [left, right] = [
      await circle.propose('Ane', rename('Garden'), start),
      await circle.propose('Beñat', rename('Shed'), start),
    ]
    const one = await circle.say('Cira', { kind: 'seal', at: left }, [left])
    const other = await circle.say('Cira’s phone', { kind: 'seal', at: right }, [right])
    await circle.seal(['Ane', 'Beñat'], left, [left])
    expect(sealed()).toBe(founding())
    expect(log.state().doubleSigners).toEqual(new Map([[circle.member('Cira'), [one, other].sort()]]))
    await circle.seal(['Dani'], left)
    expect(sealed()).toBe(left)
  })

  test('asks two thirds of ten and more, and what the group has decided', async () => {
    const ten = Array.from({ length: 10 }, (_, at) => `Founder ${at}`)
    const { log } = await found(ten)
    expect(log.state().quorum).toEqual({ num: 2, den: 3 })
    const point = await circle.propose('Founder 0', rename('Garden'))
    await circle.seal(ten.slice(0, 6), point)
    expect(sealed()).toBe(founding())
    await circle.seal(['Founder 6'], point)
    expect(sealed()).toBe(point)
    const quorum = await circle.decide(ten, { kind: 'quorum', quorum: { num: 4, den: 5 } })
    await circle.seal(ten.slice(0, 7), quorum)
    expect(sealed()).toBe(quorum)
    expect(log.state().quorum).toEqual({ num: 4, den: 5 })
    const later = await circle.propose('Founder 0', rename('Shed'))
    await circle.seal(ten.slice(0, 8), later)
    expect(sealed()).toBe(quorum)
    await circle.seal(['Founder 8'], later)
    expect(sealed()).toBe(later)
  })

  test('by people without a vote, of what was not seen, or going back is refused', async () => {
    await found(['Ane', 'Beñat', 'Cira'])
    const invite = await circle.invite('Ane', 1)
    await circle.admit('Ane', invite, 'Gari')
    const point = circle.heads[0] as ControlId
    expect(await circle.refusal('Gari', { kind: 'seal', at: point })).toBe('not a voter')
    expect(await circle.refusal('Ane', { kind: 'seal', at: point }, [invite])).toBe('unseen point')
    await circle.say('Ane', { kind: 'seal', at: point })
    expect(await circle.refusal('Ane', { kind: 'seal', at: invite })).toBe('goes back')
    await circle.seal(['Beñat'], point)
    expect(sealed()).toBe(point)
    expect(await circle.refusal('Cira', { kind: 'seal', at: invite })).toBe('goes back')
  })

  test('hands the vote over: from there on others seal and decide', async () => {
    await found(['Ane', 'Beñat', 'Cira', 'Dani'])
    const over = await circle.decide(['Ane', 'Beñat', 'Cira'], votersOf(['Cira', 'Dani']))
    await circle.seal(['Ane', 'Beñat', 'Cira'], over)
    expect([...circle.log.state().electorate]).toEqual(['Cira', 'Dani'].map((name) => circle.member(name)).sort())
    const { proposal } = await circle.agree(['Ane', 'Beñat', 'Cira'], rename('Garden'))
    expect(await circle.refusal('Ane', { kind: 'enact', proposal, close: null })).toBe('not decided')
    expect(await circle.refusal('Ane', { kind: 'seal', at: proposal })).toBe('not a voter')
    const ballot = await circle.vote('Dani', proposal, 'yes')
    await circle.enact('Ane', proposal)
    await circle.seal(['Cira', 'Dani'], ballot)
    expect(sealed()).toBe(ballot)
  })

  test('is not needed for who leaves to stop counting', async () => {
    await found(['Ane', 'Beñat'])
    await circle.say('Beñat', { kind: 'leave' })
    expect([...circle.log.state().electorate]).toEqual([circle.member('Ane')])
    await circle.decide(['Ane'], rename('Garden'))
    expect(circle.log.state().name).toBe('Garden')
  })
})

describe('what is sealed', () => {
  test('is not voided by what arrives later', async () => {
    await found()
    const invite = await circle.invite('Ane', 9)
    const admitted = await circle.admit('Ane', invite, 'Gari')
    await circle.seal(['Ane', 'Beñat', 'Cira'], admitted)
    const late = await circle.say('Eneko', { kind: 'uninvite', invite }, [invite])
    expect(why(late)).toBe('accepted')
    expect(why(admitted)).toBe('accepted')
    await circle.decide(['Ane', 'Beñat', 'Cira'], remove('Ane'), [invite])
    expect(why(admitted)).toBe('accepted')
  })

  test('is not contested by who came apart over the last use', async () => {
    const { log } = await found()
    const invite = await circle.invite('Ane', 1)
    const gari = await circle.admit('Ane', invite, 'Gari', [invite])
    await circle.seal(['Ane', 'Beñat', 'Cira'], gari)
    const haizea = await circle.admit('Eneko', invite, 'Haizea', [invite])
    expect([why(gari), why(haizea)]).toEqual(['accepted', 'against the seal'])
    expect(log.state().members.get(circle.member('Gari'))?.contested).toBe(false)
    expect(log.state().members.has(circle.member('Haizea'))).toBe(false)
  })

  test('is not contested by who came apart, as long as there were uses when it was sealed', async () => {
    const { log } = await found()
    const invite = await circle.invite('Ane', 2)
    const gari = await circle.admit('Ane', invite, 'Gari', [invite])
    await circle.seal(['Ane', 'Beñat', 'Cira'], gari)
    for (const name of ['Haizea', 'Iker']) await circle.admit('Eneko', invite, name, [invite])
    const { members } = log.state()
    expect(['Gari', 'Haizea', 'Iker'].map((name) => members.get(circle.member(name))?.contested)).toEqual([
      false,
      true,
      true,
    ])
  })

  test('takes from who lost the vote by it what they did with it meanwhile', async () => {
    const { log } = await found()
    const invite = await circle.invite('Ane', 1)
    for (const [carrier, name] of [
      ['Ane', 'Gari'],
      ['Beñat', 'Haizea'],
    ] as const)
      await circle.admit(carrier, invite, name, [invite])
    const over = await circle.decide(['Ane', 'Beñat', 'Cira'], votersOf(['Ane', 'Beñat', 'Cira', 'Dani']))
    const confirmation = await circle.say('Eneko', { kind: 'confirm', member: circle.member('Gari') }, [over])
    expect(why(confirmation)).toBe('accepted')
    await circle.seal(['Ane', 'Beñat', 'Cira'], over, [over])
    expect(why(confirmation)).toBe('against the seal')
    expect(log.state().members.get(circle.member('Gari'))?.contested).toBe(true)
  })

  test('is what acts are judged by that do not build on it', async () => {
    const { log } = await found()
    const start = circle.heads
    await circle.decide(five, { kind: 'role', member: circle.member('Eneko'), role: 'moderator', on: true })
    const granted = circle.heads
    const invite = await circle.invite('Ane', 9)
    const removal = await circle.decide(['Ane', 'Beñat', 'Cira'], {
      kind: 'admission',
      admission: { kind: 'decision' },
    })
    await circle.decide(['Ane', 'Beñat', 'Cira'], {
      kind: 'role',
      member: circle.member('Eneko'),
      role: 'moderator',
      on: false,
    })
    const point = await circle.say('Dani', { kind: 'leave' })
    await circle.seal(['Ane', 'Beñat', 'Cira'], point)
    const byDani = await circle.invite('Dani', 9, start)
    const suspension = await circle.say('Eneko', { kind: 'suspend', member: circle.member('Ane'), reason: '' }, granted)
    const admitted = await circle.admit('Eneko', invite, 'Gari', [invite])
    const byEneko = await circle.invite('Eneko', 9, start)
    expect([byDani, suspension, admitted, byEneko].map(why)).toEqual([
      'against the seal',
      'author demoted',
      'against the seal',
      'accepted',
    ])
    expect(log.has(removal)).toBe(true)
  })

  test('stops a proposal that names an old moment with a small electorate from passing', async () => {
    const { log } = await found(['Ane'])
    const old = circle.heads
    const invite = await circle.invite('Ane', 9)
    for (const name of ['Beñat', 'Cira']) await circle.admit('Ane', invite, name)
    const over = await circle.decide(['Ane'], votersOf(['Ane', 'Beñat', 'Cira']))
    const after = await circle.seal(['Ane'], over)
    expect(log.state().electorate.size).toBe(3)
    // Proposed where Ane alone had a vote, enacted where three have one.
    const { proposal } = await circle.agree(['Ane'], rename('Mine'), old)
    expect(await circle.refusal('Ane', { kind: 'enact', proposal, close: null })).toBe('not decided')
    // Proposed and enacted where Ane alone had a vote: allowed by its own past, and without effect.
    const backdated = await circle.decide(['Ane'], remove('Ane'), old)
    const taken = await circle.decide(['Ane'], rename('Mine'), old)
    // Nor at the very point that was sealed, as if nobody had acknowledged it.
    const unacknowledged = await circle.decide(['Ane'], rename('Mine'), [over])
    expect([backdated, taken, unacknowledged].map(why)).toEqual(Array(3).fill('against the seal'))
    expect(log.state()).toMatchObject({ name: 'Repair café', sealed: over })
    expect(log.state().removed.size).toBe(0)
    // Nor does a backdated change of a rule void what the group decides.
    await circle.decide(['Ane'], { kind: 'rule', name: 'rename', rule: { kind: 'threshold', num: 9, den: 10 } }, old)
    await circle.decide(['Beñat', 'Cira'], rename('Garden'), [after])
    expect(log.state().name).toBe('Garden')
  })

  test('and contradicts something else that is sealed leaves neither, names who signed both, and heals', async () => {
    const { log } = await found()
    const shared = await circle.propose('Ane', rename('Shed'))
    await circle.addDevice('Eneko', 'Eneko’s phone')
    const start = circle.heads
    await circle.seal(five, shared)
    const [left, right] = [
      await circle.decide(five, rename('Left'), start),
      await circle.decide(five, rename('Right'), start),
    ]
    const leftEnd = await circle.seal(['Ane', 'Beñat', 'Eneko'], left, [left])
    const rightEnd = await circle.seal(['Cira', 'Dani', 'Eneko’s phone'], right, [right])
    expect(log.stateAt([leftEnd])?.sealed).toBe(left)
    expect(log.stateAt([rightEnd])?.sealed).toBe(right)
    expect(sealed()).toBe(shared)
    expect([...log.state().doubleSigners.keys()]).toEqual([circle.member('Eneko')])
    const merged = await circle.propose('Ane', rename('Both'))
    await circle.seal(['Ane', 'Beñat', 'Cira'], merged)
    expect(sealed()).toBe(merged)
  })

  test('stays sealed for what builds on it, whatever its voters acknowledge later', async () => {
    await found()
    await circle.addDevice('Cira', 'Cira’s phone')
    const start = circle.heads
    const point = await circle.propose('Ane', rename('Garden'), start)
    const other = await circle.propose('Ane', rename('Shed'), start)
    await circle.seal(['Ane', 'Beñat', 'Cira'], point, [point])
    expect(sealed()).toBe(point)
    await circle.say('Cira’s phone', { kind: 'seal', at: other }, [other])
    expect(sealed()).toBe(point)
    expect(circle.log.state().doubleSigners.size).toBe(1)
  })
})
