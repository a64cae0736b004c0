import { type Clock, type Entropy, err, type GroupId, ok, type Result } from '@auzolan/core'
import type { Group } from '../group/group.ts'
import type { Groups } from '../group/groups.ts'
import type { GroupLog } from '../log/group-log.ts'
import type { LongWork } from '../long-work.ts'
import type { Refusal } from '../peer.ts'
import { Carried } from '../sync/carried.ts'
import { Replica } from '../sync/replica.ts'
import { continuesOf } from '../workspace/ancestry.ts'
import { readAlonePart, readLogPart } from './log-parts.ts'
import { type BackedLog, SECRETS } from './manifest.ts'
import { Backup } from './read.ts'
import { openSpares, type Spare, useSpare } from './spares.ts'

/** What became of a backup. */
export interface PutBack {
  readonly groups: readonly PutBackGroup[]
  /** The person stopped it; what had been taken in stays, and putting it back again goes on from there. */
  readonly stopped: boolean
}
export interface PutBackGroup {
  readonly group: GroupId
  /** Entries that were not here before. */
  readonly entries: number
  /** This device may write in the group. */
  readonly writes: boolean
}

interface Parts {
  readonly groups: Groups
  readonly clock: Clock
  readonly entropy: Entropy
  readonly work: LongWork
}

/**
 * Takes a backup in as if its entries had come from others: what is here stays, and doing it twice changes nothing. `words`: what its locked
 * part opens with, so that this device comes in as a new one. `called`: what its person calls it.
 */
export const restoreBackup = async (
  file: Blob,
  { words, called }: { readonly words?: string; readonly called: string },
  parts: Parts,
): Promise<Result<PutBack, Refusal>> => {
  const opened = await Backup.open(file)
  if (!opened.ok) return opened
  const backup = opened.value
  const spares = await sparesOf(backup, words)
  if (!spares.ok) return spares
  const { groups, work } = parts
  const all = backup.manifest.logs.reduce((sum, { entries }) => sum + entries, 0)
  const before = new Map<GroupId, number>()
  // What nobody here takes part in, and nobody continues, is not taken in.
  const wanted = new Set(backup.manifest.groups.map(({ group }) => group))
  let done = 0
  for (const backed of backup.manifest.logs) {
    if (!wanted.has(backed.group)) continue
    const log = await groups.log(backed.group)
    before.set(backed.group, sizeOf(log))
    const taken = await takeIn(backup, backed, log, (entries) => work.did(Math.min(all, done + entries), all), work)
    if (!taken.ok) {
      await forgetPartly(groups, [...wanted])
      return taken
    }
    if (work.stopped) break
    done += backed.entries
    const origin = continuesOf(log)
    if (origin) wanted.add(origin.group)
  }
  if (work.stopped) {
    await forgetPartly(groups, [...wanted])
    return ok({ groups: [], stopped: true })
  }
  const told: PutBackGroup[] = []
  for (const { group: id, name, example, me } of backup.manifest.groups) {
    const log = await groups.log(id)
    if (log.control.heads.length === 0) continue
    if (!groups.record(id)) await groups.putBack({ group: id, name, example, ...(me ? { was: me } : {}) })
    const group = await groups.get(id)
    if (!group) continue
    const spare = spares.value.find((one) => one.group === id)
    if (spare && isOut(group)) await useSpare(group, spare, parts, called)
    const writes = group.isActive(group.keys.device)
    told.push({ group: id, entries: sizeOf(log) - (before.get(id) ?? 0), writes })
  }
  return ok({ groups: told, stopped: false })
}

const sparesOf = async (backup: Backup, words: string | undefined): Promise<Result<readonly Spare[], Refusal>> => {
  if (words === undefined || words.trim() === '') return ok([])
  if (!backup.locked) return err({ type: 'wrong words' })
  const locked = await backup.read(SECRETS)
  if (!locked.ok) return locked
  const spares = openSpares(locked.value, words)
  return spares ? ok(spares) : err({ type: 'wrong words' })
}

/** Put back here without a way in so far. */
const isOut = (group: Group): boolean =>
  group.record.standing === 'joining' && !group.record.joining && !group.isActive(group.keys.device)

/** What is of one log: its runs, and what devices that signed two for one place are known by, for which some of the runs may wait. */
const takeIn = async (
  backup: Backup,
  backed: BackedLog,
  log: GroupLog,
  did: (entries: number) => void,
  work: LongWork,
): Promise<Result<null, Refusal>> => {
  const runs = await takeRunsIn(backup, backed, log, did, work)
  if (!runs.ok) return runs
  const carried = new Carried(new Replica(log.group, [{ log }]))
  for (const name of backed.proofs) {
    const bytes = await backup.read(name)
    if (!bytes.ok) return bytes
    await carried.hear([bytes.value], [])
  }
  for (const name of backed.alone) {
    const bytes = await backup.read(name)
    if (!bytes.ok) return bytes
    const shown = readAlonePart(bytes.value)
    if (!shown) return err({ type: 'damaged file' })
    await carried.hear([], shown)
  }
  while (!work.stopped && (await carried.takeIn())) {
    const more = await takeRunsIn(backup, backed, log, did, work)
    if (!more.ok) return more
  }
  return ok(null)
}

/** Part by part, and again as long as what waits for others' entries gets further. */
const takeRunsIn = async (
  backup: Backup,
  { parts }: BackedLog,
  log: GroupLog,
  did: (entries: number) => void,
  work: LongWork,
): Promise<Result<null, Refusal>> => {
  for (let [before, late] = [-1, true]; late && sizeOf(log) !== before;) {
    before = sizeOf(log)
    late = false
    for (const name of parts) {
      const bytes = await backup.read(name)
      if (!bytes.ok) return bytes
      const parcels = readLogPart(bytes.value)
      if (!parcels) return err({ type: 'damaged file' })
      for (let at = 0; at < parcels.length; at += TAKEN_TOGETHER) {
        if (work.stopped) return ok(null)
        const receipts = await log.receive(parcels.slice(at, at + TAKEN_TOGETHER))
        late ||= receipts.some(({ is }) => is === 'later' || is === 'gap')
        did(sizeOf(log))
      }
    }
  }
  return ok(null)
}

/** Entries of groups that are not listed on this device yet would lie there unseen. */
const forgetPartly = async (groups: Groups, ids: readonly GroupId[]): Promise<void> => {
  for (const id of ids) if (!groups.record(id)) await groups.clear(id)
}

const sizeOf = (log: GroupLog): number => {
  let size = 0
  for (const device of log.devices) size += log.seqOf(device)
  return size
}

/** Runs judged and stored in one transaction. */
const TAKEN_TOGETHER = 8
