import { type DeviceId, err, type Instant, ok, type Result, toHex } from '@auzolan/core'
import { checkRun, type FeedTip, sha256OfLarge, startFeed, type Verifier } from '@auzolan/trust'
import type { LongWork } from '../long-work.ts'
import type { Refusal } from '../peer.ts'
import { readLogPart } from './log-parts.ts'
import { type BackedGroup, type BackedLog, decodeManifest, MANIFEST, type Manifest, SECRETS } from './manifest.ts'
import { type ZipFault, ZipReader } from './zip-reader.ts'

/** What a backup says it holds, and does: every part was compared with its digest, every signature of the log checked. */
export interface BackupContents {
  readonly made: Instant
  readonly groups: readonly BackedGroup[]
  /** Of the file. */
  readonly bytes: number
  readonly entries: number
  /** Six words open a way back in. */
  readonly locked: boolean
}

/** A backup whose list of parts was read; each part is compared with the list when it is asked for. */
export class Backup {
  readonly manifest: Manifest
  readonly #zip: ZipReader

  private constructor(zip: ZipReader, manifest: Manifest) {
    this.#zip = zip
    this.manifest = manifest
  }

  static async open(file: Blob): Promise<Result<Backup, Refusal>> {
    const zip = await ZipReader.open(file)
    if (!zip.ok) return err(refusalOf(zip.error))
    const { parts } = zip.value
    const listed = parts.get(MANIFEST)
    if (!listed) return err({ type: 'not such a file' })
    const bytes = await zip.value.read(listed)
    if (!bytes.ok) return err(refusalOf(bytes.error))
    const manifest = decodeManifest(bytes.value)
    if (!manifest) return err({ type: 'not such a file' })
    const { files, logs } = manifest
    const isWhole =
      files.size === parts.size - 1 &&
      [...files].every(([name, { bytes }]) => parts.get(name)?.size === bytes) &&
      logs.every((log) => [...log.parts, ...log.proofs, ...log.alone].every((name) => files.has(name)))
    return isWhole ? ok(new Backup(zip.value, manifest)) : err({ type: 'damaged file' })
  }

  get locked(): boolean {
    return this.manifest.files.has(SECRETS)
  }

  async read(name: string): Promise<Result<Uint8Array, Refusal>> {
    const [part, file] = [this.#zip.parts.get(name), this.manifest.files.get(name)]
    const bytes = part && (await this.#zip.read(part))
    if (!bytes?.ok || toHex(await sha256OfLarge(bytes.value)) !== file?.sha256) return err({ type: 'damaged file' })
    return bytes
  }
}

/** Reads all of a backup and takes nothing in. */
export const checkBackup = async (
  file: Blob,
  verifier: Verifier,
  work: LongWork,
): Promise<Result<BackupContents, Refusal>> => {
  const opened = await Backup.open(file)
  if (!opened.ok) return opened
  const backup = opened.value
  const { made, groups, logs, files } = backup.manifest
  const all = [...files.values()].reduce((sum, { bytes }) => sum + bytes, 0)
  const inLogs = new Set(logs.flatMap(({ parts }) => parts))
  const others = [...files.keys()].filter((name) => !inLogs.has(name))
  let have = 0
  const each = async (
    names: readonly string[],
    look: (bytes: Uint8Array) => Promise<Result<null, Refusal>> | undefined,
  ): Promise<Result<null, Refusal>> => {
    for await (const bytes of readAhead(backup, names)) {
      if (work.stopped) return err({ type: 'stopped' })
      if (!bytes.ok) return bytes
      work.did((have += bytes.value.length), all)
      const looked = await look(bytes.value)
      if (looked && !looked.ok) return looked
    }
    return ok(null)
  }
  const compared = await each(others, () => undefined)
  if (!compared.ok) return compared
  for (const log of logs) {
    const checked = await checkLog(log, verifier, (look) => each(log.parts, look))
    if (!checked.ok) return checked
  }
  return ok({
    made,
    groups,
    bytes: file.size,
    entries: logs.reduce((sum, { entries }) => sum + entries, 0),
    locked: backup.locked,
  })
}

/** Parts in their order; while one is looked at, the next is read. */
async function* readAhead(backup: Backup, names: readonly string[]): AsyncGenerator<Result<Uint8Array, Refusal>> {
  const [first, ...rest] = names
  let next = first === undefined ? undefined : backup.read(first)
  for (const name of [...rest, undefined]) {
    if (next) {
      const bytes = await next
      next = name === undefined ? undefined : backup.read(name)
      yield bytes
    }
  }
}

/** Whether each feed goes on without a gap and was signed by its device. */
const checkLog = async (
  { group, entries }: BackedLog,
  verifier: Verifier,
  eachPart: (look: (bytes: Uint8Array) => Promise<Result<null, Refusal>>) => Promise<Result<null, Refusal>>,
): Promise<Result<null, Refusal>> => {
  const tips = new Map<DeviceId, FeedTip>()
  const checked = await eachPart(async (bytes) => {
    for (const { run } of readLogPart(bytes) ?? []) {
      const checked = await checkRun(tips.get(run.device) ?? startFeed(run.device), group, run, verifier)
      if (!checked.ok) return err({ type: 'damaged file' })
      tips.set(run.device, checked.value.tip)
    }
    return ok(null)
  })
  if (!checked.ok) return checked
  let held = 0
  for (const { seq } of tips.values()) held += seq
  return held === entries ? ok(null) : err({ type: 'damaged file' })
}

const refusalOf = ({ type }: ZipFault): Refusal => {
  if (type === 'too large') return { type: 'too large file' }
  return { type: type === 'not a zip' ? 'not such a file' : 'damaged file' }
}
