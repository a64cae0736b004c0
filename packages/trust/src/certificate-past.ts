import { type ControlId, err, ok, type Result } from '@auzolan/core'
import type { Cbor } from './cbor-writer.ts'
import { ControlLog } from './control-log.ts'
import { CarriedItem, headerBytes, itemTypes, packEntry, type Entry } from './entry.ts'
import { verifyEntryAlone, type Header } from './proof.ts'
import type { Verifier } from './verifier.ts'

/** Bytes, and entries: a group of 50 after years. A larger log is shown as a log. */
export const certificateLimits = { bytes: 2 * 1024 * 1024, entries: 10_000 } as const

export interface CertificateTrouble {
  readonly type: 'not a decision here' | 'signature not held' | 'too large'
  readonly id?: ControlId
}

/** Where a certificate breaks. `at`: number of the entry, from 0, in its order. */
export interface CertificateFault {
  readonly type:
    | 'not a certificate'
    /** Made by a newer app. */
    | 'newer'
    | 'header'
    /** The entry's header and its signature do not belong together: one of the two was changed. */
    | 'signature'
    /** What the entry says is not what its header names. */
    | 'item'
    /** The entry is as it was signed, and the rules do not allow it. */
    | 'refused'
    /** Something before the entry is missing, or it stands before what it builds on. */
    | 'missing'
    /** The entry has nothing to do with what is proven. */
    | 'not needed'
    /** The entry named as the decision is not one, or what is named as said is not there. */
    | 'no decision'
  readonly detail: string
  readonly at?: number
}

/** The past of these entries with themselves, each after what it builds on: by how many lie before at most, then by id. The same wherever the same is known. */
export const pastOf = (log: ControlLog, last: readonly ControlId[]): Result<readonly Cbor[], CertificateTrouble> => {
  const depths = new Map<ControlId, number>()
  const entries: { readonly id: ControlId; readonly depth: number; readonly entry: Entry }[] = []
  for (const end of last)
    for (const { id, entry } of log.past(end)) {
      if (depths.has(id)) continue
      const depth = 1 + Math.max(-1, ...entry.heads.map((head) => depths.get(head) ?? 0))
      depths.set(id, depth)
      entries.push({ id, depth, entry })
    }
  if (entries.length > certificateLimits.entries) return err({ type: 'too large' })
  const parts: Cbor[] = []
  for (const { id, entry } of entries.sort(
    (left, right) => left.depth - right.depth || (left.id < right.id ? -1 : 1),
  )) {
    const item = entry.items[0]?.bytes
    if (!entry.signature || !item) return err({ type: 'signature not held', id })
    parts.push([headerBytes(entry), entry.signature, item])
  }
  return ok(parts)
}

/** Reads what `pastOf` gave and judges each entry at its position: a log that stands on nothing but these bytes. */
export const readPast = async (
  parts: readonly Cbor[],
  verifier: Verifier,
): Promise<Result<ControlLog, CertificateFault>> => {
  if (parts.length > certificateLimits.entries) return broken('not a certificate', 'too many entries')
  let log: ControlLog | undefined
  for (const [at, part] of parts.entries()) {
    const read = await readEntry(part, at, verifier)
    if (!read.ok) return read
    log ??= new ControlLog(read.value.group, verifier)
    const fault = await take(log, read.value, at)
    if (fault) return fault
  }
  return log ? ok(log) : broken('not a certificate', 'it holds no entries')
}

export const broken = (type: CertificateFault['type'], detail: string, at?: number): Result<never, CertificateFault> =>
  err(at === undefined ? { type, detail } : { type, detail, at })

/** A header with its signature, and the item it names at `index`, as their author's device signed them. */
export const readAlone = async (
  [header, signature, item]: readonly (Cbor | undefined)[],
  index: number,
  at: number,
  verifier: Verifier,
): Promise<
  Result<{ readonly header: Header; readonly signature: Uint8Array; readonly item: Uint8Array }, CertificateFault>
> => {
  if (!(header instanceof Uint8Array) || !(signature instanceof Uint8Array) || !(item instanceof Uint8Array))
    return broken('not a certificate', 'an entry is its header, signature and item', at)
  const read = await verifyEntryAlone(header, signature, verifier, { index, bytes: item })
  if (read.ok) return ok({ header: read.value, signature, item })
  const { type, detail } = read.error
  if (type === 'version') return broken('newer', detail, at)
  return broken(type === 'signature' ? 'signature' : type === 'body' ? 'item' : 'header', detail, at)
}

const readEntry = async (part: Cbor, at: number, verifier: Verifier): Promise<Result<Entry, CertificateFault>> => {
  const fields = Array.isArray(part) ? (part as readonly Cbor[]) : []
  if (fields.length !== 3) return broken('not a certificate', 'an entry is its header, signature and item', at)
  const read = await readAlone(fields, 0, at, verifier)
  return read.ok ? ok(entryOf(read.value.header, read.value.signature, read.value.item)) : read
}

const entryOf = (
  { group, device, seq, prev, heads, at, items, id }: Header,
  signature: Uint8Array,
  bytes: Uint8Array,
): Entry => {
  const carried = items.map(
    ({ type }, index) =>
      new CarriedItem(type, index === 0 ? bytes : new Uint8Array(0), 0, index === 0 ? bytes.length : 0),
  )
  return { group, device, seq, prev, heads, at, items: carried, packed: packEntry(at, heads, carried), signature, id }
}

const take = async (
  log: ControlLog,
  entry: Entry,
  at: number,
): Promise<Result<never, CertificateFault> | undefined> => {
  if (entry.items[0]?.type !== itemTypes.control) return broken('header', 'not a control entry', at)
  const verdict = await log.judge(entry)
  if (verdict.is === 'accepted') return undefined
  if (verdict.is === 'refused') return broken('refused', verdict.reason.type, at)
  return verdict.newer === undefined
    ? broken('missing', verdict.missing.join(' '), at)
    : broken('newer', verdict.newer, at)
}
