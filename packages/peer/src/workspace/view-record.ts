import { DeviceId, type DocumentFacts, type DocumentId, type Instant, type StatementId, type ThreadId } from '@auzolan/core'

/** The stored copy of a workspace's fold. A cache: what does not read is thrown away and folded again. */
export interface ViewRecord {
  readonly applied: Map<DeviceId, number>
  readonly board: unknown
  readonly changes: unknown
  readonly messages: unknown
  readonly facts: Map<DocumentId, DocumentFacts>
  readonly stale: Set<DocumentId>
  readonly late: Set<StatementId>
  readonly shown: Map<ThreadId, Instant>
  readonly setAside: number
}

export const encodeViewRecord = (record: ViewRecord): Uint8Array => {
  const { applied, facts, stale, late, shown, ...rest } = record
  const data = { version: VIEW_VERSION, ...rest, applied: [...applied], facts: [...facts], stale: [...stale], late: [...late], shown: [...shown] }
  return new TextEncoder().encode(JSON.stringify(data))
}

export const decodeViewRecord = (bytes: Uint8Array): ViewRecord | undefined => {
  try {
    const data = JSON.parse(new TextDecoder().decode(bytes)) as { [Field in keyof ViewRecord | 'version']?: unknown }
    const lists = [data.applied, data.facts, data.stale, data.late, data.shown]
    if (data.version !== VIEW_VERSION || !lists.every(Array.isArray) || !Number.isSafeInteger(data.setAside)) return undefined
    const applied = new Map(data.applied as [DeviceId, number][])
    for (const [device, seq] of applied) if (!DeviceId.parse(device) || !Number.isSafeInteger(seq)) return undefined
    return {
      applied,
      board: data.board,
      changes: data.changes,
      messages: data.messages,
      facts: new Map(data.facts as [DocumentId, DocumentFacts][]),
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
const VIEW_VERSION = 1
