import type { GroupId } from '@auzolan/core'
import type { FrameType, MemoryHub } from '@auzolan/network'
import { openMemoryStore } from '@auzolan/storage'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { openVerifier } from '@auzolan/trust'
import { checkCertificate } from '../../packages/peer/src/acts/verification.ts'
import { inTime } from '../support/noise.ts'
import { type Participant, until, value } from '../support/participant.ts'
import { connect, cut, newest, reaches, seen, stop, street, type Street, threeVotes } from '../support/street.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

/** Everything that reaches one person from now on. */
const listen = (hub: MemoryHub, name: string) => {
  const heard: { readonly type: FrameType; readonly payload: Uint8Array }[] = []
  hub.corrupt = (frame, _, to) => {
    if (to === name) heard.push(frame)
    return frame
  }
  return {
    heard,
    count: (type: FrameType) => heard.filter((frame) => frame.type === type).length,
  }
}

/** Ben is removed by the two others while he is cut off from both. All three have a vote. */
const removedApart = async (): Promise<Street> => {
  const place = await street()
  const { hub, all, group, ids } = place
  const [ada, ben, cleo] = all
  await threeVotes(place)
  const proposal = value(await ada.peer.propose(group, { is: 'remove', person: ids.Ben, reason: 'Sells our tools.' }))
  for (const person of all) await seen(person, group, ({ proposals }) => proposals.length === 2)
  hub.cut('ada', 'ben')
  hub.cut('ben', 'cleo')
  value(await ada.peer.vote(group, proposal, 'yes'))
  value(await cleo.peer.vote(group, proposal, 'yes'))
  await reaches([ada, cleo], group, 'decided')
  expect((await seen(ben, group, () => true)).removed).toEqual([])
  return place
}

const standsAs = (person: Participant, group: GroupId, standing: string): Promise<unknown> =>
  inTime(until(person.peer, { view: 'groups' }, (rows) => rows.find(({ id }) => id === group)?.standing === standing))

const talk = async (person: Participant, group: GroupId): Promise<readonly (string | null)[]> => {
  const { document } = await inTime(until(person.peer, { view: 'home', group }))
  const { messages } = await inTime(until(person.peer, { view: 'thread', group, thread: document }))
  return messages.map(({ text }) => text)
}

const talkOf = async (person: Participant, group: GroupId, count: number): Promise<unknown> => {
  const { document: thread } = await until(person.peer, { view: 'home', group })
  return until(person.peer, { view: 'thread', group, thread }, ({ messages }) => messages.length === count)
}

const say = async (person: Participant, group: GroupId, text: string): Promise<void> => {
  const { document } = await inTime(until(person.peer, { view: 'home', group }))
  value(await person.peer.sendMessage(group, document, text))
}

describe('somebody who was removed while cut off', () => {
  test('comes in again by a new invitation, as somebody new who has everything', async () => {
    const { hub, all, group, ids } = await removedApart()
    const [ada, ben, cleo] = all
    await say(ada, group, 'Who takes the keys?')
    hub.connect('ada', 'ben')
    await standsAs(ben, group, 'removed')
    const { link } = value(await ada.peer.invite(group, { uses: 1 }))
    value(await ben.peer.readInvitation(link))
    value(await ben.peer.join(link, { name: 'Ben again' }))
    await inTime(until(ben.peer, { view: 'join', group }, ({ step }) => step === 'done'))
    await say(ben, group, 'I do')
    for (const person of [ada, ben, cleo]) {
      const { people } = await inTime(until(person.peer, { view: 'people', group }, (view) => view.people.length === 4))
      expect(
        people
          .map(({ id }) => id)
          .slice(0, 3)
          .sort(),
      ).toEqual(Object.values(ids).sort())
      expect(people.map(({ name, left }) => [name, left])).toContainEqual(['Ben again', false])
      await inTime(talkOf(person, group, 2))
    }
    expect(await ben.peer.readInvitation(link)).toEqual({ ok: false, error: { type: 'already a member', group } })
    await stop(all)
  })

  test('is told by whom they meet, with the proof and nothing else, and keeps all they had', async () => {
    const { hub, all, group } = await removedApart()
    const [ada, ben, cleo] = all
    await say(ada, group, 'Who takes the keys?')
    await say(ben, group, 'Nobody has this but me')
    const wire = listen(hub, 'ben')
    hub.connect('ada', 'ben')
    await standsAs(ben, group, 'removed')
    expect(wire.heard.filter(({ type }) => type !== 'proof').map(({ type }) => type)).toEqual(['ending', 'ending'])

    const view = await seen(ben, group, ({ removed }) => removed.length === 1)
    expect(newest(view)).toMatchObject({ phase: 'decided', yes: 2, reason: 'Sells our tools.', offers: [] })
    const proof = await checkCertificate(
      value(await ben.peer.certificate(group, newest(view)?.id as never)),
      await openVerifier(),
    )
    expect(proof).toMatchObject({ proven: true, data: { yes: 2, of: 3 } })
    expect(await talk(ben, group)).toEqual(['Nobody has this but me'])
    const home = await inTime(until(ben.peer, { view: 'home', group }))
    expect(await ben.peer.sendMessage(group, home.document, 'Me again')).toMatchObject({ ok: false })
    const own = value(await ben.peer.fork(group, { name: 'Ben Street', myName: 'Ben' }))
    await say(ben, own, 'On we go')
    const { document } = await inTime(until(ben.peer, { view: 'home', group: own }))
    const both = { view: 'thread', group: own, thread: document } as const
    await inTime(until(ben.peer, both, ({ messages }) => messages.length === 2))
    expect(await talk(cleo, group)).toEqual(['Who takes the keys?'])
    await stop(all)
  })

  test('knows it after a restart, is not looked for any more, and is told nothing twice', async () => {
    const { hub, calendar, all, group } = await removedApart()
    const [ada, ben] = all
    hub.connect('ada', 'ben')
    await standsAs(ben, group, 'removed')
    await inTime(until(ada.peer, { view: 'status', group }, ({ copies }) => copies.length === 1))
    await ben.stop()
    await ben.start()
    await standsAs(ben, group, 'removed')
    const wire = listen(hub, 'ben')
    hub.connect('ada', 'ben')
    const closed = new Promise<void>((resolve) =>
      hub.network('ben').onState(({ peers }) => {
        if (!peers.some(({ peer }) => peer === 'ada')) resolve()
      }),
    )
    await inTime(closed)
    expect(wire.heard.filter(({ type }) => type !== 'proof')).toHaveLength(1)
    expect(hub.network('ada').state().peers).toEqual([{ peer: 'cleo', path: 'memory' }])

    // What makes it final comes as an addition.
    calendar.pass(3)
    await reaches([ada, all[2]], group, 'confirmed')
    hub.connect('ada', 'ben')
    await seen(ben, group, (view) => newest(view)?.phase === 'confirmed')
    await stop(all)
  })
})

