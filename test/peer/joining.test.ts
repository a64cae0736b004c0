import type { GroupId } from '@auzolan/core'
import { MemoryHub } from '@auzolan/network'
import type { Peer } from '@auzolan/peer'
import { openMemoryStore } from '@auzolan/storage'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { inTime, Noise, steadySubtle } from '../support/noise.ts'
import { Participant, steppedClock, until, value } from '../support/participant.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

/** People in one place, none of them linked, on devices that are late by the seed. */
const people = async (names: readonly string[], seed = 0) => {
  const noise = new Noise(seed, seed === 0 ? 0 : 6)
  vi.stubGlobal('crypto', {
    getRandomValues: crypto.getRandomValues.bind(crypto),
    subtle: noise.around(steadySubtle()),
  })
  const hub = new MemoryHub({ auto: true })
  const clock = steppedClock()
  const all = names.map((name, at) => new Participant(name, hub, at + 1, clock, undefined, noise))
  for (const person of all) await person.start()
  for (const one of names) for (const other of names) if (one < other) hub.cut(one, other)
  return { hub, all: all as [Participant, Participant, Participant] }
}

const done = (peer: Peer, group: GroupId) => until(peer, { view: 'join', group }, ({ step }) => step === 'done')

/** Ben on his way into a group whose talk takes a while to come, not yet linked with Cleo, who was let in when all was said. */
const onTheWay = async () => {
  const {
    hub,
    all: [ada, ben, cleo],
  } = await people(['ada', 'ben', 'cleo'])
  const group = value(await ada.peer.createGroup({ name: 'Elm Street', myName: 'Ada' }))
  const initiative = value(await ada.peer.startInitiative(group, { title: 'Repair café' }))
  for (let entry = 0; entry < 200; entry++)
    value(await ada.peer.sendMessage(group, initiative, `${entry} ${'x'.repeat(3_900)}`))
  hub.connect('ada', 'cleo')
  value(await cleo.peer.join(value(await ada.peer.invite(group, { uses: 1 })).link, { name: 'Cleo' }))
  await inTime(done(cleo.peer, group))
  value(await ben.peer.join(value(await cleo.peer.invite(group, { uses: 1 })).link, { name: 'Ben' }))
  return { hub, ben, group, initiative }
}

