import type { GroupId } from '@auzolan/core'
import { MemoryHub } from '@auzolan/network'
import { MemoryDisk, openMemoryStore } from '@auzolan/storage'
import { afterEach, expect, test, vi } from 'vitest'
import { inTime, Noise, steadySubtle } from '../support/noise.ts'
import { Participant, steppedClock, until, value } from '../support/participant.ts'

const running: Participant[] = []

afterEach(async () => {
  for (const device of running.splice(0)) await device.stop()
  vi.unstubAllGlobals()
})

const copyOf = async (disk: MemoryDisk): Promise<MemoryDisk> => {
  const copy = new MemoryDisk()
  for (const part of ['g', 'groups', 'contacts', 'helpers'])
    await openMemoryStore(copy).write(
      (await openMemoryStore(disk).range({ prefix: [part] })).map((record) => ({ do: 'put' as const, ...record })),
      { durability: 'strict' },
    )
  return copy
}

const talk = (device: Participant, group: GroupId, count: number) =>
  inTime(
    until(device.peer, { view: 'home', group }).then(({ document }) =>
      until(device.peer, { view: 'thread', group, thread: document }, ({ messages }) => messages.length === count),
    ),
  )
const say = async (device: Participant, group: GroupId, text: string) => {
  const { document } = await inTime(until(device.peer, { view: 'home', group }))
  return device.peer.sendMessage(group, document, text)
}
const standing = async (device: Participant, group: GroupId, wanted: string) =>
  inTime(
    until(device.peer, { view: 'groups' }, (rows) => rows.some((row) => row.id === group && row.standing === wanted)),
  )

/** Ada and Ben in one group, Ben's recovery sheet, and a copy of his disk from before he said two things that Ada has. */
const backedUp = async () => {
  vi.stubGlobal('crypto', {
    getRandomValues: crypto.getRandomValues.bind(crypto),
    subtle: new Noise(0, 0).around(steadySubtle()),
  })
  const hub = new MemoryHub({ auto: true })
  const clock = steppedClock()
  const [ada, ben] = [new Participant('ada', hub, 1, clock), new Participant('ben', hub, 2, clock)]
  running.push(ada, ben)
  for (const device of running) await device.start()
  hub.connect('ada', 'ben')
  const group = value(await ada.peer.createGroup({ name: 'Elm Street', myName: 'Ada' }))
  value(await ben.peer.join(value(await ada.peer.invite(group, { uses: 1 })).link, { name: 'Ben' }))
  await inTime(until(ben.peer, { view: 'join', group }, ({ step }) => step === 'done'))
  const sheet = value(await ben.peer.makeSheet(group))
  const disk = await copyOf(ben.disk)
  for (const text of ['I have the key', 'See you at nine']) value(await say(ben, group, text))
  await talk(ada, group, 2)
  await ben.stop()
  const restored = new Participant('restored', hub, 3, clock, { disk, secrets: ben.secretsDisk })
  running.push(restored)
  return { hub, ada, ben, restored, group, sheet }
}

test('a device put back to an earlier moment writes nothing more once its own words come back, also after a restart', async () => {
  const { hub, ada, restored, group } = await backedUp()
  await restored.start()
  hub.connect('ada', 'restored')
  await standing(restored, group, 'rewound')
  expect(await say(restored, group, 'Which day?')).toEqual({ ok: false, error: { type: 'device rewound' } })
  const { link } = value(await ada.peer.invite(group, { uses: 1 }))
  expect(await restored.peer.readInvitation(link)).toEqual({ ok: false, error: { type: 'rewound' } })
  expect((await talk(restored, group, 2)).messages.map(({ text }) => text)).toEqual([
    'I have the key',
    'See you at nine',
  ])
  await restored.stop()
  await restored.start()
  await standing(restored, group, 'rewound')
  expect(await say(restored, group, 'Which day?')).toEqual({ ok: false, error: { type: 'device rewound' } })
  value(await say(ada, group, 'Saturday'))
  await talk(restored, group, 3)
  const { people } = await inTime(until(ada.peer, { view: 'people', group }))
  expect(people.flatMap(({ devices }) => devices).filter(({ frozen }) => frozen)).toEqual([])
})

test('it comes in again as the same person with a key of its own, and the old one is thrown away', async () => {
  const { hub, ada, restored, group, sheet } = await backedUp()
  await restored.start()
  hub.connect('ada', 'restored')
  await standing(restored, group, 'rewound')
  const keysBefore = new Map(restored.secretsDisk.secrets)
  value(await restored.peer.recover(sheet.link, { called: 'Phone', near: '' }))
  await inTime(until(restored.peer, { view: 'join', group }, ({ step }) => step === 'done'))
  await standing(restored, group, 'member')
  value(await say(restored, group, 'Back again'))
  const { messages } = await talk(ada, group, 3)
  expect(messages.map(({ text }) => text)).toContain('Back again')
  const { people } = await inTime(until(ada.peer, { view: 'people', group }))
  expect(people.map(({ name }) => name).sort()).toEqual(['Ada', 'Ben'])
  const thrownAway = [...keysBefore.keys()].filter((name) => !restored.secretsDisk.secrets.has(name))
  expect(thrownAway).toHaveLength(1)
})

test('a device that was only away, or whose other tab wrote, goes on writing', async () => {
  const { hub, ada, ben, group } = await backedUp()
  await ben.start()
  const tab = await ben.openTab()
  const { document } = await inTime(until(tab, { view: 'home', group }))
  value(await tab.sendMessage(group, document, 'From the other tab'))
  hub.connect('ada', 'ben')
  await talk(ada, group, 3)
  value(await say(ben, group, 'And from this one'))
  await talk(ada, group, 4)
  await standing(ben, group, 'member')
})
