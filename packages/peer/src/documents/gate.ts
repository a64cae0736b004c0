import type { ChangeHash } from '@auzolan/core'
import type { History } from './History.ts'
import { preparse, type ChangeHead } from './preparse.ts'
import {
  isSecondBeginning,
  operationFault,
  type Containers,
  type NamedOperation,
  type OperationFault,
} from './references.ts'

/** A change that passed `preparse`. */
export interface Candidate {
  readonly bytes: Uint8Array
  readonly head: ChangeHead
}

/** Bytes that `preparse` takes, ready for `admit`; others are left out. */
export const candidatesOf = (changes: readonly Uint8Array[]): readonly Candidate[] =>
  changes.flatMap((bytes) => {
    const head = preparse(bytes)
    return head.ok ? [{ bytes, head: head.value }] : []
  })

/** Why a change can never be part of a document: a function of the change and its past alone, so everyone refuses the same. */
export type ChangeRefusal =
  | 'second beginning'
  | 'empty'
  | 'wrong operation number'
  | 'wrong sequence number'
  | 'duplicate sequence number'
  | OperationFault
  | 'unreadable'
  | 'does not survive saving'
  | 'built on refused'

export interface Waiting {
  readonly hash: ChangeHash
  /** Deps that the document does not hold. */
  readonly missing: readonly ChangeHash[]
}

/** What a document remembers of changes that it does not hold. Lost on closing: whoever keeps the log offers them again. */
export class Verdicts {
  readonly refused = new Map<ChangeHash, ChangeRefusal>()
  /** The lowest hash seen for each actor and number. */
  readonly claims = new Map<string, ChangeHash>()
}

export interface Judgement {
  /** Now in the history, each after what it builds on; still to be proven. */
  readonly sound: readonly Candidate[]
  readonly waiting: readonly Waiting[]
  readonly refused: readonly ChangeHash[]
  /** Held changes that must give way to one with the same actor and number and a lower hash. Then nothing else here counts. */
  readonly displaced: ReadonlySet<ChangeHash>
}

/**
 * Judges each candidate by its own past alone. `foundation`: root keys that stay as they are. `decode` answers `undefined` for what Automerge
 * cannot read. `made`: changes this app wrote on this document just now; what their operations name is there.
 */
export const judge = (
  containers: Containers,
  verdicts: Verdicts,
  foundation: ReadonlySet<string>,
  candidates: readonly Candidate[],
  decode: (bytes: Uint8Array) => readonly NamedOperation[] | undefined,
  made: ReadonlySet<ChangeHash> = none,
): Judgement => {
  const { history } = containers
  const sound: Candidate[] = []
  const waiting: Waiting[] = []
  const refused: ChangeHash[] = []
  const displaced = new Set<ChangeHash>()
  for (const candidate of inOrder(candidates)) {
    const { head } = candidate
    if (history.has(head.hash)) continue
    const missing = head.deps.filter((dep) => !history.has(dep) && !verdicts.refused.has(dep))
    if (missing.length > 0) {
      waiting.push({ hash: head.hash, missing })
      continue
    }
    const rival = isSecondBeginning(head) ? undefined : claim(history, verdicts, head)
    if (rival !== undefined) displaced.add(rival)
    const reason = verdicts.refused.get(head.hash) ?? faultOf(containers, verdicts, foundation, candidate, decode, made)
    if (reason === undefined) {
      if (displaced.size > 0) continue
      history.add(head)
      sound.push(candidate)
    } else {
      verdicts.refused.set(head.hash, reason)
      refused.push(head.hash)
    }
  }
  return { sound, waiting, refused, displaced }
}

/**
 * Two changes with one actor and number prove misbehaviour (or a backup used twice), and Automerge can hold only one. The lower hash
 * stays, whichever came first. Answers the held change that must go.
 */
const claim = (history: History, { claims }: Verdicts, { actor, seq, hash }: ChangeHead): ChangeHash | undefined => {
  const place = `${actor}:${seq}`
  const before = claims.get(place)
  if (before === undefined || hash < before) claims.set(place, hash)
  const held = history.atSeq(actor, seq)
  return held !== undefined && hash < held.hash ? held.hash : undefined
}

const faultOf = (
  containers: Containers,
  { refused, claims }: Verdicts,
  foundation: ReadonlySet<string>,
  { bytes, head }: Candidate,
  decode: (bytes: Uint8Array) => readonly NamedOperation[] | undefined,
  made: ReadonlySet<ChangeHash>,
): ChangeRefusal | undefined => {
  const { history } = containers
  if (isSecondBeginning(head)) return 'second beginning'
  if (head.deps.some((dep) => refused.has(dep))) return 'built on refused'
  if (head.ops === 0) return 'empty'
  if (head.startOp !== history.maxOp(head.deps) + 1) return 'wrong operation number'
  const past = history.extent(head.deps)
  if (head.seq !== (past.get(head.actor) ?? 0) + 1) return 'wrong sequence number'
  const held = history.atSeq(head.actor, head.seq)
  if (claims.get(`${head.actor}:${head.seq}`) !== head.hash || (held !== undefined && held.hash < head.hash)) {
    return 'duplicate sequence number'
  }
  if (made.has(head.hash)) return undefined
  const operations = decode(bytes)
  if (operations === undefined) return 'unreadable'
  const fault = operationFault(head, operations, past, containers, foundation)
  if (fault === undefined) containers.learn(head, operations)
  return fault
}

const none: ReadonlySet<ChangeHash> = new Set()

/** Canonical order: by first operation, then by hash, and always after what it builds on. Duplicates are left out. */
const inOrder = (candidates: readonly Candidate[]): readonly Candidate[] => {
  const byHash = new Map(candidates.map((candidate) => [candidate.head.hash, candidate]))
  const ordered: Candidate[] = []
  const done = new Set<ChangeHash>()
  for (const start of [...byHash.values()].sort((left, right) => byPlace(left.head, right.head))) {
    const open = [start]
    for (let next = open.at(-1); next !== undefined; next = open.at(-1)) {
      const before = done.has(next.head.hash)
        ? undefined
        : next.head.deps.find((dep) => byHash.has(dep) && !done.has(dep))
      if (before !== undefined) {
        open.push(byHash.get(before) as Candidate)
        continue
      }
      open.pop()
      if (done.has(next.head.hash)) continue
      done.add(next.head.hash)
      ordered.push(next)
    }
  }
  return ordered
}

/** A change never comes before what it builds on, as its first operation is numbered after all of theirs. */
export const byPlace = (
  left: { readonly startOp: number; readonly hash: ChangeHash },
  right: { readonly startOp: number; readonly hash: ChangeHash },
): number => left.startOp - right.startOp || (left.hash < right.hash ? -1 : left.hash > right.hash ? 1 : 0)
