import { claimState, type InitiativeView } from '@auzolan/core'
import { MemoryHub } from '@auzolan/network'
import { describe, expect, test } from 'vitest'
import { Participant, steppedClock, until, value } from '../support/participant.ts'

describe('what was taken', () => {
  test('is reported and seen apart, unclear to everyone once together, and settled by who saw it', async () => {
    const hub = new MemoryHub({ auto: true })
    const clock = steppedClock()
    const names = ['ada', 'ben', 'cleo'] as const
    const all = names.map((name, at) => new Participant(name, hub, at + 1, clock))
    const [ada, ben, cleo] = all as [Participant, Participant, Participant]
    for (const person of all) await person.start()
    hub.connect('ada', 'ben')
    hub.connect('ada', 'cleo')
    const group = value(await ada.peer.createGroup({ name: 'Elm Street', myName: 'Ada' }))
    const initiative = value(await ada.peer.startInitiative(group, { title: 'Tool library' }))
    const action = value(await ada.peer.planAction(group, initiative, { title: 'Put up shelves', places: 1 }))
    const { link } = value(await ada.peer.invite(group, { uses: 2 }))
    for (const [person, name] of [
      [ben, 'Ben'],
      [cleo, 'Cleo'],
    ] as const) {
      value(await person.peer.join(link, { name }))
      await until(person.peer, { view: 'join', group }, ({ step }) => step === 'done')
    }
    const take = value(await ada.peer.takeAction(group, initiative, action))
    const sees = ({ peer }: Participant, enough: (view: InitiativeView) => boolean) =>
      until(peer, { view: 'initiative', group, initiative }, enough)
    const stateIn = ({ actions: [first] }: InitiativeView) => first?.takes[0] && claimState(first.takes[0])
    for (const person of all) await sees(person, (view) => stateIn(view) === 'taken')
    value(await ada.peer.markDoing(group, initiative, take))
    for (const person of all) await sees(person, (view) => stateIn(view) === 'doing')

    hub.cut('ada', 'ben')
    hub.cut('ada', 'cleo')
    value(await ada.peer.markDone(group, initiative, take, 60, 'Three shelves, by the stairs.'))
    value(await ben.peer.witness(group, initiative, take, 'done'))
    value(await cleo.peer.witness(group, initiative, take, 'notDone'))
    expect(await ada.peer.witness(group, initiative, take, 'done')).toMatchObject({ error: { type: 'own work' } })
    expect(await ben.peer.markDone(group, initiative, take, 5)).toMatchObject({ error: { type: 'not yours' } })
    hub.connect('ada', 'ben')
    hub.connect('ada', 'cleo')
    for (const person of all) {
      const view = await sees(person, (view) => view.actions[0]?.takes[0]?.sights.length === 2)
      expect(stateIn(view)).toBe('unclear')
      expect(view.actions[0]?.takes[0]).toMatchObject({ done: 60, note: 'Three shelves, by the stairs.' })
    }
    value(await cleo.peer.witness(group, initiative, take, 'nothing'))
    for (const person of all) await sees(person, (view) => stateIn(view) === 'confirmed')
    await ben.stop()
    await ben.start()
    expect(stateIn(await sees(ben, (view) => view.actions.length > 0))).toBe('confirmed')
  })

  test('at another time than somebody said yes to asks them again, also when they said yes apart from that', async () => {
    const hub = new MemoryHub({ auto: true })
    const clock = steppedClock()
    const [ada, ben] = ['ada', 'ben'].map((name, at) => new Participant(name, hub, at + 1, clock)) as [
      Participant,
      Participant,
    ]
    for (const person of [ada, ben]) await person.start()
    hub.connect('ada', 'ben')
    const group = value(await ada.peer.createGroup({ name: 'Elm Street', myName: 'Ada' }))
    const initiative = value(await ada.peer.startInitiative(group, { title: 'Repair café' }))
    const action = value(await ada.peer.planAction(group, initiative, { title: 'Fixers', places: 2 }))
    const { link } = value(await ada.peer.invite(group, { uses: 1 }))
    value(await ben.peer.join(link, { name: 'Ben' }))
    await until(ben.peer, { view: 'join', group }, ({ step }) => step === 'done')
    const setStart = ({ peer }: Participant, to: string) =>
      peer.edit(group, initiative, [{ do: 'set', field: ['actions', action, 'starts'], value: to }])
    const sees = ({ peer }: Participant, enough: (view: InitiativeView) => boolean) =>
      until(peer, { view: 'initiative', group, initiative }, enough)
    const [saturday, sunday] = ['2026-12-05T13:00Z', '2026-12-06T13:00Z']
    const asked = ({ actions: [first] }: InitiativeView) =>
      first?.takes.map(({ by, timeChanged }) => [by.name, timeChanged])

    value(await setStart(ada, saturday))
    await sees(ben, ({ actions: [first] }) => first?.starts.value === saturday)
    hub.cut('ada', 'ben')
    value(await ben.peer.takeAction(group, initiative, action))
    value(await setStart(ada, sunday))
    value(await ada.peer.takeAction(group, initiative, action))
    hub.connect('ada', 'ben')
    for (const person of [ada, ben]) {
      const view = await sees(
        person,
        ({ actions: [first] }) => first?.takes.length === 2 && first.starts.value === sunday,
      )
      expect(asked(view)?.sort()).toEqual([
        ['Ada', false],
        ['Ben', true],
      ])
    }
    value(await ben.peer.takeAction(group, initiative, action))
    for (const person of [ada, ben]) {
      const view = await sees(person, (view) => asked(view)?.every(([, changed]) => !changed) === true)
      expect(view.actions[0]).toMatchObject({ places: 2, tooMany: 0 })
    }
  })
})
