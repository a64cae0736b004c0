import { ControlId, err, ok, type GroupId, type Instant, type MemberId, type Result } from '@auzolan/core'
import type { Action } from './actions.ts'
import { decodeCbor } from './cbor.ts'
import { encodeCbor, type Cbor } from './cbor-writer.ts'
import { ControlLog } from './control-log.ts'
import { CarriedItem, headerBytes, itemTypes, packEntry, type Entry } from './entry.ts'
import { verifyEntryAlone, type Header } from './proof.ts'
import type { Counted, Tally } from './tally.ts'
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
    /** The entry has nothing to do with the decision. */
    | 'not needed'
    /** The entry named as the decision is not one. */
    | 'no decision'
  readonly detail: string
  readonly at?: number
}

/** What the bytes alone show. */
export type Proven =
  | 'every entry is signed by the device it names'
  | 'everything the decision rests on is here'
  | 'everyone was allowed to say what they said'
  | 'the ballots satisfy every rule and electorate that applied'
  | 'it builds on the checkpoint'
  | 'the group has confirmed it, so that nothing that arrives later undoes it'

/** What they cannot show, however honest. */
export type NotProven =
  | 'that nothing said apart or later has undone it'
  | 'that the group has confirmed it'
  | 'that the group has not gone on by another branch'
  | 'who these people are'
  | 'when it was'

export interface CheckedDecision {
  readonly group: GroupId
  readonly groupName: string
  readonly proposal: ControlId
  readonly enact: ControlId
  readonly action: Action
  readonly reason: string
  /** By its author's clock: a claim. */
  readonly at: Instant
  readonly tally: Tally
  /** Whose ballots counted where it was enacted, by the names they came in with; sorted by id. */
  readonly electors: readonly { readonly member: MemberId; readonly name: string; readonly vote: Counted | 'none' }[]
  /** Of everybody who was ever in, by the names they came in with. */
  readonly names: ReadonlyMap<MemberId, string>
  /** The last point that was sealed in its past. */
  readonly sealed: ControlId
  readonly entries: number
  readonly proven: readonly Proven[]
  readonly notProven: readonly NotProven[]
}

const CONFIRMED = 'the group has confirmed it, so that nothing that arrives later undoes it'
const LABEL = 'auzolan/certificate/1'

/**
 * One decision as one file: everything in the past of an enactment, as it was signed (`TRUST.md` G4), and, where the group has sealed it, what
 * shows that. The same bytes wherever the same is known. Format: `["auzolan/certificate/1", enact 32 B, [[header, signature 64 B, item], …]]`, each entry after what it builds on.
 */
export const certificate = (log: ControlLog, enact: ControlId): Result<Uint8Array, CertificateTrouble> => {
  if (log.get(enact)?.control.kind !== 'enact') return err({ type: 'not a decision here', id: enact })
  const parts: Cbor[] = []
  for (const entry of inOrder(log, log.confirmationOf(enact) ?? enact)) {
    const item = entry.items[0]?.bytes
    if (!entry.signature || !item) return err({ type: 'signature not held', ...(entry.id ? { id: entry.id } : {}) })
    parts.push([headerBytes(entry), entry.signature, item])
  }
  const bytes = encodeCbor([LABEL, ControlId.toBytes(enact), parts])
  return bytes.length > certificateLimits.bytes || parts.length > certificateLimits.entries
    ? err({ type: 'too large' })
    : ok(bytes)
}

/** The past of an entry and itself: by how many lie before at most, then by id. */
const inOrder = (log: ControlLog, last: ControlId): readonly Entry[] => {
  const depths = new Map<ControlId, number>()
  const entries: { readonly id: ControlId; readonly depth: number; readonly entry: Entry }[] = []
  for (const { id, entry } of log.past(last)) {
    const depth = 1 + Math.max(-1, ...entry.heads.map((head) => depths.get(head) ?? 0))
    depths.set(id, depth)
    entries.push({ id, depth, entry })
  }
  return entries
    .sort((left, right) => left.depth - right.depth || (left.id < right.id ? -1 : 1))
    .map(({ entry }) => entry)
}

/**
 * Checks a certificate with nothing else at hand: no group, no network. `checkpoint`: the newest sealed point the reader has kept of this
 * group, which shows that the decision is not from an old moment.
 */
