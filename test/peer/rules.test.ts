import type { DecisionView, MemberId } from '@auzolan/core'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { inTime } from '../support/noise.ts'
import { Participant, until, value } from '../support/participant.ts'
import { connect, cut, newest, reaches, seen, type Street, stop, street, threeVotes } from '../support/street.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

/** Ada asks, and who has a vote says yes. */
const decide = async (
  { all, group }: Street,
  action: Parameters<Participant['peer']['propose']>[1],
  phase: 'decided' | 'confirmed' = 'confirmed',
): Promise<void> => {
  const [ada, , cleo] = all
  const proposal = value(await ada.peer.propose(group, action))
  await seen(cleo, group, ({ proposals }) => proposals.some(({ id }) => id === proposal))
  for (const { peer } of [ada, cleo]) await peer.vote(group, proposal, 'yes')
  await reaches(all, group, phase)
}

/** Dana asks by a link of Ada's, and reaches nobody else. */
const newcomer = async (
  { hub, calendar, all, group }: Street,
  name = 'Dana',
  seed = 4,
  askFirst = false,
): Promise<Participant> => {
  const dana = new Participant(name.toLowerCase(), hub, seed, calendar)
  await dana.start()
  hub.connect('ada', name.toLowerCase())
  const { link } = value(await all[0].peer.invite(group, { uses: 1, askFirst }))
  value(await dana.peer.join(link, { name }))
  return dana
}
const isAsked = ({ action }: DecisionView): boolean => action.is === 'admit'
const asked = ({ proposals }: { readonly proposals: readonly DecisionView[] }) => proposals.find(isAsked)

describe('how a group decides', () => {
  test('is there to read, and changed by a decision under the rule of before', async () => {
    const place = await street()
    const { all, group } = place
    const [ada, ben, cleo] = all
    await threeVotes(place)
    const before = await seen(ben, group, () => true)
    expect(before.rules.map(({ thing }) => thing)).toContain('rename')
    expect(before.rules.every(({ rule }) => rule.kind === 'threshold' && rule.num === 1 && rule.den === 2)).toBe(true)
    expect(before.admission).toEqual({ kind: 'invitation' })
    expect(before.confirmedBy).toEqual({ num: 1, den: 2 })
    await decide(place, { is: 'rule', thing: 'rename', rule: { kind: 'unanimous' } }, 'decided')
    const after = await seen(ben, group, () => true)
    expect(newest(after)?.action).toEqual({ is: 'rule', thing: 'rename', rule: { kind: 'unanimous' } })
    expect(after.rules.find(({ thing }) => thing === 'rename')?.rule).toEqual({ kind: 'unanimous' })

    const rename = value(await ben.peer.propose(group, { is: 'rename', name: 'Garden' }))
    for (const person of all) await seen(person, group, (view) => newest(view)?.id === rename)
    value(await ada.peer.vote(group, rename, 'yes'))
    value(await ben.peer.vote(group, rename, 'yes'))
    for (const each of all) each.quiet()
    expect(newest(await seen(cleo, group, (view) => newest(view)?.yes === 2))).toMatchObject({
      phase: 'open',
      needed: 3,
      of: 3,
    })
    value(await cleo.peer.vote(group, rename, 'yes'))
    await reaches(all, group, 'decided')
    await stop(all)
  })

  test('is not asked for what is too weak, does not exist, or holds already', async () => {
    const { all, group } = await street()
    const [{ peer }] = all
    const ask = (rule: unknown, thing = 'remove') => peer.propose(group, { is: 'rule', thing, rule } as never)
    const weak = { ok: false, error: { type: 'weak rule' } }
    const none = { ok: false, error: { type: 'no such thing' } }
    for (const thing of ['remove', 'readmit', 'voters', 'role', 'rule', 'rebind'])
      for (const rule of [
        { kind: 'threshold', num: 1, den: 3 },
        { kind: 'majority', num: 1, den: 2 },
        { kind: 'consent', num: 1, den: 2, objections: 0 },
        { kind: 'advice', least: 2, from: null },
        { kind: 'sortition', size: 3, inner: { kind: 'unanimous' } },
      ])
        expect(await ask(rule, thing), `${thing} ${rule.kind}`).toEqual(weak)
    for (const rule of [
      { kind: 'threshold', num: 2, den: 2 },
      { kind: 'threshold', num: -1, den: 2 },
      { kind: 'threshold', num: 1.5, den: 2 },
      { kind: 'threshold', num: 1, den: 2000 },
      { kind: 'majority', num: 2, den: 2 },
      { kind: 'consent', num: 1, den: 2, objections: -1 },
      { kind: 'advice', least: 0, from: null },
      { kind: 'advice', least: 1, from: 'king' },
      { kind: 'sortition', size: 0, inner: { kind: 'unanimous' } },
      { kind: 'sortition', size: 1, inner: { kind: 'advice', least: 1, from: null } },
      { kind: 'threshold', num: 1, den: 2 },
    ])
      expect(await ask(rule), JSON.stringify(rule)).toEqual(none)
    expect(await ask({ kind: 'unanimous' }, 'nothing')).toEqual(none)
    for (const count of [0, 17, 1.5])
      expect(await peer.propose(group, { is: 'admission', admission: { kind: 'sponsors', count } })).toEqual(none)
    expect(await peer.propose(group, { is: 'admission', admission: { kind: 'invitation' } })).toEqual(none)
    value((await ask({ kind: 'threshold', num: 0, den: 1 }, 'rename')) as never)
    await stop(all)
  })
})

describe('a newcomer', () => {
  test('waits until somebody besides the inviter speaks for them, where the group asks for that', async () => {
    const place = await street()
    const { all, group, hub } = place
    const [ada, ben, cleo] = all
    await decide(place, { is: 'admission', admission: { kind: 'sponsors', count: 1 } })
    const dana = await newcomer(place)
    await inTime(until(dana.peer, { view: 'join', group }, ({ step }) => step === 'waiting'))
    const shown = asked(await seen(ben, group, (view) => asked(view) !== undefined))
    expect(shown).toMatchObject({ by: { name: 'Ada' }, reason: '', offers: [] })
    const { action } = shown as DecisionView
    expect(action).toMatchObject({ is: 'admit', name: 'Dana', spoken: { by: [], needed: 1, maySpeak: true } })
    if (action.is !== 'admit') throw new Error('a newcomer asks')
    // Who invited has said so by inviting; it does not count.
    expect(asked(await seen(ada, group, () => true))?.action).toMatchObject({ spoken: { maySpeak: false } })
    value(await ada.peer.speakFor(group, action.newcomer))
    // Asked again, it is still one question.
    await dana.stop()
    await dana.start()
    hub.connect('ada', 'dana')
    await inTime(until(dana.peer, { view: 'join', group }, ({ step }) => step === 'waiting'))
    const { proposals } = await seen(cleo, group, () => true)
    expect(proposals.filter(isAsked)).toHaveLength(1)
    value(await ben.peer.speakFor(group, action.newcomer))
    await inTime(until(dana.peer, { view: 'join', group }, ({ step }) => step === 'done'))
    for (const person of [...all, dana])
      await inTime(until(person.peer, { view: 'people', group }, ({ people }) => people.length === 4))
    // What was asked is over, without a decision.
    for (const person of all) await seen(person, group, (view) => asked(view) === undefined)
    expect(await ben.peer.speakFor(group, action.newcomer)).toEqual({ ok: false, error: { type: 'no such thing' } })
    await stop([...all, dana])
  })

  test('by an invite that asks first waits for a yes, which anybody of the group can give', async () => {
    const place = await street()
    const { all, group, hub } = place
    const [ada, ben] = all
    const dana = await newcomer(place, 'Dana', 4, true)
    const waiting = await inTime(until(dana.peer, { view: 'join', group }, ({ step }) => step === 'waiting'))
    const shown = asked(await seen(ada, group, (view) => asked(view) !== undefined)) as DecisionView
    const { action } = shown
    if (action.is !== 'admit' || waiting.step !== 'waiting') throw new Error('a newcomer asks')
    expect(action).toMatchObject({ name: 'Dana', numbers: waiting.numbers })
    expect(action.spoken).toEqual({ by: [], needed: 1, maySpeak: true, mayDecline: true })
    expect(await ben.peer.decline(group, action.newcomer)).toEqual({ ok: false, error: { type: 'no such thing' } })
    value(await ada.peer.decline(group, action.newcomer))
    expect(asked(await seen(ben, group, (view) => asked(view)?.phase === 'fell'))?.why).toBe('declined')
    await dana.stop()
    await dana.start()
    hub.connect('ada', 'dana')
    await inTime(until(dana.peer, { view: 'join', group }, (join) => join.step === 'refused' && join.why === 'refused'))
    // Ben knows her.
    value(await ben.peer.speakFor(group, action.newcomer))
    await inTime(until(ada.peer, { view: 'decisions', group }, () => true))
    await dana.stop()
    await dana.start()
    hub.connect('ada', 'dana')
    await inTime(until(dana.peer, { view: 'join', group }, ({ step }) => step === 'done'))
    for (const person of all) await seen(person, group, (view) => asked(view) === undefined)
    await stop([...all, dana])
  })

  test('by an invite that asks first waits also where its maker is cut off, and comes in once they have said yes', async () => {
    const place = await street()
    const { all, group, hub } = place
    const [ada, ben] = all
    const { link } = value(await ada.peer.invite(group, { uses: 1, askFirst: true }))
    const { invitations } = await inTime(
      until(ben.peer, { view: 'people', group }, (view) => view.invitations.some(({ asksFirst }) => asksFirst)),
    )
    expect(invitations.map(({ asksFirst }) => asksFirst).sort()).toEqual([false, true])
    cut(hub)
    const dana = new Participant('dana', hub, 4, place.calendar)
    await dana.start()
    hub.connect('ben', 'dana')
    value(await dana.peer.join(link, { name: 'Dana' }))
    await inTime(until(dana.peer, { view: 'join', group }, ({ step }) => step === 'waiting'))
    expect((await inTime(until(ben.peer, { view: 'people', group }))).people).toHaveLength(3)
    hub.connect('ada', 'dana')
    const shown = asked(await seen(ada, group, (view) => asked(view) !== undefined)) as DecisionView
    if (shown.action.is !== 'admit') throw new Error('a newcomer asks')
    value(await ada.peer.speakFor(group, shown.action.newcomer))
    await inTime(until(dana.peer, { view: 'join', group }, ({ step }) => step === 'done'))
    await stop([...all, dana])
  })

  test('waits until the group has decided, where it decides on each', async () => {
    const place = await street()
    const { all, group } = place
    const [ada, ben] = all
    await decide(place, { is: 'admission', admission: { kind: 'decision' } })
    const dana = await newcomer(place)
    await inTime(until(dana.peer, { view: 'join', group }, ({ step }) => step === 'waiting'))
    const shown = asked(await seen(ben, group, (view) => asked(view) !== undefined)) as DecisionView
    expect(shown).toMatchObject({ action: { name: 'Dana', spoken: null }, needed: 1 })
    value(await ada.peer.vote(group, shown.id, 'yes'))
    await reaches(all, group, 'confirmed')
    await inTime(until(dana.peer, { view: 'join', group }, ({ step }) => step === 'done'))
    await inTime(until(ben.peer, { view: 'people', group }, ({ people }) => people.length === 4))
    await stop([...all, dana])
  })

  test('who made up many gets no more than sixteen to the attention of the group', async () => {
    const place = await street()
    const { all, group, hub, calendar } = place
    await decide(place, { is: 'admission', admission: { kind: 'decision' } })
    const { link } = value(await all[0].peer.invite(group, { uses: 100 }))
    const crowd: Participant[] = []
    for (let count = 0; count < 18; count++) {
      const name = `guest${count}`
      const guest = new Participant(name, hub, 100 + count, calendar)
      crowd.push(guest)
      await guest.start()
      hub.connect('ada', name)
      value(await guest.peer.join(link, { name }))
      await inTime(until(guest.peer, { view: 'join', group }, ({ step }) => step === 'waiting' || step === 'refused'))
    }
    const { proposals } = await seen(all[0], group, () => true)
    expect(proposals.filter(isAsked)).toHaveLength(16)
    await stop([...crowd, ...all])
  })
})

test('of two who came in apart by one use, each only reads until somebody with a vote confirms one', async () => {
  const place = await street()
  const { all, group, hub, calendar } = place
  const [ada, ben] = all
  const { link } = value(await ada.peer.invite(group, { uses: 1 }))
  for (const { peer } of all)
    await inTime(until(peer, { view: 'people', group }, ({ invitations }) => invitations.length === 2))
  cut(hub)
  const [dana, eli] = ['dana', 'eli'].map((name, at) => new Participant(name, hub, at + 20, calendar)) as [
    Participant,
    Participant,
  ]
  for (const [guest, by] of [
    [dana, 'ada'],
    [eli, 'ben'],
  ] as const) {
    await guest.start()
    hub.connect(by, guest.name)
    value(await guest.peer.join(link, { name: guest.name }))
    await inTime(until(guest.peer, { view: 'join', group }, ({ step }) => step === 'done'))
  }
  hub.connect('ada', 'ben')
  const contested = async (by: Participant, names: readonly string[]) =>
    inTime(
      until(by.peer, { view: 'people', group }, ({ people }) => {
        const found = people.filter((person) => person.contested).map(({ name }) => name)
        return people.length === 5 && found.sort().join() === names.join()
      }),
    )
  const { people } = await contested(ada, ['dana', 'eli'])
  for (const by of [ben, dana, eli]) await contested(by, ['dana', 'eli'])
  const { document } = await inTime(until(dana.peer, { view: 'home', group }))
  expect(await dana.peer.sendMessage(group, document, 'Hello')).toEqual({ ok: false, error: { type: 'contested' } })
  const who = people.find(({ name }) => name === 'dana')?.id as MemberId
  expect(await ben.peer.confirm(group, who)).toEqual({ ok: false, error: { type: 'no vote' } })
  value(await ada.peer.confirm(group, who))
  expect(await ada.peer.confirm(group, who)).toEqual({ ok: false, error: { type: 'no such thing' } })
  for (const by of [ben, dana, eli]) await contested(by, ['eli'])
  value(await dana.peer.sendMessage(group, document, 'Hello'))
  await stop([...all, dana, eli])
})

