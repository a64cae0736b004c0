import type { DocumentId, GroupId, InitiativeView } from '@auzolan/core'
import { MemoryHub } from '@auzolan/network'
import { strFromU8, unzipSync } from 'fflate'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { inTime } from '../support/noise.ts'
import { Participant, until, value } from '../support/participant.ts'
import { Calendar, reaches, stop } from '../support/street.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

const person = async (name: string, seed: number, hub = new MemoryHub({ auto: true })): Promise<Participant> => {
  const made = new Participant(name, hub, seed, new Calendar())
  await made.start()
  return made
}

interface Pair {
  readonly ada: Participant
  readonly group: GroupId
  readonly copy: GroupId
  readonly initiative: DocumentId
}

/** Ada's group with one initiative, and her copy of it. */
const pair = async (): Promise<Pair> => {
  const ada = await person('ada', 1)
  const group = value(await ada.peer.createGroup({ name: 'Elm Street', myName: 'Ada' }))
  const initiative = value(await ada.peer.startInitiative(group, { title: 'Benches' }))
  value(await ada.peer.edit(group, initiative, [{ do: 'write', field: ['plan'], from: [], text: 'Sand, then oil.' }]))
  const copy = value(await ada.peer.fork(group, { name: 'Oak Street', myName: 'Ada of Oak' }))
  return { ada, group, copy, initiative }
}
const news = (who: Participant, group: GroupId, from: GroupId) => inTime(until(who.peer, { view: 'news', group, from }))
const family = (who: Participant, group: GroupId) => inTime(until(who.peer, { view: 'family', group }))
const initiativeOf = (
  who: Participant,
  group: GroupId,
  initiative: DocumentId,
  enough: (view: InitiativeView) => boolean = () => true,
) => inTime(until(who.peer, { view: 'initiative', group, initiative }, enough))
const write = async (who: Participant, group: GroupId, initiative: DocumentId, text: string) => {
  const { plan } = await initiativeOf(who, group, initiative)
  value(await who.peer.edit(group, initiative, [{ do: 'write', field: ['plan'], from: plan.heads, text }]))
}
const talk = async (who: Participant, group: GroupId, thread: DocumentId) =>
  (await inTime(until(who.peer, { view: 'thread', group, thread }))).messages.map(({ text, by }) => [by.name, text])

