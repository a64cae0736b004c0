import type { ControlId, DecisionView, RuleView } from '@auzolan/core'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Participant, value } from '../support/participant.ts'
import { connect, cut, newest, reaches, seen, type Street, stop, street, threeVotes } from '../support/street.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

const majority: RuleView = { kind: 'majority', num: 1, den: 2 }
const consent: RuleView = { kind: 'consent', num: 1, den: 2, objections: 0 }

/** All three have a vote, and what the group is called is decided by this rule. */
const ruled = async (rule: RuleView): Promise<Street> => {
  const place = await street()
  const { all, group } = place
  await threeVotes(place)
  const asked = value(await all[0].peer.propose(group, { is: 'rule', thing: 'rename', rule }))
  await answer(place, asked, ['yes', 'yes'])
  await reaches(all, group, 'decided')
  return place
}

/** Ada, Ben and Cleo answer, as far as they do. */
const answer = async (
  { all, group }: Street,
  id: ControlId,
  answers: readonly (DecisionView['mine'] | undefined)[],
): Promise<void> => {
  for (const [at, given] of answers.entries()) {
    const person = all[at] as Participant
    await seen(person, group, ({ proposals }) => proposals.some((each) => each.id === id))
    if (given !== undefined)
      value(await person.peer.vote(group, id, given as 'yes', given === 'object' ? 'Too loud.' : ''))
  }
}

const renamed = async ({ all, group }: Street, name = 'Garden'): Promise<ControlId> =>
  value(await all[1].peer.propose(group, { is: 'rename', name }))

describe('a majority', () => {
  test('of those who answered decides once everybody has, and who may answer is asked for yes, no or either', async () => {
    const place = await ruled(majority)
    const { all, group } = place
    const [ada, , cleo] = all
    const id = await renamed(place)
    const open = newest(await seen(ada, group, (view) => newest(view)?.id === id))
    expect(open).toMatchObject({ phase: 'open', offers: ['yes', 'no', 'abstain'], needed: null, rule: majority })
    expect(open?.ends).toBeGreaterThan(open?.at ?? 0)
    await answer(place, id, ['yes', 'yes', 'no'])
    await reaches(all, group, 'decided')
    expect(newest(await seen(cleo, group, () => true))).toMatchObject({ yes: 2, no: 1, offers: [], aside: [] })
    await stop(all)
  })

  test('is settled without who does not answer, after a week and a day, and what comes later is shown as late', async () => {
    const place = await ruled(majority)
    const { all, group, hub, calendar } = place
    const [ada, ben, cleo] = all
    const id = await renamed(place)
    await answer(place, id, ['yes', 'no', undefined])
    cut(hub)
    hub.connect('ada', 'ben')
    value(await cleo.peer.vote(group, id, 'yes'))
    calendar.pass(6)
    for (const person of [ada, ben]) person.quiet()
    expect(newest(await seen(ada, group, () => true))?.phase).toBe('open')
    calendar.pass(2)
    await reaches([ada, ben], group, 'closing')
    calendar.pass(1)
    await reaches([ada, ben], group, 'fell')
    expect(newest(await seen(ada, group, () => true))).toMatchObject({ why: 'closed', yes: 1, no: 1, offers: [] })
    expect(await ada.peer.vote(group, id, 'no')).toEqual({ ok: false, error: { type: 'over' } })
    connect(hub)
    for (const person of all) {
      const view = await seen(person, group, (each) => newest(each)?.aside.length === 1)
      expect(newest(view)).toMatchObject({
        phase: 'fell',
        yes: 1,
        aside: [
          { what: { is: 'answer', answer: 'yes' }, by: { name: 'Cleo' }, state: 'void', why: { because: 'came late' } },
        ],
      })
    }
    await stop(all)
  })

  test('comes to one end where everybody, cut off, said for themselves that time was over', async () => {
    const place = await ruled(majority)
    const { all, group, hub, calendar } = place
    const id = await renamed(place)
    await answer(place, id, ['yes', undefined, undefined])
    cut(hub)
    value(await all[1].peer.vote(group, id, 'yes'))
    calendar.pass(10)
    for (const person of all) await reaches([person], group, 'closing')
    for (let times = 0; times < 3; times++) for (const person of all) person.quiet()
    connect(hub)
    await reaches(all, group, 'decided')
    for (const person of all) expect(newest(await seen(person, group, () => true))).toMatchObject({ yes: 2, aside: [] })
    await stop(all)
  })

  test('is not counted for ever where too few are left to say what came in time, and can be asked again', async () => {
    const place = await ruled(majority)
    const { all, group, calendar } = place
    const [ada, ben, cleo] = all
    const id = await renamed(place)
    await answer(place, id, ['yes', undefined, undefined])
    for (const person of [ben, cleo]) value(await person.peer.leave(group))
    await seen(ada, group, ({ voters }) => voters.length === 1)
    calendar.pass(9)
    await reaches([ada], group, 'fell')
    expect(newest(await seen(ada, group, () => true))).toMatchObject({ id, why: 'split', offers: [] })
    const again = value(await ada.peer.propose(group, { is: 'rename', name: 'Garden' }))
    value(await ada.peer.vote(group, again, 'yes'))
    // Who alone is left confirms it at once.
    await reaches([ada], group, 'confirmed')
    await stop(all)
  })
})

