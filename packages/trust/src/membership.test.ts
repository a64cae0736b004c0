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
const found = async (names: readonly string[] = five, admission: Admission = { kind: 'invitation' }): Promise<Circle> =>
  (circle = await Circle.found(names, { rules: new Map(), admission, quorum: null }))

// Whatever a test did, everybody who knows the same sees the same, in any order of delivery.
afterEach(async () => {
  expect(new Set(await digestsInOrders(circle)).size).toBe(1)
})

const remove = (name: string): Action => ({ kind: 'remove', member: circle.member(name) })
const moderator = (name: string, on = true): Action => ({
  kind: 'role',
  member: circle.member(name),
  role: 'moderator',
  on,
})
const why = (id: ControlId): string => {
  const answer = circle.log.why(id)
  return answer.is === 'voided' ? answer.reason.type : answer.is
}
const mayWrite = (name: string, heads: readonly ControlId[] = circle.heads): string => {
  const verdict = circle.log.mayWrite(circle.who(name).keys.device, heads)
  return verdict.is === 'refused' ? verdict.reason.type : verdict.is
}
const names = (): string[] =>
  [...circle.log.state().members.values()]
    .filter(({ left, removed }) => !left && !removed)
    .map(({ name }) => name)
    .sort()

describe('a removed member', () => {
  test('writes and says nothing more once it is known, and is named', async () => {
    const { log } = await found()
    await circle.decide(four, remove('Eneko'))
    expect(mayWrite('Eneko')).toBe('removed')
    expect(mayWrite('Eneko', [circle.group as string as ControlId])).toBe('accepted')
    expect(await circle.refusal('Eneko', { kind: 'leave' })).toBe('removed')
    expect([...log.state().removed]).toEqual([circle.member('Eneko')])
    expect(log.state().members.get(circle.member('Eneko'))?.removed).toBe(true)
    expect(names()).toEqual(four)
  })

  test('invites, admits and adds devices without effect by naming an old moment', async () => {
    const { log, group } = await found()
    const start = [group as string as ControlId]
    const removal = await circle.decide(four, remove('Eneko'))
    const late = await circle.invite('Eneko', 9, start)
    const friend = await circle.admit('Eneko', late, 'Gari', [late])
    const further = await circle.invite('Gari', 9, [friend])
    const friends = await circle.admit('Gari', further, 'Haizea', [further])
    const device = await circle.addDevice('Eneko', 'Eneko’s phone', start)
    expect([late, friend, further, friends, device].map(why)).toEqual([
      'author removed',
      'invitation void',
      'author not in',
      'invitation void',
      'author removed',
    ])
    expect(log.why(late)).toEqual({ is: 'voided', reason: { type: 'author removed', by: removal } })
    expect(names()).toEqual(four)
    expect(log.state().devices.has(circle.who('Gari').keys.device)).toBe(false)
    expect([mayWrite('Gari'), mayWrite('Haizea'), mayWrite('Eneko’s phone')]).toEqual(['not in', 'not in', 'removed'])
    expect(mayWrite('Gari', [friend])).toBe('accepted')
  })

  test('who carried an admission does not spoil it', async () => {
    await found()
    const invite = await circle.invite('Ane', 9)
    const admitted = await circle.admit('Eneko', invite, 'Gari', [invite])
    await circle.decide(four, remove('Eneko'), [invite])
    expect(why(admitted)).toBe('accepted')
    expect(names()).toEqual(['Ane', 'Beñat', 'Cira', 'Dani', 'Gari'])
  })

  test('who invited leaves invitations of which nobody else can make use, and people who came by them before', async () => {
    const { log } = await found()
    const invite = await circle.invite('Eneko', 9)
    const before = await circle.admit('Ane', invite, 'Gari')
    await circle.decide(four, remove('Eneko'), [before])
    const apart = await circle.admit('Beñat', invite, 'Haizea', [invite])
    expect([why(before), why(apart)]).toEqual(['accepted', 'inviter removed'])
    expect(log.state().invites.get(invite)).toMatchObject({ cancelled: true, used: [circle.member('Gari')] })
    const asked = await circle.ask('Iker')
    expect(await circle.refusal('Ane', { kind: 'admit', invite, ...asked })).toBe('invitation cancelled')
    await circle.decide(four, { kind: 'readmit', member: circle.member('Eneko') })
    expect(await circle.refusal('Ane', { kind: 'admit', invite, ...asked })).toBe('invitation cancelled')
    expect(names()).toEqual([...five, 'Gari'])
  })

  test('cancels no invitations by naming an old moment', async () => {
    const { log } = await found()
    const invite = await circle.invite('Ane', 9)
    await circle.admit('Beñat', invite, 'Gari')
    await circle.decide(four, remove('Eneko'))
    const late = await circle.say('Eneko', { kind: 'uninvite', invite }, [invite])
    expect(why(late)).toBe('author removed')
    expect(log.state().invites.get(invite)?.cancelled).toBe(false)
    expect(names()).toContain('Gari')
  })

  test('has those ballots counted that were cast before, and no others', async () => {
    await found()
    const rename = await circle.propose('Ane', { kind: 'rename', name: 'Garden', purpose: '' })
    const before = await circle.vote('Eneko', rename, 'yes')
    await circle.decide(four, remove('Eneko'))
    const changed = await circle.vote('Eneko', rename, 'no', [before])
    const [view] = circle.log.proposals(circle.member('Eneko'))
    expect(view).toMatchObject({ tally: { yes: 1, no: 0, of: 5 }, mine: 'yes' })
    expect(
      await circle.refusal('Eneko', { kind: 'ballot', proposal: rename, vote: 'no' }, [
        changed,
        ...circle.heads.filter((id) => id !== changed),
      ]),
    ).toBe('removed')
    const other = await circle.propose('Ane', { kind: 'rename', name: 'Shed', purpose: '' })
    expect(await circle.refusal('Eneko', { kind: 'ballot', proposal: other, vote: 'yes' })).toBe('removed')
  })

  test('removes nobody in return by naming an old moment: the ballots are missing', async () => {
    await found()
    const start = circle.heads
    await circle.decide(four, remove('Eneko'))
    const proposal = await circle.propose('Eneko', remove('Ane'), start)
    const vote = await circle.vote('Eneko', proposal, 'yes', [proposal])
    expect(await circle.refusal('Eneko', { kind: 'enact', proposal, close: null }, [vote])).toBe('not decided')
    expect(names()).toEqual(four)
  })

  test('and another, each removed by enough, are both out', async () => {
    await found()
    const start = circle.heads
    await circle.decide(['Ane', 'Beñat', 'Cira'], remove('Eneko'), start)
    await circle.decide(['Eneko', 'Dani', 'Cira'], remove('Ane'), start)
    expect(names()).toEqual(['Beñat', 'Cira', 'Dani'])
  })

  test('covers no late act by enacting the removal anew', async () => {
    await found()
    const { proposal, last } = await circle.agree(four, remove('Eneko'))
    await circle.enact('Ane', proposal, null, [last])
    const late = await circle.invite('Eneko', 9, [last])
    await circle.enact('Eneko', proposal, null, [late])
    expect(why(late)).toBe('author removed')
  })

  test('is taken back by decision, without vote and role', async () => {
    const { log } = await found()
    await circle.decide(four, moderator('Eneko'))
    await circle.decide(four, remove('Eneko'))
    await circle.decide(four, { kind: 'readmit', member: circle.member('Eneko') })
    expect(mayWrite('Eneko')).toBe('accepted')
    expect(names()).toEqual(five)
    expect(log.state().voters.has(circle.member('Eneko'))).toBe(false)
    expect(log.state().roles.size).toBe(0)
    await circle.decide(four, { kind: 'voters', members: five.map((name) => circle.member(name)).sort() })
    await circle.decide(four, moderator('Eneko'))
    expect(log.state().voters.has(circle.member('Eneko'))).toBe(true)
    expect(log.state().roles.get(circle.member('Eneko'))?.has('moderator')).toBe(true)
  })
})

