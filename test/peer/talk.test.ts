import type { DocumentId, GroupId, ThreadView } from '@auzolan/core'
import { afterEach, expect, test, vi } from 'vitest'
import { inTime } from '../support/noise.ts'
import { type Participant, until, value } from '../support/participant.ts'
import { connect, cut, stop, street } from '../support/street.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

const reads = (
  { peer }: Participant,
  group: GroupId,
  thread: DocumentId,
  enough: (view: ThreadView) => boolean,
): Promise<ThreadView> => inTime(until(peer, { view: 'thread', group, thread }, enough))

test('people cut off answer, change and react to one message; joined, all see the same, and it is undone by who did it', async () => {
  const { hub, all, group, ids } = await street()
  const [ada, ben, cleo] = all
  const { document: thread } = await until(ada.peer, { view: 'home', group })
  const first = value(await ada.peer.sendMessage(group, thread, 'Who bring soup?', { mentions: [ids.Ben] }))
  for (const person of all) await reads(person, group, thread, ({ messages }) => messages.length === 1)

  cut(hub)
  value(await ada.peer.reviseMessage(group, thread, first, { text: 'Who brings soup?', mentions: [ids.Ben] }))
  for (const person of [ben, cleo])
    value(await person.peer.react(group, thread, first, { reaction: 'heart', on: true }))
  value(await cleo.peer.react(group, thread, first, { reaction: 'heart', on: true }))
  expect(await ben.peer.reviseMessage(group, thread, first, { text: 'No soup' })).toMatchObject({
    error: { type: 'not yours' },
  })
  const initiative = value(
    await ben.peer.startInitiative(group, { title: 'Soup day', from: { thread, message: first } }),
  )
  const action = value(
    await ben.peer.planAction(group, initiative, { title: 'Soup', places: 1, from: { thread, message: first } }),
  )

  connect(hub)
  for (const person of all) {
    const { messages } = await reads(
      person,
      group,
      thread,
      ({ messages: [one] }) => one?.reactions[0]?.by.length === 2 && one.earlier.length > 0 && one.became.length === 2,
    )
    expect(messages[0]).toMatchObject({
      text: 'Who brings soup?',
      earlier: [{ text: 'Who bring soup?' }],
      mentions: [{ id: ids.Ben }],
      became: [
        { made: initiative, action: null, title: 'Soup day' },
        { made: initiative, action, title: 'Soup' },
      ],
    })
    const whole = await inTime(
      until(person.peer, { view: 'initiative', group, initiative }, (view) => view.actions.length > 0),
    )
    expect([whole.from, whole.actions[0]?.from]).toEqual([
      { thread, message: first },
      { thread, message: first },
    ])
  }
  value(await cleo.peer.react(group, thread, first, { reaction: 'heart', on: false }))
  value(await ada.peer.withdrawMessage(group, thread, first))
  for (const person of all) {
    const { messages } = await reads(
      person,
      group,
      thread,
      ({ messages: [one] }) => one?.reactions[0]?.by.length === 1 && one.text === null,
    )
    expect(messages[0]?.earlier).toEqual([])
  }
  await stop(all)
})

test('what comes in late stands below what was read, until its reader has been there; nobody else hears of that', async () => {
  const { hub, all, group } = await street()
  const [ada, ben, cleo] = all
  const { document: thread } = await until(ada.peer, { view: 'home', group })
  const texts = async (person: Participant, count: number) => {
    const { messages } = await reads(person, group, thread, (view) => view.messages.length === count)
    return messages.map(({ text, unread }) => (unread ? `new: ${text}` : text))
  }
  cut(hub)
  value(await cleo.peer.sendMessage(group, thread, 'early, but alone'))
  value(await ada.peer.sendMessage(group, thread, 'one'))
  value(await ada.peer.sendMessage(group, thread, 'two'))
  hub.connect('ada', 'ben')
  expect(await texts(ben, 2)).toEqual(['one', 'two'])
  value(await ben.peer.markRead(group, thread))
  const before = ben.disk

  connect(hub)
  expect(await texts(ben, 3)).toEqual(['one', 'two', 'new: early, but alone'])
  const unread = await until(ben.peer, { view: 'unread', group }, (threads) => threads.length > 0)
  expect(unread).toEqual([{ thread, messages: 1 }])
  await ben.stop()
  await ben.start()
  expect(ben.disk).toBe(before)
  expect(await texts(ben, 3)).toEqual(['one', 'two', 'new: early, but alone'])
  value(await ben.peer.markRead(group, thread))
  expect(await texts(ben, 3)).toEqual(await texts(ada, 3))
  expect(await until(ben.peer, { view: 'unread', group })).toEqual([])
  await stop(all)
})