export const verifyCertificate = async (
  bytes: Uint8Array,
  verifier: Verifier,
  checkpoint?: ControlId,
): Promise<Result<CheckedDecision, CertificateFault>> => {
  const outline = readOutline(bytes)
  if (!outline.ok) return outline
  const { enact, parts } = outline.value
  let log: ControlLog | undefined
  for (const [at, part] of parts.entries()) {
    const read = await readEntry(part, at, verifier)
    if (!read.ok) return read
    log ??= new ControlLog(read.value.group, verifier)
    const fault = await take(log, read.value, at)
    if (fault) return fault
  }
  return log ? conclude(log, enact, checkpoint) : broken('not a certificate', 'it holds no entries')
}

interface Outline {
  readonly enact: ControlId
  readonly parts: readonly Cbor[]
}

const broken = (type: CertificateFault['type'], detail: string, at?: number): Result<never, CertificateFault> =>
  err(at === undefined ? { type, detail } : { type, detail, at })

const readOutline = (bytes: Uint8Array): Result<Outline, CertificateFault> => {
  const decoded = decodeCbor(bytes, { depth: 3, length: certificateLimits.bytes })
  if (!decoded.ok) return broken('not a certificate', `${decoded.error.type} at byte ${decoded.error.at}`)
  if (!Array.isArray(decoded.value)) return broken('not a certificate', 'not a list')
  const [label, enact, parts, ...more] = decoded.value as readonly Cbor[]
  if (label !== LABEL) {
    const newer = typeof label === 'string' && /^auzolan\/certificate\/\d+$/.test(label)
    return broken(newer ? 'newer' : 'not a certificate', 'another label')
  }
  if (!(enact instanceof Uint8Array) || enact.length !== ControlId.length || !Array.isArray(parts) || more.length > 0)
    return broken('not a certificate', 'no decision or no entries')
  if (parts.length > certificateLimits.entries) return broken('not a certificate', 'too many entries')
  return ok({ enact: ControlId.fromBytes(enact), parts: parts as readonly Cbor[] })
}

const readEntry = async (part: Cbor, at: number, verifier: Verifier): Promise<Result<Entry, CertificateFault>> => {
  const fields = Array.isArray(part) ? (part as readonly Cbor[]) : []
  const [header, signature, item] = fields
  if (
    !(header instanceof Uint8Array) ||
    !(signature instanceof Uint8Array) ||
    !(item instanceof Uint8Array) ||
    fields.length !== 3
  )
    return broken('not a certificate', 'an entry is its header, signature and item', at)
  const read = await verifyEntryAlone(header, signature, verifier, { index: 0, bytes: item })
  if (read.ok) return ok(entryOf(read.value, signature, item))
  const { type, detail } = read.error
  if (type === 'version') return broken('newer', detail, at)
  return broken(type === 'signature' ? 'signature' : type === 'body' ? 'item' : 'header', detail, at)
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

const conclude = (
  log: ControlLog,
  enact: ControlId,
  checkpoint: ControlId | undefined,
): Result<CheckedDecision, CertificateFault> => {
  const decision = log.get(enact)
  if (decision?.control.kind !== 'enact') return broken('no decision', 'the entry named as the decision is not there')
  const confirmation = log.confirmationOf(enact)
  if (log.heads.length !== 1 || log.heads[0] !== (confirmation ?? enact))
    return broken('not needed', 'something does not lie in its past')
  const { proposal } = decision.control
  const view = log.proposals().find(({ id }) => id === proposal)
  if (!view) throw new Error('an accepted enactment has a proposal')
  const state = log.state()
  const before = log.stateAt(decision.entry.heads)?.sealed
  const buildsOn = checkpoint !== undefined && before !== undefined && log.covers([before], [checkpoint])
  return ok({
    group: state.group,
    groupName: state.name,
    proposal,
    enact,
    action: view.action,
    reason: view.reason,
    at: decision.entry.at,
    tally: view.tally,
    electors: [...log.votesFor(enact)].map(([member, vote]) => ({
      member,
      name: state.members.get(member)?.name ?? '',
      vote,
    })),
    names: new Map([...state.members].map(([member, { name }]) => [member, name])),
    sealed: state.sealed,
    entries: log.size,
    proven: [
      'every entry is signed by the device it names',
      'everything the decision rests on is here',
      'everyone was allowed to say what they said',
      'the ballots satisfy every rule and electorate that applied',
      ...(buildsOn ? (['it builds on the checkpoint'] as const) : []),
      ...(confirmation ? ([CONFIRMED] as const) : []),
    ],
    notProven: [
      ...(confirmation
        ? []
        : (['that nothing said apart or later has undone it', 'that the group has confirmed it'] as const)),
      ...(buildsOn ? [] : (['that the group has not gone on by another branch'] as const)),
      'who these people are',
      'when it was',
    ],
  })
}
