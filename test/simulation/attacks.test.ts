import { expect } from 'vitest'
import { Circle } from '../../packages/trust/src/testing/circle.ts'
import { type Attempts, isIn, play, remove, startOf, why } from '../support/attempts.ts'

const five = ['Ane', 'Beñat', 'Cira', 'Dani', 'Eneko'] as const
const honest = five.slice(0, 4)

/** By what they try (`TRUST.md`, threat model). Every attacker speaks from an old moment, as if the news had not come. */
const attempts: Attempts = {
  'a removed member invites, and somebody comes in by it': async () => {
    const circle = await Circle.found(five)
    await circle.decide(honest, remove(circle, 'Eneko'))
    const late = await circle.invite('Eneko', 9, startOf(circle))
    const friend = await circle.admit('Eneko', late, 'Gari', [late])
    const further = await circle.invite('Gari', 9, [friend])
    return {
      circle,
      expected: (log) => {
        expect([late, friend, further].map((id) => why(log, id))).toEqual([
          'author removed',
          'invitation void',
          'author not in',
        ])
        expect(isIn(log, circle, 'Gari')).toBe(false)
      },
    }
  },
  'a removed member adds a device of their own': async () => {
    const circle = await Circle.found(five)
    await circle.decide(honest, remove(circle, 'Eneko'))
    const added = await circle.addDevice('Eneko', 'phone', startOf(circle))
    return {
      circle,
      expected: (log) => {
        expect(why(log, added)).toBe('author removed')
        expect(log.mayWrite(circle.who('phone').keys.device, circle.heads).is).toBe('refused')
      },
    }
  },
  'a removed member comes back by an old link': async () => {
    const circle = await Circle.found(five)
    const invite = await circle.invite('Eneko', 9)
    await circle.decide(['Ane', 'Beñat', 'Cira'], remove(circle, 'Eneko'), [invite])
    const apart = await circle.admit('Dani', invite, 'Gari', [invite])
    const asked = await circle.ask('Haizea')
    expect(await circle.refusal('Ane', { kind: 'admit', invite, ...asked })).toBe('invitation cancelled')
    return {
      circle,
      expected: (log) => {
        expect(why(log, apart)).toBe('inviter removed')
        expect([isIn(log, circle, 'Gari'), isIn(log, circle, 'Eneko')]).toEqual([false, false])
      },
    }
  },
  'a removed member removes whoever removed them': async () => {
    const circle = await Circle.found(five)
    await circle.decide(honest, remove(circle, 'Eneko'))
    const proposal = await circle.propose('Eneko', remove(circle, 'Ane'), startOf(circle))
    const vote = await circle.vote('Eneko', proposal, 'yes', [proposal])
    expect(await circle.refusal('Eneko', { kind: 'enact', proposal, close: null }, [vote])).toBe('not decided')
    return {
      circle,
      expected: (log) => expect(five.map((name) => isIn(log, circle, name))).toEqual([true, true, true, true, false]),
    }
  },
  'a removed member changes a ballot': async () => {
    const circle = await Circle.found(five)
    const rename = await circle.propose('Ane', { kind: 'rename', name: 'Garden', purpose: '' })
    const before = await circle.vote('Eneko', rename, 'yes')
    await circle.decide(honest, remove(circle, 'Eneko'))
    await circle.vote('Eneko', rename, 'no', [before])
    return { circle, expected: (log) => expect(log.proposals()[0]).toMatchObject({ tally: { yes: 1, no: 0 } }) }
  },
  'a moderator who was removed suspends': async () => {
    const circle = await Circle.found(five)
    const given = await circle.decide(honest, {
      kind: 'role',
      member: circle.member('Eneko'),
      role: 'moderator',
      on: true,
    })
    await circle.decide(honest, remove(circle, 'Eneko'), [given])
    const suspended = await circle.say('Eneko', { kind: 'suspend', member: circle.member('Ane'), reason: '' }, [given])
    return {
      circle,
      expected: (log) => {
        expect(why(log, suspended)).toBe('author removed')
        expect(log.state().members.get(circle.member('Ane'))?.suspended).toBe(false)
      },
    }
  },
  'a member of whom two in five lie packs the electorate': async () => {
    const circle = await Circle.found(five)
    const invite = await circle.invite('Eneko', 9)
    for (const name of ['Gari', 'Haizea', 'Iker']) await circle.admit('Eneko', invite, name)
    const voters = [...five, 'Gari', 'Haizea', 'Iker'].map((name) => circle.member(name)).sort()
    const { proposal, last } = await circle.agree(['Eneko', 'Dani'], { kind: 'voters', members: voters })
    expect(await circle.refusal('Eneko', { kind: 'enact', proposal, close: null }, [last])).toBe('not decided')
    const votes = await circle.vote('Gari', proposal, 'yes', [last])
    expect(await circle.refusal('Gari', { kind: 'enact', proposal, close: null }, [votes])).toBe('not decided')
    return { circle, expected: (log) => expect(log.state().electorate.size).toBe(5) }
  },
  'a minority weakens the rule for removal': async () => {
    const circle = await Circle.found(five)
    const rule = { kind: 'threshold', num: 1, den: 4 } as const
    const weak = { kind: 'propose', action: { kind: 'rule', name: 'remove', rule }, reason: '' } as const
    expect(await circle.refusal('Eneko', weak)).toBe('weak rule')
    return {
      circle,
      expected: (log) => expect(log.state().rules.get('remove') ?? { num: 1 }).toMatchObject({ num: 1 }),
    }
  },
  'a member votes twice, from two devices that do not know of each other': async () => {
    const circle = await Circle.found(five)
    await circle.addDevice('Eneko', 'phone')
    const proposal = await circle.propose('Eneko', remove(circle, 'Ane'))
    const [one, other] = [
      await circle.vote('Eneko', proposal, 'yes', [proposal]),
      await circle.vote('phone', proposal, 'no', [proposal]),
    ]
    const both = await circle.vote('Dani', proposal, 'yes', [one, other].sort())
    expect(await circle.refusal('Dani', { kind: 'enact', proposal, close: null }, [both])).toBe('not decided')
    return {
      circle,
      expected: (log) => expect(log.proposals()[0]).toMatchObject({ tally: { yes: 1, no: 0, spoiled: 1 } }),
    }
  },
  'a member keeps somebody from the key of an epoch': async () => {
    const circle = await Circle.found(five)
    const epoch = {
      kind: 'epoch',
      commitment: new Uint8Array(32),
      ephemeral: new Uint8Array(32).fill(9),
      before: [],
    } as const
    expect(await circle.refusal('Eneko', { ...epoch, wraps: new Uint8Array(48 * 4) })).toBe('wrong recipients')
    return { circle, expected: (log) => expect(log.epochs()).toEqual([]) }
  },
  'more come in by an invitation than it has uses, let in apart': async () => {
    const circle = await Circle.found(five)
    const invite = await circle.invite('Eneko', 1)
    await circle.admit('Eneko', invite, 'Gari', [invite])
    await circle.admit('Dani', invite, 'Haizea', [invite])
    return {
      circle,
      expected: (log) => {
        for (const name of ['Gari', 'Haizea']) {
          expect(log.state().members.get(circle.member(name))).toMatchObject({ contested: true })
          expect(log.mayWrite(circle.who(name).keys.device, circle.heads)).toMatchObject({
            reason: { type: 'contested' },
          })
        }
      },
    }
  },
  'a thief locks the owner’s device out, and the owner the thief’s': async () => {
    const circle = await Circle.found(five)
    const linked = await circle.addDevice('Ane', 'stolen')
    await circle.say('stolen', { kind: 'revokeDevice', device: circle.who('Ane').keys.device }, [linked])
    await circle.say('Ane', { kind: 'revokeDevice', device: circle.who('stolen').keys.device }, [linked])
    return {
      circle,
      expected: (log) => {
        for (const name of ['Ane', 'stolen'])
          expect(log.mayWrite(circle.who(name).keys.device, circle.heads)).toMatchObject({
            reason: { type: 'revoked device' },
          })
        expect(log.state().members.get(circle.member('Ane'))?.removed).toBe(false)
      },
    }
  },
  'what is sealed is undone by a removal that was kept back': async () => {
    const circle = await Circle.found(five)
    const invite = await circle.invite('Eneko', 9)
    const { proposal, last } = await circle.agree(['Ane', 'Beñat', 'Cira'], remove(circle, 'Eneko'), [invite])
    const admitted = await circle.admit('Ane', invite, 'Gari', [last])
    await circle.seal(['Ane', 'Beñat', 'Cira'], admitted, [admitted])
    await circle.say('Dani', { kind: 'enact', proposal, close: null }, [last])
    return {
      circle,
      expected: (log) => expect([why(log, admitted), isIn(log, circle, 'Gari')]).toEqual(['accepted', true]),
    }
  },
}

play(attempts)
