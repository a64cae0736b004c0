import {
  type Clock,
  type ControlId,
  type DeviceId,
  type Entropy,
  type GroupId,
  type Instant,
  toHex,
} from '@auzolan/core'
import { makeLockWords, sha256OfLarge } from '@auzolan/trust'
import { groupRow } from '../answers/answer.ts'
import type { Group } from '../group/group.ts'
import type { GroupLog } from '../log/group-log.ts'
import type { LongWork } from '../long-work.ts'
import { headsOf, reach } from '../workspace/ancestry.ts'
import { aloneParts, logParts } from './log-parts.ts'
import { type BackedGroup, type BackedLog, encodeManifest, MANIFEST, type Manifest, SECRETS } from './manifest.ts'
import { readableParts, slug } from './readable.ts'
import { README } from './readme.ts'
import { lockSpares, type Spare } from './spares.ts'
import { type ByteSink, ZipWriter } from './zip-writer.ts'

/** Entries that take about as long as one initiative with its talk does. */
const INITIATIVE_WORK = 20

/**
 * Writes everything of these groups as one file (`docs/formats/backup.md`), a part at a time. `spares`: keys by which another device comes in;
 * they are locked with the words that are answered. `undefined`: stopped.
 */
export const writeBackup = async (
  groups: readonly Group[],
  { clock, entropy }: { readonly clock: Clock; readonly entropy: Entropy },
  { spares, sink, work }: { readonly spares: readonly Spare[]; readonly sink: ByteSink; readonly work: LongWork },
): Promise<{ readonly words: string | null } | undefined> => {
  const made = clock.now()
  const files = new Map<string, { readonly bytes: number; readonly sha256: string }>()
  const zip = new ZipWriter(sink, made)
  const add = async (name: string, bytes: Uint8Array, how: 'packed' | 'plain'): Promise<void> => {
    const [sha256] = await Promise.all([sha256OfLarge(bytes), zip.add(name, bytes, how)])
    files.set(name, { bytes: bytes.length, sha256: toHex(sha256) })
  }
  await add('README.md', new TextEncoder().encode(README), 'plain')
  const known = groups.filter(({ workspace }) => workspace.log.control.heads.length > 0)
  const backed: BackedGroup[] = []
  for (const group of known) backed.push(await aboutGroup(group))
  const sources = logsOf(known)
  const entries = sources.reduce((sum, { ends }) => sum + sumOf(ends.values()), 0)
  const all = entries + INITIATIVE_WORK * sumOf(backed.map(({ initiatives }) => initiatives))
  let have = 0
  const did = (more: number) => work.did((have = Math.min(all, have + more)), all)
  const logs: BackedLog[] = []
  for (const { log, ends, heads } of sources) {
    const folder = `log/${log.group.slice(0, 16)}`
    const parts: string[] = []
    const parcelFrom = (device: DeviceId, from: number, last: number) => log.parcelFrom(device, from, last)
    for await (const part of logParts({ ends, parcelFrom })) {
      if (work.stopped) return undefined
      const name = `${folder}/${String(parts.length + 1).padStart(5, '0')}.runs`
      await add(name, part.bytes, 'packed')
      parts.push(name)
      did(part.entries)
    }
    const proofs: string[] = []
    for (const { bytes } of log.frozen.values()) {
      const name = `${folder}/proof-${proofs.length + 1}.cbor`
      await add(name, bytes, 'plain')
      proofs.push(name)
    }
    const alone: string[] = []
    for (const bytes of aloneParts(log.strays.before([...heads]))) {
      const name = `${folder}/alone-${alone.length + 1}.cbor`
      await add(name, bytes, 'packed')
      alone.push(name)
    }
    logs.push({ group: log.group, entries: sumOf(ends.values()), parts, proofs, alone })
  }
  const folders = new Set<string>()
  for (const [at, group] of known.entries()) {
    const name = folderOf((backed[at] as BackedGroup).name)
    const folder = folders.has(name) ? `${name}-${group.id.slice(0, 8)}` : name
    folders.add(folder)
    for await (const part of readableParts(group, folder, made)) {
      if (work.stopped) return undefined
      await add(part.name, part.bytes, part.how)
      did(INITIATIVE_WORK * part.did)
    }
  }
  const words = spares.length > 0 ? makeLockWords(entropy) : null
  if (words !== null) await add(SECRETS, lockSpares(spares, words, entropy), 'packed')
  const manifest: Manifest = { made, groups: backed, logs, files }
  await zip.add(MANIFEST, encodeManifest(manifest), 'plain')
  await zip.end()
  return { words }
}

/** Writes what any program opens of one group, and nothing that could be put back. `false`: stopped. */
export const writeReadable = async (
  group: Group,
  clock: Clock,
  { sink, work }: { readonly sink: ByteSink; readonly work: LongWork },
): Promise<boolean> => {
  const made = clock.now()
  const zip = new ZipWriter(sink, made)
  const { name, initiatives } = await aboutGroup(group)
  let have = 0
  for await (const part of readableParts(group, folderOf(name), made)) {
    if (work.stopped) return false
    await zip.add(part.name, part.bytes, part.how)
    work.did((have += part.did), initiatives)
  }
  await zip.end()
  return true
}

const folderOf = (name: string): string => `groups/${slug(name) || 'group'}`

const aboutGroup = async (group: Group): Promise<BackedGroup> => {
  const { name, members } = await groupRow(group)
  const { board } = group.workspace
  return {
    group: group.id,
    name,
    people: members,
    initiatives: Array.from(board.initiatives()).length,
    lastAt: Math.min(board.lastAt ?? group.record.since, LAST_TIME) as Instant,
    example: group.record.example,
    me: group.me ?? null,
    digest: toHex(group.replica.digest()),
  }
}

interface Ends {
  readonly log: GroupLog
  readonly ends: ReadonlyMap<DeviceId, number>
  /** The newest control entries that belong to it. */
  readonly heads: ReadonlySet<ControlId>
}

/** Each log once: whole where the group itself is among them, else as far as others continue it. What is continued comes after what continues it. */
const logsOf = (groups: readonly Group[]): readonly Ends[] => {
  const logs = new Map<GroupId, Ends & { readonly ends: Map<DeviceId, number>; readonly heads: Set<ControlId> }>()
  for (const { workspace } of groups)
    for (const [at, source] of workspace.sources.entries()) {
      const { log } = source
      const known = logs.get(log.group) ?? { log, ends: new Map<DeviceId, number>(), heads: new Set<ControlId>() }
      logs.set(log.group, known)
      for (const head of headsOf(workspace.sources, at)) known.heads.add(head)
      for (const device of log.devices)
        known.ends.set(device, Math.max(known.ends.get(device) ?? 0, reach(source, device)))
    }
  return [...logs.values()]
}

const sumOf = (numbers: Iterable<number>): number => {
  let sum = 0
  for (const number of numbers) sum += number
  return sum
}

/** The last that every program writes as a date; whoever wrote may have claimed any time. */
const LAST_TIME = Date.UTC(9999, 11, 31)