describe('joining', () => {
  test('is done though the power failed just after this device was let in', async () => {
    const {
      hub,
      all: [ada, ben],
    } = await people(['ada', 'ben'])
    const group = value(await ada.peer.createGroup({ name: 'Elm Street', myName: 'Ada' }))
    value(await ben.peer.join(value(await ada.peer.invite(group, { uses: 1 })).link, { name: 'Ben' }))
    const disk = openMemoryStore(ben.disk)
    const asked = await disk.range({ prefix: ['groups'] })
    expect(asked).toHaveLength(1)
    hub.connect('ada', 'ben')
    await inTime(done(ben.peer, group))
    await ben.stop()
    await ada.stop()
    for (const { key, value: record } of asked)
      await disk.write([{ do: 'put', key, value: record }], { durability: 'strict' })
    await ben.start()
    await inTime(done(ben.peer, group))
    value(await ben.peer.startInitiative(group, { title: 'Repair café' }))
  })

  test('says how much of the group is here while it comes', async () => {
    const { hub, ben, group } = await onTheWay()
    const shares: number[] = []
    ben.peer.watch({ view: 'join', group }, (join) => {
      if (join.step === 'getting') shares.push(join.have / join.of)
    })
    hub.connect('ben', 'cleo')
    await inTime(done(ben.peer, group))
    expect(shares.some((share) => share > 0 && share < 1)).toBe(true)
    expect(shares).toEqual(shares.toSorted((one, other) => one - other))
  })

  test('what has come of a group can be read before the rest is here, and is written in after', async () => {
    const { hub, ben, group, initiative } = await onTheWay()
    const looking = new Promise<unknown[]>((resolve) => {
      ben.peer.watch({ view: 'join', group }, (join) => {
        if (join.step !== 'getting' || join.have === 0) return
        const home = until(ben.peer, { view: 'home', group }, ({ initiatives }) => initiatives.length === 1)
        const status = until(ben.peer, { view: 'status', group })
        const written = ben.peer.sendMessage(group, initiative, 'Am I in?')
        resolve(Promise.all([home, status, written]))
      })
    })
    hub.connect('ben', 'cleo')
    expect(await inTime(looking)).toMatchObject([
      { initiatives: [{ title: 'Repair café' }] },
      { state: { is: 'getting' } },
      { ok: false, error: { type: 'joining' } },
    ])
    await inTime(done(ben.peer, group))
    value(await ben.peer.sendMessage(group, initiative, 'I am in'))
  })

  test('says what was written ahead once this device is in, once, also after a restart and with two tabs', async () => {
    const {
      hub,
      all: [ada, ben],
    } = await people(['ada', 'ben'])
    const group = value(await ada.peer.createGroup({ name: 'Elm Street', myName: 'Ada' }))
    const { document } = await until(ada.peer, { view: 'home', group })
    value(await ben.peer.join(value(await ada.peer.invite(group, { uses: 1 })).link, { name: 'Ben' }))
    const ahead = { view: 'ahead', group } as const
    expect(await ben.peer.writeAhead(group, 'x'.repeat(100_000))).toMatchObject({ error: { type: 'too long' } })
    value(await ben.peer.writeAhead(group, 'Something else'))
    value(await ben.peer.writeAhead(group, ''))
    expect(await inTime(until(ben.peer, ahead))).toBe('')
    value(await ben.peer.writeAhead(group, '  I have a ladder. '))
    await ben.stop()
    await ben.start()
    expect(await inTime(until(ben.peer, ahead))).toBe('I have a ladder.')
    await ben.openTab()
    hub.connect('ada', 'ben')
    const talk = { view: 'thread', group, thread: document } as const
    for (const person of [ada, ben]) {
      const { messages } = await inTime(until(person.peer, talk, (view) => view.messages.length > 0))
      expect(messages.map(({ text, by }) => [text, by.name])).toEqual([['I have a ladder.', 'Ben']])
    }
    await inTime(until(ben.peer, ahead, (text) => text === ''))
    expect(await ben.peer.writeAhead(group, 'Too late')).toMatchObject({ error: { type: 'no such thing' } })
    value(await ben.peer.sendMessage(group, document, 'And a saw.'))
    const { messages } = await inTime(until(ada.peer, talk, (view) => view.messages.length > 1))
    expect(messages.map(({ text }) => text)).toEqual(['I have a ladder.', 'And a saw.'])
    for (const person of [ada, ben]) await person.stop()
  })

  test('again after leaving works while somebody looks at the list of groups', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const {
        hub,
        all: [ada, ben],
      } = await people(['ada', 'ben'], seed)
      hub.connect('ada', 'ben')
      const group = value(await ada.peer.createGroup({ name: 'Elm Street', myName: 'Ada' }))
      value(await ben.peer.join(value(await ada.peer.invite(group, { uses: 1 })).link, { name: 'Ben' }))
      await inTime(done(ben.peer, group))
      ben.peer.watch({ view: 'groups' }, () => undefined)
      value(await ben.peer.leave(group))
      await inTime(until(ada.peer, { view: 'people', group }, (view) => view.people.some(({ left }) => left)))
      value(await ben.peer.join(value(await ada.peer.invite(group, { uses: 1 })).link, { name: 'Ben' }))
      await inTime(until(ben.peer, { view: 'groups' }, ([row]) => row?.standing === 'member'))
      // Also when this device's own record of it is damaged, it is the second time that counts.
      await ben.stop()
      await openMemoryStore(ben.disk).write([{ do: 'put', key: ['groups', group], value: Uint8Array.of(1, 2, 3) }], {
        durability: 'strict',
      })
      await ben.start()
      await inTime(until(ben.peer, { view: 'groups' }, ([row]) => row?.standing === 'member'))
      for (const person of [ada, ben]) await person.stop()
    }
  })

  test('a fork of a group with many devices takes one link', async () => {
    const names = Array.from({ length: 10 }, (_, at) => `p${at}`)
    const { hub, all } = await people([...names, 'zoe'], 3)
    const [first, ...others] = all as Participant[]
    const group = value(await first!.peer.createGroup({ name: 'Elm Street', myName: 'p0' }))
    const initiative = value(await first!.peer.startInitiative(group, { title: 'Repair café' }))
    const { link } = value(await first!.peer.invite(group, { uses: 20 }))
    for (const { name, peer } of others.slice(0, -1)) {
      hub.connect('p0', name)
      value(await peer.join(link, { name }))
      await inTime(done(peer, group))
      value(await peer.sendMessage(group, initiative, `${name} is here`))
    }
    const said = { view: 'thread', group, thread: initiative } as const
    await inTime(until(first!.peer, said, ({ messages }) => messages.length === 9))
    const fork = value(await first!.peer.fork(group, { name: 'Elm again', myName: 'p0' }))
    const zoe = all.at(-1) as Participant
    const linked: number[] = []
    hub.network('zoe').onState(({ peers }) => linked.push(peers.length))
    hub.connect('p0', 'zoe')
    value(await zoe.peer.join(value(await first!.peer.invite(fork, { uses: 1 })).link, { name: 'Zoe' }))
    await inTime(until(zoe.peer, { ...said, group: fork }, ({ messages }) => messages.length === 9))
    expect(new Set(linked)).toEqual(new Set([1]))
    for (const person of all) await person.stop()
  })
})
