import {
  type DeviceId,
  equalBytes,
  type GroupId,
  parseStatement,
  type RecordProof,
  type Statement,
  type StatementId,
} from '@auzolan/core'
import {
  decodeCborPrefix,
  type Entry,
  type Item,
  itemTypes,
  parseHeader,
  type ReadEntry,
  sha256,
  statementId,
  type Verifier,
  verifyEntryAlone,
} from '@auzolan/trust'

/** A statement or change of another group, with the text beside it where it has one. */
export interface CarriedRecord {
  readonly proof: RecordProof
  readonly text: Uint8Array | null | undefined
}

/** A record's own id: the one it has in its group, wherever it is carried. */
export interface OpenedRecord {
  readonly id: StatementId
  readonly group: GroupId
  readonly device: DeviceId
  readonly seq: number
  /** The entry as far as it is carried: the one item, with its text. */
  readonly entry: ReadEntry
}

/** Reads a record that was proven before. `undefined`: it does not hold what its header names. */
export const openRecord = ({ proof, text }: CarriedRecord): OpenedRecord | undefined => {
  const header = parseHeader(proof.header)
  if (!header.ok) return undefined
  const { group, device, seq, at, items } = header.value
  const { index, item } = proof
  const named = items[index]
  if (!named || (named.type !== itemTypes.statement && named.type !== itemTypes.change)) return undefined
  const beside = items[index + 1]
  const hasText = beside?.type === itemTypes.text
  if (hasText !== (text !== undefined)) return undefined
  const carried = [
    ...Array.from({ length: index }, () => absent),
    { type: named.type, bytes: item, length: item.length, digest: () => named.digest },
    ...(hasText
      ? [{ type: itemTypes.text, bytes: text ?? null, length: beside.length, digest: () => beside.digest }]
      : []),
  ]
  const id = statementId(group, device, seq, index, item)
  return { id, group, device, seq, entry: { group, device, seq, at, items: carried } }
}

/** Whether the device named in the header signed this item, and the text beside it. */
export const provesRecord = async ({ proof, text }: CarriedRecord, verifier: Verifier): Promise<boolean> => {
  const { header, signature, index, item } = proof
  const proven = await verifyEntryAlone(header, signature, verifier, { index, bytes: item })
  if (!proven.ok || !openRecord({ proof, text })) return false
  const beside = proven.value.items[index + 1]
  return !text || (beside !== undefined && equalBytes(beside.digest, sha256(text)))
}

/**
 * The first of these entries that carries a record which its author has not signed, by its place among them. What it is refused for is in the entry
 * itself, so everybody refuses the same.
 */
export const firstForged = async (entries: readonly Entry[], verifier: Verifier): Promise<number | undefined> => {
  for (const [at, { items }] of entries.entries())
    for (const [index, item] of items.entries()) {
      if (item.type !== itemTypes.statement || item.bytes === null || !mayCarry(item.bytes)) continue
      const record = carriedIn(item, items[index + 1])
      if (record && !(await provesRecord(record, verifier))) return at
    }
  return undefined
}

/** What a statement carries out of another group. */
export const recordOf = (statement: Statement, text: Uint8Array | null | undefined): CarriedRecord | undefined =>
  statement.kind === 'adopt' || statement.kind === 'offered'
    ? {
        proof: {
          header: statement.header,
          signature: statement.signature,
          index: statement.index,
          item: statement.item,
          name: statement.name,
        },
        text,
      }
    : undefined

/** What an item of an entry carries out of another group, as it stands; `undefined`: nothing. `offer`: only what belongs to that one. */
export const carriedIn = (item: Item, next: Item | undefined, offer?: StatementId): CarriedRecord | undefined => {
  const decoded = item.bytes && decodeCborPrefix(item.bytes, 0)
  const body = next?.type === itemTypes.text ? next : undefined
  const statement = decoded?.ok ? parseStatement(decoded.value.value, body !== undefined) : undefined
  if (!statement?.ok) return undefined
  const { value } = statement
  const isWanted = offer === undefined || (value.kind === 'offered' && value.offer === offer)
  return isWanted ? recordOf(value, body ? body.bytes : undefined) : undefined
}

/** Canonical CBOR of a list that begins with one of these words: told without decoding each statement of a run. */
export const sayingOneOf = (kinds: readonly Statement['kind'][]): ((bytes: Uint8Array) => boolean) => {
  const words = kinds.map((word) => [0x60 + word.length, ...new TextEncoder().encode(word)])
  return (bytes) => words.some((word) => word.every((byte, at) => bytes[at + 1] === byte))
}
const mayCarry = sayingOneOf(['adopt', 'offered'])

const absent: Item = { type: itemTypes.text, bytes: null, length: 0, digest: () => new Uint8Array(0) }
