import { gzipSync } from 'node:zlib'
import { join } from 'node:path'
import { build } from 'vite'
import { withReplicas } from '../process.ts'
import type { TrustWork } from '../subject.ts'
import type { Metric, Workload } from '../workload.ts'

const least = (name: string, unit: string, value: number): Metric => ({
  name,
  unit,
  better: 'lower',
  target: { value },
})

const figures =
  (what: TrustWork, size: number): Workload['run'] =>
  (subject) =>
    withReplicas(subject.file, (start) => start().ask({ do: 'trust', what, size }))

const ours: Workload['takes'] = (subject) => subject.trust !== undefined

const few = 5_000
const many = 50_000

const reduce: Workload = {
  id: 'T1',
  title: `${few.toLocaleString('en')} control entries of a group of 50, verified and reduced`,
  takes: ours,
  metrics: {
    ms: least('time', 'ms', 600),
    gain: { name: 'times as fast as each in JavaScript', unit: '×', better: 'higher', target: { value: 8 } },
  },
  run: figures('control', few),
}

/** Linear is ten times as long for ten times as many; the rest is room for what the collector does. */
const LINEAR = 13

const growth: Workload = {
  id: 'T2',
  title: `${many.toLocaleString('en')} control entries beside ${few.toLocaleString('en')}`,
  takes: ours,
  metrics: { ms: { ...least('time', 'ms', 0), target: { none: true } }, growth: least('times as long', '×', LINEAR) },
  run: (subject) =>
    withReplicas(subject.file, async (start) => {
      const small = await start().ask({ do: 'trust', what: 'control', size: few })
      const large = await start().ask({ do: 'trust', what: 'control', size: many })
      return { ms: Number(large.ms), growth: Number(large.ms) / Number(small.ms) }
    }),
}

const run: Workload = {
  id: 'T3',
  title: 'a feed of 10,000 entries checked',
  takes: ours,
  metrics: {
    ms: { ...least('time', 'ms', 0), target: { none: true } },
    signatures: least('signatures, of what each would cost', '%', 1),
  },
  run: figures('run', 10_000),
}

const rotate: Workload = {
  id: 'T4',
  title: 'a new key for 200 devices',
  takes: ours,
  metrics: { ms: least('time', 'ms', 400) },
  run: figures('rotate', 200),
}

const size: Workload = {
  id: 'T5',
  title: 'packages/trust with its dependencies',
  takes: ours,
  metrics: { kB: least('size, gzip', 'kB', 35) },
  run: async () => {
    const built = await build({
      configFile: false,
      logLevel: 'error',
      build: {
        write: false,
        lib: { entry: join(process.cwd(), 'packages/trust/src/index.ts'), formats: ['iife'], name: 'trust' },
        minify: true,
        target: 'esnext',
      },
    })
    const chunks = (Array.isArray(built) ? built : [built]).flatMap((one) => ('output' in one ? one.output : []))
    const bytes = chunks.flatMap((chunk) => (chunk.type === 'chunk' ? [gzipSync(chunk.code, { level: 9 }).length] : []))
    return { kB: bytes.reduce((sum, length) => sum + length, 0) / 1000 }
  },
}

/** What does not grow is the same however much lies before it; the rest is room for what the collector does. */
const STEADY = 1.5

const start: Workload = {
  id: 'T6',
  title: `a start after a seal, ${many.toLocaleString('en')} control entries before it beside ${few.toLocaleString('en')}`,
  takes: ours,
  metrics: { ms: { ...least('time', 'ms', 0), target: { none: true } }, growth: least('times as long', '×', STEADY) },
  run: (subject) =>
    withReplicas(subject.file, async (begin) => {
      const small = await begin().ask({ do: 'trust', what: 'start', size: few })
      const large = await begin().ask({ do: 'trust', what: 'start', size: many })
      return { ms: Number(large.ms), growth: Number(large.ms) / Number(small.ms) }
    }),
}

export const trustWorkloads: readonly Workload[] = [reduce, growth, run, rotate, size, start]
