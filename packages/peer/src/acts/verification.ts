import { type MemberId, type ProofKey, type ProofSentence, sayProof } from '@auzolan/core'
import {
  type CheckedDecision,
  type Counted,
  isSaidCertificate,
  type NotProven,
  type Proven,
  saidLimits,
  type Verifier,
  verifyCertificate,
} from '@auzolan/trust'
import { checkCall, type VerifiedCall } from './call-verification.ts'
import { claimedTimeOf, notProven, type NotProvenFile, printable } from './proof-lines.ts'

/**
 * What a certificate comes to: `lines` for people in English, the same as plain `data` for programs, and what was decided, or is wrong, to be said in any
 * language. The one judgement of app and command line.
 */
export type Verification =
  | {
      readonly proven: true
      readonly of: 'decision'
      readonly lines: readonly string[]
      readonly data: ProvenDecision
      readonly decided: ProofSentence
    }
  | VerifiedCall
  | NotProvenFile

export interface ProvenDecision {
  readonly proven: true
  readonly group: string
  readonly groupName: string
  readonly proposal: string
  readonly enact: string
  /** One sentence. */
  readonly decided: string
  readonly reason: string
  /** By its author's clock, as ISO 8601. */
  readonly claimedTime: string
  readonly yes: number
  readonly no: number
  /** How many had a vote. */
  readonly of: number
  readonly votes: readonly { readonly member: string; readonly name: string; readonly vote: Counted | 'none' }[]
  readonly entries: number
  readonly isProven: readonly Proven[]
  readonly isNotProven: readonly NotProven[]
}

/** One byte more than a certificate may have is enough to be refused. */
export const READ_BYTES = saidLimits.bytes + 1

/** Checks the proof of a decision, or a call with its signatures, by its bytes alone. Refuses nothing by exception, whatever they are. */
export const checkCertificate = async (bytes: Uint8Array, verifier: Verifier): Promise<Verification> => {
  if (isSaidCertificate(bytes)) return checkCall(bytes, verifier)
  const checked = await verifyCertificate(bytes, verifier)
  return checked.ok ? proven(checked.value) : notProven(checked.error)
}

const proven = (decision: CheckedDecision): Verification => {
  const { group, groupName, proposal, enact, reason, at, tally, electors, entries } = decision
  const claimedTime = claimedTimeOf(at)
  const decided = sentenceOf(decision)
  const data: ProvenDecision = {
    proven: true,
    group,
    groupName: printable(groupName),
    proposal,
    enact,
    decided: printable(sayProof(decided)),
    reason: printable(reason),
    claimedTime,
    yes: tally.yes,
    no: tally.no + tally.object,
    of: tally.of,
    votes: electors.map(({ member, name, vote }) => ({ member, name: printable(name), vote })),
    entries,
    isProven: decision.proven,
    isNotProven: decision.notProven,
  }
  const line = (key: ProofKey, values: ProofSentence['values'] = {}): string => sayProof({ key, values })
  const lines = [
    line('proof.line.decided', { group: data.groupName, decided: data.decided }),
    ...(data.reason ? [line('proof.line.reason', { reason: data.reason })] : []),
    line('proof.line.tally', { yes: data.yes, no: data.no, of: data.of }),
    ...data.votes.map(({ name, vote }) =>
      line('proof.line.vote', {
        name: name || line('proof.line.nameless'),
        vote: vote === 'none' ? line('proof.line.none') : vote,
      }),
    ),
    '',
    line('proof.line.is', { entries }),
    ...data.isProven.map((each) => `  + ${line(`proof.is.${each}`)}`),
    line('proof.line.isNot'),
    ...data.isNotProven.map((each) => `  - ${line(`proof.isNot.${each}`)}`),
    line('proof.line.clock', { when: claimedTime }),
  ]
  return { proven: true, of: 'decision', lines, data, decided: tidied(decided) }
}

const sentenceOf = ({ action, names }: CheckedDecision): ProofSentence => {
  const named = (member: MemberId): string => {
    const name = names.get(member)
    return name ? `${name} (${member})` : member
  }
  const { kind } = action
  switch (kind) {
    case 'remove':
    case 'readmit':
    case 'rebind':
    case 'admit':
      return { key: `proof.decided.${kind}`, values: { name: named(action.member) } }
    case 'voters':
      return { key: 'proof.decided.voters', values: { names: action.members.map(named).join(', ') } }
    case 'role':
      return {
        key: action.on ? 'proof.decided.moderator' : 'proof.decided.noModerator',
        values: { name: named(action.member) },
      }
    case 'rename':
    case 'rule':
      return { key: `proof.decided.${kind}`, values: { name: action.name } }
    case 'admission':
    case 'quorum':
    case 'text':
    case 'forkNotice':
      return { key: `proof.decided.${kind}`, values: {} }
  }
}

const tidied = ({ key, values }: ProofSentence): ProofSentence => ({
  key,
  values: Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? printable(value) : value]),
  ),
})
