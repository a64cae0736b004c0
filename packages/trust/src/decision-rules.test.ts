import type { ControlId } from '@auzolan/core'
import { afterEach, describe, expect, test } from 'vitest'
import type { Action } from './actions.ts'
import type { Rule, RuleName } from './rules.ts'
import { lotDigest } from './sortition.ts'
import { Circle } from './testing/circle.ts'
import { digestsInOrders } from './testing/orders.ts'

let circle: Circle
const found = async (rules: readonly (readonly [RuleName, Rule])[] = []): Promise<Circle> =>
  (circle = await Circle.found(['Ane', 'Beñat', 'Cira'], {
    rules: new Map(rules),
    admission: { kind: 'invitation' },
    quorum: null,
  }))

// What is refused here is refused whatever was heard first.
afterEach(async () => {
  expect(new Set(await digestsInOrders(circle)).size).toBe(1)
})

const filled = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill)
const start = (): readonly ControlId[] => [circle.group as string as ControlId]

describe('what is not in an author’s past', () => {
  test('is nobody to decide about: a newcomer let in apart', async () => {
    await found()
    const invite = await circle.invite('Ane', 2)
    const admitted = await circle.admit('Ane', invite, 'Gari')
    const about: readonly Action[] = [
      { kind: 'remove', member: circle.member('Gari') },
      { kind: 'role', member: circle.member('Gari'), role: 'moderator', on: true },
      { kind: 'voters', members: [circle.member('Gari')] },
    ]
    for (const action of about) {
      expect(await circle.refusal('Beñat', { kind: 'propose', action, reason: '' }, [invite])).toBe('unknown member')
      await circle.propose('Cira', action, [admitted])
    }
  })

  test('is no close to enact by, and nothing to acknowledge', async () => {
    await found([['rename', { kind: 'majority', num: 1, den: 2 }]])
    const { proposal, last } = await circle.agree(['Ane', 'Beñat'], { kind: 'rename', name: 'Elm', purpose: '' })
    const close = await circle.say('Ane', { kind: 'close', proposal }, [last])
    expect(await circle.refusal('Cira', { kind: 'ack', close }, [last])).toBe('unknown close')
    expect(await circle.refusal('Cira', { kind: 'enact', proposal, close }, [last])).toBe('unknown close')
  })

  test('is no proposal to give a share of the lot for', async () => {
    await found([['rename', { kind: 'sortition', size: 1, inner: { kind: 'unanimous' } }]])
    const before = start()
    const proposal = await circle.propose('Ane', { kind: 'rename', name: 'Elm', purpose: '' })
    const secret = filled(16, 7)
    const digest = lotDigest(proposal, circle.member('Beñat'), secret)
    expect(await circle.refusal('Beñat', { kind: 'commit', proposal, digest }, before)).toBe('unknown proposal')
    expect(await circle.refusal('Beñat', { kind: 'reveal', proposal, secret }, before)).toBe('unknown proposal')
  })
})

describe('a new device that the group gives somebody', () => {
  const rebind = async (member: string, device: string): Promise<Action> => {
    const { keys } = circle.knows(device) ? circle.who(device) : await circle.stranger(device)
    const proof = await circle.proofOf(circle.member(member), keys)
    return { kind: 'rebind', member: circle.member(member), device: keys.device, box: keys.box, proof }
  }

  test('is for who is in', async () => {
    await found()
    await circle.decide(['Ane', 'Beñat'], { kind: 'remove', member: circle.member('Cira') })
    const action = await rebind('Cira', 'new one')
    expect(await circle.refusal('Ane', { kind: 'propose', action, reason: '' })).toBe('unknown member')
  })

  test('is none that is in already, also as another’s or as one that was locked out', async () => {
    await found()
    await circle.addDevice('Beñat', 'phone')
    await circle.say('Beñat', { kind: 'revokeDevice', device: circle.who('phone').keys.device })
    for (const device of ['Beñat', 'phone'])
      expect(await circle.refusal('Ane', { kind: 'propose', action: await rebind('Cira', device), reason: '' })).toBe(
        'device known',
      )
    await circle.propose('Ane', await rebind('Cira', 'new one'))
  })
})