describe('an admission that was undone elsewhere', () => {
  test('is explained to whom it let in, who keeps what they wrote', async () => {
    const { hub, all, group } = await street()
    const [ada, ben, cleo] = all
    const { id, link } = value(await ada.peer.invite(group, { uses: 2 }))
    await inTime(until(ben.peer, { view: 'people', group }, ({ invitations }) => invitations.length === 2))
    await cleo.stop()
    await openMemoryStore(cleo.disk).write([{ do: 'removeRange', prefix: [] }], { durability: 'strict' })
    await cleo.start()
    hub.cut('ada', 'ben')
    hub.cut('ada', 'cleo')
    value(await ada.peer.cancelInvitation(group, id))
    hub.connect('ben', 'cleo')
    value(await cleo.peer.join(link, { name: 'Cleo again' }))
    await inTime(until(cleo.peer, { view: 'join', group }, ({ step }) => step === 'done'))
    await say(cleo, group, 'Hello')
    const wire = listen(hub, 'cleo')
    hub.connect('ada', 'ben')
    await standsAs(cleo, group, 'undone')
    expect(wire.count('entries')).toBe(0)
    expect(await talk(cleo, group)).toEqual(['Hello'])
    await cleo.stop()
    await cleo.start()
    await standsAs(cleo, group, 'undone')
    expect(await talk(cleo, group)).toEqual(['Hello'])
    await stop(all)
  })
})

