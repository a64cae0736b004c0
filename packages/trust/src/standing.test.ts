import type { ControlId } from '@auzolan/core'
import { afterEach, describe, expect, test } from 'vitest'
import type { Action } from './actions.ts'
import type { Control } from './control.ts'
import type { Admission } from './rules.ts'
import { Circle } from './testing/circle.ts'
import { digestsInOrders } from './testing/orders.ts'

let circle: Circle
const five = ['Ane', 'Beñat', 'Cira', 'Dani', 'Eneko']
const four = ['Ane', 'Beñat', 'Cira', 'Dani']
const found = async (admission: Admission = { kind: 'invitation' }): Promise<Circle> =>
  (circle = await Circle.found(five, { rules: new Map(), admission, quorum: null }))

// Whatever was heard first, the same stands.
afterEach(async () => {
  expect(new Set(await digestsInOrders(circle)).size).toBe(1)
})

const why = (id: ControlId): string => {
  const answer = circle.log.why(id)
  return answer.is === 'voided' ? answer.reason.type : answer.is
}
const isContested = (name: string) => circle.log.state().members.get(circle.member(name))?.contested
const moderator = (name: string, on: boolean): Action => ({
  kind: 'role',
  member: circle.member(name),
  role: 'moderator',
  on,
})
const voters = (...names: readonly string[]): Action => ({
  kind: 'voters',
  members: names.map((name) => circle.member(name)).sort(),
})

describe('a decision made apart', () => {
  /** Two newcomers for one use, and what Dani says of one of them beside a decision of the others. */
  const confirmedBeside = async (action: Action): Promise<ControlId> => {
    const invite = await circle.invite('Ane', 1)
    await circle.admit('Ane', invite, 'Gari', [invite])
    await circle.admit('Beñat', invite, 'Haizea', [invite])
    const apart = circle.heads
    await circle.decide(['Ane', 'Beñat', 'Cira'], action, apart)
    return circle.say('Dani', { kind: 'confirm', member: circle.member('Gari') }, apart)
  }

  test('that takes the vote voids what its author confirmed with it', async () => {
    await found()
    expect(why(await confirmedBeside(voters('Ane', 'Beñat', 'Cira')))).toBe('author demoted')
    expect([isContested('Gari'), isContested('Haizea')]).toEqual([true, true])
  })

  test('that leaves the vote leaves what its author confirmed with it', async () => {
    await found()
    expect(why(await confirmedBeside(voters('Ane', 'Beñat', 'Dani')))).toBe('accepted')
    expect([isContested('Gari'), isContested('Haizea')]).toEqual([false, true])
  })

  test('that takes the vote leaves what a moderator did', async () => {
    await found()
    const given = await circle.decide(four, moderator('Dani', true))
    const suspended = await circle.say('Dani', { kind: 'suspend', member: circle.member('Eneko'), reason: '' }, [given])
    await circle.decide(['Ane', 'Beñat', 'Cira'], voters('Ane', 'Beñat', 'Cira'), [given])
    expect(why(suspended)).toBe('accepted')
  })

  test('that takes the role voids also how a suspension was ended, and nobody else’s', async () => {
    await found()
    await circle.decide(four, moderator('Dani', true))
    await circle.decide(four, moderator('Cira', true))
    const suspended = await circle.say('Dani', { kind: 'suspend', member: circle.member('Eneko'), reason: '' })
    const ends: Control = { kind: 'unsuspend', member: circle.member('Eneko') }
    await circle.decide(['Ane', 'Beñat', 'Eneko'], moderator('Dani', false), [suspended])
    const ended = await circle.say('Dani', ends, [suspended])
    expect(why(ended)).toBe('author demoted')
    expect(circle.log.state().members.get(circle.member('Eneko'))?.suspended).toBe(true)
    expect(why(await circle.say('Cira', ends, [suspended]))).toBe('accepted')
    expect(circle.log.state().members.get(circle.member('Eneko'))?.suspended).toBe(false)
  })

  test('that gives the role again voids nothing', async () => {
    await found()
    const given = await circle.decide(four, moderator('Dani', true))
    await circle.decide(['Ane', 'Beñat', 'Cira'], moderator('Dani', true), [given])
    const suspended = await circle.say('Dani', { kind: 'suspend', member: circle.member('Eneko'), reason: '' }, [given])
    expect(why(suspended)).toBe('accepted')
  })
})

