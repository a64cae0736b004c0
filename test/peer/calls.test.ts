import type { Instant } from '@auzolan/core'
import { momentText } from '@auzolan/core'
import type { CallDraft, Peer, ProvenCall } from '@auzolan/peer'
import { afterEach, expect, test, vi } from 'vitest'
import { inTime } from '../support/noise.ts'
import { type Participant, until, value } from '../support/participant.ts'
import { connect, cut, stop, street } from '../support/street.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

const slower: CallDraft = {
  ...{ title: 'Slower in our street', text: 'We ask the town for 30 km/h.', goal: 3, until: '', open: true },
}

test('people sign apart and on paper; joined, each counts once, for the text that they signed, and a stranger can check it', async () => {
  const { hub, calendar, all, group, ids } = await street()
  const [ada, ben, cleo] = all
  const call = value(await ada.peer.askToSign(group, null, slower))
  const sees = ({ peer }: Participant, here: number, paper = 0) =>
    inTime(until(peer, { view: 'call', group, call }, ({ count }) => count.here === here && count.paper === paper))
  const waits = (peer: Peer, count: number) =>
    inTime(until(peer, { view: 'waiting', order: 'longest' }, ({ items }) => items.length === count))
  const fileOf = async ({ peer }: Participant) => new Blob([new Uint8Array(value(await peer.callFile(group, call)))])
  const shown = async (file: Blob): Promise<ProvenCall> => {
    const verification = await cleo.peer.checkCertificate(file)
    if (!verification.proven || verification.of !== 'call') throw new Error(JSON.stringify(verification.data))
    return verification.data
  }
  for (const person of all) await sees(person, 0)
  expect((await waits(ben.peer, 1)).items).toMatchObject([
    { waiting: { is: 'sign', call, again: false }, by: { id: ids.Ada }, title: slower.title, place: null },
  ])

  cut(hub)
  const bens = value(await ben.peer.signCall(group, call, { comment: 'For the school' }))
  expect(value(await ben.peer.signCall(group, call))).toBe(bens)
  value(await cleo.peer.signCall(group, call, { name: 'Cleo M.' }))
  const [rosa, jan] = value(await cleo.peer.enterPaper(group, call, { names: ['Rosa', 'Jan'], sheet: 'Market' }))
  if (!rosa || !jan) throw new Error('two were entered')
  expect(await cleo.peer.confirmPaper(group, call, [rosa], true)).toMatchObject({ error: { type: 'own work' } })
  connect(hub)
  for (const person of all) await sees(person, 2)
  value(await ben.peer.confirmPaper(group, call, [rosa, jan], true))
  for (const person of all) await sees(person, 2, 2)
  expect(await ben.peer.takePaperBack(group, call, [jan])).toMatchObject({ error: { type: 'not yours' } })
  value(await cleo.peer.takePaperBack(group, call, [jan]))
  for (const person of all) await sees(person, 2, 1)

  const file = await fileOf(ada)
  expect(await shown(file)).toMatchObject({
    ...{ title: slower.title, askedBy: 'Ada', here: 2, paper: 1 },
    papers: [
      { name: 'Rosa', enteredBy: 'Cleo', seenBy: ['Ben'], is: 'now' },
      { name: 'Jan', is: 'withdrawn' },
    ],
  })
  expect(new Set((await shown(file)).signatures.map(({ name, is, comment }) => [name, is, comment].join()))).toEqual(
    new Set(['Ben,now,For the school', 'Cleo M.,now,']),
  )
  expect(await file.arrayBuffer()).toEqual(await (await fileOf(ben)).arrayBuffer())

  // Another text: who signed the first stands apart and is asked again; who took it back is not.
  value(await cleo.peer.unsign(group, call))
  expect(await cleo.peer.unsign(group, call)).toMatchObject({ error: { type: 'no such thing' } })
  expect(await ben.peer.askToSign(group, call, slower)).toMatchObject({ error: { type: 'not yours' } })
  value(await ada.peer.askToSign(group, call, { ...slower, text: 'We ask the town for 20 km/h.' }))
  for (const person of all) await sees(person, 0)
  expect((await waits(ben.peer, 1)).items).toMatchObject([{ waiting: { is: 'sign', again: true } }])
  await waits(cleo.peer, 0)
  expect((await shown(await fileOf(ben))).signatures.map(({ is }) => is).sort()).toEqual(['earlier', 'withdrawn'])
  value(await ben.peer.signCall(group, call))
  await waits(ben.peer, 0)
  await waits(ada.peer, 1)
  value(await ada.peer.passOver(group, call, true))
  await waits(ada.peer, 0)
  expect(await inTime(until(ada.peer, { view: 'call', group, call }))).toMatchObject({ passedOver: true, mine: 'none' })
  value(await ada.peer.passOver(group, call, false))
  await waits(ada.peer, 1)

  // Found by its words, and in the calendar on its last day.
  const until_ = momentText((calendar.now() + 864e5) as Instant)
  value(await ada.peer.askToSign(group, call, { ...slower, until: until_ }))
  const month = { from: calendar.now(), to: (calendar.now() + 2 * 864e5) as Instant }
  expect(
    await inTime(until(ben.peer, { view: 'calendar', group, ...month }, (items) => items.length > 0)),
  ).toMatchObject([{ kind: 'call', id: call, title: slower.title, mine: true }])
  await inTime(until(ben.peer, { view: 'searchable' }))
  expect((await ben.peer.search('slower')).found).toMatchObject([{ kind: 'call', id: call, title: slower.title }])

  value(await ada.peer.askToSign(group, call, { ...slower, open: false }))
  expect(await ada.peer.signCall(group, call)).toMatchObject({ error: { type: 'no longer asked' } })
  await waits(ada.peer, 0)
  await stop(all)
})

test('a file of a call that was changed proves nothing, whatever byte it is', async () => {
  const { all, group } = await street()
  const [ada] = all
  const call = value(await ada.peer.askToSign(group, null, slower))
  value(await ada.peer.signCall(group, call))
  const bytes = value(await ada.peer.callFile(group, call))
  expect(await ada.peer.checkCertificate(new Blob([new Uint8Array(bytes)]))).toMatchObject({ proven: true, of: 'call' })
  for (let at = 0; at < bytes.length; at += 97) {
    const changed = new Uint8Array(bytes)
    changed[at] = (changed[at] as number) ^ 1
    expect(await ada.peer.checkCertificate(new Blob([changed]))).toMatchObject({ proven: false })
  }
  await stop(all)
})
