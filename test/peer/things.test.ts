import type { Instant, ThingView } from '@auzolan/core'
import { momentText } from '@auzolan/core'
import type { Peer, ThingDraft } from '@auzolan/peer'
import { afterEach, expect, test, vi } from 'vitest'
import { inTime } from '../support/noise.ts'
import { type Participant, until, value } from '../support/participant.ts'
import { connect, cut, stop, street } from '../support/street.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

const drill: ThingDraft = {
  ...{ name: 'Drill', where: 'Shed', rules: 'Charge it', who: 'everyone', people: [], longest: 240, notice: 0 },
  shared: true,
}

test('two book one thing for the same time while cut off; joined, both stand, both are asked, and one makes room', async () => {
  const { hub, calendar, all, group, ids } = await street()
  const [ada, ben, cleo] = all
  const start = calendar.now() - (calendar.now() % 3_600_000)
  const hour = (n: number) => momentText((start + (24 + n) * 3_600_000) as Instant)
  const whole = { from: 0 as Instant, to: (start + 1e10) as Instant }
  const thing = value(await ada.peer.shareThing(group, null, drill))
  const sees = ({ peer }: Participant, enough: (view: ThingView) => boolean) =>
    inTime(until(peer, { view: 'thing', group, thing, ...whole }, enough))
  const waits = (peer: Peer, count: number) =>
    inTime(until(peer, { view: 'waiting', order: 'longest' }, ({ items }) => items.length === count))
  for (const person of all) await sees(person, () => true)

  cut(hub)
  const bens = value(await ben.peer.book(group, thing, { from: hour(1), to: hour(3), note: 'Shelves' }))
  const cleos = value(await cleo.peer.book(group, thing, { from: hour(2), to: hour(4) }))
  expect((await sees(ben, () => true)).bookings).toMatchObject([{ id: bens, overlaps: [] }])
  const refused = async (from: string, to: string) => ben.peer.book(group, thing, { from, to })
  expect(await refused(hour(3), hour(1))).toMatchObject({ error: { type: 'no such time' } })
  expect(await refused(hour(1), hour(9))).toMatchObject({ error: { type: 'against rules', rule: 'longest' } })
  // The keeper closes it meanwhile: what was booked without having heard of it stands.
  value(await ada.peer.shareThing(group, thing, { ...drill, longest: 60 }))

  connect(hub)
  for (const person of all) {
    const { bookings, longest } = await sees(person, (view) => view.bookings.length === 2 && view.longest === 60)
    expect(longest).toBe(60)
    expect(bookings.map(({ id, by, overlaps, against }) => [id, by.id, overlaps[0]?.with, against])).toEqual([
      [bens, ids.Ben, cleos, []],
      [cleos, ids.Cleo, bens, []],
    ])
  }
  const now = calendar.now()
  expect(await inTime(until(ada.peer, { view: 'things', group, now }))).toMatchObject([
    { id: thing, clashing: 2, next: { by: { id: ids.Ben } } },
  ])
  expect((await waits(ben.peer, 1)).items).toMatchObject([{ waiting: { is: 'clash', booking: bens }, title: 'Drill' }])
  expect((await waits(cleo.peer, 1)).items).toMatchObject([{ waiting: { is: 'clash', by: ids.Ben } }])
  await waits(ada.peer, 0)
  expect(await cleo.peer.unbook(group, bens, null)).toMatchObject({ error: { type: 'not yours' } })
  expect(await cleo.peer.shareThing(group, thing, drill)).toMatchObject({ error: { type: 'not yours' } })

  value(await ben.peer.settleBookings(group, bens, cleos, true))
  await waits(ben.peer, 0)
  value(await cleo.peer.unbook(group, cleos, bens))
  for (const person of all) {
    const { bookings } = await sees(person, (view) => view.bookings.length === 1)
    expect(bookings).toMatchObject([{ id: bens, overlaps: [], madeRoom: [{ id: ids.Cleo }] }])
  }
  await waits(cleo.peer, 0)
  value(await ben.peer.tellUse(group, bens, { minutes: 90, note: 'Charged', stands: true }))
  expect(await cleo.peer.tellUse(group, bens, { minutes: 1, note: '', stands: true })).toMatchObject({ ok: false })
  const told = await sees(ada, ({ bookings: [first] }) => first?.uses.length === 1)
  expect(told.bookings[0]?.uses).toMatchObject([{ minutes: 90, note: 'Charged', by: { id: ids.Ben } }])
  await stop(all)
})
