import * as A from '@automerge/automerge/slim'
import { ChangeHash, type DocumentKind } from '@auzolan/core'
import { History, type Step } from './History.ts'
import { candidatesOf, type Candidate, type ChangeRefusal, Verdicts } from './gate.ts'
import { attempt, bytesOf, type Doc, fromGenesis, hasHeads, headsWith, hold, load, release, reload } from './memory.ts'
import { Containers, type NamedOperation } from './references.ts'
import { genesis } from './shapes.ts'

/** An open document, its history, and what of it is not proven or not admitted yet. */
export class OpenDocument {
  readonly kind: DocumentKind
  doc: Doc
  containers: Containers
  readonly verdicts = new Verdicts()
  /** Changes that `edit` made on this document: Automerge wrote them here, so what they name is there. */
  readonly made = new Set<ChangeHash>()
  /** Changes in `doc` that were not proven to survive saving yet, in the order in which they came, and how many of them others made. */
  unproven: Candidate[] = []
  foreign = 0
  /** What `doc` was saved to when everything in it had been proven; `null`: the beginning alone. */
  proven: Uint8Array | null
  /** Changes that `doc` holds and the history does not: made here, and not admitted yet. */
  readonly ahead = new Set<ChangeHash>()

  constructor(kind: DocumentKind, doc: Doc, history: History, proven: Uint8Array | null) {
    this.kind = kind
    this.doc = doc
    this.proven = proven
    this.containers = this.#containersOf(history)
  }

  get history(): History {
    return this.containers.history
  }

  set history(history: History) {
    this.containers = this.#containersOf(history)
  }

  #containersOf(history: History): Containers {
    return new Containers(history, ({ hash }) => operationsOf(A.inspectChange(this.doc, hash)))
  }
}

/** Handles that were not closed. */
export const opened = new WeakSet<OpenDocument>()

export const documentOf = (handle: object): OpenDocument => {
  if (!(handle instanceof OpenDocument) || !opened.has(handle)) throw new Error('this document is closed')
  return handle
}

/** Takes back what was made on the document and not admitted. */
export const rollBack = (document: OpenDocument, actor = A.getActorId(document.doc)): void => {
  const { doc, ahead, history } = document
  const past = ahead.size === 0 ? doc : hold(A.clone(A.view(doc, [...history.heads])))
  // Loaded and not cloned: a clone's inner objects go on reading the memory of what they were cloned from.
  document.doc = load(A.save(past), actor)
  if (past !== doc) release(past)
  release(doc)
  ahead.clear()
}

/** The document as its history says, to be read. */
export const rolledBack = (handle: object): OpenDocument => {
  const document = documentOf(handle)
  if (document.ahead.size > 0 && document.foreign > 0) proveDocument(document)
  if (document.ahead.size > 0) rollBack(document)
  return document
}

/** The document with everything in it proven and nothing ahead of it. */
export const proven = (handle: object): OpenDocument => {
  proveDocument(documentOf(handle))
  return rolledBack(handle)
}

const nothing: ReadonlySet<ChangeHash> = new Set()

/** Applies what was judged sound. Answers what did not hold, if that showed already. */
export const join = (document: OpenDocument, sound: readonly Candidate[]): ReadonlySet<ChangeHash> => {
  const absent = sound.filter(({ head }) => !document.ahead.delete(head.hash))
  for (const candidate of sound) {
    document.unproven.push(candidate)
    if (!document.made.delete(candidate.head.hash)) document.foreign += 1
  }
  const joined = absent.length === 0 || apply(document, absent)
  const many = document.foreign >= PROOF_CHANGES || document.unproven.length >= OWN_PROOF_CHANGES
  return joined && !many ? nothing : proveDocument(document)
}

const apply = (document: OpenDocument, candidates: readonly Candidate[]): boolean => {
  const expected = headsWith(document.doc, candidates)
  const next = attempt(() => A.applyChanges(document.doc, bytesOf(candidates))[0])
  if (next === undefined) return false
  document.doc = next
  return hasHeads(next, expected)
}

/**
 * Replaces the document by what it saves to and loads from again. Where that fails it is made again from what was last proven, and halves of
 * what came since are tried until the single bad changes are found: those are answered, and held no more.
 * @param writer who writes on it next; as before, if left out
 */