describe('consent', () => {
  test('falls by one objection, which has a reason that everybody reads', async () => {
    const place = await ruled(consent)
    const { all, group } = place
    const [ada, ben] = all
    const id = await renamed(place)
    await answer(place, id, ['yes', undefined, 'abstain'])
    expect(await ben.peer.vote(group, id, 'object')).toEqual({ ok: false, error: { type: 'empty', field: 'reason' } })
    expect(await ben.peer.vote(group, id, 'no')).toEqual({ ok: false, error: { type: 'no vote' } })
    value(await ben.peer.vote(group, id, 'object', 'Too loud.'))
    await reaches(all, group, 'fell')
    const fallen = newest(await seen(ada, group, (view) => newest(view)?.objections === 1))
    expect(fallen).toMatchObject({ why: 'closed', no: 0, of: 3 })
    expect(fallen?.answers.map(({ by, answer: given, because }) => [by.name, given, because]).sort()).toEqual([
      ['Ada', 'yes', ''],
      ['Ben', 'object', 'Too loud.'],
      ['Cleo', 'abstain', ''],
    ])
    await stop(all)
  })
})

test('who asks for advice decides, once enough have given it, and nobody else does', async () => {
  const place = await ruled({ kind: 'advice', least: 2, from: null })
  const { all, group } = place
  const [ada, ben, cleo] = all
  const id = await renamed(place)
  await answer(place, id, ['no', undefined, undefined])
  expect(newest(await seen(ben, group, (view) => newest(view)?.no === 1))).toMatchObject({
    offers: [],
    mayGoAhead: false,
    of: 2,
  })
  expect(await ben.peer.goAhead(group, id)).toEqual({ ok: false, error: { type: 'needs a yes' } })
  value(await cleo.peer.vote(group, id, 'no', 'I like the old name.'))
  for (const each of all) each.quiet()
  await seen(ben, group, (view) => newest(view)?.mayGoAhead === true)
  expect(newest(await seen(ada, group, (view) => newest(view)?.no === 2))).toMatchObject({
    phase: 'open',
    mayGoAhead: false,
  })
  expect(await ada.peer.goAhead(group, id)).toEqual({ ok: false, error: { type: 'needs a yes' } })
  value(await ben.peer.goAhead(group, id))
  await reaches(all, group, 'decided')
  await stop(all)
})

test('of people drawn by lot the answers of those alone count', async () => {
  const place = await ruled({ kind: 'sortition', size: 1, inner: { kind: 'threshold', num: 1, den: 2 } })
  const { all, group, calendar } = place
  const [ada] = all
  const id = await renamed(place)
  for (const person of all) await seen(person, group, (view) => newest(view)?.id === id)
  expect(newest(await seen(ada, group, () => true))).toMatchObject({
    panel: null,
    offers: [],
    lot: { step: 'shares', of: 3 },
  })
  const drawn = async (): Promise<DecisionView> => {
    for (;;) {
      for (const each of all) each.quiet()
      const view = newest(await seen(ada, group, () => true))
      if (view?.panel) return view
      calendar.pass(1)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  const { panel } = await drawn()
  expect(panel).toHaveLength(1)
  for (const person of all) {
    const view = newest(await seen(person, group, (each) => newest(each)?.panel !== null))
    expect(view).toMatchObject({ panel: [{ id: panel?.[0]?.id }], of: 1, lot: null })
    const offered = view?.panel?.[0]?.me === true
    expect(view?.offers).toEqual(offered ? ['yes', 'no'] : [])
    expect((await person.peer.vote(group, id, 'yes')).ok).toBe(offered)
  }
  await reaches(all, group, 'decided')
  await stop(all)
})
