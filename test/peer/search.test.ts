import type { FoundView, GroupId } from '@auzolan/core'
import type { Peer } from '@auzolan/peer'
import { afterEach, expect, test, vi } from 'vitest'
import { inTime } from '../support/noise.ts'
import { until, value } from '../support/participant.ts'
import { connect, cut, stop, street } from '../support/street.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

/** As a screen does: asks, and asks again when more was read. */
const searched = async (peer: Peer, question: string): Promise<FoundView> => {
  for (;;) {
    const { found, ...more } = await inTime(peer.search(question))
    if (!more.reading) return { found, ...more }
    await inTime(new Promise((resolve) => setImmediate(resolve)))
  }
}
const titles = async (peer: Peer, question: string) =>
  (await searched(peer, question)).found.map(({ kind, title, text, groupName }) => [kind, title, text, groupName])
const names = async (peer: Peer, question: string) =>
  (await searched(peer, question)).found.map(({ kind, title }) => `${kind}: ${title}`)

test('everything with words is found in all groups, cut off too, as it is now: what was changed or withdrawn is not', async () => {
  const { hub, all, group } = await street()
  const [ada, ben] = all
  const { document } = await until(ada.peer, { view: 'home', group })
  const cafe = value(await ada.peer.startInitiative(group, { title: 'Repair café' }))
  const action = value(await ada.peer.planAction(group, cafe, { title: 'Bring solder', places: 2 }))
  await ada.peer.edit(group, cafe, [{ do: 'write', field: ['plan'], from: [], text: 'Toasters first, then lamps.' }])
  value(await ada.peer.list(group, document, { side: 'need', what: 'Extension leads', amount: 3 }))
  const drill = {
    name: 'Cordless drill',
    where: 'Shed',
    rules: '',
    who: 'everyone',
    people: [],
    longest: 0,
    notice: 0,
  } as const
  value(await ben.peer.shareThing(group, null, { ...drill, shared: true }))
  const said = value(await ben.peer.sendMessage(group, document, 'Who has a sóldering iron?'))
  await inTime(until(ada.peer, { view: 'thread', group, thread: document }, ({ messages }) => messages.length === 1))
  await inTime(until(ada.peer, { view: 'things', group, now: 0 as never }, (things) => things.length === 1))
  const other: GroupId = value(await ada.peer.createGroup({ name: 'Oak Street', myName: 'Ada' }))
  value(await ada.peer.startInitiative(other, { title: 'Soldering evening' }))
  cut(hub)

  expect(await titles(ada.peer, 'solder')).toEqual([
    ['initiative', 'Soldering evening', '', 'Oak Street'],
    ['action', 'Bring solder', '', 'Elm Street'],
    ['message', 'Ben', 'Who has a sóldering iron?', 'Elm Street'],
  ])
  const [found] = (await searched(ada.peer, 'bring')).found
  expect(found).toMatchObject({ kind: 'action', id: action, place: cafe, group })
  expect(await names(ada.peer, 'toasteers lamp')).toEqual(['initiative: Repair café'])
  expect(await names(ada.peer, 'DRILL')).toEqual(['thing: Cordless drill'])
  expect(await names(ada.peer, 'extens')).toEqual(['listing: Extension leads'])
  expect(await names(ada.peer, 'cleo')).toEqual(['person: Cleo'])
  expect(await titles(ada.peer, 'nowhere')).toEqual([])

  value(await ben.peer.reviseMessage(group, document, said, { text: 'Who has a multimeter?' }))
  value(await ben.peer.sendMessage(group, document, 'I found the kettle'))
  connect(hub)
  await inTime(until(ada.peer, { view: 'thread', group, thread: document }, ({ messages }) => messages.length === 2))
  expect(await names(ada.peer, 'multimeter')).toEqual(['message: Ben'])
  expect(await titles(ada.peer, 'iron')).toEqual([])
  expect(await titles(ada.peer, 'kettle')).toHaveLength(1)
  value(await ben.peer.withdrawMessage(group, document, said))
  await inTime(
    until(ada.peer, { view: 'thread', group, thread: document }, ({ messages }) =>
      messages.some(({ text }) => text === null),
    ),
  )
  expect(await titles(ada.peer, 'multimeter')).toEqual([])
  await ada.peer.edit(group, cafe, [{ do: 'set', field: ['title'], value: 'Mending day' }])
  expect(await titles(ada.peer, 'mending')).toHaveLength(1)
  value(await ada.peer.forget(other))
  expect(await titles(ada.peer, 'evening')).toEqual([])
  await stop(all)
})