describe('somebody who turns out never to have been in', () => {
  /** Gari, let in beside the end of the invitation: void once both are known. */
  const falls = async (): Promise<ControlId> => {
    const invite = await circle.invite('Ane', 9)
    const admitted = await circle.admit('Beñat', invite, 'Gari', [invite])
    await circle.say('Ane', { kind: 'uninvite', invite }, [invite])
    return admitted
  }

  test('has cancelled what they cancelled: no two could each undo the other', async () => {
    await found()
    const other = await circle.invite('Cira', 9)
    const admitted = await falls()
    const heads = [admitted, other].filter((id) => !circle.log.covers([admitted], [other]) || id === admitted)
    const cancelled = await circle.say('Gari', { kind: 'uninvite', invite: other }, heads)
    expect(why(cancelled)).toBe('accepted')
    expect(circle.log.state().invites.get(other)?.cancelled).toBe(true)
  })

  test('has spoken for whom they spoke for', async () => {
    await found({ kind: 'sponsors', count: 1 })
    const invite = await circle.invite('Ane', 9)
    await circle.ask('Gari')
    const sponsored = await circle.say('Cira', { kind: 'sponsor', member: circle.member('Gari') }, [invite])
    const admitted = await circle.admit('Beñat', invite, 'Gari', [sponsored])
    const further = await circle.invite('Beñat', 9, [admitted])
    await circle.ask('Haizea')
    const spoken = await circle.say('Gari', { kind: 'sponsor', member: circle.member('Haizea') }, [further])
    const friend = await circle.admit('Beñat', further, 'Haizea', [spoken])
    await circle.say('Ane', { kind: 'uninvite', invite }, [invite])
    expect([why(admitted), why(spoken), why(friend)]).toEqual(['invitation cancelled', 'accepted', 'accepted'])
  })
})

describe('an admission', () => {
  test('by decision is for whom it was decided, and no decision about somebody else or about something else', async () => {
    await found({ kind: 'decision' })
    const invite = await circle.invite('Ane', 9)
    await circle.decide(four, { kind: 'admit', member: circle.member('Ane') })
    const asked = await circle.ask('Gari')
    expect(await circle.refusal('Ane', { kind: 'admit', invite, ...asked })).toBe('needs a decision')
    const decided = await circle.decide(four, { kind: 'admit', member: circle.member('Gari') })
    expect(why(await circle.admit('Ane', invite, 'Gari', [decided]))).toBe('accepted')
  })

  test('is not supported by who spoke for the newcomer apart, nor by the inviter, also where a seal asks again', async () => {
    await found({ kind: 'sponsors', count: 1 })
    const invite = await circle.invite('Ane', 9)
    await circle.ask('Gari')
    const apart = await circle.say('Beñat', { kind: 'sponsor', member: circle.member('Gari') }, [invite])
    const own = await circle.say('Ane', { kind: 'sponsor', member: circle.member('Gari') }, [invite])
    const admit: Control = { kind: 'admit', invite, ...(await circle.ask('Gari')) }
    expect(await circle.refusal('Cira', admit, [own])).toBe('needs sponsors')
    expect(await circle.refusal('Cira', admit, [invite])).toBe('needs sponsors')
    const sealed = await circle.seal(['Ane', 'Dani', 'Eneko'], own, [own])
    const late = await circle.say('Cira', admit, [apart])
    expect([circle.log.state().sealed, why(late)]).toEqual([own, 'accepted'])
    expect(circle.log.has(sealed)).toBe(true)
  })
})

describe('somebody let in by two invitations', () => {
  test('is not contested where one of them had a use left', async () => {
    await found()
    const one = await circle.invite('Ane', 1)
    const other = await circle.invite('Ane', 1)
    await circle.admit('Ane', one, 'Gari', [other])
    await circle.admit('Beñat', one, 'Haizea', [other])
    expect([isContested('Gari'), isContested('Haizea')]).toEqual([true, true])
    await circle.admit('Cira', other, 'Gari', [other])
    expect([isContested('Gari'), isContested('Haizea')]).toEqual([false, true])
  })

  test('is in where one of them was cancelled apart, and what they did stands', async () => {
    await found()
    const one = await circle.invite('Ane', 9)
    const other = await circle.invite('Ane', 9)
    const ways = [await circle.admit('Ane', one, 'Gari', [other]), await circle.admit('Beñat', other, 'Gari', [other])]
    await circle.say('Cira', { kind: 'uninvite', invite: one }, [other])
    const further = await circle.invite('Gari', 9, [...ways].sort())
    expect([...ways, further].map(why)).toEqual(['invitation cancelled', 'accepted', 'accepted'])
    await circle.say('Dani', { kind: 'uninvite', invite: other }, [other])
    expect([...ways, further].map(why)).toEqual(['invitation cancelled', 'invitation cancelled', 'author not in'])
  })
})
