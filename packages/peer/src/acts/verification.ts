import { type MemberId, type ProofKey, type ProofSentence, sayProof } from '@auzolan/core'
import {
  type CertificateFault,
  certificateLimits,
  type CheckedDecision,
  type Counted,
  type NotProven,
  type Proven,
  type Verifier,
  verifyCertificate,
} from '@auzolan/trust'

/**
 * What a certificate comes to: `lines` for people in English, the same as plain `data` for programs, and what was decided, or is wrong, to be said in any
 * language. The one judgement of app and command line.
 */
export type Verification =
  | {
      readonly proven: true
      readonly lines: readonly string[]
      readonly data: ProvenDecision
      readonly decided: ProofSentence
    }
  | { readonly proven: false; readonly lines: readonly string[]; readonly data: BrokenProof; readonly fault: ProofKey }

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

export interface BrokenProof {
  readonly proven: false
  readonly fault: CertificateFault['type']
  /** What is wrong, with where, as one sentence. */
  readonly says: string
  readonly detail: string
  /** The broken entry, from 1; `null`: the file as a whole. */
  readonly entry: number | null
}

/** One byte more than a certificate may have is enough to be refused. */
export const READ_BYTES = certificateLimits.bytes + 1

/** Checks a certificate by its bytes alone. Refuses nothing by exception, whatever they are. */
export const checkCertificate = async (bytes: Uint8Array, verifier: Verifier): Promise<Verification> => {
  const checked = await verifyCertificate(bytes, verifier)
  return checked.ok ? proven(checked.value) : notProven(checked.error)
}

const proven = (decision: CheckedDecision): Verification => {
  const { group, groupName, proposal, enact, reason, at, tally, electors, entries } = decision
  const claimed = new Date(at)
  const claimedTime = Number.isNaN(claimed.getTime()) ? 'no date' : claimed.toISOString()
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
  return { proven: true, lines, data, decided: tidied(decided) }
}

const notProven = ({ type, at, detail }: CertificateFault): Verification => {
  const fault: ProofKey = `proof.fault.${type}`
  const plain = sayProof({ key: fault, values: {} })
  const says = at === undefined ? plain : sayProof({ key: 'proof.faultAt', values: { entry: at + 1, fault: plain } })
  const data: BrokenProof = {
    proven: false,
    fault: type,
    says: says.charAt(0).toUpperCase() + says.slice(1),
    detail: printable(detail),
    entry: at === undefined ? null : at + 1,
  }
  const lines = [sayProof({ key: 'proof.line.broken', values: {} }), `${data.says} (${data.detail})`]
  return { proven: false, lines, data, fault }
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

/** Names and reasons are anybody's text: what would steer a terminal or turn a line is shown as a question mark. */
const printable = (line: string): string => line.replace(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu, '?')