describe('a suspension', () => {
  const withModerators = async (...who: readonly string[]): Promise<void> => {
    await found()
    for (const name of who) await circle.decide(four, moderator(name))
  }
  const suspend = (name: string): Control => ({ kind: 'suspend', member: circle.member(name), reason: 'spam' })
  const unsuspend = (name: string): Control => ({ kind: 'unsuspend', member: circle.member(name) })

  test('is for moderators', async () => {
    await found()
    expect(await circle.refusal('Ane', suspend('Eneko'))).toBe('not a moderator')
    expect(await circle.refusal('Ane', unsuspend('Eneko'))).toBe('not a moderator')
  })

  test('stops writing, inviting, proposing and moderating, and leaves the vote', async () => {
    await withModerators('Ane', 'Eneko')
    const invite = await circle.invite('Ane', 2)
    await circle.say('Ane', suspend('Eneko'))
    expect(mayWrite('Eneko')).toBe('suspended')
    const proposal = await circle.propose('Ane', { kind: 'rename', name: 'Garden', purpose: '' })
    const asked = await circle.ask('Gari')
    const forbidden: readonly Control[] = [
      { kind: 'invite', key: new Uint8Array(32), uses: 1, expires: null, note: '' },
      { kind: 'admit', invite, ...asked },
      { kind: 'propose', action: remove('Ane'), reason: '' },
      suspend('Ane'),
      unsuspend('Eneko'),
      { kind: 'enact', proposal, close: null },
      { kind: 'close', proposal },
    ]
    for (const control of forbidden) expect(await circle.refusal('Eneko', control)).toBe('suspended')
    await circle.vote('Eneko', proposal, 'yes')
    const end = await circle.say('Ane', { kind: 'close', proposal })
    await circle.say('Eneko', { kind: 'ack', close: end })
    await circle.say('Eneko', { kind: 'seal', at: end })
    expect(circle.log.proposals()[2]?.tally).toMatchObject({ yes: 1, of: 5 })
    expect(circle.log.state().members.get(circle.member('Eneko'))?.suspended).toBe(true)
  })

  test('ends by another moderator or by decision', async () => {
    await withModerators('Ane', 'Beñat')
    await circle.say('Ane', suspend('Eneko'))
    await circle.say('Beñat', unsuspend('Eneko'))
    expect(mayWrite('Eneko')).toBe('accepted')
    await circle.say('Ane', suspend('Eneko'))
    expect(mayWrite('Eneko')).toBe('suspended')
    await circle.decide(four, { kind: 'readmit', member: circle.member('Eneko') })
    expect(mayWrite('Eneko')).toBe('accepted')
    expect(circle.log.state().members.get(circle.member('Eneko'))?.suspended).toBe(false)
  })

  test('is not ended by what did not know of it', async () => {
    await withModerators('Ane', 'Beñat')
    const start = circle.heads
    await circle.say('Ane', suspend('Eneko'), start)
    await circle.say('Beñat', unsuspend('Eneko'), start)
    expect(mayWrite('Eneko')).toBe('suspended')
  })

  test('of two moderators by each other holds for both, and both keep their vote', async () => {
    await withModerators('Ane', 'Eneko')
    const start = circle.heads
    await circle.say('Ane', suspend('Eneko'), start)
    await circle.say('Eneko', suspend('Ane'), start)
    expect([mayWrite('Ane'), mayWrite('Eneko')]).toEqual(['suspended', 'suspended'])
    const proposal = await circle.propose('Beñat', { kind: 'rename', name: 'Garden', purpose: '' })
    for (const name of ['Ane', 'Eneko', 'Beñat']) await circle.vote(name, proposal, 'yes')
    await circle.enact('Beñat', proposal)
    expect(circle.log.state().name).toBe('Garden')
  })

  test.each(['removed', 'demoted'])('by a moderator who was %s apart is void', async (how) => {
    await withModerators('Eneko')
    const start = circle.heads
    await circle.decide(four, how === 'removed' ? remove('Eneko') : moderator('Eneko', false), start)
    const suspension = await circle.say('Eneko', suspend('Ane'), start)
    expect(why(suspension)).toBe(how === 'removed' ? 'author removed' : 'author demoted')
    expect(mayWrite('Ane')).toBe('accepted')
  })
})

