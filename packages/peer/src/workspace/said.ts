import {
  checkText,
  DocumentId,
  type GroupId,
  type MemberId,
  parseStatement,
  type Said,
  type StatementId,
  type DeviceId,
} from '@auzolan/core'
import { decodeCbor, itemTypes, type ReadEntry, statementId } from '@auzolan/trust'
import { nonceBytes } from '../documents/actor.ts'

/** What one entry holds, read: statements, changes of documents, and what this app cannot read. */
export interface Contents {
  readonly said: readonly Said[]
  readonly changes: readonly DocumentChange[]
  /** Statements made by a newer app: kept, counted, not shown. */
  readonly unknown: readonly StatementId[]
  /** Items that break the format: kept in the chain, set aside. */
  readonly setAside: number
}

/** One flush of edits to one document, as its entry carried it. */
export interface DocumentChange {
  readonly document: DocumentId
  readonly group: GroupId
  readonly device: DeviceId
  readonly seq: number
  /** 8 random bytes of the author's session; the actor is derived from it. */
  readonly nonce: Uint8Array
  /** An Automerge change chunk, not yet looked into. */
  readonly bytes: Uint8Array
}

export const readContents = (entry: ReadEntry, by: MemberId): Contents => {
  const said: Said[] = []
  const changes: DocumentChange[] = []
  const unknown: StatementId[] = []
  let setAside = 0
  for (const [index, item] of entry.items.entries()) {
    if (item.bytes === null || item.type === itemTypes.control || item.type === itemTypes.text) continue
    const value = decodeCbor(item.bytes)
    if (!value.ok) setAside += 1
    else if (item.type === itemTypes.change) {
      const change = readChange(entry, value.value)
      if (change) changes.push(change)
      else setAside += 1
    } else {
      const next = entry.items[index + 1]
      const body = next?.type === itemTypes.text ? next : undefined
      const statement = parseStatement(value.value, body !== undefined)
      const id = statementId(entry.group, entry.device, entry.seq, index, item.bytes)
      if (!statement.ok) {
        if (statement.error.type === 'unknown kind') unknown.push(id)
        else setAside += 1
        continue
      }
      const about = { id, by, device: entry.device, seq: entry.seq, at: entry.at, statement: statement.value }
      said.push(body ? { ...about, text: readText(body.bytes) } : about)
    }
  }
  return { said, changes, unknown, setAside }
}

/** `null`: withdrawn, or not a text at all. */
const readText = (bytes: Uint8Array | null): string | null => {
  if (!bytes) return null
  try {
    const text = checkText(utf8.decode(bytes))
    return text.ok ? text.value : null
  } catch {
    return null
  }
}

const readChange = (entry: ReadEntry, value: unknown): DocumentChange | undefined => {
  if (!Array.isArray(value) || value.length < 3) return undefined
  const [document, nonce, bytes] = value as unknown[]
  if (!(document instanceof Uint8Array) || document.length !== DocumentId.length) return undefined
  if (!(nonce instanceof Uint8Array) || nonce.length !== nonceBytes || !(bytes instanceof Uint8Array)) return undefined
  return {
    document: DocumentId.fromBytes(document),
    group: entry.group,
    device: entry.device,
    seq: entry.seq,
    nonce,
    bytes,
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })
