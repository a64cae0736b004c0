import type { DecisionView, MemberId } from '@auzolan/core'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { openVerifier } from '@auzolan/trust'
import { checkCertificate } from '../../packages/peer/src/acts/verification.ts'
import { inTime } from '../support/noise.ts'
import { until, value } from '../support/participant.ts'
import { connect, cut, newest, reaches, seen, stop, street, threeVotes } from '../support/street.ts'

/** Places of a file that are changed, one at a time. */
const CHANGED = 80

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('a group decides', () => {
  test('a founder who votes alone gives votes that count at once', async () => {
    const place = await street()
    const { all, group, ids } = place
    expect(await all[1].peer.propose(group, { is: 'votes', give: [], take: [] })).toMatchObject({ ok: false })
    await threeVotes(place)
    for (const person of all) {
      const view = await seen(person, group, ({ voters }) => voters.length === 3)
      expect([...view.voters].sort()).toEqual(Object.values(ids).sort())
      expect(view.soon).toEqual([])
      expect(newest(view)?.action).toMatchObject({
        is: 'votes',
        gives: [{ name: 'Ben' }, { name: 'Cleo' }].sort(byId(ids)),
      })
    }
    await stop(all)
  })

  test('whoever has no vote may ask, but not answer', async () => {
    const { all, group, ids } = await street()
    const [, ben] = all
    const proposal = value(await ben.peer.propose(group, { is: 'remove', person: ids.Cleo }))
    expect(await ben.peer.propose(group, { is: 'remove', person: ids.Cleo })).toEqual({
      ok: false,
      error: { type: 'asked already' },
    })
    expect(await ben.peer.vote(group, proposal, 'yes')).toEqual({ ok: false, error: { type: 'no vote' } })
    const view = newest(await seen(ben, group, ({ proposals }) => proposals.length === 1))
    expect(view).toMatchObject({ phase: 'open', offers: [], waitingFor: [{ name: 'Ada' }], needed: 1, of: 1 })
    await stop(all)
  })

  test('apart, and it is decided once when two who agreed meet; whoever is removed writes nothing more and hears nothing more', async () => {
    const place = await street()
    const { hub, calendar, all, group, ids } = place
    const [ada, ben, cleo] = all
    await threeVotes(place)
    const proposal = value(await ada.peer.propose(group, { is: 'remove', person: ids.Ben, reason: 'Sells our tools.' }))
    for (const person of all) await seen(person, group, ({ proposals }) => proposals.length === 2)
    cut(hub)
    value(await ada.peer.vote(group, proposal, 'yes'))
    value(await cleo.peer.vote(group, proposal, 'yes'))
    value(await ben.peer.vote(group, proposal, 'no'))
    const alone = newest(await seen(ada, group, (view) => newest(view)?.yes === 1))
    expect(alone).toMatchObject({ phase: 'open', needed: 2, of: 3, mine: 'yes' })
    expect(alone?.waitingFor.map(({ name }) => name).sort()).toEqual(['Ben', 'Cleo'])
    connect(hub)
    await reaches(all, group, 'decided')
    for (const person of [ada, cleo]) {
      const view = await seen(person, group, ({ removed }) => removed.length === 1)
      expect(newest(view)).toMatchObject({ yes: 2, no: 1, of: 3, why: null, reason: 'Sells our tools.' })
      expect(view.proposals.filter(({ phase }) => phase === 'decided')).toHaveLength(1)
    }

    const quiet = async () => {
      const [row] = await inTime(until(ben.peer, { view: 'groups' }))
      expect(row?.standing).toBe('removed')
      const home = await inTime(until(ada.peer, { view: 'home', group }))
      expect(await ben.peer.sendMessage(group, home.document, 'I am still here')).toEqual({
        ok: false,
        error: { type: 'not a member' },
      })
      const before = await inTime(until(ben.peer, { view: 'thread', group, thread: home.document }))
      value(await ada.peer.sendMessage(group, home.document, 'Who takes the keys?'))
      const said = { view: 'thread', group, thread: home.document } as const
      // Cleo has it: so would Ben, if anybody still sent him anything.
      await inTime(until(cleo.peer, said, ({ messages }) => messages.length > before.messages.length))
      await inTime(
        until(ada.peer, { view: 'status', group }, ({ copies }) => copies.every(({ behind }) => behind === 0)),
      )
      expect((await inTime(until(ben.peer, said))).messages).toEqual(before.messages)
    }
    await quiet()
    for (const person of all) await person.stop()
    for (const person of all) await person.start()
    connect(hub)
    await inTime(until(ada.peer, { view: 'status', group }, ({ copies }) => copies.some(({ connected }) => connected)))
    await quiet()

    calendar.pass(1)
    ada.quiet()
    expect(newest(await seen(ada, group, () => true))?.phase).toBe('decided')
    calendar.pass(2)
    await reaches([ada, cleo], group, 'confirmed')
    await stop(all)
  })

  test('a removal says which devices have heard of it, and when the others were last heard from', async () => {
    const place = await street()
    const { hub, all, group, ids } = place
    const [ada, ben, cleo] = all
    await threeVotes(place)
    const proposal = value(await ada.peer.propose(group, { is: 'remove', person: ids.Ben }))
    for (const person of all) await seen(person, group, ({ proposals }) => proposals.length === 2)
    value(await cleo.peer.vote(group, proposal, 'yes'))
    await seen(ada, group, (view) => newest(view)?.yes === 1)
    cut(hub)
    value(await ada.peer.vote(group, proposal, 'yes'))
    await reaches([ada], group, 'decided')
    const apart = newest(await seen(ada, group, () => true))?.heard
    expect(apart).toMatchObject({ devices: 2, missing: [{ by: { name: 'Cleo' } }] })
    expect(apart?.missing[0]?.asOf).toBeGreaterThan(0)
    connect(hub)
    for (const person of [ada, cleo])
      await seen(
        person,
        group,
        (view) => newest(view)?.phase === 'decided' && newest(view)?.heard?.missing.length === 0,
      )
    // It is remembered, also where nobody is in reach.
    cut(hub)
    ada.quiet()
    await ada.stop()
    await ada.start()
    expect(newest(await seen(ada, group, () => true))?.heard).toEqual({ devices: 2, missing: [] })
    await ben.stop()
    await stop(all)
  })

  test('an answer may be changed until it is decided, and what cannot pass any more says so', async () => {
    const place = await street()
    const { all, group, ids } = place
    const [ada, ben, cleo] = all
    await threeVotes(place)
    const proposal = value(await ada.peer.propose(group, { is: 'remove', person: ids.Cleo }))
    for (const person of all) await seen(person, group, ({ proposals }) => proposals.length === 2)
    value(await ben.peer.vote(group, proposal, 'no'))
    value(await cleo.peer.vote(group, proposal, 'no'))
    const fallen = newest(await seen(ada, group, (view) => newest(view)?.no === 2))
    expect(fallen).toMatchObject({ phase: 'fell', why: 'not enough', offers: ['yes', 'no'] })
    value(await ben.peer.vote(group, proposal, 'yes'))
    expect(newest(await seen(ada, group, (view) => newest(view)?.yes === 1))).toMatchObject({
      phase: 'open',
      why: null,
    })
    value(await ada.peer.vote(group, proposal, 'yes'))
    await reaches(all, group, 'decided')
    expect(await ada.peer.vote(group, proposal, 'no')).toEqual({ ok: false, error: { type: 'over' } })
    await stop(all)
  })

  test('the name they agreed on is the name everybody sees', async () => {
    const { all, group } = await street()
    const [ada, ben] = all
    const proposal = value(await ben.peer.propose(group, { is: 'rename', name: 'Elm Street Garden' }))
    await seen(ada, group, ({ proposals }) => proposals.length === 1)
    value(await ada.peer.vote(group, proposal, 'yes'))
    await reaches(all, group, 'confirmed')
    for (const { peer } of all)
      await inTime(until(peer, { view: 'home', group }, ({ name }) => name.value === 'Elm Street Garden'))
    await stop(all)
  })
})

