import { MemoryHub } from '@auzolan/network'
import { describe, expect, test } from 'vitest'
import { Participant, steppedClock, until, value } from '../support/participant.ts'

const world = async (...names: string[]) => {
  const hub = new MemoryHub({ auto: true })
  const clock = steppedClock()
  const people = names.map((name, at) => new Participant(name, hub, at + 1, clock))
  for (const person of people) await person.start()
  for (const one of names) for (const other of names) if (one < other) hub.connect(one, other)
  return { hub, people }
}

describe('two people get something done together', () => {
  test('an initiative with its plan, actions and talk survives a restart while cut off', async () => {
    const {
      people: [ada],
    } = await world('ada')
    const group = value(await ada!.peer.createGroup({ name: 'Elm Street Garden', myName: 'Ada' }))
    const initiative = value(await ada!.peer.startInitiative(group, { title: 'Repair café on Saturday' }))
    value(await ada!.peer.planAction(group, initiative, { title: 'Fixers', places: 2 }))
    value(await ada!.peer.edit(group, initiative, [{ do: 'write', field: ['plan'], from: [], text: 'Bring tools.' }]))
    value(await ada!.peer.sendMessage(group, initiative, 'Who has a soldering iron?'))
    await ada!.stop()
    await ada!.start()
    const view = await until(ada!.peer, { view: 'initiative', group, initiative })
    expect(view.title.value).toBe('Repair café on Saturday')
    expect(view.plan.text).toBe('Bring tools.')
    expect(view.actions.map(({ title, places }) => [title.value, places])).toEqual([['Fixers', 2]])
    const thread = await until(ada!.peer, { view: 'thread', group, thread: initiative })
    expect(thread.messages.map(({ text }) => text)).toEqual(['Who has a soldering iron?'])
  })

  test('an invitation lets a second person in, who sees everything', async () => {
    const {
      people: [ada, ben],
    } = await world('ada', 'ben')
    const group = value(await ada!.peer.createGroup({ name: 'Elm Street Garden', myName: 'Ada' }))
    const initiative = value(await ada!.peer.startInitiative(group, { title: 'Repair café' }))
    const { link } = value(await ada!.peer.invite(group, { uses: 1 }))
    expect(value(await ben!.peer.readInvitation(link))).toMatchObject({
      groupName: 'Elm Street Garden',
      inviterName: 'Ada',
    })
    value(await ben!.peer.join(link, { name: 'Ben' }))
    await until(ben!.peer, { view: 'join', group }, ({ step }) => step === 'done')
    const home = await until(ben!.peer, { view: 'home', group }, ({ initiatives }) => initiatives.length === 1)
    expect(home.initiatives[0]).toMatchObject({ id: initiative, title: 'Repair café' })
    await until(ada!.peer, { view: 'people', group }, ({ people }) => people.length === 2)
  })
})
