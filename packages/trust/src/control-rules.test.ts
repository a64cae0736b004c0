import { ControlId } from '@auzolan/core'
import { afterEach, describe, expect, test } from 'vitest'
import { makeJoinRequest, memberOfRequest } from './join.ts'
import { Circle } from './testing/circle.ts'
import { digestsInOrders } from './testing/orders.ts'

let circle: Circle
const found = async (): Promise<Circle> => (circle = await Circle.found(['Ane', 'Beñat', 'Cira']))

// Whatever a test did, everybody who knows the same sees the same, in any order of delivery.
afterEach(async () => {
  expect(new Set(await digestsInOrders(circle)).size).toBe(1)
})

const mayWrite = (name: string, heads: readonly ControlId[] = circle.heads): string => {
  const verdict = circle.log.mayWrite(circle.who(name).keys.device, heads)
  return verdict.is === 'refused' ? verdict.reason.type : verdict.is
}
/** As `Circle` makes the secret of its invitations. */
const secret = new Uint8Array(16).fill(9)

describe('a device that was let in as two people, apart', () => {
  test.each(['the first', 'the second'])('is whose admission stands where %s falls', async (which) => {
    await found()
    const invites = [await circle.invite('Ane', 1), await circle.invite('Beñat', 1)] as const
    const apart = [invites[1]]
    const first = await circle.ask('Gari')
    const entropy = { bytes: (length: number) => new Uint8Array(length).fill(6) }
    const second = await makeJoinRequest({ group: circle.group, secret }, circle.who('Gari').keys, 'Zuri', entropy)
    const ways = [
      await circle.say('Ane', { kind: 'admit', invite: invites[0], ...first }, apart),
      await circle.say('Beñat', { kind: 'admit', invite: invites[1], ...second }, apart),
    ]
    const falls = which === 'the first' ? 0 : 1
    const ended = await circle.say('Cira', { kind: 'uninvite', invite: invites[falls] }, apart)
    expect(circle.log.why(ways[falls] as ControlId)).toMatchObject({ reason: { type: 'invitation cancelled' } })
    expect([mayWrite('Gari'), mayWrite('Gari', [])]).toEqual(['accepted', 'unknown device'])
    const said = await circle.say('Gari', { kind: 'leave' }, [...ways, ended].sort())
    expect(circle.log.get(said)?.author).toBe(memberOfRequest((falls === 0 ? second : first).request))
    await circle.say('Cira', { kind: 'uninvite', invite: invites[1 - falls] as ControlId }, apart)
    // Known still, as one of the two: which one, the lower id says.
    expect(['left', 'not in']).toContain(mayWrite('Gari'))
  })
})

describe('a key that is in already', () => {
  test('comes in neither as a further device nor as a sheet, of whomever it is', async () => {
    await found()
    await circle.addDevice('Ane', 'phone')
    await circle.makeSheet('Beñat', 4)
    const sheet = circle.log.state().sheets.keys().next().value
    if (!sheet) throw new Error('there is a sheet')
    const proof = new Uint8Array(64)
    const { box } = circle.who('Cira').keys
    for (const device of [circle.who('phone').keys.device, circle.who('Ane').keys.device, sheet]) {
      expect(await circle.refusal('Cira', { kind: 'addDevice', device, box, label: '', proof })).toBe('device known')
      expect(await circle.refusal('Cira', { kind: 'sheet', sheet: device, proof })).toBe('device known')
    }
  })
})

