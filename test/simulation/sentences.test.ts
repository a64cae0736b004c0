import { DeviceId, type Instant } from '@auzolan/core'
import { MemoryDisk, openMemoryStore } from '@auzolan/storage'
import { type Control, type Entry, makeEpoch, rewrapEpoch, runOf } from '@auzolan/trust'
import { expect, test } from 'vitest'
import { GroupLog } from '../../packages/peer/src/log/group-log.ts'
import { Circle } from '../../packages/trust/src/testing/circle.ts'
import { vectors } from '../../packages/trust/src/verifier-vectors.ts'
import { type Attempts, isIn, play, remove, startOf, why } from '../support/attempts.ts'

const five = ['Ane', 'Beñat', 'Cira', 'Dani', 'Eneko'] as const
const honest = five.slice(0, 4)
const entropy = { bytes: (length: number) => new Uint8Array(length).fill(7) }
const rename = { kind: 'rename', name: 'Garden', purpose: '' } as const
const propose = (): Control => ({ kind: 'propose', action: rename, reason: '' })

/** What `TRUST.md` says is refused, void, or does not count, and no other test of the log plays. */
const attempts: Attempts = {
  'a key that is no proper point is brought in, as whatever key there is': async () => {
    const circle = await Circle.found(five)
    const { key } = vectors.find(({ name }) => name === 'small-order key, S = 0') ?? {}
    const device = DeviceId.parse(key) as DeviceId
    const point = DeviceId.toBytes(device)
    const { box } = circle.who('Dani').keys
    const proof = new Uint8Array(64)
    const member = circle.member('Eneko')
    const brought: readonly Control[] = [
      { kind: 'invite', key: point, uses: 1, expires: null, note: '' },
      { kind: 'addDevice', device, box, label: '', proof },
      { kind: 'sheet', sheet: device, proof },
      { kind: 'propose', action: { kind: 'rebind', member, device, box, proof }, reason: '' },
    ]
    for (const control of brought) expect(await circle.refusal('Eneko', control)).toBe('bad key')
    return { circle, expected: (log) => expect(log.state().devices.has(device)).toBe(false) }
  },
  'a removed member makes a key for everybody, as if before': async () => {
    const circle = await Circle.found(five)
    const { control } = await makeEpoch(circle.group, circle.log.recipients(), [], entropy)
    await circle.decide(honest, remove(circle, 'Eneko'))
    const epoch = await circle.say('Eneko', control, startOf(circle))
    return { circle, expected: (log) => expect(log.epochs()).toMatchObject([{ id: epoch, usable: false }]) }
  },
  'somebody who was removed is handed a key by a friend, as if before': async () => {
    const circle = await Circle.found(five)
    const { control, key } = await makeEpoch(circle.group, circle.log.recipients(), [], entropy)
    const epoch = await circle.say('Ane', control)
    await circle.decide(['Ane', 'Beñat', 'Cira'], remove(circle, 'Eneko'), [epoch])
    const again = await rewrapEpoch(circle.group, epoch, key, [circle.who('Eneko').keys], entropy)
    expect(await circle.refusal('Cira', again)).toBe('wrong recipients')
    await circle.say('Dani', again, [epoch])
    return { circle, expected: (log) => expect(log.epochs()).toMatchObject([{ usable: false }]) }
  },
  'a removed member speaks for a newcomer and makes a sheet, as if before': async () => {
    const circle = await Circle.found(five)
    await circle.decide(honest, remove(circle, 'Eneko'))
    const sheet = await circle.makeSheet('Eneko', 4, startOf(circle))
    const sponsor = await circle.say('Eneko', { kind: 'sponsor', member: circle.member('Dani') }, [sheet])
    const back = await circle.recover('Eneko', 'Eneko', 4, 'found sheet', [sponsor])
    return {
      circle,
      expected: (log) => {
        expect([sheet, sponsor, back].map((id) => why(log, id))).toEqual([
          'author removed',
          'author removed',
          'person removed',
        ])
        expect(log.mayWrite(circle.who('found sheet').keys.device, circle.heads).is).toBe('refused')
      },
    }
  },
  'who carries an admission is removed apart, which takes nothing from whom they carried': async () => {
    const circle = await Circle.found(five)
    const invite = await circle.invite('Ane', 9)
    await circle.decide(['Ane', 'Beñat', 'Cira'], remove(circle, 'Eneko'), [invite])
    const carried = await circle.admit('Eneko', invite, 'Gari', [invite])
    return {
      circle,
      expected: (log) => expect([why(log, carried), isIn(log, circle, 'Gari')]).toEqual(['accepted', true]),
    }
  },
  'an invitation ran out by somebody’s clock, which ends nothing, and was cancelled, which does': async () => {
    const circle = await Circle.found(five)
    const [early, ended] = [1, 2] as [Instant, Instant]
    const said = { kind: 'invite', key: await circle.inviteKey(), uses: 2, note: '' } as const
    const late = await circle.say('Ane', { ...said, expires: early })
    const cancelled = await circle.say('Ane', { ...said, expires: ended }, [late])
    const first = await circle.admit('Beñat', late, 'Gari', [cancelled])
    await circle.say('Ane', { kind: 'uninvite', invite: cancelled }, [cancelled])
    const second = await circle.admit('Cira', cancelled, 'Haizea', [cancelled])
    return {
      circle,
      expected: (log) => {
        expect([why(log, first), why(log, second)]).toEqual(['accepted', 'invitation cancelled'])
        expect([isIn(log, circle, 'Gari'), isIn(log, circle, 'Haizea')]).toEqual([true, false])
      },
    }
  },
  'who is suspended says anything but what leaves the vote, the way out and lost devices in their own hands':
    async () => {
      const circle = await Circle.found(five)
      const linked = await circle.addDevice('Eneko', 'phone')
      const invite = await circle.invite('Ane', 1, [linked])
      const role = { kind: 'role', member: circle.member('Ane'), role: 'moderator', on: true } as const
      const given = await circle.decide(['Ane', 'Beñat', 'Cira'], role, [invite])
      const { control: epoch, key } = await makeEpoch(circle.group, circle.log.recipients(), [], entropy)
      const handed = await circle.say('Ane', epoch, [given])
      const open = await circle.propose('Ane', rename, [handed])
      await circle.say('Ane', { kind: 'suspend', member: circle.member('Eneko'), reason: '' }, [open])
      const { device, box } = circle.who('phone').keys
      const proof = new Uint8Array(64)
      const refused: readonly Control[] = [
        { kind: 'invite', key: await circle.inviteKey(), uses: 1, expires: null, note: '' },
        { kind: 'uninvite', invite },
        { kind: 'admit', invite, ...(await circle.ask('Gari')) },
        { kind: 'addDevice', device, box, label: '', proof },
        { kind: 'sheet', sheet: device, proof },
        { kind: 'sponsor', member: circle.member('Gari') },
        { kind: 'unsuspend', member: circle.member('Eneko') },
        { kind: 'confirm', member: circle.member('Gari') },
        { kind: 'vouch', end: handed, held: [{ device, seq: 1, chain: new Uint8Array(32) }] },
        { kind: 'unread', epoch: handed },
        await rewrapEpoch(circle.group, handed, key, [circle.who('Eneko').keys], entropy),
        epoch,
        propose(),
        { kind: 'close', proposal: open },
        { kind: 'enact', proposal: open, close: null },
      ]
      for (const control of refused) expect(await circle.refusal('Eneko', control)).toBe('suspended')
      await circle.vote('Eneko', open, 'yes')
      await circle.say('Eneko', { kind: 'commit', proposal: open, digest: new Uint8Array(32) })
      await circle.say('Eneko', { kind: 'seal', at: given })
      await circle.say('Eneko', { kind: 'revokeDevice', device })
      await circle.say('Eneko', { kind: 'leave' })
      return {
        circle,
        expected: (log) => {
          expect(log.state().members.get(circle.member('Eneko'))).toMatchObject({ suspended: true, left: true })
          expect(
            log
              .proposals()
              .find(({ id }) => id === open)
              ?.votes.get(circle.member('Eneko')),
          ).toBe('yes')
        },
      }
    },
  'somebody who was let in, and given no vote, decides with the others': async () => {
    const circle = await Circle.found(five)
    const invite = await circle.invite('Ane', 1)
    const admitted = await circle.admit('Ane', invite, 'Gari', [invite])
    const open = await circle.propose('Gari', remove(circle, 'Ane'), [admitted])
    const end = await circle.say('Gari', { kind: 'close', proposal: open }, [open])
    const ballots = [await circle.vote('Gari', open, 'yes', [end])]
    for (const name of ['Dani', 'Eneko']) ballots.push(await circle.vote(name, open, 'yes', ballots.slice(-1)))
    const refused: readonly (readonly [Control, string])[] = [
      [{ kind: 'ack', close: end }, 'not a voter'],
      [{ kind: 'seal', at: open }, 'not a voter'],
      [{ kind: 'commit', proposal: open, digest: new Uint8Array(32) }, 'not a voter'],
      [{ kind: 'confirm', member: circle.member('Dani') }, 'not a voter'],
      [{ kind: 'suspend', member: circle.member('Ane'), reason: '' }, 'not a moderator'],
      [{ kind: 'enact', proposal: open, close: null }, 'not decided'],
    ]
    for (const [control, reason] of refused) expect(await circle.refusal('Gari', control)).toBe(reason)
    return {
      circle,
      expected: (log) => {
        expect(log.proposals()[0]).toMatchObject({ tally: { yes: 2, of: 5 }, ready: false })
        expect(isIn(log, circle, 'Ane')).toBe(true)
      },
    }
  },
}

play(attempts)

test('a copy of an entry with a spoilt signature stands in nobody’s way: the true one is taken in', async () => {
  const circle = await Circle.found(five)
  const invite = await circle.invite('Beñat', 1)
  const [founding, said] = circle.entries as [Entry, Entry]
  const spoilt = { ...runOf([said]), signatures: new Uint8Array(64).fill(1) }
  const log = await GroupLog.open(openMemoryStore(new MemoryDisk()), circle.group, circle.verifier)
  for (const run of [runOf([founding]), spoilt, spoilt]) await log.receive([{ run }])
  expect(log.control.hasJudged(invite)).toBe(false)
  await log.receive([{ run: runOf([said]) }])
  expect(why(log.control, invite)).toBe('accepted')
})
