import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { MAX_INPUT, readCorpus, writeCorpus } from './corpus.ts'
import { Coverage } from './coverage.ts'
import { hunt, type Report } from './guided.ts'
import { targets } from './targets.ts'

/** Seconds a target takes where nothing else is said. */
const USUAL_SECONDS = 30
/** Milliseconds without an answer after which an input is taken to never end. */
const NEVER_ENDS = 20_000
/** Megabytes of a target's own heap. */
const MOST_HEAP = 512

interface Job {
  readonly name: string
  readonly seconds: number
  readonly seed: number
  readonly corpus: string
  /** The number of inputs begun, the length of the one that is being tried, and then its bytes. */
  readonly shared: SharedArrayBuffer
}

const usage = `npm run fuzz                      every target, ${USUAL_SECONDS} s each
npm run fuzz -- cbor run          only these (${targets.map(({ name }) => name).join(', ')})
npm run fuzz -- --seconds 600     longer
npm run fuzz -- --seed 7          other random numbers
npm run fuzz -- cbor --input FILE one input, as it was found`

const work = async ({ name, seconds, seed, corpus, shared }: Job): Promise<void> => {
  const target = targets.find((one) => one.name === name)
  if (!target) throw new Error(`no target ${name}`)
  const place = new Int32Array(shared, 0, 2)
  const bytes = new Uint8Array(shared, 8)
  const report = await hunt({
    target,
    coverage: new Coverage(new URL('.', import.meta.url).href),
    inputs: [...(await target.seeds()), ...readCorpus(corpus, name)],
    seed,
    duration: 1000 * seconds,
    trying: (input) => {
      bytes.set(input)
      place[1] = input.length
      Atomics.add(place, 0, 1)
    },
  })
  parentPort?.postMessage(report)
}

/** One target on a thread of its own, so that what never ends or takes too much memory is found too. */
const watch = (job: Job): Promise<Report> =>
  new Promise((resolve) => {
    const worker = new Worker(fileURLToPath(import.meta.url), {
      workerData: job,
      resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP },
    })
    const place = new Int32Array(job.shared, 0, 2)
    let before = -1
    const end = (report: Report): void => {
      clearInterval(timer)
      void worker.terminate()
      resolve(report)
    }
    const found = (what: string): void => {
      const input = new Uint8Array(job.shared, 8, place[1]).slice()
      end({ runs: place[0] as number, corpus: [], finding: { input, what } })
    }
    const timer = setInterval(() => {
      if (place[0] === before) found(`nothing came of it in ${NEVER_ENDS} ms`)
      before = place[0] as number
    }, NEVER_ENDS)
    worker.once('message', end)
    worker.once('error', (fault) => found(fault.stack ?? fault.message))
  })

const option = (args: string[], name: string): string | undefined => {
  const at = args.indexOf(name)
  return at < 0 ? undefined : args.splice(at, 2)[1]
}

const main = async (root: string): Promise<number> => {
  const args = process.argv.slice(2)
  const seconds = Number(option(args, '--seconds') ?? USUAL_SECONDS)
  const seed = Number(option(args, '--seed') ?? Date.now() % 1_000_000)
  const file = option(args, '--input')
  const chosen = targets.filter(({ name }) => args.length === 0 || args.includes(name))
  if (chosen.length < args.length || !(seconds > 0) || (file !== undefined && chosen.length !== 1)) {
    console.log(usage)
    return 2
  }
  if (file !== undefined) {
    await chosen[0]?.run(Uint8Array.from(readFileSync(file)))
    console.log('nothing wrong with it')
    return 0
  }
  const corpus = join(root, 'test/fuzz/corpus')
  const foundIn = join(root, '.cache/fuzz-found')
  let faults = 0
  for (const { name } of chosen) {
    const shared = new SharedArrayBuffer(8 + MAX_INPUT)
    const { runs, corpus: kept, finding } = await watch({ name, seconds, seed, corpus, shared })
    console.log(
      `${name}: ${runs} runs, seed ${seed}, ${kept.length} inputs kept${finding ? ', and one that breaks it' : ''}`,
    )
    if (!finding) writeCorpus(corpus, name, kept)
    else {
      faults++
      mkdirSync(foundIn, { recursive: true })
      const saved = join(foundIn, `${name}-${seed}`)
      writeFileSync(saved, finding.input)
      console.log(`${finding.what}\nAgain: npm run fuzz -- ${name} --input ${saved}`)
    }
  }
  return faults === 0 ? 0 : 1
}

if (isMainThread) process.exit(await main(process.cwd()))
else await work(workerData as Job)
