import {
  type DeviceId,
  err,
  type GroupId,
  type Instant,
  type MemberId,
  ok,
  type Result,
  StatementId,
} from '@auzolan/core'
import { decodeCbor } from './cbor.ts'
import { encodeCbor, type Cbor } from './cbor-writer.ts'
import {
  broken,
  type CertificateFault,
  type CertificateTrouble,
  pastOf,
  readAlone,
  readPast,
} from './certificate-past.ts'
import type { ControlLog } from './control-log.ts'
import { entryLimits, itemTypes, statementId } from './entry.ts'
import { parseHeader } from './proof.ts'
import type { Verifier } from './verifier.ts'

/** Bytes, and statements: what 12,000 people sign (`DOMAIN.md` 8.4), with room for what is taken back and entered from paper. */
export const saidLimits = { bytes: 8 * 1024 * 1024, said: 20_000 } as const

/** One item of an entry, with the header its author signed. */
export interface SignedItem {
  readonly header: Uint8Array
  readonly signature: Uint8Array
  readonly index: number
  readonly item: Uint8Array
}

/** Something that a member of the group said. */
export interface CheckedItem {
  readonly id: StatementId
  readonly by: MemberId
  readonly device: DeviceId
  readonly seq: number
  /** By its author's clock: a claim. */
  readonly at: Instant
  readonly item: Uint8Array
}

export interface CheckedSaid {
  readonly group: GroupId
  readonly groupName: string
  /** What all of it is about. */
  readonly subject: StatementId
  readonly said: readonly CheckedItem[]
  /** Of everybody who was ever in, by the names they came in with. */
  readonly names: ReadonlyMap<MemberId, string>
  /** Control entries and statements. */
  readonly entries: number
}

const LABEL = 'auzolan/said/1'

/** Whether bytes claim to be what `saidCertificate` makes, of whatever version. */
export const isSaidCertificate = (bytes: Uint8Array): boolean => head.every((byte, at) => bytes[at] === byte)
/** A list of four that begins with a text of the label's length. */
const head = [0x84, 0x60 + LABEL.length, ...new TextEncoder().encode('auzolan/said/')]

/**
 * What was said about one thing as one file that a stranger checks alone: each statement as it was signed, and everything that shows that who said it was
 * in the group. The same bytes wherever the same is known. Format: `docs/formats/control.md`.
 */
export const saidCertificate = (
  log: ControlLog,
  subject: StatementId,
  said: readonly SignedItem[],
): Result<Uint8Array, CertificateTrouble> => {
  if (said.length > saidLimits.said) return err({ type: 'too large' })
  const items = new Map<StatementId, Cbor>()
  const heads = new Set(
    said.flatMap(({ header, signature, index, item }) => {
      const read = parseHeader(header)
      if (!read.ok) throw new Error('an entry that was accepted has a header')
      const { group, device, seq } = read.value
      items.set(statementId(group, device, seq, index, item), [header, signature, index, item])
      return read.value.heads
    }),
  )
  const past = pastOf(log, [...heads].sort())
  if (!past.ok) return past
  const sorted = [...items].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, item]) => item)
  const bytes = encodeCbor([LABEL, StatementId.toBytes(subject), past.value, sorted])
  return bytes.length > saidLimits.bytes ? err({ type: 'too large' }) : ok(bytes)
}

/** Checks such a file with nothing else at hand: no group, no network. What the statements come to is for whoever knows their kinds. */
export const verifySaid = async (
  bytes: Uint8Array,
  verifier: Verifier,
): Promise<Result<CheckedSaid, CertificateFault>> => {
  const outline = readOutline(bytes)
  if (!outline.ok) return outline
  const { subject, past, items } = outline.value
  const read = await readPast(past, verifier)
  if (!read.ok) return read
  const log = read.value
  const { group, name: groupName, members } = log.state()
  const said: CheckedItem[] = []
  const named = new Set<string>()
  for (const [number, each] of items.entries()) {
    const at = past.length + number
    const one = await readItem(each, at, log, verifier)
    if (!one.ok) return one
    const last = said.at(-1)
    if (last && last.id >= one.value.item.id) return broken('not needed', 'not in order, or twice', at)
    said.push(one.value.item)
    for (const head of one.value.heads) named.add(head)
  }
  if (!said.some(({ id }) => id === subject)) return broken('no decision', 'what it is about is not there')
  if (!log.heads.every((top) => named.has(top))) return broken('not needed', 'something lies in nobody’s past')
  const names = new Map([...members].map(([member, { name }]) => [member, name]))
  return ok({ group, groupName, subject, said, names, entries: past.length + items.length })
}

interface Outline {
  readonly subject: StatementId
  readonly past: readonly Cbor[]
  readonly items: readonly Cbor[]
}

const readOutline = (bytes: Uint8Array): Result<Outline, CertificateFault> => {
  const decoded = decodeCbor(bytes, { depth: 3, length: saidLimits.bytes })
  if (!decoded.ok) return broken('not a certificate', `${decoded.error.type} at byte ${decoded.error.at}`)
  if (!Array.isArray(decoded.value)) return broken('not a certificate', 'not a list')
  const [label, subject, past, items, ...more] = decoded.value as readonly Cbor[]
  if (label !== LABEL) return broken('newer', 'another label')
  if (!(subject instanceof Uint8Array) || subject.length !== StatementId.length || more.length > 0)
    return broken('not a certificate', 'about nothing')
  if (!Array.isArray(past) || !Array.isArray(items)) return broken('not a certificate', 'no entries')
  if (items.length > saidLimits.said) return broken('not a certificate', 'too many statements')
  return ok({
    subject: StatementId.fromBytes(subject),
    past: past as readonly Cbor[],
    items: items as readonly Cbor[],
  })
}

const readItem = async (
  part: Cbor,
  at: number,
  log: ControlLog,
  verifier: Verifier,
): Promise<Result<{ readonly item: CheckedItem; readonly heads: readonly string[] }, CertificateFault>> => {
  const [header, signature, index, item, ...more] = Array.isArray(part) ? (part as readonly Cbor[]) : []
  if (typeof index !== 'number' || index < 0 || index >= entryLimits.items || more.length > 0)
    return broken('not a certificate', 'a statement is its header, signature, place and item', at)
  const read = await readAlone([header, signature, item], index, at, verifier)
  if (!read.ok) return read
  const { group, device, seq, heads, at: claimed, items } = read.value.header
  if (items[index]?.type !== itemTypes.statement) return broken('header', 'not a statement', at)
  const state = log.state()
  if (group !== state.group) return broken('header', 'of another group', at)
  const verdict = log.mayWrite(device, heads)
  if (verdict.is === 'refused') return broken('refused', verdict.reason.type, at)
  const by = state.devices.get(device)?.member
  if (verdict.is !== 'accepted' || by === undefined) return broken('missing', 'what its author had seen', at)
  const id = statementId(group, device, seq, index, read.value.item)
  return ok({ item: { id, by, device, seq, at: claimed, item: read.value.item }, heads })
}
