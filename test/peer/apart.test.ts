import type { DocumentId, GroupId, Instant } from '@auzolan/core'
import { MemoryHub } from '@auzolan/network'
import type { Peer } from '@auzolan/peer'
import { openMemoryStore } from '@auzolan/storage'
import { describe, expect, test } from 'vitest'
import { Participant, steppedClock, until, value } from '../support/participant.ts'

interface Neighbours {
  readonly hub: MemoryHub
  readonly ada: Participant
  readonly ben: Participant
  readonly cleo: Participant
  readonly group: GroupId
  readonly initiative: DocumentId
  readonly link: string
}

/** Ada and Ben are in, linked; Cleo is running, linked with nobody. */
const neighbours = async (uses = 5): Promise<Neighbours> => {
  const hub = new MemoryHub({ auto: true })
  const clock = steppedClock()
  const [ada, ben, cleo] = ['ada', 'ben', 'cleo'].map((name, at) => new Participant(name, hub, at + 1, clock)) as [
    Participant,
    Participant,
    Participant,
  ]
  for (const person of [ada, ben, cleo]) await person.start()
  hub.cut('ada', 'cleo')
  hub.cut('ben', 'cleo')
  hub.connect('ada', 'ben')
  const group = value(await ada.peer.createGroup({ name: 'Elm Street Garden', myName: 'Ada' }))
  const initiative = value(await ada.peer.startInitiative(group, { title: 'Repair café' }))
  const { link } = value(await ada.peer.invite(group, { uses }))
  await joined(ben.peer, link, 'Ben', group)
  await until(ben.peer, { view: 'initiative', group, initiative })
  return { hub, ada, ben, cleo, group, initiative, link }
}

const joined = async (peer: Peer, link: string, name: string, group: GroupId): Promise<void> => {
  value(await peer.join(link, { name }))
  await until(peer, { view: 'join', group }, ({ step }) => step === 'done')
  await until(peer, { view: 'people', group }, ({ people }) =>
    people.some((person) => person.me && person.name === name),
  )
}

const texts = async (peer: Peer, group: GroupId, thread: DocumentId, count: number) =>
  (await until(peer, { view: 'thread', group, thread }, ({ messages }) => messages.length >= count)).messages

describe('two people who were cut off', () => {
  test('find both titles, one too many, one plan, and what came in later', async () => {
    const { hub, ada, ben, group, initiative } = await neighbours()
    value(await ada.peer.planAction(group, initiative, { title: 'Fixers', places: 1 }))
    value(await ada.peer.edit(group, initiative, [{ do: 'write', field: ['plan'], from: [], text: 'Bring tools. ' }]))
    const before = await until(
      ben.peer,
      { view: 'initiative', group, initiative },
      ({ plan, actions }) => plan.text !== '' && actions.length === 1,
    )
    const [action] = before.actions
    hub.cut('ada', 'ben')
    for (const [person, name] of [
      [ada, 'Ada'],
      [ben, 'Ben'],
    ] as const) {
      const { plan } = await until(person.peer, { view: 'initiative', group, initiative })
      value(await person.peer.edit(group, initiative, [{ do: 'set', field: ['title'], value: `${name}'s café` }]))
      value(
        await person.peer.edit(group, initiative, [
          { do: 'write', field: ['plan'], from: plan.heads, text: `${plan.text}${name} bakes. ` },
        ]),
      )
      value(await person.peer.takeAction(group, initiative, action!.id))
      value(await person.peer.sendMessage(group, initiative, `${name} is here`))
      await texts(person.peer, group, initiative, 1)
    }
    hub.heal('ada', 'ben')
    const views = []
    for (const { peer } of [ada, ben]) {
      const view = await until(
        peer,
        { view: 'initiative', group, initiative },
        ({ title, plan, actions }) =>
          title.versions.length === 2 &&
          plan.text.includes('Ada') &&
          plan.text.includes('Ben') &&
          actions[0]!.takes.length === 2,
      )
      expect(view.actions[0]!.tooMany).toBe(1)
      expect(new Set(view.title.versions.map(({ value }) => value))).toEqual(new Set(["Ada's café", "Ben's café"]))
      views.push({
        plan: view.plan,
        title: view.title.value,
        suggestion: view.actions[0]!.suggestion,
        talk: (await texts(peer, group, initiative, 2)).map(({ text }) => text),
      })
    }
    expect(views[0]).toEqual(views[1])
    const later = [await texts(ada.peer, group, initiative, 2), await texts(ben.peer, group, initiative, 2)]
      .flat()
      .filter(({ cameLater }) => cameLater)
    expect(later.map(({ text }) => text)).toEqual(['Ada is here'])
    value(await ben.peer.edit(group, initiative, [{ do: 'set', field: ['title'], value: 'Our café' }]))
    await until(
      ada.peer,
      { view: 'initiative', group, initiative },
      ({ title }) => title.value === 'Our café' && title.versions.length < 2,
    )
  })

  test('go on without the one who founded the group: whoever is left invites', async () => {
    const { hub, ada, ben, cleo, group, initiative } = await neighbours()
    value(await ada.peer.sendMessage(group, initiative, 'Farewell'))
    await texts(ben.peer, group, initiative, 1)
    await ada.stop()
    const { link } = value(await ben.peer.invite(group, { uses: 1 }))
    hub.connect('ben', 'cleo')
    await joined(cleo.peer, link, 'Cleo', group)
    expect((await texts(cleo.peer, group, initiative, 1)).map(({ text }) => text)).toEqual(['Farewell'])
  })
})