describe('bringing in from the original', () => {
  test('texts merge, words and work come as their authors signed them, and a second time changes nothing', async () => {
    const { ada, group, copy, initiative } = await pair()
    const action = value(await ada.peer.planAction(group, initiative, { title: 'Bring oil', places: 2 }))
    value(await ada.peer.takeAction(group, initiative, action))
    value(await ada.peer.sendMessage(group, initiative, 'The oil has come'))
    await write(ada, group, initiative, 'Sand, then oil twice.')
    await write(ada, copy, initiative, 'Sand well, then oil.')
    const shop = value(await ada.peer.startInitiative(group, { title: 'Tool shop' }))

    const { relatives } = await family(ada, copy)
    expect(relatives).toMatchObject([{ id: group, is: 'original', news: 4, ahead: 1 }])
    const { units } = await news(ada, copy, group)
    expect(units.map(({ title, part, isNew }) => [title, part, isNew]).sort()).toEqual(
      [
        ['Benches', 'texts', false],
        ['Benches', 'work', false],
        ['Benches', 'talk', false],
        ['Tool shop', 'texts', true],
      ].sort(),
    )
    const texts = units.find(({ title, part }) => title === 'Benches' && part === 'texts')
    expect(texts?.fields.find(({ field }) => field === 'plan')?.parts).toContainEqual({
      is: 'new',
      text: ' oil twice.',
    })
    const brought = value(
      await ada.peer.bringIn(
        copy,
        group,
        units.map(({ key }) => key),
      ),
    )
    expect(brought.records).toBeGreaterThan(4)
    const view = await initiativeOf(ada, copy, initiative, ({ actions }) => actions.length === 1)
    expect(view.plan.text).toBe('Sand well, then oil twice.')
    expect(view.actions[0]?.takes.map(({ by }) => by.name)).toEqual(['Ada'])
    expect(await talk(ada, copy, initiative)).toEqual([['Ada', 'The oil has come']])
    expect((await initiativeOf(ada, copy, shop)).title.value).toBe('Tool shop')
    expect((await news(ada, copy, group)).units).toEqual([])
    expect(
      value(
        await ada.peer.bringIn(
          copy,
          group,
          units.map(({ key }) => key),
        ),
      ).records,
    ).toBe(0)
    // What is read together for a file of everything is what is read one by one for the screen.
    const file = value(await ada.peer.exportGroup(copy)) as Blob
    const parts = unzipSync(new Uint8Array(await file.arrayBuffer()))
    const written = JSON.parse(strFromU8(parts['groups/oak-street/initiatives/benches.json'] as Uint8Array)) as object
    const { messages } = await inTime(until(ada.peer, { view: 'thread', group: copy, thread: initiative }))
    expect(written).toMatchObject({
      plan: { text: view.plan.text },
      talk: messages.map(({ id, text, by }) => ({ id, text, by })),
    })
    // There and back again: what the original holds already is not news to it.
    expect((await family(ada, group)).relatives).toMatchObject([{ id: copy, is: 'copy', news: 1 }])
    await stop([ada])
  })

  test('somebody who holds the copy alone sees and can check what was brought in, also after a start', async () => {
    const { ada, group, copy, initiative } = await pair()
    value(await ada.peer.sendMessage(group, initiative, 'The oil has come'))
    await write(ada, group, initiative, 'Sand, then oil twice.')
    const { units } = await news(ada, copy, group)
    value(
      await ada.peer.bringIn(
        copy,
        group,
        units.map(({ key }) => key),
      ),
    )
    const { file } = value(await ada.peer.backup({ groups: [copy] }))
    const ben = await person('ben', 2)
    value(await ben.peer.restore(file as Blob))
    expect((await initiativeOf(ben, copy, initiative)).plan.text).toBe('Sand, then oil twice.')
    expect(await talk(ben, copy, initiative)).toEqual([['Ada', 'The oil has come']])
    await ben.stop()
    await ben.start()
    expect((await initiativeOf(ben, copy, initiative)).plan.text).toBe('Sand, then oil twice.')
    expect(await talk(ben, copy, initiative)).toEqual([['Ada', 'The oil has come']])
    await stop([ada, ben])
  })

  test('what is left out is remembered until it changes, and what was brought in can be taken back', async () => {
    const { ada, group, copy, initiative } = await pair()
    value(await ada.peer.sendMessage(group, initiative, 'One'))
    value(await ada.peer.edit(group, initiative, [{ do: 'set', field: ['where'], value: 'Under the elm' }]))
    const { units } = await news(ada, copy, group)
    const texts = units.find(({ part }) => part === 'texts')?.key as string
    const { adopts } = value(await ada.peer.bringIn(copy, group, [texts]))
    const after = await news(ada, copy, group)
    expect([after.units.length, after.skipped.map(({ part }) => part)]).toEqual([0, ['talk']])
    value(await ada.peer.sendMessage(group, initiative, 'Two'))
    expect((await news(ada, copy, group)).units.map(({ records }) => records)).toEqual([2])
    expect((await initiativeOf(ada, copy, initiative)).where.value).toBe('Under the elm')
    value(await ada.peer.takeBack(copy, adopts))
    expect((await initiativeOf(ada, copy, initiative, ({ where }) => where.value === '')).where.value).toBe('')
    const [said] = (await news(ada, copy, group)).units
    const talked = value(await ada.peer.bringIn(copy, group, [said?.key as string]))
    expect(await talk(ada, copy, initiative)).toHaveLength(2)
    value(await ada.peer.takeBack(copy, talked.adopts))
    await inTime(
      until(ada.peer, { view: 'thread', group: copy, thread: initiative }, ({ messages }) => messages.length === 0),
    )
    expect((await news(ada, copy, group)).units.map(({ part }) => part)).toEqual(['talk'])
    await stop([ada])
  })

  test('a place that was brought in is free again once that is taken back, also after a start', async () => {
    const { ada, group, initiative } = await pair()
    const action = value(await ada.peer.planAction(group, initiative, { title: 'Bring oil', places: 2 }))
    const copy = value(await ada.peer.fork(group, { name: 'Ash Street', myName: 'Ada' }))
    value(await ada.peer.takeAction(group, initiative, action))
    const { units } = await news(ada, copy, group)
    const { adopts } = value(
      await ada.peer.bringIn(
        copy,
        group,
        units.map(({ key }) => key),
      ),
    )
    const taken =
      (number: number) =>
      ({ actions }: InitiativeView) =>
        actions[0]?.takes.length === number
    await initiativeOf(ada, copy, initiative, taken(1))
    value(await ada.peer.takeBack(copy, adopts))
    await initiativeOf(ada, copy, initiative, taken(0))
    await ada.stop()
    await ada.start()
    await initiativeOf(ada, copy, initiative, taken(0))
    await stop([ada])
  })
})

