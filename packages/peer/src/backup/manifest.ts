import { GroupId, type Instant, MemberId } from '@auzolan/core'

/** A group in a backup, as its manifest says: for a person to see what a file holds before anything is taken in. */
export interface BackedGroup {
  readonly group: GroupId
  readonly name: string
  readonly people: number
  readonly initiatives: number
  /** Claimed time of the newest that was said or written. */
  readonly lastAt: Instant
  readonly example: boolean
  /** Who made the backup; `null`: had not been let in yet. */
  readonly me: MemberId | null
  /** SHA-256 over how far every feed is in it, as hex: equal on two devices that hold the same. */
  readonly digest: string
}

/** A log in a backup: a group's own, or that of a group it continues. */
export interface BackedLog {
  readonly group: GroupId
  readonly entries: number
  /** Parts that hold its entries, in order. */
  readonly parts: readonly string[]
  /** Proofs that a device signed two entries for one place. */
  readonly proofs: readonly string[]
  /** Control entries of such devices, without their feeds: others have built on them. */
  readonly alone: readonly string[]
}

export interface Manifest {
  readonly made: Instant
  readonly groups: readonly BackedGroup[]
  readonly logs: readonly BackedLog[]
  /** Every part but the manifest itself: bytes, and SHA-256 as hex. */
  readonly files: ReadonlyMap<string, { readonly bytes: number; readonly sha256: string }>
}

export const MANIFEST = 'manifest.json'
export const SECRETS = 'secrets.locked'
const FORMAT = 'auzolan/backup/1'

export const encodeManifest = ({ made, groups, logs, files }: Manifest): Uint8Array =>
  new TextEncoder().encode(
    `${JSON.stringify(
      {
        format: FORMAT,
        made: new Date(made).toISOString(),
        groups: groups.map((group) => ({ ...group, lastAt: new Date(group.lastAt).toISOString() })),
        // A list that is empty is left out: it came after the first version.
        logs: logs.map(({ alone, ...log }) => (alone.length > 0 ? { ...log, alone } : log)),
        files: [...files].map(([name, file]) => ({ name, ...file })),
      },
      null,
      2,
    )}\n`,
  )

/** `undefined`: not a manifest of this version. */
export const decodeManifest = (bytes: Uint8Array): Manifest | undefined => {
  try {
    const { format, made, groups, logs, files } = recordOf(JSON.parse(new TextDecoder().decode(bytes)))
    if (format !== FORMAT) return undefined
    return {
      made: timeOf(made),
      groups: listOf(groups).map(readGroup),
      logs: listOf(logs).map(readLog),
      files: new Map(listOf(files).map(readFile)),
    }
  } catch {
    return undefined
  }
}

const readGroup = (value: unknown): BackedGroup => {
  const { group, name, people, initiatives, lastAt, example, me, digest } = recordOf(value)
  return {
    group: groupOf(group),
    name: textOf(name),
    people: countOf(people),
    initiatives: countOf(initiatives),
    lastAt: timeOf(lastAt),
    example: example === true,
    me: me === null ? null : must(MemberId.parse(me)),
    digest: hashOf(digest),
  }
}

const readLog = (value: unknown): BackedLog => {
  const { group, entries, parts, proofs, alone } = recordOf(value)
  return {
    group: groupOf(group),
    entries: countOf(entries),
    parts: listOf(parts).map(textOf),
    proofs: listOf(proofs).map(textOf),
    alone: alone === undefined ? [] : listOf(alone).map(textOf),
  }
}

const readFile = (value: unknown): [string, { bytes: number; sha256: string }] => {
  const { name, bytes, sha256 } = recordOf(value)
  return [textOf(name), { bytes: countOf(bytes), sha256: hashOf(sha256) }]
}

class Unreadable extends Error {}
const must = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Unreadable('not a manifest')
  return value
}
const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  must(typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined)
const listOf = (value: unknown): readonly unknown[] => must(Array.isArray(value) ? (value as unknown[]) : undefined)
const textOf = (value: unknown): string =>
  must(typeof value === 'string' && value.length <= TEXT_LIMIT ? value : undefined)
const countOf = (value: unknown): number =>
  must(typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined)
const groupOf = (value: unknown): GroupId => must(GroupId.parse(value))
const hashOf = (value: unknown): string =>
  must(typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? value : undefined)
const timeOf = (value: unknown): Instant => {
  const at = Date.parse(textOf(value))
  return must(Number.isSafeInteger(at) ? (at as Instant) : undefined)
}

/** Names of parts and groups are far shorter. */
const TEXT_LIMIT = 400
