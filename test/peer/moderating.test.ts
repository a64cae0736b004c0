import type { Edit, GroupRow } from '@auzolan/core'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { inTime } from '../support/noise.ts'
import { type Participant, until, value } from '../support/participant.ts'
import { connect, newest, reaches, seen, type Street, stop, street, threeVotes } from '../support/street.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

/** Ada and Cleo say yes. */
const byTwo = async (
  { all, group }: Street,
  action: Parameters<Participant['peer']['propose']>[1],
  hear: readonly Participant[] = all,
): Promise<void> => {
  const [ada, , cleo] = all
  const proposal = value(await ada.peer.propose(group, action))
  await seen(cleo, group, ({ proposals }) => proposals.some(({ id }) => id === proposal))
  value(await ada.peer.vote(group, proposal, 'yes'))
  value(await cleo.peer.vote(group, proposal, 'yes'))
  await reaches(hear, group, 'decided')
}

/** Ada, Ben and Cleo have votes; they made Cleo a moderator. */
const moderated = async (): Promise<Street> => {
  const place = await street()
  await threeVotes(place)
  await byTwo(place, { is: 'moderator', person: place.ids.Cleo, on: true })
  return place
}

const personSeen = async (by: Participant, { group }: Street, name: string, holds: (isPaused: boolean) => boolean) => {
  const { people } = await inTime(
    until(by.peer, { view: 'people', group }, (view) =>
      holds(view.people.find((one) => one.name === name)?.paused !== null),
    ),
  )
  return people.find((one) => one.name === name)
}

