import type { Peer, WaitingList } from '@auzolan/peer'
import { afterEach, expect, test, vi } from 'vitest'
import { inTime } from '../support/noise.ts'
import { until, value } from '../support/participant.ts'
import { connect, cut, stop, street } from '../support/street.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

const waits = (peer: Peer, enough: (list: WaitingList) => boolean): Promise<WaitingList> =>
  inTime(until(peer, { view: 'waiting', order: 'longest' }, enough))
const kinds = ({ items }: WaitingList) => items.map(({ waiting }) => waiting.is)

test('what others did while somebody was cut off waits for them alone, and goes when they have done it', async () => {
  const { hub, all, group, ids } = await street()
  const [ada, ben, cleo] = all
  const { document } = await until(ada.peer, { view: 'home', group })
  const chairs = value(await ben.peer.list(group, document, { side: 'offer', what: 'Chairs', amount: 4 }))
  const promised = value(await ada.peer.list(group, document, { side: 'need', what: 'Soup', amount: 9 }))
  for (const { peer } of all) await inTime(until(peer, { view: 'listings', group }, (all) => all.length === 2))
  expect(kinds(await waits(ben.peer, () => true))).toEqual([])

  cut(hub)
  value(await ada.peer.sendMessage(group, document, '@Ben, four chairs please', { mentions: [ids.Ben] }))
  const four = value(await ada.peer.promise(group, chairs, { amount: 4 }))
  value(await ada.peer.handOver(group, four, true))
  value(await cleo.peer.promise(group, promised, { amount: 9 }))
  connect(hub)
  const list = await waits(ben.peer, ({ items }) => items.length === 2)
  expect(list.items.map(({ waiting, by, title }) => [waiting.is, by?.id, title])).toEqual([
    ['mention', ids.Ada, ''],
    ['handOver', ids.Ada, 'Chairs'],
  ])
  expect(kinds(await waits(cleo.peer, () => true))).toEqual([])

  value(await ben.peer.markRead(group, document))
  expect(kinds(await waits(ben.peer, ({ items }) => items.length === 1))).toEqual(['handOver'])
  value(await ben.peer.handOver(group, four, true))
  await waits(ben.peer, ({ items }) => items.length === 0)
  await stop(all)
})

test('at most seven wait at once, longest first, and the rest are counted', async () => {
  const { all, group, ids } = await street()
  const [ada, ben] = all
  const { document } = await until(ada.peer, { view: 'home', group })
  for (let nth = 1; nth <= 9; nth++)
    value(await ada.peer.sendMessage(group, document, `@Ben ${nth}`, { mentions: [ids.Ben] }))
  const list = await waits(ben.peer, ({ more }) => more === 2)
  expect(list.items).toHaveLength(7)
  const times = list.items.map(({ waiting }) => waiting.at)
  expect(times).toEqual([...times].sort((left, right) => left - right))
  const latest = await until(ben.peer, { view: 'waiting', order: 'newest' })
  expect(latest.items[0]?.waiting.at).toBeGreaterThan(times.at(-1) ?? 0)
  await stop(all)
})

test('what came since somebody looked is what others did, also after a restart, until they have seen it', async () => {
  const { hub, all, group, ids } = await street()
  const [ada, ben, cleo] = all
  const initiative = value(await ada.peer.startInitiative(group, { title: 'Soup day' }))
  await inTime(until(ben.peer, { view: 'home', group }, ({ initiatives }) => initiatives.length === 1))
  expect(await until(ben.peer, { view: 'since', group }, ({ at }) => at !== null)).toMatchObject({ places: [] })

  cut(hub)
  value(await ada.peer.planAction(group, initiative, { title: 'Cook', places: 1 }))
  value(await cleo.peer.sendMessage(group, initiative, 'I have a pot'))
  value(await ben.peer.sendMessage(group, initiative, 'Mine is small'))
  connect(hub)
  const happened = {
    place: initiative,
    counts: [
      { what: 'said', count: 1 },
      { what: 'wrote', count: 1 },
    ],
  }
  const seen = () =>
    inTime(until(ben.peer, { view: 'since', group }, ({ places: [first] }) => first?.counts.length === 2))
  const live = await seen()
  expect(live.places).toMatchObject([happened])
  expect(new Set(live.places[0]?.by.map(({ id }) => id))).toEqual(new Set([ids.Ada, ids.Cleo]))
  await ben.stop()
  await ben.start()
  expect((await seen()).places).toMatchObject([happened])
  value(await ben.peer.markSeen(group))
  expect((await until(ben.peer, { view: 'since', group })).places).toEqual([])
  await stop(all)
})
