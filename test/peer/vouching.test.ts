import type { DocumentId, GroupId } from '@auzolan/core'
import { afterEach, expect, test, vi } from 'vitest'
import { inTime } from '../support/noise.ts'
import { type Participant, until, value } from '../support/participant.ts'
import { cut, reaches, seen, stop, street, type Street, threeVotes } from '../support/street.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

const talkOf = async (person: Participant, group: GroupId) => {
  const { document: thread } = await inTime(until(person.peer, { view: 'home', group }))
  return { view: 'thread', group, thread } as const
}
const say = async (person: Participant, group: GroupId, text: string): Promise<void> => {
  value(await person.peer.sendMessage(group, (await talkOf(person, group)).thread, text))
}
const hears = async (person: Participant, group: GroupId, texts: readonly string[]): Promise<void> => {
  const query = await talkOf(person, group)
  await inTime(until(person.peer, query, ({ messages }) => messages.map(({ text }) => text).join() === texts.join()))
}
const planOf = async (person: Participant, group: GroupId, initiative: DocumentId, plan: string): Promise<void> => {
  const query = { view: 'initiative', group, initiative } as const
  await inTime(until(person.peer, query, ({ plan: shown }) => shown.text === plan))
}
const writes = async (person: Participant, group: GroupId, initiative: DocumentId, text: string): Promise<void> => {
  const { plan } = await inTime(until(person.peer, { view: 'initiative', group, initiative }))
  value(await person.peer.edit(group, initiative, [{ do: 'write', field: ['plan'], from: plan.heads, text }]))
}

/** Ada removes Ben by Cleo's answer and her own, while only Cleo has what he wrote last. */
const removedByAda = async (): Promise<Street & { readonly initiative: DocumentId }> => {
  const place = await street()
  const { hub, all, group, ids } = place
  const [ada, ben, cleo] = all
  await threeVotes(place)
  const initiative = value(await ada.peer.startInitiative(group, { title: 'Tool shed' }))
  for (const { peer } of all) await inTime(until(peer, { view: 'initiative', group, initiative }))
  const proposal = value(await ada.peer.propose(group, { is: 'remove', person: ids.Ben }))
  for (const person of all) await seen(person, group, ({ proposals }) => proposals.length === 2)
  value(await cleo.peer.vote(group, proposal, 'yes'))
  await seen(ada, group, ({ proposals }) => proposals.some(({ yes }) => yes === 1))
  hub.cut('ada', 'ben')
  hub.cut('ada', 'cleo')
  await say(ben, group, 'I left the key with Cleo')
  await writes(ben, group, initiative, 'Ask Cleo for the key.')
  await hears(cleo, group, ['I left the key with Cleo'])
  await planOf(cleo, group, initiative, 'Ask Cleo for the key.')
  cut(hub)
  value(await ada.peer.vote(group, proposal, 'yes'))
  await reaches([ada], group, 'decided')
  return { ...place, initiative }
}

test('what a removed member wrote before counts for everybody once who held it says so, and what they write later for nobody', async () => {
  const { hub, all, group, initiative } = await removedByAda()
  const [ada, ben, cleo] = all
  await writes(cleo, group, initiative, 'Ask Cleo for the key. She is at home.')
  hub.connect('ada', 'cleo')
  await reaches([ada, cleo], group, 'decided')
  await hears(ada, group, ['I left the key with Cleo'])
  await planOf(ada, group, initiative, 'Ask Cleo for the key. She is at home.')

  // He has heard of nothing. A file brings what he goes on writing, as anybody could who has not heard either.
  await say(ben, group, 'I sold the tools in March')
  await writes(ben, group, initiative, 'The tools are sold.')
  const file = value(await ben.peer.exportPacks(group))
  const bringIn = (person: Participant) => person.peer.importPacks(new Blob([new Uint8Array(file)]))
  expect(value(await bringIn(ada))).toMatchObject({ group, entries: 2 })
  await say(ada, group, 'So be it')
  const { aside } = await seen(ada, group, (view) => view.aside.length > 0)
  expect(aside).toMatchObject([
    { what: { is: 'writing', count: 2 }, by: { name: 'Ben' }, state: 'waiting', why: { because: 'after the end' } },
  ])
  for (const person of [ada, cleo]) {
    await hears(person, group, ['I left the key with Cleo', 'So be it'])
    await planOf(person, group, initiative, 'Ask Cleo for the key. She is at home.')
    await person.stop()
    await person.start()
    await hears(person, group, ['I left the key with Cleo', 'So be it'])
    await planOf(person, group, initiative, 'Ask Cleo for the key. She is at home.')
  }
  await hears(ben, group, ['I left the key with Cleo', 'I sold the tools in March'])
  await stop(all)
})

test('a copy of the group goes on from what counted, for whoever joins it', async () => {
  const { hub, all, group, initiative } = await removedByAda()
  const [ada, ben, cleo] = all
  hub.connect('ada', 'cleo')
  await reaches([ada, cleo], group, 'decided')
  await hears(ada, group, ['I left the key with Cleo'])
  await say(ben, group, 'I sold the tools in March')
  const file = value(await ben.peer.exportPacks(group))
  expect(value(await ada.peer.importPacks(new Blob([new Uint8Array(file)])))).toMatchObject({ entries: 1 })
  const copy = value(await ada.peer.fork(group, { name: 'Elm Street Again', myName: 'Ada' }))
  await hears(ada, copy, ['I left the key with Cleo'])
  const { link } = value(await ada.peer.invite(copy, { uses: 1 }))
  value(await cleo.peer.join(link, { name: 'Cleo' }))
  await inTime(until(cleo.peer, { view: 'join', group: copy }, ({ step }) => step === 'done'))
  await hears(cleo, copy, ['I left the key with Cleo'])
  await planOf(cleo, copy, initiative, 'Ask Cleo for the key.')
  for (const person of [ada, cleo]) await hears(person, group, ['I left the key with Cleo'])
  await stop(all)
})
