import { DeviceId, type ControlId } from '@auzolan/core'
import { afterEach, describe, expect, test } from 'vitest'
import { encodeControl, parseControl, type Control } from './control.ts'
import { invitationKeys } from './invitation.ts'
import { makeSheet, parseRecoveryRequest } from './recovery.ts'
import { Circle } from './testing/circle.ts'
import { digestsInOrders } from './testing/orders.ts'

let circle: Circle
const found = async (): Promise<Circle> => (circle = await Circle.found(['Ane', 'Beñat', 'Cira']))

// Whatever a test did, everybody who knows the same sees the same, in any order of delivery.
afterEach(async () => {
  expect(new Set(await digestsInOrders(circle)).size).toBe(1)
})

const keyOf = async (paper: number): Promise<DeviceId> =>
  DeviceId.fromBytes((await invitationKeys(new Uint8Array(16).fill(paper))).publicKey)
const mayWrite = (name: string, heads: readonly ControlId[] = circle.heads): string => {
  const verdict = circle.log.mayWrite(circle.who(name).keys.device, heads)
  return verdict.is === 'refused' ? verdict.reason.type : verdict.is
}
const why = (id: ControlId): string => {
  const answer = circle.log.why(id)
  return answer.is === 'voided' ? answer.reason.type : answer.is
}
const revoke = (device: DeviceId): Control => ({ kind: 'revokeDevice', device })

