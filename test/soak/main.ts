import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Street } from './street.ts'

/** Neighbours in the street. */
const PEERS = 5
/** A step of the schedule, in milliseconds: an act, and now and then something that breaks or mends. */
const STEP_MS = 1_000
/** Of so many steps one cuts or stops a road, one mends all, and one starts a peer anew. */
const BREAKS_EVERY = 7
const MENDS_EVERY = 20
const RESTARTS_EVERY = 45
/** Memory is looked at so often, in steps. */
const SAMPLE_EVERY = 10
/** After the last step, everyone has the same within this, in milliseconds: the longest wait between attempts and a silence. */
const SETTLED_WITHIN_MS = 120_000
/** What is said meanwhile is kept, and its index; more than this in one hour is a leak, in MB. */
const MAX_GROWTH_MB = 64

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '60' }, seed: { type: 'string', default: '1' } },
})
const minutes = Number(values.minutes)
const seed = Number(values.seed)
if (!(minutes > 0) || !Number.isInteger(seed)) {
  console.error('npm run soak [-- --minutes 60] [--seed 1]')
  process.exit(2)
}

/** From 0 to below `below`: the same seed breaks the same things in the same order. */
let state = seed >>> 0
const chance = (below: number): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((state / 2 ** 32) * below)
}
const heapMB = (): number => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / 1e6
}
const median = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[values.length >> 1] ?? 0

const folder = await mkdtemp(join(tmpdir(), 'auzolan-soak-'))
const street = new Street(folder, PEERS)
const counted = { said: 0, cut: 0, stopped: 0, restarted: 0 }
const heap: number[] = []

const step = async (n: number): Promise<void> => {
  await street.say(chance(PEERS), `Message ${n}`)
  counted.said += 1
  if (n % BREAKS_EVERY === 0) {
    const road = street.roads[chance(street.roads.length)]
    const isCut = chance(2) === 0
    if (isCut) road?.cut()
    else road?.stop()
    counted[isCut ? 'cut' : 'stopped'] += 1
  }
  if (n % MENDS_EVERY === 0) for (const road of street.roads) road.heal()
  if (n % RESTARTS_EVERY === 0) {
    await street.restart(chance(PEERS))
    counted.restarted += 1
  }
  if (n % SAMPLE_EVERY === 0) {
    heap.push(heapMB())
    if (n % 60 === 0)
      console.log(`${Math.round((n * STEP_MS) / 60_000)} min: heap ${heap.at(-1)?.toFixed(1)} MB`, counted)
  }
}

const isWhole = (digests: readonly string[]): boolean =>
  new Set(digests).size === 1 && digests[0]?.includes(' ') === false

const settle = async (): Promise<{ readonly digests: readonly string[]; readonly ms: number }> => {
  for (const road of street.roads) road.heal()
  const start = Date.now()
  for (;;) {
    const digests = await street.digests(counted.said)
    const ms = Date.now() - start
    if (isWhole(digests) || ms > SETTLED_WITHIN_MS) return { digests, ms }
    await after(STEP_MS)
  }
}

await street.start()
console.log(`${PEERS} peers, ${minutes} minutes, seed ${seed}`)
const end = Date.now() + minutes * 60_000
for (let n = 1; Date.now() < end; n++) {
  await step(n)
  await after(STEP_MS)
}
const { digests, ms } = await settle()
const third = Math.max(1, Math.floor(heap.length / 3))
const growth = median(heap.slice(-third)) - median(heap.slice(0, third))
const isEqual = isWhole(digests)
const isFlat = growth <= MAX_GROWTH_MB * Math.max(1, minutes / 60)
console.log(`Digests ${digests.join(' ')}: ${isEqual ? `equal after ${(ms / 1000).toFixed(0)} s` : 'NOT EQUAL'}`)
console.log(
  `Heap of all five: ${growth.toFixed(1)} MB more in the last third than in the first${isFlat ? '' : ': TOO MUCH'}`,
)
console.log(counted)
await street.stop()
await rm(folder, { recursive: true, force: true })
process.exit(isEqual && isFlat ? 0 : 1)
