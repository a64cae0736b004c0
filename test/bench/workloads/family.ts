import { withReplicas } from '../process.ts'
import type { FamilyWork } from '../subject.ts'
import type { Metric, Workload } from '../workload.ts'

const milliseconds = (name: string, target: Metric['target']): Metric => ({ name, unit: 'ms', better: 'lower', target })
const rate = (name: string): Metric => ({ name, unit: 'MB/s', better: 'higher', target: { value: 20 } })

const workload = (id: string, title: string, what: FamilyWork, metrics: Workload['metrics']): Workload => ({
  id,
  title,
  takes: (subject) => subject.family !== undefined,
  metrics,
  run: (subject) => withReplicas(subject.file, (start) => start().ask({ do: 'family', what })),
})

/** A group, its copies, and what passes between them. */
export const familyWorkloads: readonly Workload[] = [
  workload('F1', 'two groups of size M compared, with 60 records that one alone has', 'difference', {
    ms: milliseconds('time', { value: 500 }),
  }),
  workload('F2', '500 records of the original brought into a copy', 'adopt', {
    ms: milliseconds('time', { value: 1_000 }),
  }),
  workload('F3', 'a backup of size L, written and checked', 'backup', {
    write: rate('written'),
    check: rate('checked'),
    grown: { name: 'memory while writing', unit: 'MB', better: 'lower', target: { none: true } },
  }),
  workload('F4', 'git, for comparison: size M as files, cloned, and 60 changes merged', 'git', {
    clone: milliseconds('clone', { none: true }),
    merge: milliseconds('merge', { none: true }),
  }),
]
