import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { Browsers } from './browser.ts'
import { corpus, corpusSize, jsonBytes } from './corpus.ts'
import { withReplicas } from './process.ts'
import { linesOf, type Measured, tableOf } from './report.ts'
import type { SeedFolders } from './subject.ts'
import { type Entrant, loadSubjects, ours } from './subjects.ts'
import type { Context, Workload } from './workload.ts'
import { appWorkloads } from './workloads/app.ts'
import { browserWorkloads } from './workloads/browser.ts'
import { documentWorkloads } from './workloads/document.ts'
import { familyWorkloads } from './workloads/family.ts'
import { networkWorkloads } from './workloads/network.ts'
import { reachingWorkloads } from './workloads/reaching.ts'
import { trustWorkloads } from './workloads/trust.ts'

/** Repetitions of everything: enough for a median, few enough for ten minutes on two cores. */
const usualRepetitions = 3
/** A subject that took longer for one run is not asked again: what is far off needs no median. In milliseconds. */
const longRun = 12_000

const workloads: readonly Workload[] = [
  ...appWorkloads,
  ...browserWorkloads,
  ...networkWorkloads,
  ...reachingWorkloads,
  ...documentWorkloads,
  ...trustWorkloads,
  ...familyWorkloads,
].sort((one, other) => one.id.localeCompare(other.id, 'en', { numeric: true }))

const subjects = await loadSubjects()

const usage = `npm run bench                       everything, ${usualRepetitions} repetitions
npm run bench -- W4 W8              only these workloads (${workloads.map(({ id }) => id).join(', ')})
npm run bench -- --repetitions 7    more of them
npm run bench -- --only Yjs         one subject (${subjects.map(({ name }) => name).join(', ')}); may be given again`

const parseArguments = (args: readonly string[]) => {
  const wanted: string[] = []
  const only: string[] = []
  let repetitions = usualRepetitions
  for (let n = 0; n < args.length; n++) {
    const arg = args[n] ?? ''
    if (arg === '--repetitions') repetitions = Number(args[++n])
    else if (arg === '--only') only.push(args[++n] ?? '')
    else wanted.push(arg)
  }
  const chosen = workloads.filter(
    ({ id }) => wanted.length === 0 || wanted.some((name) => new RegExp(`^${name}[a-z]?( .*)?$`).test(id)),
  )
  const fault = !Number.isInteger(repetitions) || repetitions < 1 || chosen.length === 0 || wanted.includes('--help')
  if (fault) {
    console.log(usage)
    process.exit(wanted.includes('--help') ? 0 : 2)
  }
  return { chosen, repetitions, taking: subjects.filter(({ name }) => only.length === 0 || only.includes(name)) }
}

const here = import.meta.dirname
const scratch = join(here, 'run')
const { chosen, repetitions, taking } = parseArguments(process.argv.slice(2))

