import type { MemberId } from '@auzolan/core'
import {
  type Action,
  type CertificateFault,
  certificateLimits,
  type CheckedDecision,
  type Counted,
  type NotProven,
  type Proven,
  type Verifier,
  verifyCertificate,
} from '@auzolan/trust'

/** What a certificate comes to: sentences for people, the same as plain data for programs. The one judgement of app and command line. */
export type Verification =
  | { readonly proven: true; readonly lines: readonly string[]; readonly data: ProvenDecision }
  | { readonly proven: false; readonly lines: readonly string[]; readonly data: BrokenProof }

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
  const data: ProvenDecision = {
    proven: true,
    group,
    groupName: printable(groupName),
    proposal,
    enact,
    decided: printable(sentenceOf(decision)),
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
  const lines = [
    `The group "${data.groupName}" decided: ${data.decided}`,
    ...(data.reason ? [`Reason given: ${data.reason}`] : []),
    `${data.yes} yes, ${data.no} no, of ${data.of} who had a vote:`,
    ...data.votes.map(
      ({ name, vote }) => `  ${name || 'somebody without a name'}: ${vote === 'none' ? 'no answer' : vote}`,
    ),
    '',
    `Proven by the ${entries} entries in this file:`,
    ...data.isProven.map((each) => `  + ${each}`),
    'Not proven, by this or any file:',
    ...data.isNotProven.map((each) => `  - ${each}`),
    `(Its author's clock said ${claimedTime}.)`,
  ]
  return { proven: true, lines, data }
}

const notProven = ({ type, at, detail }: CertificateFault): Verification => {
  const says = at === undefined ? faultWords[type] : `entry ${at + 1} of the file: ${faultWords[type]}`
  const data: BrokenProof = {
    proven: false,
    fault: type,
    says: says.charAt(0).toUpperCase() + says.slice(1),
    detail: printable(detail),
    entry: at === undefined ? null : at + 1,
  }
  return { proven: false, lines: ['Not proven.', `${data.says} (${data.detail})`], data }
}

const faultWords: Record<CertificateFault['type'], string> = {
  'not a certificate': 'this is not a whole decision file.',
  newer: 'made by a newer version of the program; this one cannot say.',
  header: 'its header does not read, or names something else.',
  signature: 'its header and its signature do not belong together: one of them was changed.',
  item: 'what it says is not what was signed.',
  refused: "it is as it was signed, but the group's rules do not allow it.",
  missing: 'something it builds on is missing.',
  'not needed': 'the file holds something that has nothing to do with the decision.',
  'no decision': 'what the file names as the decision is none.',
}

const sentenceOf = ({ action, names }: CheckedDecision): string =>
  sentences(action, (member) => {
    const name = names.get(member)
    return name ? `${name} (${member})` : member
  })

const sentences = (action: Action, named: (member: MemberId) => string): string => {
  switch (action.kind) {
    case 'remove':
      return `${named(action.member)} is removed from the group.`
    case 'readmit':
      return `${named(action.member)} is taken back.`
    case 'voters':
      return `these have a vote: ${action.members.map(named).join(', ')}.`
    case 'rename':
      return `the group is called "${action.name}".`
    case 'role':
      return `${named(action.member)} is ${action.on ? 'a' : 'no longer a'} ${action.role}.`
    case 'rebind':
      return `${named(action.member)} goes on with a new device, and the earlier ones count no more.`
    default:
      return `${action.kind}.`
  }
}

/** Names and reasons are anybody's text: what would steer a terminal or turn a line is shown as a question mark. */
const printable = (line: string): string => line.replace(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu, '?')