describe('more newcomers than an invitation has uses, let in apart', () => {
  const crowded = async (): Promise<{ invite: ControlId; gari: ControlId; haizea: ControlId }> => {
    await found()
    const invite = await circle.invite('Ane', 1)
    const gari = await circle.admit('Ane', invite, 'Gari', [invite])
    const haizea = await circle.admit('Beñat', invite, 'Haizea', [invite])
    return { invite, gari, haizea }
  }
  const confirm = (name: string): Control => ({ kind: 'confirm', member: circle.member(name) })

  test('are all contested: they read, and write nothing', async () => {
    const { gari } = await crowded()
    const { members } = circle.log.state()
    expect(['Gari', 'Haizea', 'Ane'].map((name) => members.get(circle.member(name))?.contested)).toEqual([
      true,
      true,
      false,
    ])
    expect([mayWrite('Gari'), mayWrite('Haizea')]).toEqual(['contested', 'contested'])
    expect(mayWrite('Gari', [gari])).toBe('accepted')
    expect(await circle.refusal('Gari', { kind: 'leave' })).toBe('contested')
    const members2 = [circle.member('Ane'), circle.member('Gari')].sort()
    expect(
      await circle.refusal('Ane', { kind: 'propose', action: { kind: 'voters', members: members2 }, reason: '' }),
    ).toBe('unknown member')
  })

  test('act without effect before they know, until one is confirmed', async () => {
    const { gari } = await crowded()
    const invite = await circle.invite('Gari', 3, [gari])
    const friend = await circle.admit('Gari', invite, 'Iker', [invite])
    expect([why(invite), why(friend)]).toEqual(['author contested', 'invitation void'])
    await circle.say('Cira', confirm('Gari'))
    expect([why(invite), why(friend)]).toEqual(['accepted', 'accepted'])
    expect(mayWrite('Gari')).toBe('accepted')
    expect(mayWrite('Haizea')).toBe('contested')
  })

  test('are confirmed by a voter, as many as there are uses', async () => {
    await crowded()
    const other = await circle.invite('Ane', 1)
    await circle.admit('Ane', other, 'Joana')
    expect(await circle.refusal('Joana', confirm('Gari'))).toBe('not a voter')
    expect(await circle.refusal('Ane', confirm('Joana'))).toBe('not contested')
    await circle.say('Ane', confirm('Gari'))
    expect(await circle.refusal('Beñat', confirm('Haizea'))).toBe('no use left')
  })

  test('confirmed apart are both in', async () => {
    const { gari, haizea } = await crowded()
    const both = [gari, haizea].sort()
    await circle.say('Ane', confirm('Gari'), both)
    await circle.say('Beñat', confirm('Haizea'), both)
    expect([mayWrite('Gari'), mayWrite('Haizea')]).toEqual(['accepted', 'accepted'])
  })

  test('by somebody removed apart are not confirmed', async () => {
    const { gari, haizea } = await crowded()
    const both = [gari, haizea].sort()
    await circle.decide(four, remove('Eneko'), both)
    const confirmation = await circle.say('Eneko', confirm('Gari'), both)
    expect(why(confirmation)).toBe('author removed')
    expect(mayWrite('Gari')).toBe('contested')
  })

  test('are those only who may have come after the last use', async () => {
    await found()
    const invite = await circle.invite('Ane', 2)
    const first = await circle.admit('Ane', invite, 'Gari', [invite])
    await circle.admit('Ane', invite, 'Haizea', [first])
    await circle.admit('Beñat', invite, 'Iker', [first])
    const { members } = circle.log.state()
    expect(['Gari', 'Haizea', 'Iker'].map((name) => members.get(circle.member(name))?.contested)).toEqual([
      false,
      true,
      true,
    ])
  })

  test('are one where the same request is carried twice', async () => {
    await found()
    const invite = await circle.invite('Ane', 1)
    await circle.admit('Ane', invite, 'Gari', [invite])
    await circle.admit('Beñat', invite, 'Gari', [invite])
    expect(mayWrite('Gari')).toBe('accepted')
    expect(names()).toEqual([...five, 'Gari'])
  })
})