test('who confirms two things apart, on two devices, is named until the group has confirmed what holds both', async () => {
  const place = await street()
  const { all, group, hub, calendar } = place
  const [ada, ben, cleo] = all
  const laptop = new Participant('laptop', hub, 30, calendar)
  await laptop.start()
  hub.connect('ada', 'laptop')
  const { link } = value(await ada.peer.linkDevice(group))
  value(await laptop.peer.useDeviceLink(link, 'Laptop'))
  const { linking } = await inTime(until(ada.peer, { view: 'devices', group }, (view) => view.linking.step === 'asked'))
  if (linking.step !== 'asked') throw new Error('nobody asks')
  value(await ada.peer.confirmDevice(group, linking.device))
  await inTime(until(laptop.peer, { view: 'join', group }, ({ step }) => step === 'done'))
  cut(hub)
  hub.cut('ada', 'laptop')
  for (const [device, name] of [
    [ada, 'Left'],
    [laptop, 'Right'],
  ] as const) {
    const asked = value(await device.peer.propose(group, { is: 'rename', name }))
    value(await device.peer.vote(group, asked, 'yes'))
    await reaches([device], group, 'confirmed')
    expect((await seen(device, group, () => true)).doubleSigners).toEqual([])
  }
  hub.connect('ada', 'laptop')
  connect(hub)
  const everybody = [...all, laptop]
  for (const person of everybody) {
    const view = await seen(person, group, ({ doubleSigners }) => doubleSigners.length > 0)
    expect(view.doubleSigners.map(({ name }) => name)).toEqual(['Ada'])
    // What was decided on either side is one thing: the one that does not hold is not shown as decided.
    const [left, right] = ['Left', 'Right'].map((name) =>
      view.proposals.find(({ action }) => action.is === 'rename' && action.name === name),
    )
    const [fallen, holding] = left?.phase === 'fell' ? [left, right] : [right, left]
    expect(holding).toMatchObject({ phase: 'decided', aside: [] })
    expect(fallen).toMatchObject({
      why: 'undone',
      aside: [{ what: { is: 'decision' }, why: { because: 'other holds' } }],
    })
  }
  const both = value(await ada.peer.propose(group, { is: 'rename', name: 'Both' }))
  value(await ada.peer.vote(group, both, 'yes'))
  await reaches([ada, ben, cleo], group, 'confirmed')
  for (const person of everybody) await seen(person, group, ({ doubleSigners }) => doubleSigners.length === 0)
  await stop(everybody)
})
