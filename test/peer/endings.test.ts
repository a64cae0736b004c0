import type { DocumentId, GroupId, InitiativeView, Instant } from '@auzolan/core'
import { stageAt } from '@auzolan/core'
import { MemoryHub } from '@auzolan/network'
import { describe, expect, test } from 'vitest'
import { Participant, steppedClock, until, value } from '../support/participant.ts'

/** Ada and Ben are in one group with one initiative, linked. */
const two = async () => {
  const hub = new MemoryHub({ auto: true })
  const clock = steppedClock()
  const [ada, ben] = ['ada', 'ben'].map((name, at) => new Participant(name, hub, at + 1, clock)) as [
    Participant,
    Participant,
  ]
  for (const person of [ada, ben]) await person.start()
  hub.connect('ada', 'ben')
  const group = value(await ada.peer.createGroup({ name: 'Elm Street', myName: 'Ada' }))
  const initiative = value(await ada.peer.startInitiative(group, { title: 'Tool library' }))
  const { link } = value(await ada.peer.invite(group, { uses: 1 }))
  value(await ben.peer.join(link, { name: 'Ben' }))
  await until(ben.peer, { view: 'join', group }, ({ step }) => step === 'done')
  const sees = ({ peer }: Participant, enough: (view: InitiativeView) => boolean) =>
    until(peer, { view: 'initiative', group, initiative }, enough)
  for (const person of [ada, ben]) await sees(person, () => true)
  return { hub, clock, ada, ben, group, initiative, sees }
}

const results = ({ closings }: InitiativeView) =>
  closings.map(({ result, sentence, by }) => `${by.name}: ${result}. ${sentence}`)
const unsettled = async ({ peer }: Participant, group: GroupId, initiative: DocumentId) =>
  (await until(peer, { view: 'home', group })).initiatives.find(({ id }) => id === initiative)?.unsettled

describe('an initiative that ends', () => {
  test('closed apart in two ways is shown so to both, and settled by whoever picks one', async () => {
    const { hub, ada, ben, group, initiative, sees } = await two()
    hub.cut('ada', 'ben')
    value(await ada.peer.closeInitiative(group, initiative, { result: 'achieved', sentence: 'Forty tools are lent.' }))
    value(
      await ben.peer.closeInitiative(group, initiative, { result: 'learned', sentence: 'Nobody brings them back.' }),
    )
    expect(results(await sees(ada, ({ closings }) => closings.length > 0))).toHaveLength(1)
    hub.connect('ada', 'ben')
    const both = ['Ada: achieved. Forty tools are lent.', 'Ben: learned. Nobody brings them back.']
    for (const person of [ada, ben]) {
      expect(results(await sees(person, ({ closings }) => closings.length === 2))).toEqual(both)
      expect(await unsettled(person, group, initiative)).toBe(1)
    }
    value(await ben.peer.closeInitiative(group, initiative, { result: 'achieved', sentence: 'Forty tools are lent.' }))
    for (const person of [ada, ben]) {
      const settled = await sees(person, ({ closings }) => closings.length === 1)
      expect(results(settled)).toEqual(['Ben: achieved. Forty tools are lent.'])
      expect(await unsettled(person, group, initiative)).toBe(0)
    }
  })

  test('opened again while somebody else closes it anew apart, it is closed: that one was not answered', async () => {
    const { hub, ada, ben, group, initiative, sees } = await two()
    value(await ada.peer.closeInitiative(group, initiative, { result: 'stopped', sentence: '' }))
    await sees(ben, ({ closings }) => closings.length === 1)
    hub.cut('ada', 'ben')
    value(await ada.peer.openAgain(group, initiative))
    expect(results(await sees(ada, ({ closings }) => closings.length === 0))).toEqual([])
    value(await ben.peer.closeInitiative(group, initiative, { result: 'handedOver', sentence: 'To Oak Street.' }))
    hub.connect('ada', 'ben')
    for (const person of [ada, ben])
      expect(results(await sees(person, ({ closings }) => closings[0]?.result === 'handedOver'))).toEqual([
        'Ben: handedOver. To Oak Street.',
      ])
    value(await ada.peer.openAgain(group, initiative))
    await sees(ben, ({ closings }) => closings.length === 0)
    expect(await ada.peer.openAgain(group, initiative)).toMatchObject({ ok: false, error: { type: 'no such thing' } })
  })

  test('what it tries and when to look is written apart like any short field, and survives a restart', async () => {
    const { hub, clock, ada, ben, group, initiative, sees } = await two()
    hub.cut('ada', 'ben')
    const set = ({ peer }: Participant, field: string, to: string) =>
      peer.edit(group, initiative, [{ do: 'set', field: [field], value: to }])
    value(await set(ada, 'hypothesis', 'Ten people borrow something.'))
    value(await set(ada, 'checkOn', '2027-03-01'))
    value(await set(ben, 'checkOn', '2027-04-01'))
    hub.connect('ada', 'ben')
    for (const person of [ada, ben]) {
      const view = await sees(person, ({ checkOn }) => checkOn.versions.length === 2)
      expect(view.checkOn.versions.map(({ value, by }) => `${by.name} ${value}`).sort()).toEqual([
        'Ada 2027-03-01',
        'Ben 2027-04-01',
      ])
      expect(view.hypothesis.value).toBe('Ten people borrow something.')
    }
    value(await set(ben, 'checkOn', '2027-04-01'))
    await sees(ada, ({ checkOn }) => checkOn.versions.length === 0)
    // The list reads it from the document when it is quiet.
    ada.quiet()
    const listed = () =>
      until(ada.peer, { view: 'home', group }, ({ initiatives: [row] }) => row?.life.checkOn === '2027-04-01')
    await listed()
    await ada.stop()
    await ada.start()
    const [row] = (await listed()).initiatives
    const quietFor = (days: number) => (clock.now() + days * 24 * 60 * 60 * 1000) as Instant
    expect(row && stageAt(row.life, quietFor(60))).toBe('idea')
    expect(row && stageAt(row.life, quietFor(300))).toBe('resting')
  })
})