/** Seeds are kept as long as the programs that made them are the same. */
const programs = readdirSync(here, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.mjs'))
  .sort()
const version = programs
  .reduce((hash, name) => hash.update(readFileSync(join(here, name))), createHash('sha256'))
  .digest('hex')
  .slice(0, 16)
const seeds = join(here, '../bench-seeds', version)
const folderOf = (file: string) => join(seeds, file)
const seedFolders = (base: string): SeedFolders => ({
  host: join(base, 'host'),
  member: join(base, 'member'),
  newcomer: join(base, 'newcomer'),
})

const seeded = new Map<string, Promise<void>>()
const seed = (subject: Entrant): Promise<void> => {
  const known = seeded.get(subject.file)
  if (known) return known
  const seeding = withReplicas(subject.file, async (start) => {
    const ready = join(folderOf(subject.file), 'ready')
    if (existsSync(ready)) return
    await rm(folderOf(subject.file), { recursive: true, force: true })
    const folders = seedFolders(folderOf(subject.file))
    for (const folder of Object.values(folders)) await mkdir(folder as string, { recursive: true })
    if (subject.node) await start().ask({ do: 'seed', folders })
    await writeFile(ready, '')
  })
  seeded.set(subject.file, seeding)
  return seeding
}

let copies = 0
await rm(scratch, { recursive: true, force: true })
for (const old of existsSync(dirname(seeds)) ? readdirSync(dirname(seeds)) : [])
  if (old !== version) await rm(join(dirname(seeds), old), { recursive: true, force: true })
const browsers = await Browsers.open({
  pages: join(here, 'pages'),
  folder: join(scratch, 'profiles'),
  executable: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  seedOf: (file) => join(seedFolders(folderOf(file)).host, 'seed.bin'),
})

const context: Context = {
  json: jsonBytes(corpus()),
  folders: async (subject) => {
    await seed(subject)
    const copy = join(scratch, 'copies', String(copies++))
    await cp(folderOf(subject.file), copy, { recursive: true })
    return seedFolders(copy)
  },
  inPage: async (subject, work) => {
    await seed(subject)
    return browsers.inPage(subject.file, work)
  },
}

/** Everyone once, then everyone again, beginning with another each time: what drifts drifts for all. */
const measure = async (workload: Workload): Promise<Measured> => {
  const takers = taking.filter((subject) => workload.takes(subject))
  const runs: Record<string, Record<string, number>[]> = {}
  const faults: Record<string, string> = {}
  const settled = new Set<string>()
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (let turn = 0; turn < takers.length; turn++) {
      const subject = takers[(turn + repetition) % takers.length]
      if (!subject || settled.has(subject.name)) continue
      const start = Date.now()
      try {
        const figures = await workload.run(subject, context)
        ;(runs[subject.name] ??= []).push({ ...figures })
        if (subject.name !== ours && Date.now() - start > longRun) settled.add(subject.name)
      } catch (fault) {
        faults[subject.name] = fault instanceof Error ? fault.message : String(fault)
        settled.add(subject.name)
      }
    }
  }
  return { workload, runs, faults }
}

const begun = Date.now()
const results: Measured[] = []
console.log(
  `${corpusSize.toLocaleString('en')} initiatives, ${(context.json / corpusSize / 1000).toFixed(2)} kB of JSON each; ${repetitions} repetitions`,
)
if (!subjects.some(({ name }) => name === ours)) console.log(`${ours} takes no part: there is no subjects/auzolan.ts`)
try {
  for (const workload of chosen) {
    process.stdout.write(`${workload.id} ${workload.title} … `)
    const start = Date.now()
    const measured = await measure(workload)
    results.push(measured)
    console.log(`${((Date.now() - start) / 1000).toFixed(0)} s`)
    for (const [name, fault] of Object.entries(measured.faults)) console.log(`  ${name}: ${fault}`)
  }
} finally {
  browsers.close()
  await rm(scratch, { recursive: true, force: true })
}

const lines = results.flatMap(linesOf)
console.log(
  `\n${tableOf(
    lines,
    taking.map(({ name }) => name),
  )}\n`,
)
for (const { name, settings } of taking) console.log(`${name}: ${settings}`)
console.log(
  `Medians; in brackets: ours as a multiple of that peer's, paired by repetition. ${Math.round((Date.now() - begun) / 1000)} s.`,
)

const output = join(here, '../../dist/bench')
await mkdir(output, { recursive: true })
const record = {
  at: new Date(begun).toISOString(),
  node: process.version,
  processors: cpus().map(({ model }) => model),
  repetitions,
  subjects: taking.map(({ name, settings }) => ({ name, settings })),
  lines,
  runs: results.map(({ workload, runs, faults }) => ({ workload: workload.id, runs, faults })),
}
const name = chosen.length === workloads.length ? 'all' : chosen.map(({ id }) => id.replace(/\W+/g, '-')).join('_')
await writeFile(join(output, `${name}.json`), `${JSON.stringify(record, null, 2)}\n`)
console.log(`Written to dist/bench/${name}.json`)
process.exit(0)
