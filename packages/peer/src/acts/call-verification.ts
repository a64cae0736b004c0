import {
  createBoard,
  type Instant,
  type MemberId,
  NAMELESS,
  type ProofKey,
  sayProof,
  type SignedText,
} from '@auzolan/core'
import { type CertificateFault, type CheckedSaid, type Verifier, verifySaid } from '@auzolan/trust'
import { callStatement } from './call-file.ts'
import { claimedTimeOf, notProven, type NotProvenFile, printable } from './proof-lines.ts'

/** How a signature stands to the text as the file has it. */
export type SignatureIs = SignedText | 'withdrawn' | 'late'

/** What a file with a call and its signatures shows. */
export interface ProvenCall {
  readonly proven: true
  readonly group: string
  readonly groupName: string
  readonly call: string
  readonly title: string
  readonly text: string
  readonly askedBy: string
  /** 0: as many as like to. */
  readonly goal: number
  /** Who signed this text, in time, each once; and on paper, as two members say. */
  readonly here: number
  readonly paper: number
  readonly signatures: readonly {
    readonly member: string
    readonly name: string
    readonly comment: string
    readonly is: SignatureIs
    /** By its author's clock, as ISO 8601. */
    readonly claimedTime: string
  }[]
  readonly papers: readonly {
    readonly name: string
    readonly sheet: string
    readonly enteredBy: string
    readonly seenBy: readonly string[]
    readonly is: SignatureIs
  }[]
  readonly entries: number
  readonly isProven: readonly CallProven[]
  readonly isNotProven: readonly CallNotProven[]
}

const callProven = [
  'every entry is signed by the device it names',
  'everyone who signed was in the group when they did',
  'each signature names the text it is for',
  'nobody is counted twice',
] as const
const callNotProven = [
  'that nobody has taken their signature back since',
  'that everybody who signed is in the file',
  'who signed on paper',
  'who these people are',
  'when it was',
] as const
export type CallProven = (typeof callProven)[number]
export type CallNotProven = (typeof callNotProven)[number]

/** A file with a call that holds. */
export interface VerifiedCall {
  readonly proven: true
  readonly of: 'call'
  readonly lines: readonly string[]
  readonly data: ProvenCall
}

/** Checks such a file by its bytes alone, and counts as the app does. */
export const checkCall = async (bytes: Uint8Array, verifier: Verifier): Promise<VerifiedCall | NotProvenFile> => {
  const checked = await verifySaid(bytes, verifier)
  if (!checked.ok) return notProven(checked.error)
  const shown = shownBy(checked.value)
  return 'type' in shown ? notProven(shown) : { proven: true, of: 'call', lines: linesOf(shown), data: shown }
}

const shownBy = (checked: CheckedSaid): ProvenCall | CertificateFault => {
  const board = createBoard()
  for (const { item, ...said } of checked.said) {
    const statement = callStatement(item)
    if (!statement || (statement.call ?? said.id) !== checked.subject)
      return { type: 'not needed', detail: 'something else was said there' }
    board.add({ ...said, statement })
  }
  const call = board.call(checked.subject)
  if (!call) return { type: 'no decision', detail: 'nobody asks for signatures there' }
  const nameOf = (member: MemberId) => printable(checked.names.get(member) || NAMELESS)
  return {
    proven: true,
    group: checked.group,
    groupName: printable(checked.groupName),
    call: call.id,
    title: printable(call.title),
    text: call.text.split('\n').map(printable).join('\n'),
    askedBy: nameOf(call.by),
    goal: call.goal,
    ...call.count,
    signatures: call.signatures.map((each) => ({
      member: each.by,
      name: printable(each.name) || nameOf(each.by),
      comment: printable(each.comment),
      is: stateOf(each),
      claimedTime: claimedTimeOf(each.at),
    })),
    papers: call.papers.map((each) => ({
      name: printable(each.name),
      sheet: printable(each.sheet),
      enteredBy: nameOf(each.by),
      seenBy: each.seenBy.map(nameOf),
      is: stateOf(each),
    })),
    entries: checked.entries,
    isProven: callProven,
    isNotProven: callNotProven,
  }
}

const stateOf = (each: {
  readonly signed: SignedText
  readonly withdrawn: boolean
  readonly late: boolean
  readonly at: Instant
}): SignatureIs => {
  if (each.withdrawn) return 'withdrawn'
  return each.late && each.signed === 'now' ? 'late' : each.signed
}

const linesOf = (call: ProvenCall): readonly string[] => {
  const line = (key: ProofKey, values: Readonly<Record<string, string | number>> = {}) => sayProof({ key, values })
  return [
    line('proof.line.call', { group: call.groupName, title: call.title }),
    ...call.text.split('\n').map((each) => `  ${each}`),
    line('proof.line.askedBy', { name: call.askedBy }),
    '',
    line('proof.line.signed', { here: call.here, paper: call.paper }),
    ...call.signatures.map(({ name, is, comment }) =>
      line(comment ? 'proof.line.signatureComment' : 'proof.line.signature', {
        ...{ name, is: line(`proof.signature.${is}`), comment },
      }),
    ),
    ...call.papers.map(({ name, is, enteredBy, seenBy }) => {
      const seen = seenBy.length > 0 ? seenBy.join(', ') : line('proof.line.nobody')
      return line('proof.line.paper', { name, is: line(`proof.signature.${is}`), by: enteredBy, seen })
    }),
    '',
    line('proof.line.is', { entries: call.entries }),
    ...call.isProven.map((each) => `  + ${line(`proof.is.${each}`)}`),
    line('proof.line.isNot'),
    ...call.isNotProven.map((each) => `  - ${line(`proof.isNot.${each}`)}`),
  ]
}
