import type { DocumentId, GroupId } from '@auzolan/core'
import { MemoryHub } from '@auzolan/network'
import type { Peer } from '@auzolan/peer'
import { afterEach, describe, test, vi } from 'vitest'
import { inTime, Noise, steadySubtle } from '../support/noise.ts'
import { Participant, steppedClock, until, value } from '../support/participant.ts'

// Devices that are busy: disks and WebCrypto answer late and out of turn, each seed in its own way and always the same.
afterEach(() => {
  vi.unstubAllGlobals()
})

const LATE_TURNS = 6
const someSeeds = Array.from({ length: 40 }, (_, at) => at + 1)

interface Street {
  readonly hub: MemoryHub
  readonly ada: Participant
  readonly ben: Participant
  readonly cleo: Participant
  readonly group: GroupId
  readonly initiative: DocumentId
}

/** Ada and Ben are in and linked; Cleo is running, linked with nobody. */
const street = async (seed: number): Promise<Street> => {
  const noise = new Noise(seed, LATE_TURNS)
  vi.stubGlobal('crypto', {
    getRandomValues: crypto.getRandomValues.bind(crypto),
    subtle: noise.around(steadySubtle()),
  })
  const hub = new MemoryHub({ auto: true })
  const clock = steppedClock()
  const [ada, ben, cleo] = ['ada', 'ben', 'cleo'].map(
    (name, at) => new Participant(name, hub, at + 1, clock, undefined, noise),
  ) as [Participant, Participant, Participant]
  for (const person of [ada, ben, cleo]) await person.start()
  hub.cut('ada', 'cleo')
  hub.cut('ben', 'cleo')
  hub.connect('ada', 'ben')
  const group = value(await ada.peer.createGroup({ name: 'Elm Street Garden', myName: 'Ada' }))
  const initiative = value(await ada.peer.startInitiative(group, { title: 'Repair café' }))
  await joined(ben.peer, value(await ada.peer.invite(group, { uses: 5 })).link, group)
  await heard(ben.peer, group, initiative, 0)
  return { hub, ada, ben, cleo, group, initiative }
}

const joined = async (peer: Peer, link: string, group: GroupId): Promise<void> => {
  value(await peer.join(link, { name: 'Neighbour' }))
  await until(peer, { view: 'join', group }, ({ step }) => step === 'done')
}

const heard = async (peer: Peer, group: GroupId, thread: DocumentId, count: number): Promise<void> => {
  await until(peer, { view: 'thread', group, thread }, ({ messages }) => messages.length === count)
}

const everySeed = async (story: (street: Street) => Promise<void>): Promise<void> => {
  for (const seed of someSeeds)
    try {
      await inTime(street(seed).then(story))
    } catch (error) {
      throw new Error(`with seed ${seed}`, { cause: error })
    }
}

describe('on busy devices', () => {
  test('two who hold the same and meet again hear what either says next', () =>
    everySeed(async ({ ada, ben, group, initiative }) => {
      await ben.stop()
      await ben.start()
      await until(ben.peer, { view: 'people', group })
      value(await ada.peer.sendMessage(group, initiative, 'Still here'))
      value(await ben.peer.sendMessage(group, initiative, 'Back again'))
      for (const { peer } of [ada, ben]) await heard(peer, group, initiative, 2)
    }))

  test('whoever is left lets in a newcomer, who gets everything', () =>
    everySeed(async ({ hub, ada, ben, cleo, group, initiative }) => {
      value(await ada.peer.sendMessage(group, initiative, 'Farewell'))
      await heard(ben.peer, group, initiative, 1)
      await ada.stop()
      const { link } = value(await ben.peer.invite(group, { uses: 1 }))
      hub.connect('ben', 'cleo')
      await joined(cleo.peer, link, group)
      await heard(cleo.peer, group, initiative, 1)
    }))

  test('a newcomer to a fork gets what it continues', () =>
    everySeed(async ({ hub, ada, ben, cleo, group, initiative }) => {
      value(await ada.peer.sendMessage(group, initiative, 'From the beginning'))
      await heard(ben.peer, group, initiative, 1)
      const fork = value(await ben.peer.fork(group, { name: 'Elm again', myName: 'Ben' }))
      const { link } = value(await ben.peer.invite(fork, { uses: 1 }))
      hub.connect('ben', 'cleo')
      await joined(cleo.peer, link, fork)
      await heard(cleo.peer, fork, initiative, 1)
      value(await cleo.peer.sendMessage(fork, initiative, 'Hello'))
      await heard(ben.peer, fork, initiative, 2)
    }))

  // A promise that fails and that nobody waits for fails the whole run.
  test('a tab that closes while the other tells it news leaves nothing behind that fails', () =>
    everySeed(async ({ ada, group, initiative }) => {
      const tab = await ada.openTab()
      await until(tab, { view: 'home', group })
      tab.watch({ view: 'home', group }, () => undefined)
      const said = ['one', 'two', 'three'].map((text) => ada.peer.sendMessage(group, initiative, text))
      await Promise.race(said)
      await tab.close()
      for (const each of said) value(await each)
      await heard(ada.peer, group, initiative, 3)
    }))

  test('a device that goes away while others send to it and it to them leaves nothing behind that fails', () =>
    everySeed(async ({ ada, ben, group, initiative }) => {
      const [mine, theirs] = [ada, ben].map(({ peer }) =>
        ['one', 'two', 'three'].map((text) => peer.sendMessage(group, initiative, text)),
      )
      await Promise.race(theirs ?? [])
      ben.quiet()
      await ben.stop()
      for (const each of mine ?? []) value(await each)
      await Promise.all(theirs ?? [])
      await ada.stop()
    }))
})
