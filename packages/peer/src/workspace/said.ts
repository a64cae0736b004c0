import {
  checkText,
  DeviceId,
  DocumentId,
  type GroupId,
  hasText,
  type Instant,
  MemberId,
  parseStatement,
  type Said,
  type Statement,
  type StatementId,
} from '@auzolan/core'
import { decodeCbor, type Item, itemTypes, type ReadEntry, statementId } from '@auzolan/trust'
import { nonceBytes } from '../documents/actor.ts'
import { openRecord, recordOf } from '../lineage/records.ts'

/** What one entry holds, read: statements, changes of documents, and what this app cannot read. */
export interface Contents {
  readonly said: Said[]
  readonly changes: readonly DocumentChange[]
  /** What was said or written in other groups and counts here too. */
  readonly adopted: readonly Adopted[]
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
  /** By the author's clock. */
  readonly at: Instant
  /** 8 random bytes of the author's session; the actor is derived from it. */
  readonly nonce: Uint8Array
  /** An Automerge change chunk, not yet looked into. */
  readonly bytes: Uint8Array
  /** Of what was written in another group: the entry here that holds it. */
  readonly carried?: { readonly device: DeviceId; readonly seq: number }
}

/** What one statement brings in. */
export interface Adopted {
  /** The record's id in its own group. */
  readonly record: StatementId
  /** The statement that brings it in. */
  readonly adopt: StatementId
  readonly offer: StatementId | null
  readonly author: DeviceId
  readonly at: Instant
  /** As its author is called there. */
  readonly name: string
  readonly said: readonly Said[]
  readonly changes: readonly DocumentChange[]
}

/** An entry as far as what it says goes. */
export type PlainEntry = Pick<ReadEntry, 'group' | 'device' | 'seq' | 'at'> & {
  readonly items: readonly Pick<Item, 'type' | 'bytes'>[]
}

export const readContents = (entry: PlainEntry, by: MemberId): Contents => {
  const said: Said[] = []
  const changes: DocumentChange[] = []
  const adopted: Adopted[] = []
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
      const isWithText = hasText(statement.value.kind)
      said.push(body && isWithText ? { ...about, text: readText(body.bytes) } : about)
      if (statement.value.kind !== 'adopt') continue
      const record = readAdopted(statement.value, id, entry, body)
      if (record) adopted.push(record)
      else setAside += 1
    }
  }
  return { said, changes, adopted, unknown, setAside }
}

/** Whether a message is all that an entry says, if it says one: an entry that brings one in may bring more. */
export const isPlainTalk = ({ items: [first, second, ...more] }: PlainEntry): boolean => {
  const value = first?.bytes && more.length === 0 && decodeCbor(first.bytes)
  const statement = value && value.ok && parseStatement(value.value, second?.type === itemTypes.text)
  return statement && statement.ok ? statement.value.kind !== 'adopt' : false
}

/** The authors of what was said are told apart by their devices: who they are here is for the group to know. */
const readAdopted = (
  statement: Extract<Statement, { kind: 'adopt' }>,
  adopt: StatementId,
  { device, seq }: PlainEntry,
  body: Pick<Item, 'bytes'> | undefined,
): Adopted | undefined => {
  const carried = recordOf(statement, body ? body.bytes : undefined)
  const record = carried && openRecord(carried)
  if (!record) return undefined
  const { said, changes } = readContents(record.entry, strangerOf(record.device))
  return {
    record: record.id,
    adopt,
    offer: statement.offer,
    author: record.device,
    at: record.entry.at,
    name: statement.name,
    said: said.flatMap((each) => (isAdoptable(each.statement) ? [{ ...each, carried: { device, seq } }] : [])),
    changes: changes.map((change) => ({ ...change, carried: { device, seq } })),
  }
}

/** What people are called, what they sign, and what a group itself took in or was offered, stays where it was said: its people are others elsewhere. */
export const isAdoptable = ({ kind }: Statement): boolean =>
  kind !== 'card' &&
  kind !== 'call' &&
  kind !== 'sign' &&
  kind !== 'unsign' &&
  kind !== 'paper' &&
  kind !== 'sawPaper' &&
  kind !== 'because' &&
  kind !== 'adopt' &&
  kind !== 'unadopt' &&
  kind !== 'offer' &&
  kind !== 'offered' &&
  kind !== 'answer'

/** Somebody of another group whom nobody here knows as a member: named after their device. */
export const strangerOf = (device: DeviceId): MemberId => MemberId.fromBytes(DeviceId.toBytes(device))

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

const readChange = (entry: PlainEntry, value: unknown): DocumentChange | undefined => {
  if (!Array.isArray(value) || value.length < 3) return undefined
  const [document, nonce, bytes] = value as unknown[]
  if (!(document instanceof Uint8Array) || document.length !== DocumentId.length) return undefined
  if (!(nonce instanceof Uint8Array) || nonce.length !== nonceBytes || !(bytes instanceof Uint8Array)) return undefined
  return {
    document: DocumentId.fromBytes(document),
    group: entry.group,
    device: entry.device,
    seq: entry.seq,
    at: entry.at,
    nonce,
    bytes,
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })
