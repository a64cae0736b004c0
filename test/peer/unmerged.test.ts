import type { DocumentId, GroupId } from '@auzolan/core'
import { openMemoryStore } from '@auzolan/storage'
import { afterEach, expect, test, vi } from 'vitest'
import { inTime } from '../support/noise.ts'
import { type Participant, until, value } from '../support/participant.ts'
import { stop, street } from '../support/street.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

const initiativeOf = (person: Participant, group: GroupId, initiative: DocumentId, plan: string) =>
  inTime(until(person.peer, { view: 'initiative', group, initiative }, ({ plan: shown }) => shown.text === plan))

const writes = async (
  person: Participant,
  group: GroupId,
  initiative: DocumentId,
  before: string,
  text: string,
): Promise<void> => {
  const { plan } = await initiativeOf(person, group, initiative, before)
  value(await person.peer.edit(group, initiative, [{ do: 'write', field: ['plan'], from: plan.heads, text }]))
}

/** Ben has written on top of what Cleo wrote, who had come in by an invitation that Ada has cancelled meanwhile. Ada and Ben have met. */
const builtOnNothing = async () => {
  const { hub, all, group } = await street()
  const [ada, ben, cleo] = all
  const initiative = value(await ada.peer.startInitiative(group, { title: 'Tool shed' }))
  await writes(ada, group, initiative, '', 'Bring tools.')
  await initiativeOf(ben, group, initiative, 'Bring tools.')
  const { id, link } = value(await ada.peer.invite(group, { uses: 2 }))
  await inTime(until(ben.peer, { view: 'people', group }, ({ invitations }) => invitations.length === 2))
  await cleo.stop()
  await openMemoryStore(cleo.disk).write([{ do: 'removeRange', prefix: [] }], { durability: 'strict' })
  await cleo.start()
  hub.cut('ada', 'ben')
  hub.cut('ada', 'cleo')
  value(await ada.peer.cancelInvitation(group, id))
  hub.connect('ben', 'cleo')
  value(await cleo.peer.join(link, { name: 'Cleo again' }))
  await inTime(until(cleo.peer, { view: 'join', group }, ({ step }) => step === 'done'))
  await writes(cleo, group, initiative, 'Bring tools.', 'Bring tools. And cake.')
  await writes(ben, group, initiative, 'Bring tools. And cake.', 'Bring tools. And cake. I have a saw.')
  expect((await initiativeOf(ben, group, initiative, 'Bring tools. And cake. I have a saw.')).unmerged).toEqual([])
  hub.connect('ada', 'ben')
  return { all, ada, ben, group, initiative }
}

const unmerged = async (person: Participant, group: GroupId, initiative: DocumentId, count: number) => {
  const query = { view: 'initiative', group, initiative } as const
  return (await inTime(until(person.peer, query, (view) => view.unmerged.length === count))).unmerged
}

test('what somebody wrote on top of something that no longer counts is shown to them alone, and put in again where they want', async () => {
  const { all, ada, ben, group, initiative } = await builtOnNothing()
  const [text] = await unmerged(ben, group, initiative, 1)
  expect(text).toMatchObject({ field: 'plan', text: 'I have a saw.' })
  for (const person of [ada, ben]) await initiativeOf(person, group, initiative, 'Bring tools.')
  expect(await unmerged(ada, group, initiative, 0)).toEqual([])

  await ben.stop()
  await ben.start()
  expect(await unmerged(ben, group, initiative, 1)).toEqual([text])

  value(await ben.peer.putInAgain(group, initiative, text!.id))
  for (const person of [ada, ben]) await initiativeOf(person, group, initiative, 'Bring tools.\n\nI have a saw.')
  expect(await unmerged(ben, group, initiative, 0)).toEqual([])
  expect(await ben.peer.putInAgain(group, initiative, text!.id)).toMatchObject({ error: { type: 'no such thing' } })
  await stop(all)
})

test('what somebody lets go of is not shown again, also after a restart', async () => {
  const { all, ben, group, initiative } = await builtOnNothing()
  const [text] = await unmerged(ben, group, initiative, 1)
  value(await ben.peer.letGo(group, initiative, text!.id))
  expect(await unmerged(ben, group, initiative, 0)).toEqual([])
  await ben.stop()
  await ben.start()
  expect(await unmerged(ben, group, initiative, 0)).toEqual([])
  await initiativeOf(ben, group, initiative, 'Bring tools.')
  await stop(all)
})
