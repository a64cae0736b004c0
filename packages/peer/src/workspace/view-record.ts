import {
  DeviceId,
  MemberId,
  type ChangeHash,
  type DocumentFacts,
  type DocumentId,
  type Instant,
  type StatementId,
  type ThreadId,
} from '@auzolan/core'
import { deflateSync, inflateSync } from 'fflate'
import { seal, unseal } from '../log/sealed.ts'

/** Everything a fold is made of. */
export interface FoldRecord {
  readonly applied: Map<DeviceId, number>
  readonly authors: Map<DeviceId, MemberId | undefined>
  readonly board: unknown
  /** Missing in copies from before there was any: such a copy is folded again. */
  readonly exchange?: unknown
  readonly changes: unknown
  readonly messages: unknown
  readonly late: Set<StatementId>
  readonly shown: Map<ThreadId, Instant>
  readonly setAside: number
}

/** The stored copy of a workspace: its fold and its lines. A cache: what does not read is thrown away and folded again. */
export interface ViewRecord extends FoldRecord {
  readonly facts: ReadonlyMap<DocumentId, DocumentFacts>
  readonly tips: ReadonlyMap<DocumentId, ChangeHash>
  readonly stale: ReadonlySet<DocumentId>
}

export const encodeViewRecord = (record: ViewRecord): Uint8Array => {
  const { applied, authors, facts, tips, stale, late, shown, ...rest } = record
  const data = {
    version: VIEW_VERSION,
    ...rest,
    applied: [...applied],
    authors: [...authors].map(([device, member]) => [device, member ?? null]),
    facts: [...facts],
    tips: [...tips],
    stale: [...stale],
    late: [...late],
    shown: [...shown],
  }
  return seal(deflateSync(new TextEncoder().encode(JSON.stringify(data)), { level: VIEW_LEVEL }))
}

export const decodeViewRecord = (bytes: Uint8Array): ViewRecord | undefined => {
  const sealed = unseal(bytes)
  if (!sealed) return undefined
  try {
    const data = JSON.parse(new TextDecoder().decode(inflateSync(sealed))) as {
      [Field in keyof ViewRecord | 'version']?: unknown
    }
    const lists = [data.applied, data.authors, data.facts, data.tips, data.stale, data.late, data.shown]
    if (data.version !== VIEW_VERSION || !lists.every(Array.isArray) || !Number.isSafeInteger(data.setAside))
      return undefined
    const applied = new Map(data.applied as [DeviceId, number][])
    for (const [device, seq] of applied) if (!DeviceId.parse(device) || !Number.isSafeInteger(seq)) return undefined
    const authors = new Map(
      (data.authors as [DeviceId, MemberId | null][]).map(([device, member]) => [device, member ?? undefined]),
    )
    for (const [device, member] of authors)
      if (!DeviceId.parse(device) || (member !== undefined && !MemberId.parse(member))) return undefined
    return {
      applied,
      authors,
      board: data.board,
      exchange: data.exchange,
      changes: data.changes,
      messages: data.messages,
      facts: new Map(data.facts as [DocumentId, DocumentFacts][]),
      tips: new Map(data.tips as [DocumentId, ChangeHash][]),
      stale: new Set(data.stale as DocumentId[]),
      late: new Set(data.late as StatementId[]),
      shown: new Map(data.shown as [ThreadId, Instant][]),
      setAside: data.setAside as number,
    }
  } catch {
    return undefined
  }
}

/** Raised when the fold or this form changes. */
const VIEW_VERSION = 9
/** The fastest: ids do not compress any better. */
const VIEW_LEVEL = 1
