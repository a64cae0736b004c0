import type { Workload } from '../workload.ts'
import type { Entrant } from '../subjects.ts'

const appends = 300
const takes = (subject: Entrant) => subject.browser !== undefined

const coldOpen: Workload = {
  id: 'W1',
  title: 'cold open of the workspace from IndexedDB to the first usable list',
  takes,
  metrics: { ms: { name: 'open', unit: 'ms', better: 'lower', target: { times: 0.25, of: 'best' } } },
  run: (subject, context) => context.inPage(subject, async (bench) => ({ ms: (await bench('open')).ms })),
}

const append: Workload = {
  id: 'W6',
  title: `${appends} durable appends to a talk, one by one (IndexedDB)`,
  takes,
  metrics: {
    rate: { name: 'rate', unit: '/s', better: 'higher', target: { times: 3, of: 'best' } },
    growth: { name: 'growth per entry', unit: 'B', better: 'lower', target: { value: 260 } },
    transactions: { name: 'write transactions', unit: 'per entry', better: 'lower', target: { value: 1 } },
    share: { name: 'store / JSON', unit: '', better: 'lower', target: { value: 0.6 } },
  },
  run: (subject, context) =>
    context.inPage(subject, async (bench) => {
      const before = await bench('stored')
      await bench('open')
      await bench('ready')
      const { ms, transactions } = await bench('append', appends)
      const growth = ((await bench('stored')) - before) / appends
      return {
        rate: (appends * 1000) / ms,
        growth,
        transactions: transactions / appends,
        share: before / context.json,
      }
    }),
}

const memory: Workload = {
  id: 'W7',
  title: 'memory of the open workspace, without code',
  takes,
  metrics: { MB: { name: 'memory', unit: 'MB', better: 'lower', target: { value: 1.5 } } },
  run: (subject, context) =>
    context.inPage(subject, async (bench) => {
      const before = await bench('memory')
      await bench('open')
      await bench('ready')
      return { MB: ((await bench('memory')) - before) / 1e6 }
    }),
}

const fork: Workload = {
  id: 'W8',
  title: 'durable, mergeable fork of the whole workspace',
  takes,
  metrics: {
    ms: { name: 'fork', unit: 'ms', better: 'lower', target: { value: 8 } },
    kB: { name: 'written', unit: 'kB', better: 'lower', target: { value: 4 } },
  },
  run: (subject, context) =>
    context.inPage(subject, async (bench) => {
      await bench('open')
      await bench('ready')
      const { ms, written } = await bench('fork')
      return { ms, kB: written / 1000 }
    }),
}

export const browserWorkloads: readonly Workload[] = [coldOpen, append, memory, fork]
