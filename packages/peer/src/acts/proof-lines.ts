import { type Instant, type ProofKey, sayProof } from '@auzolan/core'
import type { CertificateFault } from '@auzolan/trust'

/** A file that proves nothing, as it is: `lines` for people in English, the same as plain `data`, and what is wrong, to be said in any language. */
export interface NotProvenFile {
  readonly proven: false
  readonly lines: readonly string[]
  readonly data: BrokenProof
  readonly fault: ProofKey
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

export const notProven = ({ type, at, detail }: CertificateFault): NotProvenFile => {
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

/** Names and reasons are anybody's text: what would steer a terminal or turn a line is shown as a question mark. */
export const printable = (line: string): string => line.replace(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu, '?')

/** An author's clock may claim anything. */
export const claimedTimeOf = (at: Instant): string => {
  const claimed = new Date(at)
  return Number.isNaN(claimed.getTime()) ? 'no date' : claimed.toISOString()
}
