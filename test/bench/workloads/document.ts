import { withReplicas } from '../process.ts'
import type { Workload } from '../workload.ts'

const editsApart = 5_000
const keys = 10_000

const merge: Workload = {
  id: 'W5',
  title: `merge two replicas that diverged by ${editsApart.toLocaleString('en')} edits each`,
  takes: (subject) => subject.document !== undefined,
  metrics: { ms: { name: 'merge', unit: 'ms', better: 'lower', target: { times: 1.2, of: 'Automerge' } } },
  run: (subject) =>
    withReplicas(subject.file, async (start) => {
      const { merge: ms } = await start().ask({ do: 'merge', edits: editsApart })
      return { ms: Number(ms) }
    }),
}

const typing: Workload = {
  id: 'W9',
  title: `typing ${keys.toLocaleString('en')} keys, one change each`,
  takes: (subject) => subject.document !== undefined,
  metrics: {
    key: { name: 'per key', unit: 'µs', better: 'lower', target: { times: 1.2, of: 'Automerge' } },
    bytes: { name: 'sent per key', unit: 'B', better: 'lower', target: { value: 30 } },
    load: { name: 'load', unit: 'ms', better: 'lower', target: { times: 1, of: 'Automerge' } },
  },
  run: (subject) =>
    withReplicas(subject.file, async (start) => {
      const { key, bytes, load } = await start().ask({ do: 'type', keys })
      return { key: Number(key) * 1000, bytes: Number(bytes), load: Number(load) }
    }),
}

const verify: Workload = {
  id: 'W10',
  title: 'entries verified',
  takes: (subject) => subject.verify !== undefined,
  metrics: { rate: { name: 'rate', unit: 'entries/s', better: 'higher', target: { value: 500_000 } } },
  run: (subject) =>
    withReplicas(subject.file, async (start) => {
      const { perSecond } = await start().ask({ do: 'verify' })
      return { rate: Number(perSecond) }
    }),
}

export const documentWorkloads: readonly Workload[] = [merge, typing, verify]