describe('streams', () => {
  test('of somebody who is removed are cut at once, and other groups on the same link go on', async () => {
    const place = await street()
    const { hub, all, group, ids } = place
    const [ada, ben, cleo] = all
    await threeVotes(place)
    const other = value(await ada.peer.createGroup({ name: 'Choir', myName: 'Ada' }))
    value(await ben.peer.join(value(await ada.peer.invite(other, { uses: 1 })).link, { name: 'Ben' }))
    await inTime(until(ben.peer, { view: 'join', group: other }, ({ step }) => step === 'done'))
    const proposal = value(await ada.peer.propose(group, { is: 'remove', person: ids.Ben }))
    for (const person of all) await seen(person, group, ({ proposals }) => proposals.length === 2)
    const links: number[] = []
    hub.network('ben').onState(({ peers }) => links.push(peers.filter(({ peer }) => peer === 'ada').length))
    const wire = listen(hub, 'ben')
    value(await ada.peer.vote(group, proposal, 'yes'))
    value(await cleo.peer.vote(group, proposal, 'yes'))
    // Ben's own device, which would say it first, is slow.
    await reaches([ada, cleo], group, 'decided')
    await standsAs(ben, group, 'removed')
    expect(wire.count('ending')).toBeGreaterThan(0)
    wire.heard.length = 0
    await say(ada, group, 'Between us')
    await say(ada, other, 'Still singing')
    await inTime(until(cleo.peer, { view: 'home', group }, ({ messages }) => messages === 1))
    await inTime(until(ben.peer, { view: 'home', group: other }, ({ messages }) => messages === 1))
    await say(ben, other, 'With you')
    await inTime(until(ada.peer, { view: 'home', group: other }, ({ messages }) => messages === 2))
    expect(wire.count('entries')).toBe(1)
    expect(await talk(ben, group)).toEqual([])
    expect(links.every((count) => count === 1)).toBe(true)
    await stop(all)
  })

  test('that somebody who was removed opens a thousand times cost a greeting each', async () => {
    const { hub, all, group } = await removedApart()
    const [, ben] = all
    hub.connect('ada', 'ben')
    await standsAs(ben, group, 'removed')
    const wire = listen(hub, 'ben')
    for (let again = 0; again < 1000; again++) {
      const ended = new Promise<void>((resolve) => {
        const stopHearing = hub.network('ben').onState(({ peers }) => {
          if (peers.some(({ peer }) => peer === 'ada')) return
          stopHearing()
          resolve()
        })
      })
      hub.connect('ada', 'ben')
      await inTime(ended)
    }
    // A nonce, tags and a proof of who is there; that it has ended.
    expect(wire.heard.length).toBeLessThanOrEqual(4000)
    expect(wire.count('ending')).toBeLessThanOrEqual(1000)
    expect(wire.heard.reduce((bytes, { payload }) => bytes + payload.length, 0)).toBeLessThan(1000 * 600)
    await stop(all)
  })

  test('do not bring the proof again and again to whoever claims never to have heard', async () => {
    const { hub, all, group } = await removedApart()
    const [, ben] = all
    const wire = listen(hub, 'ben')
    for (let again = 0; again < 12; again++) {
      hub.cut('ada', 'ben')
      await ben.stop()
      await openMemoryStore(ben.disk).write([{ do: 'removeRange', prefix: ['g', group, 'told'] }], {
        durability: 'strict',
      })
      await ben.start()
      await inTime(until(ben.peer, { view: 'home', group }))
      hub.connect('ada', 'ben')
      await inTime(
        (async () => {
          while (wire.count('ending') < 2 * (again + 1)) await new Promise((resolve) => setImmediate(resolve))
        })(),
      )
      if (again < 8) await standsAs(ben, group, 'removed')
    }
    const bytes = wire.heard.flatMap(({ type, payload }) => (type === 'ending' ? [payload.length] : []))
    expect(bytes.filter((length) => length > 200)).toHaveLength(8)
    expect((await inTime(until(ben.peer, { view: 'groups' }))).map(({ standing }) => standing)).toEqual(['member'])
    await stop(all)
  })
})

describe('two who removed each other', () => {
  const orders = [
    ['ada', 'ben', 'cleo'],
    ['cleo', 'ada', 'ben'],
    ['ben', 'cleo', 'ada'],
  ] as const
  test.each(orders)('are both told, whoever meets first: %s and %s, then %s', async (first, second, third) => {
    const place = await street()
    const { hub, all, group, ids } = place
    const [ada, ben, cleo] = all
    await threeVotes(place)
    const offBen = value(await ada.peer.propose(group, { is: 'remove', person: ids.Ben }))
    const offAda = value(await ben.peer.propose(group, { is: 'remove', person: ids.Ada }))
    for (const person of all) await seen(person, group, ({ proposals }) => proposals.length === 3)
    value(await cleo.peer.vote(group, offBen, 'yes'))
    value(await cleo.peer.vote(group, offAda, 'yes'))
    for (const person of all)
      await seen(person, group, ({ proposals }) => proposals.filter(({ yes }) => yes === 1).length >= 2)
    cut(hub)
    value(await ada.peer.vote(group, offBen, 'yes'))
    value(await ben.peer.vote(group, offAda, 'yes'))
    for (const [person, other] of [
      [ada, ids.Ben],
      [ben, ids.Ada],
    ] as const) {
      let { removed } = await seen(person, group, () => true)
      for (; !removed.includes(other); { removed } = await seen(person, group, () => true)) {
        person.quiet()
        await inTime(new Promise((resolve) => setImmediate(resolve)))
      }
    }
    hub.connect(first, second)
    const met = all.filter(({ name }) => name === first || name === second)
    for (const person of met)
      if (person.name !== 'cleo' && !(met.includes(cleo) && met.length === 2)) await standsAs(person, group, 'removed')
    for (const other of [first, second]) hub.connect(other, third)
    await standsAs(ada, group, 'removed')
    await standsAs(ben, group, 'removed')
    await seen(cleo, group, ({ removed }) => removed.length === 2)
    connect(hub)
    await stop(all)
    for (const person of all) await person.start()
    await standsAs(ada, group, 'removed')
    await standsAs(ben, group, 'removed')
    expect((await seen(cleo, group, () => true)).removed).toHaveLength(2)
    await stop(all)
  })
})