describe('an admission', () => {
  test('needs a use that is left, whoever used the others', async () => {
    await found()
    const invite = await circle.invite('Ane', 2)
    for (const name of ['Gari', 'Haizea']) await circle.admit('Beñat', invite, name)
    const asked = await circle.ask('Iker')
    expect(await circle.refusal('Cira', { kind: 'admit', invite, ...asked })).toBe('invitation used up')
  })

  test('of a device to which nothing can be wrapped is refused', async () => {
    await found()
    const invite = await circle.invite('Ane', 2)
    const { keys } = await circle.stranger('Gari')
    const blunt = { ...keys, box: new Uint8Array(32) }
    const entropy = { bytes: (length: number) => new Uint8Array(length) }
    const asked = await makeJoinRequest({ group: circle.group, secret }, blunt, 'Gari', entropy)
    expect(await circle.refusal('Cira', { kind: 'admit', invite, ...asked })).toBe('bad key')
  })

  test('by a request that does not read is refused', async () => {
    await found()
    const invite = await circle.invite('Ane', 2)
    const asked = await circle.ask('Gari')
    const request = asked.request.subarray(1)
    expect(await circle.refusal('Cira', { kind: 'admit', invite, ...asked, request })).toBe('malformed')
  })
})

describe('newcomers over the uses of an invitation', () => {
  const confirm = (name: string) => ({ kind: 'confirm', member: circle.member(name) }) as const

  test('are confirmed by what is known where it is said, whoever else came in apart', async () => {
    await found()
    const invite = await circle.invite('Ane', 1)
    const known = [
      await circle.admit('Ane', invite, 'Gari', [invite]),
      await circle.admit('Beñat', invite, 'Haizea', [invite]),
    ].sort()
    await circle.admit('Cira', invite, 'Iker', [invite])
    await circle.say('Ane', confirm('Gari'), known)
    expect(mayWrite('Gari')).toBe('accepted')
  })

  test('are confirmed as often as it has uses', async () => {
    await found()
    const invite = await circle.invite('Ane', 2)
    await circle.admit('Ane', invite, 'Gari', [invite])
    await circle.admit('Beñat', invite, 'Haizea', [invite])
    await circle.admit('Cira', invite, 'Iker', [invite])
    for (const name of ['Gari', 'Haizea']) await circle.say('Cira', confirm(name))
    expect(await circle.refusal('Ane', confirm('Iker'))).toBe('no use left')
  })
})

describe('a newcomer over the uses of two invitations', () => {
  test('may be confirmed while one of them has a use left', async () => {
    await found()
    const invites = [await circle.invite('Ane', 1), await circle.invite('Ane', 1)] as const
    const apart = [invites[1]]
    await circle.admit('Ane', invites[0], 'Gari', apart)
    await circle.admit('Beñat', invites[0], 'Haizea', apart)
    await circle.admit('Beñat', invites[1], 'Gari', apart)
    await circle.admit('Cira', invites[1], 'Iker', apart)
    const confirm = (name: string) => ({ kind: 'confirm', member: circle.member(name) }) as const
    await circle.say('Ane', confirm('Haizea'))
    await circle.say('Cira', confirm('Gari'))
    expect(await circle.refusal('Ane', confirm('Iker'))).toBe('no use left')
    expect(['Gari', 'Haizea', 'Iker'].map((name) => mayWrite(name))).toEqual(['accepted', 'accepted', 'contested'])
  })
})

test('what nobody knows of is neither cancelled nor used, and nobody from elsewhere is suspended', async () => {
  await found()
  const nothing = ControlId.fromBytes(new Uint8Array(32).fill(1))
  expect(await circle.refusal('Ane', { kind: 'uninvite', invite: nothing })).toBe('unknown invitation')
  const asked = await circle.ask('Gari')
  expect(await circle.refusal('Ane', { kind: 'admit', invite: nothing, ...asked })).toBe('unknown invitation')
  const role = { kind: 'role', member: circle.member('Ane'), role: 'moderator', on: true } as const
  await circle.decide(['Ane', 'Beñat'], role)
  for (const kind of ['suspend', 'unsuspend'] as const)
    expect(await circle.refusal('Ane', { kind, member: circle.member('Gari'), reason: '' })).toBe('unknown member')
})

test('a group is founded once', async () => {
  await found()
  const [founding] = circle.entries
  const again = founding?.items[0]?.bytes
  if (!again) throw new Error('a founding is what was first')
  expect(await circle.try('Ane', again)).toMatchObject({ is: 'refused', reason: { type: 'bad founding' } })
})
