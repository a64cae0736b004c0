import { expect, test } from 'vitest'
import { ManualTimers, settled } from './testing/manual-timers.ts'
import { Wanted } from './wanted.ts'

const setup = (random = () => 1 - Number.EPSILON) => {
  const timers = new ManualTimers()
  const dials: [peer: string, at: number][] = []
  const reached = new Map<string, 'direct' | 'relayed'>()
  const wanted = new Wanted({
    timers,
    random,
    reached: (peer) => reached.get(peer) ?? 'no',
    dial: async (peer) => void dials.push([peer, Math.round(timers.now() / 1000)]),
  })
  wanted.start()
  return { timers, dials, reached, wanted, times: () => dials.map(([, at]) => at) }
}

test('waits twice as long after each failure, up to a minute', async () => {
  const { timers, wanted, times } = setup()
  wanted.set(['a'])
  await timers.pass(240_000)
  expect(times()).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183])
})

test('jitter halves the wait at most', async () => {
  const { timers, wanted, times } = setup(() => 0)
  wanted.set(['a'])
  await timers.pass(20_000)
  expect(times()).toEqual([0, 1, 2, 4, 8, 16])
})

test('leaves alone whoever is reached directly, and tries again when the link is lost', async () => {
  const { timers, wanted, reached, times } = setup()
  reached.set('a', 'direct')
  wanted.set(['a'])
  await timers.pass(100_000)
  expect(times()).toEqual([])
  reached.delete('a')
  wanted.lost('a')
  await timers.pass(1_000)
  expect(times()).toEqual([101])
})

test('goes on looking for a direct way to whoever is reached through a relay', async () => {
  const { timers, wanted, reached, times } = setup()
  reached.set('a', 'relayed')
  wanted.set(['a'])
  await timers.pass(5_000)
  expect(times()).toEqual([0, 1, 3])
})

test('tries everyone at once when the network may be back, and nobody who is wanted no more', async () => {
  const { timers, wanted, dials } = setup()
  wanted.set(['a', 'b'])
  await timers.pass(100_000)
  dials.length = 0
  wanted.set(['b'])
  await timers.pass(0)
  expect(dials).toEqual([['b', 100]])
  dials.length = 0
  wanted.now()
  await timers.pass(0)
  expect(dials).toEqual([['b', 100]])
  wanted.stop()
  dials.length = 0
  await timers.pass(1_000_000)
  await settled()
  expect(dials).toEqual([])
})

test('whoever did not move waits on, however often somebody else does', async () => {
  const { timers, wanted, dials } = setup()
  wanted.set(['a'])
  await timers.pass(2_000)
  for (let second = 2; second < 7; second++) {
    wanted.set(['a', 'b'], new Set(['b']))
    await timers.pass(1_000)
  }
  expect(dials.filter(([peer]) => peer === 'a').map(([, at]) => at)).toEqual([0, 1, 3, 7])
  expect(dials.filter(([peer]) => peer === 'b').length).toBeGreaterThanOrEqual(5)
})
