import { callState, type CallSaid, type CallState, type PaperSaid, type SignSaid } from './calls.ts'
import { DocumentId, MemberId, StatementId } from './ids.ts'
import { momentOf } from './moment.ts'
import { byTime, type Stamped } from './plan.ts'
import type { Said, Statement } from './statement.ts'
import { everyRow, isCount, isInstant, stampOf } from './stored.ts'

export type CallStatement = Extract<Statement, { kind: 'call' | 'sign' | 'unsign' | 'paper' | 'sawPaper' }>

interface Word extends Stamped {
  readonly by: MemberId
  readonly stands: boolean
}

/** What was said of one call, in whatever order it came. */
class OneCall {
  readonly said = new Map<StatementId, CallSaid>()
  readonly signatures = new Map<StatementId, SignSaid>()
  readonly papers = new Map<StatementId, PaperSaid>()
  /** By what is taken back, who does. */
  readonly withdrawn = new Map<StatementId, Set<MemberId>>()
  /** By paper, the newest word of each. */
  readonly seen = new Map<StatementId, Map<MemberId, Word>>()

  withdraw(signature: StatementId, by: MemberId): void {
    const members = this.withdrawn.get(signature) ?? new Set<MemberId>()
    this.withdrawn.set(signature, members.add(by))
  }

  see(paper: StatementId, word: Word): void {
    const words = this.seen.get(paper) ?? new Map<MemberId, Word>()
    this.seen.set(paper, words)
    const before = words.get(word.by)
    if (before === undefined || byTime(before, word) < 0) words.set(word.by, word)
  }

  state(id: StatementId): CallState | undefined {
    return callState(id, {
      said: this.said.values(),
      signatures: this.signatures.values(),
      papers: this.papers.values(),
      isWithdrawn: (signature, by) => this.withdrawn.get(signature)?.has(by) === true,
      seenBy: (paper) =>
        [...(this.seen.get(paper)?.values() ?? [])]
          .filter(({ stands }) => stands)
          .sort(byTime)
          .map(({ by }) => by),
    })
  }
}

/**
 * What people are asked to sign, and who did, folded in any order. Nothing is judged on arrival: what refers to something unknown is kept, and counts
 * once that has arrived and was said by who may say it.
 */
export class Signing {
  readonly #calls = new Map<StatementId, OneCall>()
  /** As they were last worked out. */
  readonly #states = new Map<StatementId, CallState | undefined>()

  add({ id, by, at, statement }: Pick<Said<CallStatement>, 'id' | 'by' | 'at' | 'statement'>): void {
    const about = statement.call ?? id
    this.#states.delete(about)
    const call = this.#call(about)
    switch (statement.kind) {
      case 'call': {
        const { place, title, text, goal, until, open } = statement
        call.said.set(id, { id, at, by, place, title, text, goal, until: momentOf(until), open })
        return
      }
      case 'sign': {
        const { version, name, comment } = statement
        call.signatures.set(id, { id, at, by, version, name, comment })
        return
      }
      case 'paper': {
        const { version, name, sheet } = statement
        call.papers.set(id, { id, at, by, version, name, sheet })
        return
      }
      case 'unsign':
        for (const signature of statement.signatures) call.withdraw(signature, by)
        return
      case 'sawPaper':
        for (const paper of statement.papers) call.see(paper, { id, at, by, stands: statement.stands })
    }
  }

  /** By when they were begun, then id. */
  get all(): readonly CallState[] {
    return [...this.#calls.keys()].flatMap((id) => this.of(id) ?? []).sort(byTime)
  }

  of(id: StatementId): CallState | undefined {
    if (!this.#states.has(id)) this.#states.set(id, this.#calls.get(id)?.state(id))
    return this.#states.get(id)
  }

  #call(id: StatementId): OneCall {
    let call = this.#calls.get(id)
    if (call === undefined) this.#calls.set(id, (call = new OneCall()))
    return call
  }

  toData(): readonly unknown[] {
    return Array.from(this.#calls, ([id, { said, signatures, papers, withdrawn, seen }]) => [
      id,
      Array.from(said.values(), ({ id, at, by, place, title, text, goal, until, open }) => [
        ...[id, at, by, place, title, text, goal, until, open],
      ]),
      Array.from(signatures.values(), ({ id, at, by, version, name, comment }) => [id, at, by, version, name, comment]),
      Array.from(papers.values(), ({ id, at, by, version, name, sheet }) => [id, at, by, version, name, sheet]),
      Array.from(withdrawn, ([signature, members]) => [signature, ...members]),
      Array.from(seen, ([paper, words]) =>
        Array.from(words.values(), ({ id, at, by, stands }) => [paper, id, at, by, stands]),
      ).flat(),
    ])
  }

  /** Adds what `toData` gave; false where it is damaged. */
  restore(data: unknown): boolean {
    return everyRow(data, ([id, said, signatures, papers, withdrawn, seen]) => {
      const about = StatementId.parse(id)
      if (about === undefined) return false
      const call = this.#call(about)
      return (
        everyRow(said, (row) => restoreSaid(call, row)) &&
        everyRow(signatures, (row) => {
          const read = restoreSigned(row)
          if (read === undefined) return false
          const { words: comment, ...signed } = read
          call.signatures.set(read.id, { ...signed, comment })
          return true
        }) &&
        everyRow(papers, (row) => {
          const read = restoreSigned(row)
          if (read === undefined) return false
          const { words: sheet, ...signed } = read
          call.papers.set(read.id, { ...signed, sheet })
          return true
        }) &&
        everyRow(withdrawn, ([of, ...members]) => {
          const signature = StatementId.parse(of)
          return (
            signature !== undefined &&
            members.every((each) => {
              const member = MemberId.parse(each)
              if (member !== undefined) call.withdraw(signature, member)
              return member !== undefined
            })
          )
        }) &&
        everyRow(seen, ([of, id, at, by, stands]) => {
          const [paper, stamp] = [StatementId.parse(of), stampOf(id, at, by)]
          if (paper === undefined || stamp === undefined || typeof stands !== 'boolean') return false
          call.see(paper, { ...stamp, stands })
          return true
        })
      )
    })
  }
}

const restoreSaid = (
  call: OneCall,
  [id, at, by, where, title, text, goal, until, open]: readonly unknown[],
): boolean => {
  const [stamp, place] = [stampOf(id, at, by), DocumentId.parse(where)]
  if (stamp === undefined || place === undefined || typeof title !== 'string' || typeof text !== 'string') return false
  if (!isCount(goal) || (until !== null && !isInstant(until)) || typeof open !== 'boolean') return false
  call.said.set(stamp.id, { ...stamp, place, title, text, goal, until, open })
  return true
}

/** The last is a comment, or which sheet. */
const restoreSigned = ([id, at, by, of, name, words]: readonly unknown[]) => {
  const [stamp, version] = [stampOf(id, at, by), StatementId.parse(of)]
  return stamp === undefined || version === undefined || typeof name !== 'string' || typeof words !== 'string'
    ? undefined
    : { ...stamp, version, name, words }
}
