import type { GroupId } from '@auzolan/core'
import { openMemorySecrets, openMemoryStore } from '@auzolan/storage'
import { openKeyStore, openVerifier } from '@auzolan/trust'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { decodeGroupRecord } from '../../packages/peer/src/group/group-record.ts'
import { KeyRing } from '../../packages/peer/src/group/key-ring.ts'
import { GroupLog } from '../../packages/peer/src/log/group-log.ts'
import { inTime } from '../support/noise.ts'
import { type Participant, seededEntropy, until, value } from '../support/participant.ts'
import { connect, cut, reaches, seen, stop, street, threeVotes } from '../support/street.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

/** The keys a device can open, from its disk alone. */
const keysOf = async (person: Participant, group: GroupId) => {
  const store = openMemoryStore(person.disk)
  const record = decodeGroupRecord((await store.get(['groups', group])) ?? new Uint8Array(0))
  const { control } = await GroupLog.open(store, group, await openVerifier())
  const own = await openKeyStore(openMemorySecrets(person.secretsDisk), seededEntropy(1))
  const keys = record && (await own.open(record.device))
  if (!keys) throw new Error('no keys on this disk')
  const ring = new KeyRing(group, keys)
  await ring.update(control)
  return { ring, epochs: control.epochs() }
}

/** What waits for quiet is done until this holds. */
const goOn = (people: readonly Participant[], holds: () => Promise<boolean>): Promise<void> =>
  inTime(
    (async () => {
      while (!(await holds())) {
        for (const person of people) person.quiet()
        await new Promise((resolve) => setImmediate(resolve))
      }
    })(),
  )

describe('the key of a group', () => {
  test('is there from the founding on, is handed to who is let in, and opens again after a start', async () => {
    const { all, group } = await street()
    for (const person of all) await person.stop()
    const held = await Promise.all(all.map((person) => keysOf(person, group)))
    const [first] = held
    expect(first?.epochs).toHaveLength(1)
    expect(new Set(held.map(({ ring }) => ring.current?.id))).toEqual(new Set([first?.epochs[0]?.id]))
    for (const person of all) await person.start()
    await stop(all)
  })

  test('changes once for all when somebody is removed, who cannot open what comes after', async () => {
    const place = await street()
    const { hub, all, group, ids } = place
    const [ada, ben, cleo] = all
    await threeVotes(place)
    const proposal = value(await ada.peer.propose(group, { is: 'remove', person: ids.Ben }))
    for (const person of all) await seen(person, group, ({ proposals }) => proposals.length === 2)
    hub.cut('ada', 'ben')
    hub.cut('ben', 'cleo')
    value(await ada.peer.vote(group, proposal, 'yes'))
    value(await cleo.peer.vote(group, proposal, 'yes'))
    await reaches([ada, cleo], group, 'decided')
    await goOn([ada, cleo], async () => {
      const [left, right] = [await keysOf(ada, group), await keysOf(cleo, group)]
      return left.ring.current !== undefined && left.ring.current.id === right.ring.current?.id
    })
    const [after, before] = [await keysOf(ada, group), await keysOf(ben, group)]
    expect(before.epochs).toHaveLength(1)
    expect(before.ring.get(after.ring.current?.id as never)).toBeUndefined()
    const shown = after.ring.presence(() => false).shown('ben')
    expect(before.ring.all.every(({ keys }) => !shown.some((key) => key.join() === keys.presence().join()))).toBe(true)
    hub.connect('ada', 'ben')
    await inTime(until(ben.peer, { view: 'groups' }, ([row]) => row?.standing === 'removed'))
    expect((await keysOf(ben, group)).ring.all).toHaveLength(1)
    await stop(all)
  })

  test('grows old, is changed by parts that are cut off from each other, and they meet again', async () => {
    const { hub, calendar, all, group } = await street()
    const [ada, ben, cleo] = all
    cut(hub)
    calendar.pass(31)
    // Each of the three makes one of its own.
    for (const person of all) {
      await person.stop()
      await person.start()
      await goOn([person], async () => (await keysOf(person, group)).epochs.length === 2)
    }
    connect(hub)
    const { document } = await inTime(until(ada.peer, { view: 'home', group }))
    value(await ada.peer.sendMessage(group, document, 'Back again'))
    for (const { peer } of [ben, cleo])
      await inTime(until(peer, { view: 'home', group }, ({ messages }) => messages === 1))
    await goOn(all, async () => {
      const held = await Promise.all(all.map((person) => keysOf(person, group)))
      return held.every(({ ring }) => ring.all.length === 4)
    })
    const held = await Promise.all(all.map((person) => keysOf(person, group)))
    expect(new Set(held.map(({ ring }) => ring.current?.id)).size).toBe(1)
    await stop(all)
  })
})