describe('a fork', () => {
  test('keeps the history, also for a newcomer who was never in the original', async () => {
    const { hub, ada, ben, cleo, group, initiative } = await neighbours()
    value(await ada.peer.edit(group, initiative, [{ do: 'write', field: ['plan'], from: [], text: 'Bring tools.' }]))
    value(await ada.peer.sendMessage(group, initiative, 'From the beginning'))
    await texts(ben.peer, group, initiative, 1)
    const fork = value(await ben.peer.fork(group, { name: 'Elm again', myName: 'Ben' }))
    const { link } = value(await ben.peer.invite(fork, { uses: 1 }))
    hub.connect('ben', 'cleo')
    await joined(cleo.peer, link, 'Cleo', fork)
    const view = await until(cleo.peer, { view: 'initiative', group: fork, initiative }, ({ plan }) => plan.text !== '')
    expect(view.plan.text).toBe('Bring tools.')
    expect((await texts(cleo.peer, fork, initiative, 1)).map(({ text, by }) => [text, by.name])).toEqual([
      ['From the beginning', 'Ada'],
    ])
    value(await cleo.peer.sendMessage(fork, initiative, 'Hello'))
    await texts(ben.peer, fork, initiative, 2)
    expect(await texts(ada.peer, group, initiative, 1)).toHaveLength(1)
    const home = await until(cleo.peer, { view: 'home', group: fork })
    expect(home.continues).toMatchObject({ group, name: 'Elm Street Garden', members: 2 })
  })
})

describe('one person', () => {
  test('with two tabs writes in both, and both stay in step', async () => {
    const { ada, ben, group, initiative } = await neighbours()
    const tab = await ada.openTab()
    await until(tab, { view: 'initiative', group, initiative })
    await Promise.all(
      [1, 2, 3].flatMap((at) => [
        ada.peer.sendMessage(group, initiative, `here ${at}`),
        tab.sendMessage(group, initiative, `there ${at}`),
      ]),
    )
    const seen = await Promise.all(
      [ada.peer, tab, ben.peer].map(async (peer) => (await texts(peer, group, initiative, 6)).map(({ id }) => id)),
    )
    expect(seen[1]).toEqual(seen[0])
    expect(seen[2]).toEqual(seen[0])
  })

  test('who leaves is shown as gone and writes no more', async () => {
    const { ada, ben, group, initiative } = await neighbours()
    value(await ben.peer.leave(group))
    await until(ada.peer, { view: 'people', group }, ({ people }) =>
      people.some(({ name, left }) => name === 'Ben' && left),
    )
    expect((await ben.peer.sendMessage(group, initiative, 'One more thing')).ok).toBe(false)
    value(await ada.peer.sendMessage(group, initiative, 'Still here'))
  })
})

