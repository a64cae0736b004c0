import { open } from 'node:fs/promises'
import {
  type Action,
  certificateLimits,
  type CertificateFault,
  type CheckedDecision,
  openVerifier,
  verifyCertificate,
} from '@auzolan/trust'
import { answer } from './say.ts'

/** What a certificate comes to: sentences for people, the same as plain data for programs. */
export interface Verification {
  readonly proven: boolean
  readonly lines: readonly string[]
  readonly data: unknown
}

/** Prints what a certificate proves. Exit codes: 0 proven, 1 not. */
export const verify = async (file: string, { json = false }: { readonly json?: boolean }): Promise<void> => {
  const { proven, lines, data } = await checkCertificate(await readUpTo(file, certificateLimits.bytes))
  answer(json ? JSON.stringify(data, undefined, 2) : lines.join('\n'))
  process.exitCode = proven ? 0 : 1
}

/** Checks a certificate by its bytes alone. Refuses nothing by exception, whatever they are. */
export const checkCertificate = async (bytes: Uint8Array): Promise<Verification> => {
  const checked = await verifyCertificate(bytes, await openVerifier())
  return checked.ok ? proven(checked.value) : notProven(checked.error)
}

/** One byte more than the limit is enough to be refused. */
const readUpTo = async (file: string, limit: number): Promise<Uint8Array> => {
  const handle = await open(file)
  try {
    const bytes = new Uint8Array(limit + 1)
    let length = 0
    for (;;) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length)
      length += bytesRead
      if (bytesRead === 0 || length === bytes.length) return bytes.subarray(0, length)
    }
  } finally {
    await handle.close()
  }
}

const proven = (decision: CheckedDecision): Verification => {
  const { group, groupName, proposal, enact, reason, at, tally, electors, entries } = decision
  const claimed = new Date(at)
  const when = Number.isNaN(claimed.getTime()) ? 'no date' : claimed.toISOString()
  const decided = sentenceOf(decision)
  const data = {
    proven: true,
    group,
    groupName,
    proposal,
    decision: enact,
    decided,
    reason,
    claimedTime: when,
    yes: tally.yes,
    no: tally.no + tally.object,
    of: tally.of,
    votes: electors.map(({ member, name, vote }) => ({ member, name, vote })),
    entries,
    isProven: decision.proven,
    isNotProven: decision.notProven,
  }
  const lines = [
    `The group "${groupName}" decided: ${decided}`,
    ...(reason ? [`Reason given: ${reason}`] : []),
    `${tally.yes} yes, ${data.no} no, of ${tally.of} who had a vote:`,
    ...electors.map(
      ({ name, vote }) => `  ${name || 'somebody without a name'}: ${vote === 'none' ? 'no answer' : vote}`,
    ),
    '',
    `Proven by the ${entries} entries in this file:`,
    ...decision.proven.map((each) => `  + ${each}`),
    'Not proven, by this or any file:',
    ...decision.notProven.map((each) => `  - ${each}`),
    `(Its author's clock said ${when}.)`,
  ]
  return { proven: true, lines: lines.map(printable), data }
}

const notProven = (fault: CertificateFault): Verification => {
  const place = fault.at === undefined ? '' : `Entry ${fault.at + 1} of the file: `
  return {
    proven: false,
    lines: ['Not proven.', `${place}${faultWords[fault.type]} (${fault.detail})`].map(printable),
    data: {
      proven: false,
      fault: fault.type,
      detail: fault.detail,
      entry: fault.at === undefined ? null : fault.at + 1,
    },
  }
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

const sentenceOf = ({ action, electors }: CheckedDecision): string => {
  const named = (member: string): string => {
    const name = electors.find((one) => one.member === member)?.name
    return name ? `${name} (${member})` : member
  }
  return sentences(action, named)
}

const sentences = (action: Action, named: (member: string) => string): string => {
  switch (action.kind) {
    case 'remove':
      return `${named(action.member)} is removed from the group.`
    case 'readmit':
      return `${named(action.member)} is taken back.`
    case 'voters':
      return `these have a vote: ${action.members.map(named).join(', ')}.`
    case 'rename':
      return `the group is called "${action.name}".`
    default:
      return `${action.kind}.`
  }
}

/** Names and reasons are anybody's text: what would steer a terminal is shown as a question mark. */
const printable = (line: string): string => line.replace(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu, '?')