describe('the file of a decision', () => {
  test('says what it proves and what it does not, and where a byte was changed', async () => {
    const place = await street()
    const { all, group } = place
    const [ada, ben, cleo] = all
    await threeVotes(place)
    const view = newest(await seen(ben, group, ({ proposals }) => proposals.length === 1)) as DecisionView
    const bytes = value(await ben.peer.certificate(group, view.id))
    expect(value(await ada.peer.certificate(group, view.id))).toEqual(bytes)
    const verifier = await openVerifier()
    const whole = await checkCertificate(bytes, verifier)
    expect(whole).toMatchObject({ proven: true, data: { groupName: 'Elm Street', yes: 1, of: 1 } })
    const text = whole.lines.join('\n')
    expect(await cleo.peer.checkCertificate(new Blob([new Uint8Array(bytes)]))).toEqual(whole)
    expect(text).toContain('The group "Elm Street" decided: these have a vote:')
    expect(text).toContain('  + every entry is signed by the device it names')
    expect(text).toContain('  + the group has confirmed it')
    expect(text).toContain('  - who these people are')

    const faults = new Set<unknown>()
    for (let at = 0; at < bytes.length; at += Math.ceil(bytes.length / CHANGED)) {
      const changed = bytes.slice()
      changed[at] = (changed[at] ?? 0) ^ 1
      const { proven, data, lines } = await checkCertificate(changed, verifier)
      expect(proven, `byte ${at}`).toBe(false)
      expect(lines[1]?.length).toBeGreaterThan(20)
      faults.add((data as { fault: unknown }).fault)
    }
    expect([...faults]).toEqual(expect.arrayContaining(['signature', 'item', 'not a certificate']))
    await stop(all)
  })

  test('there is none while nothing is decided, and anything else is refused by name', async () => {
    const { all, group } = await street()
    const [ada] = all
    const proposal = value(await ada.peer.propose(group, { is: 'rename', name: 'Garden' }))
    expect(await ada.peer.certificate(group, proposal)).toEqual({ ok: false, error: { type: 'no such thing' } })
    expect(await ada.peer.checkCertificate(new Blob([]))).toMatchObject({
      proven: false,
      data: { fault: 'not a certificate' },
    })
    await stop(all)
  })
})

const byId =
  (ids: Readonly<Record<string, MemberId>>) =>
  (left: { readonly name: string }, right: { readonly name: string }): number =>
    (ids[left.name] ?? '') < (ids[right.name] ?? '') ? -1 : 1
