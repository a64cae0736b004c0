import { MemoryHub } from '@auzolan/network'
import { openMemoryStore } from '@auzolan/storage'
import { expect, test } from 'vitest'
import { Participant, steppedClock, until, value } from '../support/participant.ts'

const SECRET = 'The key is under the third flowerpot'

/** Whether these words lie anywhere on a disk, packed or not. */
const holds = async (person: Participant, words: string): Promise<boolean> => {
  const store = openMemoryStore(person.disk)
  const records = await Promise.all([store.range({ prefix: ['g'] }), store.range({ prefix: ['quarantine'] })])
  await store.close()
  return records.flat().some(({ value: bytes }) => new TextDecoder('latin1').decode(bytes).includes(words))
}

test('a withdrawn text goes from the disks of everyone who hears of it, and nobody passes it on', async () => {
  const hub = new MemoryHub({ auto: true })
  const clock = steppedClock()
  const [ada, ben, cleo] = ['ada', 'ben', 'cleo'].map((name, at) => new Participant(name, hub, at + 1, clock)) as [
    Participant,
    Participant,
    Participant,
  ]
  for (const person of [ada, ben, cleo]) await person.start()
  hub.connect('ada', 'ben')
  const group = value(await ada.peer.createGroup({ name: 'Elm Street Garden', myName: 'Ada' }))
  const { link } = value(await ada.peer.invite(group, { uses: 2 }))
  value(await ben.peer.join(link, { name: 'Ben' }))
  await until(ben.peer, { view: 'join', group }, ({ step }) => step === 'done')
  const { document: thread } = await until(ben.peer, { view: 'home', group })
  const message = value(await ada.peer.sendMessage(group, thread, SECRET))
  const read = { view: 'thread', group, thread } as const
  await until(ben.peer, read, ({ messages }) => messages[0]?.text === SECRET)
  expect(await holds(ben, SECRET)).toBe(true)

  value(await ada.peer.withdrawMessage(group, thread, message))
  await until(ben.peer, read, ({ messages }) => messages[0]?.text === null)
  value(await ada.peer.sendMessage(group, thread, 'Ask me instead'))
  await until(ben.peer, read, ({ messages }) => messages.length === 2)
  hub.connect('ben', 'cleo')
  await ada.stop()
  value(await cleo.peer.join(link, { name: 'Cleo' }))
  const thread2 = await until(cleo.peer, read, ({ messages }) => messages.length === 2)
  expect(thread2.messages.map(({ text }) => text)).toEqual([null, 'Ask me instead'])
  for (const person of [ada, ben, cleo]) expect(await holds(person, SECRET)).toBe(false)
})
