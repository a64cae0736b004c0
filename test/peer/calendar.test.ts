import type { CalendarItem, Instant } from '@auzolan/core'
import { afterEach, expect, test, vi } from 'vitest'
import { inTime } from '../support/noise.ts'
import { until, value } from '../support/participant.ts'
import { connect, cut, stop, street } from '../support/street.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

test('a time that somebody gives, or changes while cut off, is in the calendar of the others, with what is booked', async () => {
  const { hub, all, group } = await street()
  const [ada, ben] = all
  const year = { from: Date.UTC(2027, 0) as Instant, to: Date.UTC(2028, 0) as Instant }
  const sees = (enough: (items: readonly CalendarItem[]) => boolean) =>
    inTime(until(ben.peer, { view: 'calendar', group, ...year }, enough))
  const cafe = value(await ada.peer.startInitiative(group, { title: 'Repair café' }))
  const set = (field: readonly string[], to: string) =>
    ada.peer.edit(group, cafe, [{ do: 'set', field, value: to }]).then(value)
  await set(['starts'], '2027-05-01T10:00Z')
  const action = value(await ada.peer.planAction(group, cafe, { title: 'Bring solder', places: 1 }))
  await set(['actions', action, 'starts'], '2027-05-01T09:00Z')
  const [first, second] = await sees((items) => items.length === 2)
  expect([first, second]).toMatchObject([
    { kind: 'action', title: 'Bring solder', within: 'Repair café', initiative: cafe, mine: false },
    { kind: 'initiative', title: 'Repair café', mine: false },
  ])

  cut(hub)
  await set(['starts'], '2027-05-08T10:00Z')
  value(await ben.peer.takeAction(group, cafe, action))
  expect((await sees((items) => items.some(({ mine }) => mine))).map(({ mine }) => mine)).toEqual([true, false])
  const van = { name: 'Van', where: '', rules: '', who: 'everyone', people: [], longest: 0, notice: 0 } as const
  const thing = value(await ada.peer.shareThing(group, null, { ...van, shared: true }))
  value(await ada.peer.book(group, thing, { from: '2027-05-03T10:00Z', to: '2027-05-03T12:00Z', place: cafe }))
  connect(hub)
  const items = await sees((items) => items.length === 3 && items[2]?.starts === Date.UTC(2027, 4, 8, 10))
  expect(items.map(({ kind }) => kind)).toEqual(['action', 'booking', 'initiative'])
  expect(items[1]).toMatchObject({ title: 'Van', initiative: cafe, by: { name: 'Ada' } })
  await stop(all)
})