describe('a moderator', () => {
  test('is whom the group made one, and only who is can pause', async () => {
    const place = await street()
    const { all, group, ids } = place
    const [ada, ben] = all
    expect(await ada.peer.pause(group, ids.Ben, 'Shouts.')).toEqual({ ok: false, error: { type: 'no moderator' } })
    await threeVotes(place)
    await byTwo(place, { is: 'moderator', person: ids.Cleo, on: true })
    const view = newest(await seen(ben, group, () => true))
    expect(view?.action).toMatchObject({ is: 'moderator', person: { name: 'Cleo' }, on: true })
    const { people } = await inTime(until(ben.peer, { view: 'people', group }))
    expect(people.map(({ name, moderator }) => [name, moderator]).sort()).toEqual([
      ['Ada', false],
      ['Ben', false],
      ['Cleo', true],
    ])
    expect(await ada.peer.pause(group, ids.Ben, 'Shouts.')).toEqual({ ok: false, error: { type: 'no moderator' } })
    expect(await ada.peer.propose(group, { is: 'moderator', person: ids.Cleo, on: true })).toMatchObject({ ok: false })
    await byTwo(place, { is: 'moderator', person: ids.Cleo, on: false })
    const after = await inTime(until(ada.peer, { view: 'people', group }))
    expect(after.people.some(({ moderator }) => moderator)).toBe(false)
    await stop(all)
  })

  test('pauses somebody at once, who reads on, votes and carries a copy, and writes nothing until the group ends it', async () => {
    const place = await moderated()
    const { hub, all, group, ids } = place
    const [ada, ben, cleo] = all
    const initiative = value(await ben.peer.startInitiative(group, { title: 'Repair café' }))
    expect(await cleo.peer.pause(group, ids.Ben, ' ')).toEqual({ ok: false, error: { type: 'empty', field: 'reason' } })
    value(await cleo.peer.pause(group, ids.Ben, 'Shouts at people.'))
    for (const by of all)
      expect(await personSeen(by, place, 'Ben', (is) => is)).toMatchObject({
        left: false,
        paused: { by: { name: 'Cleo' }, reason: 'Shouts at people.' },
      })

    const { document } = await inTime(until(ben.peer, { view: 'home', group }))
    const refused = { ok: false, error: { type: 'paused' } }
    expect(await ben.peer.sendMessage(group, document, 'But')).toEqual(refused)
    const set: Edit = { do: 'set', field: ['title'], value: 'Mine' }
    expect(await ben.peer.edit(group, initiative, [set])).toEqual(refused)
    expect(await ben.peer.invite(group, { uses: 1 })).toEqual(refused)
    expect(await ben.peer.propose(group, { is: 'rename', name: 'Mine' })).toEqual(refused)
    expect((await inTime(until(ben.peer, { view: 'initiative', group, initiative }))).title.value).toBe('Repair café')
    await ben.stop()
    await ben.start()

    // What others say still comes, also after a restart and under keys that were made since.
    for (const each of all) each.quiet()
    connect(hub)
    value(await ada.peer.sendMessage(group, document, 'Who has the key?'))
    await inTime(until(ben.peer, { view: 'thread', group, thread: document }, ({ messages }) => messages.length === 1))
    expect(value(await ben.peer.exportPacks(group)).length).toBeGreaterThan(0)
    value(await ben.peer.fork(group, { name: 'Elm Street Two', myName: 'Ben' }))

    const lift = value(await ada.peer.propose(group, { is: 'readmit', person: ids.Ben, reason: 'They talked.' }))
    await seen(ben, group, (view) => newest(view)?.id === lift)
    value(await ada.peer.vote(group, lift, 'yes'))
    value(await ben.peer.vote(group, lift, 'yes'))
    await reaches(all, group, 'decided')
    for (const by of all) {
      expect(await personSeen(by, place, 'Ben', (is) => !is)).toMatchObject({ paused: null })
      expect(newest(await seen(by, group, () => true))?.action).toMatchObject({ is: 'readmit', from: 'pause' })
    }
    value(await ben.peer.sendMessage(group, document, 'I have it'))
    await inTime(until(ada.peer, { view: 'thread', group, thread: document }, ({ messages }) => messages.length === 2))
    await stop(all)
  })

  test('ends a pause alone, while the group is asked to remove', async () => {
    const place = await moderated()
    const { all, group, ids } = place
    const [ada, ben, cleo] = all
    value(await cleo.peer.pause(group, ids.Ben, 'Shouts.'))
    await personSeen(ada, place, 'Ben', (is) => is)
    value(await ada.peer.propose(group, { is: 'remove', person: ids.Ben }))
    value(await ada.peer.propose(group, { is: 'readmit', person: ids.Ben }))
    expect(await ada.peer.endPause(group, ids.Ben)).toEqual({ ok: false, error: { type: 'no moderator' } })
    value(await cleo.peer.endPause(group, ids.Ben))
    expect(await cleo.peer.endPause(group, ids.Ben)).toEqual({ ok: false, error: { type: 'no such thing' } })
    await personSeen(ben, place, 'Ben', (is) => !is)
    // There is nothing left to end; whether to remove is still open.
    const { proposals } = await seen(ben, group, (view) => view.proposals[0]?.phase === 'fell')
    expect(proposals.slice(0, 2)).toMatchObject([
      { action: { is: 'readmit' }, phase: 'fell', why: 'pointless' },
      { action: { is: 'remove' }, phase: 'open' },
    ])
    await stop(all)
  })

  test('who was removed is taken back as who they were, without the vote', async () => {
    const place = await moderated()
    const { hub, all, group, ids } = place
    const [ada, ben, cleo] = all
    await byTwo(place, { is: 'remove', person: ids.Ben })
    await seen(ada, group, ({ removed }) => removed.length === 1)
    const isOut = ([row]: readonly GroupRow[]) => row?.standing === 'removed'
    await inTime(until(ben.peer, { view: 'groups' }, isOut))
    await byTwo(place, { is: 'readmit', person: ids.Ben }, [ada, cleo])
    const view = newest(await seen(ada, group, ({ removed }) => removed.length === 0))
    expect(view?.action).toMatchObject({ is: 'readmit', from: 'removal' })
    connect(hub)
    await inTime(until(ben.peer, { view: 'groups' }, (rows) => !isOut(rows)))
    const { document } = await inTime(until(ben.peer, { view: 'home', group }))
    value(await ben.peer.sendMessage(group, document, 'Here again'))
    await inTime(until(ada.peer, { view: 'thread', group, thread: document }, ({ messages }) => messages.length === 1))
    await stop(all)
  })
})