describe('admission', () => {
  const sponsor = (name: string): Control => ({ kind: 'sponsor', member: circle.member(name) })

  test('may ask for sponsors other than the inviter', async () => {
    await found(five, { kind: 'sponsors', count: 2 })
    const invite = await circle.invite('Ane', 9)
    const admit: Control = { kind: 'admit', invite, ...(await circle.ask('Gari')) }
    for (const name of ['Ane', 'Beñat', 'Beñat']) await circle.say(name, sponsor('Gari'))
    expect(await circle.refusal('Ane', admit)).toBe('needs sponsors')
    await circle.say('Cira', sponsor('Gari'))
    await circle.say('Ane', admit)
    expect(names()).toContain('Gari')
  })

  test('falls with a sponsor who was removed apart', async () => {
    await found(five, { kind: 'sponsors', count: 1 })
    const invite = await circle.invite('Ane', 9)
    await circle.ask('Gari')
    await circle.decide(four, remove('Eneko'), [invite])
    const sponsored = await circle.say('Eneko', sponsor('Gari'), [invite])
    const admitted = await circle.admit('Beñat', invite, 'Gari', [sponsored])
    expect([why(sponsored), why(admitted)]).toEqual(['author removed', 'sponsors void'])
    expect(names()).toEqual(four)
  })

  test('may ask for a decision', async () => {
    await found(['Ane', 'Beñat', 'Cira'], { kind: 'decision' })
    const invite = await circle.invite('Ane', 9)
    const admit: Control = { kind: 'admit', invite, ...(await circle.ask('Gari')) }
    expect(await circle.refusal('Ane', admit)).toBe('needs a decision')
    await circle.decide(['Ane', 'Beñat'], { kind: 'admit', member: circle.member('Gari') })
    await circle.say('Ane', admit)
    expect(names()).toContain('Gari')
  })

  test('is changed by decision', async () => {
    await found(['Ane'])
    const invite = await circle.invite('Ane', 9)
    await circle.decide(['Ane'], { kind: 'admission', admission: { kind: 'sponsors', count: 1 } })
    expect(await circle.refusal('Ane', { kind: 'admit', invite, ...(await circle.ask('Gari')) })).toBe('needs sponsors')
  })
})

