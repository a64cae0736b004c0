import { ControlId, err, ok, type GroupId, type Instant, type MemberId, type Result } from '@auzolan/core'
import type { Action } from './actions.ts'
import { decodeCbor } from './cbor.ts'
import { encodeCbor, type Cbor } from './cbor-writer.ts'
import {
  broken,
  type CertificateFault,
  certificateLimits,
  type CertificateTrouble,
  pastOf,
  readPast,
} from './certificate-past.ts'
import type { ControlLog } from './control-log.ts'
import type { Counted, Tally } from './tally.ts'
import type { Verifier } from './verifier.ts'

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
  const parts = pastOf(log, [log.confirmationOf(enact) ?? enact])
  if (!parts.ok) return parts
  const bytes = encodeCbor([LABEL, ControlId.toBytes(enact), parts.value])
  return bytes.length > certificateLimits.bytes ? err({ type: 'too large' }) : ok(bytes)
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
  const log = await readPast(parts, verifier)
  return log.ok ? conclude(log.value, enact, checkpoint) : log
}

interface Outline {
  readonly enact: ControlId
  readonly parts: readonly Cbor[]
}

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
  return ok({ enact: ControlId.fromBytes(enact), parts: parts as readonly Cbor[] })
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