describe('offering back', () => {
  test('arrives as an offer, is taken in part and then whole, and the original shows who said it', async () => {
    const { ada, group, copy, initiative } = await pair()
    await write(ada, copy, initiative, 'Sand well, then oil.')
    value(await ada.peer.sendMessage(copy, initiative, 'It holds'))
    value(await ada.peer.sendMessage(copy, (await until(ada.peer, { view: 'home', group: copy })).document, 'Ours'))
    const { units } = await news(ada, group, copy)
    expect(units.map(({ part }) => part).sort()).toEqual(['talk', 'texts'])
    const offer = value(
      await ada.peer.offer(copy, group, { units: units.map(({ key }) => key), why: 'It rained a year on ours.' }),
    )
    expect((await initiativeOf(ada, group, initiative)).plan.text).toBe('Sand, then oil.')
    const seen = await inTime(until(ada.peer, { view: 'offer', group, offer }, ({ records }) => records === 2))
    expect(seen).toMatchObject({ name: 'Oak Street', why: 'It rained a year on ours.', here: 0, answer: null })
    const text = seen.units.find(({ part }) => part === 'texts')?.key as string
    value(await ada.peer.answerOffer(group, offer, { units: [text], thanks: 'Thank you' }))
    expect((await initiativeOf(ada, group, initiative)).plan.text).toBe('Sand well, then oil.')
    const partly = await inTime(until(ada.peer, { view: 'offer', group, offer }, ({ answer }) => answer !== null))
    expect(partly).toMatchObject({ here: 1, answer: { taken: 'some', thanks: 'Thank you' } })
    value(await ada.peer.answerOffer(group, offer, { units: partly.units.map(({ key }) => key) }))
    expect(await talk(ada, group, initiative)).toEqual([['Ada of Oak', 'It holds']])
    expect((await family(ada, group)).offers).toMatchObject([{ answer: { taken: 'all' } }])
    // And round again: neither has anything the other lacks.
    expect((await news(ada, group, copy)).units).toEqual([])
    expect((await news(ada, copy, group)).units).toEqual([])
    await stop([ada])
  })

  test('travels as a file to who is in the original, and is refused when anything in it was changed', async () => {
    const { ada, group, copy, initiative } = await pair()
    value(await ada.peer.sendMessage(copy, initiative, 'It holds'))
    const { units } = await news(ada, group, copy)
    const file = value(await ada.peer.offerFile(copy, group, { units: units.map(({ key }) => key), why: 'Look' }))
    const blob = (bytes: Uint8Array) => new Blob([new Uint8Array(bytes)])
    const taken = value(await ada.peer.takeOffer(blob(file)))
    expect(taken.group).toBe(group)
    expect(value(await ada.peer.takeOffer(blob(file)))).toEqual(taken)
    expect((await family(ada, group)).offers).toHaveLength(1)
    const { units: offered } = await inTime(until(ada.peer, { view: 'offer', group, offer: taken.offer }))
    value(await ada.peer.answerOffer(group, taken.offer, { units: offered.map(({ key }) => key) }))
    expect(await talk(ada, group, initiative)).toEqual([['Ada of Oak', 'It holds']])
    const other = await person('other', 3)
    expect(await other.peer.takeOffer(blob(file))).toMatchObject({ error: { type: 'not for this device' } })
    for (let at = 0; at < file.length; at += 7) {
      const changed = file.slice()
      changed[at] = (changed[at] as number) ^ 1
      const refused = await other.peer.takeOffer(blob(changed))
      expect(refused.ok).toBe(false)
    }
    await stop([ada, other])
  })
})