describe('devices', () => {
  test('of thief and owner that revoke each other are both out, and the group gives the member a new one', async () => {
    const { log } = await found()
    await circle.addDevice('Eneko', 'thief')
    const start = circle.heads
    await circle.say('Eneko', { kind: 'revokeDevice', device: circle.who('thief').keys.device }, start)
    await circle.say('thief', { kind: 'revokeDevice', device: circle.who('Eneko').keys.device }, start)
    expect([mayWrite('Eneko'), mayWrite('thief')]).toEqual(['revoked device', 'revoked device'])
    const member = circle.member('Eneko')
    const phone = await circle.stranger('new phone')
    phone.member = member
    const { device, box } = phone.keys
    const forged: Action = { kind: 'rebind', member, device, box, proof: new Uint8Array(64) }
    expect(await circle.refusal('Ane', { kind: 'propose', action: forged, reason: '' })).toBe('bad proof')
    await circle.decide(four, { ...forged, proof: await circle.proofOf(member, phone.keys) })
    expect(mayWrite('new phone')).toBe('accepted')
    expect(log.state().devices.get(device)).toMatchObject({ member, revoked: false })
    const proposal = await circle.propose('new phone', { kind: 'rename', name: 'Garden', purpose: '' })
    await circle.vote('new phone', proposal, 'yes')
    expect(log.proposals(member).find(({ id }) => id === proposal)).toMatchObject({ mine: 'yes', tally: { yes: 1 } })
    await circle.addDevice('new phone', 'new tablet')
    expect(mayWrite('new tablet')).toBe('accepted')
  })

  test('that a thief still holds are out by the group’s decision, with what they say apart from it', async () => {
    await found()
    const member = circle.member('Eneko')
    const rename = await circle.propose('Ane', { kind: 'rename', name: 'Garden', purpose: '' })
    const phone = await circle.stranger('new phone')
    const proof = await circle.proofOf(member, phone.keys)
    const { device, box } = phone.keys
    phone.member = member
    await circle.decide(four, { kind: 'rebind', member, device, box, proof }, [rename])
    const added = await circle.addDevice('Eneko', 'thief', [rename])
    await circle.vote('Eneko', rename, 'yes', [rename])
    expect(why(added)).toBe('device replaced')
    expect([mayWrite('Eneko'), mayWrite('thief'), mayWrite('new phone')]).toEqual([
      'revoked device',
      'revoked device',
      'accepted',
    ])
    expect(circle.log.proposals(member)[0]).toMatchObject({ mine: 'none', tally: { yes: 0 } })
    await circle.vote('new phone', rename, 'no')
    expect(circle.log.proposals(member)[0]).toMatchObject({ mine: 'no', tally: { no: 1 } })
  })

  test('that sign two entries for one place are out, and not their person, who goes on with another', async () => {
    await found()
    const linked = await circle.addDevice('Eneko', 'phone')
    const eneko = circle.who('Eneko')
    const { tip } = eneko
    const one = await circle.say('Eneko', { kind: 'sponsor', member: circle.member('Ane') }, [linked])
    eneko.tip = tip
    const other = await circle.invite('Eneko', 1, [linked])
    const both = [one, other].sort()
    expect(circle.log.state().equivocators.get(eneko.keys.device)).toEqual(both)
    expect(await circle.refusal('Eneko', { kind: 'leave' }, both)).toBe('frozen device')
    // What was said before it was known stands.
    expect([why(one), why(other)]).toEqual(['accepted', 'accepted'])
    expect([mayWrite('Eneko'), mayWrite('phone')]).toEqual(['frozen device', 'accepted'])
    const rename = await circle.propose('phone', { kind: 'rename', name: 'Garden', purpose: '' })
    await circle.vote('phone', rename, 'yes')
    expect(circle.log.proposals()[0]?.tally).toMatchObject({ yes: 1, of: 5 })
  })
})
