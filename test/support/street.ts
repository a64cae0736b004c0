import type { Clock, DecisionsView, DecisionView, GroupId, Instant, MemberId } from '@auzolan/core'
import { MemoryHub } from '@auzolan/network'
import { vi } from 'vitest'
import { inTime, Noise, steadySubtle } from './noise.ts'
import { Participant, until, value } from './participant.ts'

const DAY = 24 * 60 * 60 * 1000

/** A clock that goes on by a second each time it is asked, and can be told that days have passed. */
export class Calendar implements Clock {
  #now = Date.UTC(2026, 10, 22)
  readonly now = () => (this.#now += 1000) as Instant
  pass(days: number): void {
    this.#now += days * DAY
  }
}

export interface Street {
  readonly hub: MemoryHub
  readonly calendar: Calendar
  readonly all: readonly [Participant, Participant, Participant]
  readonly group: GroupId
  readonly ids: Readonly<Record<'Ada' | 'Ben' | 'Cleo', MemberId>>
}

/** Ada founded the group; Ben and Cleo are in and linked with everybody. Ada alone has a vote. */
export const street = async (): Promise<Street> => {
  vi.stubGlobal('crypto', {
    getRandomValues: crypto.getRandomValues.bind(crypto),
    subtle: new Noise(0, 0).around(steadySubtle()),
  })
  const hub = new MemoryHub({ auto: true })
  const calendar = new Calendar()
  const all = ['ada', 'ben', 'cleo'].map((name, at) => new Participant(name, hub, at + 1, calendar)) as [
    Participant,
    Participant,
    Participant,
  ]
  for (const person of all) await person.start()
  connect(hub)
  const [ada, ben, cleo] = all
  const group = value(await ada.peer.createGroup({ name: 'Elm Street', myName: 'Ada' }))
  const { link } = value(await ada.peer.invite(group, { uses: 2 }))
  value(await ben.peer.join(link, { name: 'Ben' }))
  await inTime(until(ben.peer, { view: 'join', group }, ({ step }) => step === 'done'))
  value(await cleo.peer.join(link, { name: 'Cleo' }))
  for (const { peer } of all) await inTime(until(peer, { view: 'people', group }, ({ people }) => people.length === 3))
  const { people } = await until(ada.peer, { view: 'people', group })
  const ids = Object.fromEntries(people.map(({ id, name }) => [name, id])) as Street['ids']
  return { hub, calendar, all, group, ids }
}

const names = ['ada', 'ben', 'cleo']
const pairs = names.flatMap((one) => names.filter((other) => one < other).map((other) => [one, other] as const))
export const connect = (hub: MemoryHub): void => {
  for (const [one, other] of pairs) hub.connect(one, other)
}
export const cut = (hub: MemoryHub): void => {
  for (const [one, other] of pairs) hub.cut(one, other)
}

export const seen = (
  person: Participant,
  group: GroupId,
  enough: (view: DecisionsView) => boolean,
): Promise<DecisionsView> => inTime(until(person.peer, { view: 'decisions', group }, enough))
export const newest = ({ proposals: [first] }: DecisionsView): DecisionView | undefined => first

/** What waits for quiet is done, person by person, until the newest proposal is in this phase for each of them. */
export const reaches = async (
  people: readonly Participant[],
  group: GroupId,
  phase: DecisionView['phase'],
): Promise<void> => {
  for (const person of people) {
    let has = false
    while (!has) {
      for (const each of people) each.quiet()
      const view = await seen(person, group, () => true)
      has = newest(view)?.phase === phase
      if (!has) await inTime(new Promise((resolve) => setImmediate(resolve)))
    }
  }
}

/** Ada gives both others a vote, which she can do alone. */
export const threeVotes = async ({ all, group, ids }: Street): Promise<void> => {
  const [ada] = all
  const proposal = value(await ada.peer.propose(group, { is: 'votes', give: [ids.Ben, ids.Cleo], take: [] }))
  value(await ada.peer.vote(group, proposal, 'yes'))
  await reaches(all, group, 'confirmed')
}

export const stop = async (people: readonly Participant[]): Promise<void> => {
  for (const person of people) if (person.running) await person.stop()
}
