import { ControlId, type GroupId, type Result } from '@auzolan/core'
import type { Entry } from './entry.ts'
import { readEntries } from './read-entries.ts'
import type { Run, RunFault } from './run.ts'

/** What is read from entries whose place in the chain and heads do not matter. */
export type ReadEntry = Pick<Entry, 'group' | 'device' | 'seq' | 'at' | 'items'>

/** Reads a run from this device's own disk, where it was written after a check. Verifies nothing but the form. */
export const readRun = (group: GroupId, run: Run): Result<readonly ReadEntry[], RunFault> =>
  readEntries(unknownHeads, group, run)

/** Stands for the heads of the entry before, which a run taken from the middle of a feed may say are unchanged. */
const unknownHeads = [ControlId.fromBytes(new Uint8Array(ControlId.length))]
