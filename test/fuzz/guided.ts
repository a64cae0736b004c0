import type { Coverage, Place } from './coverage.ts'
import { MAX_INPUT } from './corpus.ts'
import { mutate, randomOf } from './mutate.ts'
import type { Target } from './targets.ts'

/** Inputs between two looks at what ran. */
const BATCH = 256
/** Milliseconds one input may take, on the better of two tries. The largest honest one here takes a twentieth. */
const SLOW = 1000
/** Bytes of buffers that may be held after a batch: so many inputs, and what they expand to, leave far less. */
const MOST_HELD = 512 * 1024 * 1024
/** Tries to make one input shorter. */
const SHORTER_TRIES = 40

export interface Finding {
  readonly input: Uint8Array
  readonly what: string
}

export interface Report {
  readonly runs: number
  /** What reaches everything that was reached, in few and short inputs. */
  readonly corpus: readonly Uint8Array[]
  readonly finding?: Finding
}

export interface Hunt {
  readonly target: Target
  readonly coverage: Coverage
  readonly inputs: readonly Uint8Array[]
  readonly seed: number
  /** Milliseconds. */
  readonly duration: number
  /** Told of every input before it is tried, so that one that never ends is known. */
  readonly trying: (input: Uint8Array) => void
}

/** Tries changed inputs, keeps those that reach new blocks, and ends at the first that breaks the target. */
export const hunt = async (plan: Hunt): Promise<Report> => {
  const hunter = new Hunter(plan)
  try {
    await hunter.run()
  } catch (fault) {
    if (!(fault instanceof Broken)) throw fault
    return { runs: hunter.runs, corpus: hunter.pool, finding: fault.finding }
  }
  return { runs: hunter.runs, corpus: hunter.pool }
}

class Broken extends Error {
  readonly finding: Finding
  constructor(finding: Finding) {
    super(finding.what)
    this.finding = finding
  }
}

class Hunter {
  runs = 0
  pool: Uint8Array[] = []
  private readonly plan: Hunt
  private readonly end: number
  private readonly random: (below: number) => number

  constructor(plan: Hunt) {
    this.plan = plan
    this.random = randomOf(plan.seed)
    this.end = performance.now() + plan.duration
  }

  async run(): Promise<void> {
    const { inputs, coverage } = this.plan
    coverage.reset()
    // The shortest first: what they reach needs no longer one.
    for (const input of [...inputs].sort((one, other) => one.length - other.length)) await this.take([input], false)
    while (this.hasTime()) {
      const batch = Array.from({ length: BATCH }, () => mutate(this.pick(), this.pick(), this.random, MAX_INPUT))
      coverage.reset()
      await this.take(batch, true)
      if (process.memoryUsage().arrayBuffers > MOST_HELD)
        throw new Broken({ input: batch[0] as Uint8Array, what: 'a batch that begins with this holds too much memory' })
    }
  }

  private hasTime(): boolean {
    return performance.now() < this.end
  }

  private pick(): Uint8Array {
    return this.pool[this.random(this.pool.length)] ?? new Uint8Array(0)
  }

  /** Keeps the inputs of a batch that reach something new. Looks are slow, so the batch is halved where there is something. */
  private async take(batch: readonly Uint8Array[], shorten: boolean): Promise<void> {
    const { coverage } = this.plan
    for (const input of batch) await this.attempt(input)
    coverage.look()
    const reached = coverage.fresh()
    if (reached.length === 0 || (shorten && !this.hasTime())) return
    const [input] = batch as readonly [Uint8Array]
    if (batch.length === 1) return this.adopt(input, reached, shorten)
    await this.take(batch.slice(0, batch.length >> 1), shorten)
    await this.take(batch.slice(batch.length >> 1), shorten)
  }

  private async adopt(input: Uint8Array, reached: readonly Place[], shorten: boolean): Promise<void> {
    this.plan.coverage.keep()
    // What is not reached again was this program's own doing.
    const wanted = await this.reachedBy(input, reached)
    if (wanted.length > 0) this.pool.push(shorten ? await this.shortened(input, wanted) : input)
  }

  /** Takes pieces out while the same new places are reached. */
  private async shortened(input: Uint8Array, wanted: readonly Place[]): Promise<Uint8Array> {
    let best = input
    let tries = 0
    for (let piece = best.length >> 1; piece > 0; piece >>= 1) {
      for (let at = 0; at < best.length && tries < SHORTER_TRIES && this.hasTime(); tries++) {
        const without = Uint8Array.from([...best.subarray(0, at), ...best.subarray(at + piece)])
        if ((await this.reachedBy(without, wanted)).length === wanted.length) best = without
        else at += piece
      }
    }
    return best
  }

  private async reachedBy(input: Uint8Array, wanted: readonly Place[]): Promise<readonly Place[]> {
    await this.attempt(input)
    this.plan.coverage.look()
    return this.plan.coverage.among(wanted)
  }

  private async attempt(input: Uint8Array): Promise<void> {
    const took = await this.time(input)
    if (took > SLOW && (await this.time(input)) > SLOW) throw new Broken({ input, what: `takes ${took.toFixed(0)} ms` })
  }

  private async time(input: Uint8Array): Promise<number> {
    const start = performance.now()
    this.runs++
    this.plan.trying(input)
    try {
      await this.plan.target.run(input)
    } catch (fault) {
      throw new Broken({ input, what: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault) })
    }
    return performance.now() - start
  }
}