export const proveDocument = (document: OpenDocument, writer?: string): ReadonlySet<ChangeHash> => {
  const { foreign, unproven, history } = document
  if (foreign === 0 && unproven.length < OWN_PROOF_CHANGES) return nothing
  if (document.ahead.size > 0) attempt(() => rollBack(document))
  document.ahead.clear()
  const actor = writer ?? attempt(() => A.getActorId(document.doc))
  const reloaded = attempt(() => reload(document.doc, history.heads, actor))
  document.unproven = []
  document.foreign = 0
  if (reloaded !== undefined) {
    release(document.doc)
    document.doc = reloaded.doc
    document.proven = reloaded.bytes
    return nothing
  }
  const bad = new Set<ChangeHash>()
  release(document.doc)
  document.doc = provenDocument(document, actor)
  settle(document, unproven, bad)
  document.proven = A.save(document.doc)
  if (bad.size > 0) document.history = history.without(bad).kept
  return bad
}

/** Proves a batch; if it fails, its halves. Adds the changes that do not hold to `bad`. */
const settle = (document: OpenDocument, batch: readonly Candidate[], bad: Set<ChangeHash>): void => {
  const sound = batch.filter(({ head }) => {
    if (!head.deps.some((dep) => bad.has(dep))) return true
    refuse(document, bad, head.hash, 'built on refused')
    return false
  })
  const [first] = sound
  if (first === undefined) return
  const next = proveBatch(document.doc, sound)
  if (next !== undefined) {
    release(document.doc)
    document.doc = next
  } else if (sound.length === 1) {
    refuse(document, bad, first.head.hash, 'does not survive saving')
  } else {
    const middle = sound.length >> 1
    settle(document, sound.slice(0, middle), bad)
    settle(document, sound.slice(middle), bad)
  }
}

const refuse = (document: OpenDocument, bad: Set<ChangeHash>, hash: ChangeHash, reason: ChangeRefusal): void => {
  bad.add(hash)
  document.verdicts.refused.set(hash, reason)
}

/** A document loaded from what `doc` with this batch saves to, if that has the right heads and can be read whole. */
const proveBatch = (doc: Doc, batch: readonly Candidate[]): Doc | undefined => {
  const expected = headsWith(doc, batch)
  let scratch = attempt(() => hold(A.clone(doc)))
  try {
    if (scratch === undefined) return undefined
    scratch = A.applyChanges(scratch, bytesOf(batch))[0]
    return reload(scratch, expected, A.getActorId(doc)).doc
  } catch {
    return undefined
  } finally {
    if (scratch !== undefined) release(scratch)
  }
}

export const provenDocument = ({ kind, proven }: Pick<OpenDocument, 'kind' | 'proven'>, actor?: string): Doc =>
  proven === null ? fromGenesis(kind, actor) : load(proven, actor)

/** Makes the document again without changes that lost their place, and all that was built on them. Answers what is gone. */
export const withdraw = (document: OpenDocument, displaced: ReadonlySet<ChangeHash>): readonly ChangeHash[] => {
  const { kept, dropped } = document.history.without(displaced)
  document.history = kept
  if (dropped.length === 0) return []
  const rest = candidatesOf(A.getAllChanges(document.doc)).filter(
    ({ head }) => kept.has(head.hash) && head.deps.length > 0,
  )
  const beginning = fromGenesis(document.kind)
  const next = rest.length === 0 ? beginning : proveBatch(beginning, rest)
  if (next === undefined) throw new Error('changes that held together once no longer do')
  if (next !== beginning) release(beginning)
  release(document.doc)
  document.doc = next
  document.proven = A.save(next)
  document.unproven = []
  document.foreign = 0
  document.ahead.clear()
  for (const hash of dropped)
    document.verdicts.refused.set(hash, displaced.has(hash) ? 'duplicate sequence number' : 'built on refused')
  return dropped
}

const operationsOf = (change: A.DecodedChange | null): readonly NamedOperation[] | undefined => change?.ops

/** The graph of a loaded document, if it is one of this kind and whole. */
export const historyOf = (kind: DocumentKind, doc: Doc): History | undefined =>
  attempt(() => {
    const beginning = candidatesOf([genesis[kind]])[0]?.head.hash
    const history = new History()
    for (const { hash, actor, seq, startOp, maxOp, deps, time } of A.getChangesMetaSince(doc, [])) {
      if ((deps.length === 0) !== (hash === beginning)) return undefined
      const step: Step = {
        hash: known(hash),
        actor,
        seq,
        startOp,
        ops: maxOp - startOp + 1,
        deps: deps.map(known).sort(),
        time,
      }
      history.add(step)
    }
    return history.size > 0 && A.getMissingDeps(doc, []).length === 0 ? history : undefined
  })

const known = (hash: string): ChangeHash => {
  const parsed = ChangeHash.parse(hash)
  if (parsed === undefined) throw new Error('Automerge gave something that is not a hash')
  return parsed
}

/** Changes of others that are proven together at the latest: a proof costs with the size of the document (a few milliseconds). */
const PROOF_CHANGES = 32
/** Own changes kept for making the document again: at about 100 bytes each they would take more than it does. */
const OWN_PROOF_CHANGES = 1_024
