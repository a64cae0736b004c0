import type { ListingView } from '@auzolan/core'
import { afterEach, expect, test, vi } from 'vitest'
import { inTime } from '../support/noise.ts'
import { type Participant, until, value } from '../support/participant.ts'
import { connect, cut, stop, street } from '../support/street.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

test('two promise too much of what is offered while cut off; joined, everyone sees both, one steps back, and both sides close it', async () => {
  const { hub, all, group, ids } = await street()
  const [ada, ben, cleo] = all
  const { document } = await until(ada.peer, { view: 'home', group })
  const sees = ({ peer }: Participant, enough: (listing: ListingView) => boolean) =>
    inTime(until(peer, { view: 'listings', group }, ([first]) => first !== undefined && enough(first))).then(
      ([first]) => first as ListingView,
    )
  const chairs = value(
    await ada.peer.list(group, document, { side: 'offer', what: 'Chairs', amount: 10, where: 'Hall' }),
  )
  for (const person of all) await sees(person, () => true)

  cut(hub)
  const bens = value(await ben.peer.promise(group, chairs, { amount: 7, note: 'For Friday' }))
  const cleos = value(await cleo.peer.promise(group, chairs, { amount: 5 }))
  expect(await sees(ben, ({ promised }) => promised === 7)).toMatchObject({ left: 3, tooMuch: 0 })

  connect(hub)
  for (const person of all) {
    const listing = await sees(person, ({ tooMuch }) => tooMuch > 0)
    expect(listing).toMatchObject({ promised: 12, left: 0, tooMuch: 2, suggestion: cleos })
    expect(listing.promises.map(({ by, note }) => [by.id, note])).toEqual([
      [ids.Ben, 'For Friday'],
      [ids.Cleo, ''],
    ])
  }
  expect(await ben.peer.release(group, cleos)).toMatchObject({ error: { type: 'not yours' } })
  expect(await ada.peer.promise(group, chairs, { amount: 1 })).toMatchObject({ error: { type: 'own listing' } })
  expect(await cleo.peer.handOver(group, bens, true)).toMatchObject({ error: { type: 'not yours' } })
  expect(await cleo.peer.unlist(group, chairs, false)).toMatchObject({ error: { type: 'not yours' } })
  expect(await cleo.peer.promise(group, chairs, { amount: 0 })).toMatchObject({ ok: false })

  value(await cleo.peer.release(group, cleos))
  value(await cleo.peer.promise(group, chairs, { amount: 3 }))
  for (const person of all) await sees(person, ({ promised, tooMuch }) => promised === 10 && tooMuch === 0)
  cut(hub)
  value(await ada.peer.handOver(group, bens, true))
  value(await ben.peer.handOver(group, bens, true))
  connect(hub)
  for (const person of all) {
    const listing = await sees(person, ({ promises: [first] }) => first?.given === true && first.received)
    expect(listing.exchanged).toBe(false)
  }
  value(await ada.peer.unlist(group, chairs, false))
  for (const person of all) await sees(person, ({ over }) => over)
  await stop(all)
})