describe('an invitation', () => {
  test('is honoured by a member who did not make it', async () => {
    const { hub, ada, ben, cleo, group, link } = await neighbours()
    await ada.stop()
    hub.connect('ben', 'cleo')
    await joined(cleo.peer, link, 'Cleo', group)
    await until(ben.peer, { view: 'people', group }, ({ people }) => people.length === 3)
  })

  test('is honoured though the member hears of it only while the newcomer waits', async () => {
    const { hub, ada, cleo, group } = await neighbours()
    hub.cut('ada', 'ben')
    const { link } = value(await ada.peer.invite(group, { uses: 1 }))
    hub.connect('ben', 'cleo')
    value(await cleo.peer.join(link, { name: 'Cleo' }))
    hub.heal('ada', 'ben')
    await until(cleo.peer, { view: 'join', group }, ({ step }) => step === 'done')
  })

  test.each(['used', 'cancelled', 'ended'] as const)('that is %s says so by name', async (why) => {
    const { hub, ada, cleo, group, link } = await neighbours(1)
    let used = link
    if (why !== 'used') {
      const soon = (Date.UTC(2026, 10, 22) + 3_600_000) as Instant
      const made = value(await ada.peer.invite(group, { uses: 3, ...(why === 'ended' ? { expires: soon } : {}) }))
      used = made.link
      if (why === 'cancelled') value(await ada.peer.cancelInvitation(group, made.id))
    }
    value(await cleo.peer.join(used, { name: 'Cleo' }))
    // An hour goes by: the clock goes on by a second each time it is asked.
    if (why === 'ended') for (let second = 0; second < 3600; second++) await cleo.peer.readInvitation(used)
    hub.connect('ada', 'cleo')
    expect(await until(cleo.peer, { view: 'join', group }, ({ step }) => step === 'refused')).toEqual({
      step: 'refused',
      why,
    })
  })

  test('cancelled elsewhere at the same time undoes an admission, as if it had never been', async () => {
    const { hub, ada, ben, cleo, group, initiative } = await neighbours()
    const { id, link } = value(await ada.peer.invite(group, { uses: 2 }))
    await until(ben.peer, { view: 'people', group }, ({ invitations }) => invitations.length === 2)
    hub.cut('ada', 'ben')
    value(await ada.peer.cancelInvitation(group, id))
    hub.connect('ben', 'cleo')
    await joined(cleo.peer, link, 'Cleo', group)
    value(await cleo.peer.sendMessage(group, initiative, 'Hello'))
    value(await cleo.peer.edit(group, initiative, [{ do: 'set', field: ['where'], value: 'At my place' }]))
    await texts(ben.peer, group, initiative, 1)
    await until(ben.peer, { view: 'initiative', group, initiative }, ({ where }) => where.value !== '')
    hub.heal('ada', 'ben')
    await until(ben.peer, { view: 'people', group }, ({ people }) => people.length === 2)
    const gone = await until(ben.peer, { view: 'initiative', group, initiative }, ({ where }) => where.value === '')
    const talk = await until(
      ben.peer,
      { view: 'thread', group, thread: initiative },
      ({ messages }) => messages.length === 0,
    )
    await ben.stop()
    await openMemoryStore(ben.disk).write([{ do: 'remove', key: ['g', group, 'view'] }], { durability: 'strict' })
    await ben.start()
    expect(await until(ben.peer, { view: 'initiative', group, initiative })).toEqual(gone)
    expect(await until(ben.peer, { view: 'thread', group, thread: initiative })).toEqual(talk)
  })
})
