import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { initialiseEngine } from '../../packages/peer/src/documents/engine.ts'
import { Noise, steadySubtle } from '../support/noise.ts'
import type { Participant } from '../support/participant.ts'
import type { Step } from './world.ts'
import { World } from './world.ts'

beforeAll(() => initialiseEngine('embedded'))
afterAll(() => {
  vi.unstubAllGlobals()
})

const who = fc.nat(7)
/** Mostly the group itself. */
const where = fc.constantFrom(0, 0, 0, 1, 2)
const text = fc.constantFrom('Fixers', 'Bring tools.', 'At noon', 'Cake', 'Who has a soldering iron?')
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('title' as const, 'plan' as const, 'action' as const, 'message' as const, 'rename' as const),
      who,
      where,
      text,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('take' as const, 'giveBack' as const, 'withdraw' as const),
      who,
      where,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('tab' as const, 'quiet' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('fork' as const, 'leave' as const), who, where }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('crash' as const, 'restart' as const), who }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('fault' as const),
      who,
      fault: fc.constantFrom('quota' as const, 'killed' as const, 'killed-unacknowledged' as const),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('cut' as const, 'heal' as const), who, other: who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('join' as const, 'cancel' as const), who, other: who }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('exchange' as const), frames: fc.integer({ min: 1, max: 30 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('hostile' as const),
      how: fc.constantFrom('flip' as const, 'cut off' as const, 'replay' as const, 'noise' as const),
      frames: fc.integer({ min: 1, max: 4 }),
      at: fc.nat(400),
    }),
  },
)

interface Holder {
  readonly person: Participant
  readonly view: unknown
  readonly frontier: unknown
  readonly me: unknown
  readonly members: ReadonlySet<unknown>
}

/** Whatever happened, everyone ends with the same of the group and of every fork, and with the same as from scratch. */
const live = async (size: number, seed: number, steps: readonly Step[]): Promise<void> => {
  // One seed gives one run: WebCrypto without its threads, and disks that are late by the seed. A third of all worlds is on time.
  const noise = new Noise(seed, seed % 3)
  vi.stubGlobal('crypto', {
    getRandomValues: crypto.getRandomValues.bind(crypto),
    subtle: noise.around(steadySubtle()),
  })
  const world = await World.create(size, seed, noise)
  for (const step of steps) await world.take(step)
  await world.reunite()
  for (const group of world.groups) {
    const holders: Holder[] = []
    for (const person of world.people) {
      const view = await world.shared(person, group)
      if (view === undefined) continue
      const { me, members } = await world.membership(person, group)
      holders.push({ person, view, me, members, frontier: await world.frontier(person, group) })
    }
    // Whose admission fell with a cancelled invitation gets nothing any more, and so does not hear of that.
    const views = holders.filter(({ me }) => holders.every(({ members }) => members.has(me)))
    expect(views.length > 0 || holders.length === 0).toBe(true)
    const [first] = views
    for (const { view, frontier } of views) {
      expect(frontier).toEqual(first?.frontier)
      expect(view).toEqual(first?.view)
    }
    for (const { person, view } of views.slice(0, 2)) {
      await person.stop()
      await world.dropCaches(person, group)
      await person.start()
      await world.settle()
      expect(await world.shared(person, group)).toEqual(view)
    }
  }
  for (const person of world.people) await person.stop()
}

/** More for a night's run. */
const RUNS = Number(process.env['SIMULATION_RUNS'] ?? 90)

describe('several people over a network that fails', () => {
  test('whatever was cut, crashed or forged, everyone ends with the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 3, max: 8 }), fc.nat(1000), fc.array(anyStep, { maxLength: 25 }), live),
      { numRuns: RUNS, endOnFailure: true, interruptAfterTimeLimit: 500_000 },
    )
  }, 600_000)

  // Schedules that once failed.
  test.each<readonly [string, number, number, readonly Step[]]>([
    ['a title written just before a restart is in the list', 5, 251, [{ do: 'title', who: 5, text: 'Fixers' }]],
    [
      'a full disk stops nobody from closing',
      5,
      916,
      [
        { do: 'action', who: 1, text: 'Bring tools.' },
        { do: 'fault', who: 2, fault: 'quota' },
        { do: 'action', who: 0, text: 'Cake' },
        { do: 'restart', who: 2 },
      ],
    ],
    [
      'who is killed while writing comes back with what was written',
      3,
      69,
      [
        { do: 'cancel', who: 4, other: 5 },
        { do: 'join', who: 6, other: 2 },
        { do: 'fault', who: 6, fault: 'killed-unacknowledged' },
        { do: 'message', who: 6, text: 'Cake' },
      ],
    ],
    [
      'an admission that was undone elsewhere holds up nobody else',
      3,
      9,
      [
        { do: 'exchange', frames: 12 },
        { do: 'crash', who: 6 },
        { do: 'cut', who: 0, other: 3 },
        { do: 'exchange', frames: 22 },
        { do: 'take', who: 3, where: 1 },
        { do: 'join', who: 6, other: 4 },
        { do: 'exchange', frames: 5 },
        { do: 'join', who: 5, other: 4 },
        { do: 'cancel', who: 7, other: 5 },
        { do: 'withdraw', who: 4, where: 0 },
      ],
    ],
  ])('%s', async (_, size, seed, steps) => live(size, seed, steps))
})
