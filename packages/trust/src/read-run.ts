import type { GroupId, Result } from '@auzolan/core'
import type { Entry } from './entry.ts'
import { startFeed } from './feed.ts'
import { readEntries } from './read-entries.ts'
import type { Run, RunFault } from './run.ts'

/** What is read from entries whose place in the chain and heads do not matter. */
export type ReadEntry = Pick<Entry, 'group' | 'device' | 'seq' | 'at' | 'items'>

/** Reads a run from this device's own disk, where it was written after a check. Verifies nothing but the form. */
export const readRun = (group: GroupId, run: Run): Result<readonly ReadEntry[], RunFault> => readEntries(startFeed(run.device), group, run)