describe('two moments of one group', () => {
  test('say what was begun, said, written, decided and done since, by the claimed times', async () => {
    const calendar = new Calendar()
    const ada = new Participant('ada', new MemoryHub({ auto: true }), 1, calendar)
    await ada.start()
    const group = value(await ada.peer.createGroup({ name: 'Elm Street', myName: 'Ada' }))
    const benches = value(await ada.peer.startInitiative(group, { title: 'Benches' }))
    value(await ada.peer.edit(group, benches, [{ do: 'write', field: ['plan'], from: [], text: 'Sand, then oil.' }]))
    const still = value(await ada.peer.startInitiative(group, { title: 'Left as it is' }))
    const action = value(await ada.peer.planAction(group, benches, { title: 'Bring oil', places: 1 }))
    const take = value(await ada.peer.takeAction(group, benches, action))
    value(await ada.peer.sendMessage(group, benches, 'Who has oil?'))
    calendar.pass(1)
    const moment = calendar.now()
    calendar.pass(1)
    await write(ada, group, benches, 'Sand, then oil twice.')
    value(await ada.peer.markDone(group, benches, take, 90))
    value(await ada.peer.sendMessage(group, benches, 'Done'))
    const shop = value(await ada.peer.startInitiative(group, { title: 'Tool shop' }))
    value(await ada.peer.closeInitiative(group, still, { result: 'stopped', sentence: '' }))
    const asked = value(await ada.peer.propose(group, { is: 'rule', thing: 'remove', rule: { kind: 'unanimous' } }))
    value(await ada.peer.vote(group, asked, 'yes'))
    await reaches([ada], group, 'decided')
    const told = value(await ada.peer.differenceSince(group, moment))
    expect(told.initiatives.map(({ id, is, saidThere }) => [id, is, saidThere])).toEqual([
      [benches, 'both', 2],
      [still, 'both', 1],
      [shop, 'there', 0],
    ])
    const fields = told.initiatives[0]?.fields ?? []
    expect(fields.map(({ field }) => field)).toEqual(['plan'])
    expect(fields[0]?.parts.filter(({ is }) => is !== 'same').map(({ text }) => text.trim())).toEqual([
      'oil.',
      'oil twice.',
    ])
    expect(told.rules.map(({ thing }) => thing)).toEqual(['remove'])
    expect(told.people).toEqual({ both: 1, here: [], there: [] })
    const ended = { achieved: 0, learned: 0, handedOver: 0, stopped: 0 }
    expect(told.totals).toEqual({
      here: { people: 1, open: 2, ended, minutes: 0, messages: 1 },
      there: { people: 1, open: 2, ended: { ...ended, stopped: 1 }, minutes: 90, messages: 2 },
    })
    await stop([ada])
  })
})
