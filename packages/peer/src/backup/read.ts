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
  const logParts = new Set(logs.flatMap(({ parts }) => parts))
  let have = 0
  const readNext = async (name: string): Promise<Result<Uint8Array, Refusal>> => {
    if (work.stopped) return err({ type: 'stopped' })
    const bytes = await backup.read(name)
    if (bytes.ok) work.did((have += bytes.value.length), all)
    return bytes
  }
  for (const name of files.keys()) {
    const bytes = logParts.has(name) ? undefined : await readNext(name)
    if (bytes && !bytes.ok) return bytes
  }
  for (const log of logs) {
    const checked = await checkLog(log, verifier, readNext)
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

/** Whether each feed goes on without a gap and was signed by its device. */
const checkLog = async (
  { group, parts, entries }: BackedLog,
  verifier: Verifier,
  read: (name: string) => Promise<Result<Uint8Array, Refusal>>,
): Promise<Result<null, Refusal>> => {
  const tips = new Map<DeviceId, FeedTip>()
  for (const name of parts) {
    const bytes = await read(name)
    if (!bytes.ok) return bytes
    for (const { run } of readLogPart(bytes.value) ?? []) {
      const checked = await checkRun(tips.get(run.device) ?? startFeed(run.device), group, run, verifier)
      if (!checked.ok) return err({ type: 'damaged file' })
      tips.set(run.device, checked.value.tip)
    }
  }
  let held = 0
  for (const { seq } of tips.values()) held += seq
  return held === entries ? ok(null) : err({ type: 'damaged file' })
}

const refusalOf = ({ type }: ZipFault): Refusal => {
  if (type === 'too large') return { type: 'too large file' }
  return { type: type === 'not a zip' ? 'not such a file' : 'damaged file' }
}