describe('a recovery sheet', () => {
  test('is no device: it counts nowhere, may write nothing, and gets no key of an epoch', async () => {
    const { log } = await found()
    await circle.makeSheet('Ane', 1)
    const key = await keyOf(1)
    const state = log.state()
    expect(state.devices.has(key)).toBe(false)
    expect(state.members.get(circle.member('Ane'))?.devices).toHaveLength(1)
    expect(log.mayWrite(key, log.heads)).toMatchObject({ is: 'refused', reason: { type: 'unknown device' } })
    expect(log.recipients().map(({ device }) => device)).not.toContain(key)
    expect(state.sheets.get(key)).toMatchObject({ member: circle.member('Ane'), cancelled: false, used: [] })
  })

  test('lets a new device in as its person, with the vote, whoever carries the request', async () => {
    const { log } = await found()
    await circle.makeSheet('Ane', 1)
    const rename = await circle.propose('Beñat', { kind: 'rename', name: 'Garden', purpose: '' })
    await circle.recover('Cira', 'Ane', 1, 'new phone')
    const device = circle.who('new phone').keys.device
    expect(log.state().devices.get(device)).toMatchObject({ member: circle.member('Ane'), label: 'new phone' })
    expect(log.recipients().map((one) => one.device)).toContain(device)
    await circle.vote('new phone', rename, 'yes')
    expect(log.proposals(circle.member('Ane'))[0]).toMatchObject({ mine: 'yes', tally: { yes: 1, of: 3 } })
    await circle.say('new phone', revoke(circle.who('Ane').keys.device))
    expect([mayWrite('Ane'), mayWrite('new phone')]).toEqual(['revoked device', 'accepted'])
  })

  test('is good once where its use is known, and both devices are in where it was used apart', async () => {
    const { log } = await found()
    const made = await circle.makeSheet('Ane', 1)
    const one = await circle.recover('Beñat', 'Ane', 1, 'one', [made])
    expect(await circle.refusal('Cira', await circle.read(1, 'late'), [one])).toBe('sheet used')
    const two = await circle.recover('Cira', 'Ane', 1, 'two', [made])
    expect([why(one), why(two), mayWrite('one'), mayWrite('two')]).toEqual(Array(4).fill('accepted'))
    expect(log.state().sheets.get(await keyOf(1))?.used).toEqual(
      ['one', 'two'].map((name) => circle.who(name).keys.device).sort(),
    )
  })

  test('that was cancelled lets nobody in where that is known; a use apart from it stands', async () => {
    const { log } = await found()
    const made = await circle.makeSheet('Ane', 1)
    expect(await circle.refusal('Beñat', revoke(await keyOf(1)))).toBe('not an own device')
    const end = await circle.say('Ane', revoke(await keyOf(1)))
    expect(await circle.refusal('Beñat', await circle.read(1, 'late'), [end])).toBe('sheet cancelled')
    expect(log.state().sheets.get(await keyOf(1))?.cancelled).toBe(true)
    expect(why(await circle.recover('Cira', 'Ane', 1, 'apart', [made]))).toBe('accepted')
    await circle.makeSheet('Ane', 2)
    await circle.recover('Cira', 'Ane', 2, 'again')
    expect(mayWrite('again')).toBe('accepted')
  })

  test('nobody made, with a false signature, of another group or of somebody else’s key is refused', async () => {
    await found()
    const other = await Circle.found(['Ane', 'Xabi'])
    expect(await circle.refusal('Ane', await circle.read(1, 'early'))).toBe('unknown sheet')
    await circle.makeSheet('Ane', 1)
    // A sheet's key proves for one person of one group.
    const theirs = await makeSheet(circle.group, circle.member('Ane'), new Uint8Array(16).fill(2))
    expect(await circle.refusal('Beñat', theirs)).toBe('bad proof')
    expect(
      await circle.refusal('Beñat', await makeSheet(circle.group, circle.member('Beñat'), new Uint8Array(16).fill(1))),
    ).toBe('device known')
    const asked = await circle.read(1, 'new phone')
    expect(await circle.refusal('Beñat', { ...asked, byInvite: asked.byDevice })).toBe('bad proof')
    expect(await circle.refusal('Beñat', { ...asked, byDevice: asked.byInvite })).toBe('bad proof')
    expect(await circle.refusal('Beñat', await other.read(1, 'elsewhere'))).toBe('foreign group')
    expect(await circle.refusal('Beñat', { ...asked, request: Uint8Array.of(0x80) })).toBe('malformed')
  })

  test('of somebody removed lets nobody in, neither after it nor apart from it', async () => {
    await found()
    const made = await circle.makeSheet('Ane', 1)
    const removal = await circle.decide(['Beñat', 'Cira'], { kind: 'remove', member: circle.member('Ane') })
    expect(await circle.refusal('Cira', await circle.read(1, 'late'))).toBe('removed')
    const apart = await circle.recover('Cira', 'Ane', 1, 'apart', [made])
    expect(circle.log.why(apart)).toEqual({ is: 'voided', reason: { type: 'person removed', by: removal } })
    const back = await circle.decide(['Beñat', 'Cira'], { kind: 'readmit', member: circle.member('Ane') })
    expect([mayWrite('apart'), mayWrite('Ane')]).toEqual(['not in', 'accepted'])
    await circle.recover('Beñat', 'Ane', 1, 'home', [back])
    expect(mayWrite('home')).toBe('accepted')
  })

  test('made by who had not come in, or with a device that was locked out before, counts for nothing', async () => {
    await found()
    const invite = await circle.invite('Ane', 1)
    const admitted = await circle.admit('Beñat', invite, 'Gari', [invite])
    const made = await circle.makeSheet('Gari', 1, [admitted])
    const used = await circle.recover('Beñat', 'Gari', 1, 'Gari’s other', [made])
    await circle.say('Ane', { kind: 'uninvite', invite }, [invite])
    expect([why(made), why(used), mayWrite('Gari’s other')]).toEqual(['author not in', 'sheet void', 'not in'])
    await circle.addDevice('Ane', 'laptop')
    await circle.say('Ane', revoke(circle.who('laptop').keys.device))
    const said = await makeSheet(circle.group, circle.member('Ane'), new Uint8Array(16).fill(2))
    expect(await circle.refusal('laptop', said)).toBe('revoked device')
  })

  test('of before the group gave its person another device is over, as are the devices of before', async () => {
    await found()
    const made = await circle.makeSheet('Ane', 1)
    const { keys } = await circle.stranger('given')
    const proof = await circle.proofOf(circle.member('Ane'), keys)
    const { device, box } = keys
    await circle.decide(['Beñat', 'Cira'], { kind: 'rebind', member: circle.member('Ane'), device, box, proof })
    circle.who('given').member = circle.member('Ane')
    expect(await circle.refusal('Cira', await circle.read(1, 'thief'))).toBe('sheet cancelled')
    await circle.recover('Cira', 'Ane', 1, 'apart', [made])
    expect([mayWrite('apart'), mayWrite('Ane'), mayWrite('given')]).toEqual([
      'revoked device',
      'revoked device',
      'accepted',
    ])
    expect(circle.log.state().sheets.get(await keyOf(1))?.cancelled).toBe(true)
    await circle.makeSheet('given', 2)
    await circle.recover('Beñat', 'Ane', 2, 'home')
    expect(mayWrite('home')).toBe('accepted')
  })

  test('used apart from a seal counts by what the seal knew of it', async () => {
    await found()
    const early = await circle.makeSheet('Ane', 1)
    const late = await circle.makeSheet('Beñat', 2, [early])
    const end = await circle.say('Ane', revoke(await keyOf(1)), [late])
    const sealed = await circle.seal(['Ane', 'Beñat', 'Cira'], end, [end])
    // Both as if nothing had been sealed or cancelled.
    const stale = await circle.recover('Cira', 'Ane', 1, 'stale', [late])
    const fine = await circle.recover('Cira', 'Beñat', 2, 'fine', [stale])
    expect(sealed).not.toBe(end)
    expect([why(stale), why(fine)]).toEqual(['against the seal', 'accepted'])
    expect([mayWrite('stale'), mayWrite('fine')]).toEqual(['not in', 'accepted'])
  })

  test('is written and read as control items, and what is no request is told from one', async () => {
    await found()
    const said = await makeSheet(circle.group, circle.member('Ane'), new Uint8Array(16).fill(1))
    const asked = await circle.read(1, 'new phone')
    for (const control of [said, asked])
      expect(parseControl(encodeControl(control))).toEqual({ ok: true, value: control })
    expect(parseRecoveryRequest(asked.request)).toMatchObject({ ok: true, value: { label: 'new phone' } })
    for (let length = 0; length < asked.request.length; length++)
      expect(parseRecoveryRequest(asked.request.subarray(0, length)).ok).toBe(false)
  })
})
