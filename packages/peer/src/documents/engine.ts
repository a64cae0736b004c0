import * as A from '@automerge/automerge/slim'
import {
  type ChangeHash,
  err,
  ok,
  type DeviceId,
  type DocumentId,
  type DocumentKind,
  type DocumentState,
  type Edit,
  type FieldPath,
  type GroupDoc,
  type Heads,
  type InitiativeDoc,
  type Instant,
  type Result,
  type Version,
} from '@auzolan/core'
import { sha256 } from '@auzolan/trust'
import { grouped, momentOf, plan, type EditFault } from './edits.ts'
import { byPlace, candidatesOf, judge, type Candidate, type ChangeRefusal, type Waiting } from './gate.ts'
import { attempt, type Doc, hold, liveDocuments, release, reload } from './memory.ts'
import {
  documentOf,
  historyOf,
  join,
  OpenDocument,
  opened,
  proveDocument,
  proven,
  provenDocument,
  rollBack,
  rolledBack,
  withdraw,
} from './open-document.ts'
import { readOperations } from './operations.ts'
import { preparse } from './preparse.ts'
import { fieldRule, foundations, readDocument, shortFields, textOf, valueAt } from './shapes.ts'

/** The only door to Automerge. Bytes in, bytes and plain data out. */

/** An open document. Opaque; `close` it. */
export interface DocHandle {
  readonly kind: DocumentKind
}

export type { Candidate, ChangeRefusal, EditFault, Waiting }
export { candidatesOf, liveDocuments }

export type EngineFault =
  { readonly type: 'damaged' } | { readonly type: 'unknown moment' } | { readonly type: 'not prose' }

export interface Admission {
  /** In the order in which they were applied. */
  readonly accepted: readonly ChangeHash[]
  /** Give them again once what is missing was accepted. Automerge's own queue is never used. */
  readonly waiting: readonly Waiting[]
  /** May name changes accepted earlier: one with the same actor and number, and the lower hash, takes their place. */
  readonly refused: readonly { readonly hash: ChangeHash; readonly reason: ChangeRefusal }[]
}

/** A change as its metadata say it: who and when, once the caller knows whose actor it is. */
export interface ChangeNote {
  readonly hash: ChangeHash
  readonly actor: string
  readonly at: Instant
}
export type AuthorOf = (change: ChangeNote) => { readonly device: DeviceId; readonly at?: Instant } | undefined

export interface EditContext {
  /** Seconds since 1970, for display only. */
  readonly time: number
  /**
   * Chooses this session's actor: the first of its actors that `may` write at the moment of these edits, or a new one. An actor
   * whose newest change lies outside that moment cannot, as its next change must build on it.
   */
  readonly actor: (may: (actor: string) => boolean) => string
}

export interface Edited {
  /**
   * Almost always one; none if nothing changed; several for a large paste. The handle does not hold them yet: store them, then
   * `admit` them, before the next `edit`.
   */
  readonly changes: readonly Candidate[]
  /** What the author now sees: these edits and what they were made on, nothing else. */
  readonly heads: Heads
}

/**
 * Loads the WebAssembly module; call once, before anything else. `'embedded'`: from the installed package (Node). In a browser the
 * worker's entry gives the URL of `automerge.wasm`.
 */
export const initialiseEngine = async (source: 'embedded' | URL | Uint8Array): Promise<void> => {
  if (A.isWasmInitialized()) return
  if (source === 'embedded') {
    const { embeddedWasm } = await import('./embedded.ts')
    await A.initializeWasm(await embeddedWasm())
  } else await A.initializeWasm(source instanceof URL ? source.href : source)
}

/** A document from its newest verified snapshot (`null`: none) and changes, in any order. What is not admissible stays out. */
export const openDocument = (
  kind: DocumentKind,
  snapshot: Uint8Array | null,
  changes: readonly Uint8Array[],
): Result<DocHandle, EngineFault> => {
  const doc = attempt(() => provenDocument({ kind, proven: snapshot }))
  if (doc === undefined) return err({ type: 'damaged' })
  const history = historyOf(kind, doc)
  if (history === undefined) {
    release(doc)
    return err({ type: 'damaged' })
  }
  const handle = new OpenDocument(kind, doc, history, snapshot)
  opened.add(handle)
  admit(handle, candidatesOf(changes))
  return ok(handle)
}

/** Frees the memory. Using the handle afterwards is a mistake in our own code, and throws. */
export const closeDocument = (handle: DocHandle): void => {
  const document = documentOf(handle)
  opened.delete(document)
  release(document.doc)
}

/**
 * The structural gate. Each candidate is judged by its own past alone (`gate.ts`); the sound ones are applied, and proven together later:
 * at the next local edit, so that nobody builds on what does not hold, when some have come together, or when `prove` is called.
 */
export const admit = (handle: DocHandle, candidates: readonly Candidate[]): Admission => {
  const document = documentOf(handle)
  const { verdicts } = document
  const gone: ChangeHash[] = []
  const judged = () =>
    judge(document.containers, verdicts, foundations[document.kind], candidates, readOperations, document.made)
  let judgement = judged()
  while (judgement.displaced.size > 0) {
    document.history = document.history.without(new Set(judgement.sound.map(({ head }) => head.hash))).kept
    proveDocument(document)
    gone.push(...withdraw(document, judgement.displaced))
    judgement = judged()
  }
  const bad = join(document, judgement.sound)
  return {
    accepted: judgement.sound.flatMap(({ head }) => (bad.has(head.hash) ? [] : [head.hash])),
    waiting: judgement.waiting,
    refused: refusals(document, new Set([...gone, ...judgement.refused, ...bad])),
  }
}

/** Proves what came in since the last time. Answers what did not hold: the document shows it no more. */
export const prove = (handle: DocHandle): Admission['refused'] => {
  const document = documentOf(handle)
  return refusals(document, proveDocument(document))
}

const refusals = ({ verdicts }: OpenDocument, hashes: ReadonlySet<ChangeHash>): Admission['refused'] =>
  [...hashes].map((hash) => ({ hash, reason: verdicts.refused.get(hash) ?? 'built on refused' }))

/** Makes local edits. Answers changes that the handle does not hold yet. */
export const edit = (handle: DocHandle, edits: readonly Edit[], context: EditContext): Result<Edited, EditFault> => {
  const document = documentOf(handle)
  let chosen = choose(document, edits, context)
  // Nobody builds on what does not hold. The proof loads the document: with this actor at once, as loading is what costs.
  if (chosen.ok && document.foreign > 0 && proveDocument(document, chosen.value.actor).size > 0)
    chosen = choose(document, edits, context)
  if (!chosen.ok) return chosen
  const { moment, actor, now } = chosen.value
  const { kind } = document
  if (now) prepareToWrite(document, actor)
  let doc = now ? document.doc : hold(A.clone(A.view(document.doc, [...moment]), { actor }))
  try {
    const seen = doc
    const steps = plan(kind, edits, {
      value: seen,
      text: (path) => textOf(path.reduce<unknown>(valueAt, seen)),
      versions: (path) => versionsAt(seen, path).length,
      immutable: (text) => new A.ImmutableString(text),
      splice: (draft, path, splice) => A.splice(draft, [...path], splice.at, splice.remove, splice.insert),
    })
    if (!steps.ok) return steps
    const changes: Candidate[] = []
    for (const group of grouped(steps.value)) {
      doc = A.change(doc, { time: context.time }, (draft) => group.forEach((step) => step.apply(draft)))
      const bytes = A.getLastLocalChange(doc)
      const head = bytes === undefined ? undefined : preparse(bytes)
      if (bytes === undefined || head?.ok !== true) throw new Error('a local change broke our own limits')
      changes.push({ bytes, head: head.value })
      document.made.add(head.value.hash)
      if (!now) continue
      document.doc = doc
      document.ahead.add(head.value.hash)
    }
    const last = changes.at(-1)
    return ok({ changes, heads: last === undefined ? moment : [last.head.hash] })
  } finally {
    if (!now) release(doc)
  }
}

/** The moment that the edits were made on, whether that is now, and who may write there. */
const choose = (
  { history }: OpenDocument,
  edits: readonly Edit[],
  context: EditContext,
): Result<{ readonly moment: Heads; readonly actor: string; readonly now: boolean }, EditFault> => {
  const moment = momentOf(history, edits)
  if (!moment.ok) return moment
  const past = history.extent(moment.value)
  const actor = context.actor((each) => (past.get(each) ?? 0) === history.lastSeq(each))
  return ok({ moment: moment.value, actor, now: history.isNow(moment.value) })
}

/** Copying costs with the size, so the document is written on as it is wherever it can be. */
const prepareToWrite = (document: OpenDocument, actor: string): void => {
  if (document.ahead.size > 0 || A.getActorId(document.doc) !== actor) rollBack(document, actor)
}

/** The document as plain data. Versions of unknown authors are left out. */
export const documentState = (handle: DocHandle, id: DocumentId, authorOf: AuthorOf): DocumentState => {
  const { doc, history, kind } = rolledBack(handle)
  const value = readDocument(kind, doc)
  const versions: Record<string, readonly Version[]> = {}
  for (const path of shortFields(kind, value)) {
    const found = versionsAt(doc, path).flatMap(({ text, counter, actor }): Version[] => {
      const step = history.holding(actor, counter)
      if (text === undefined || step === undefined) return []
      const at = (step.time * 1_000) as Instant
      const author = authorOf({ hash: step.hash, actor, at })
      return author === undefined ? [] : [{ value: text, device: author.device, at: author.at ?? at }]
    })
    if (found.length > 1) versions[path.join('/')] = found
  }
  return { id, kind, value, heads: history.heads, versions }
}

/** The text of a prose field as it was at `moment`. */
export const proseAt = (handle: DocHandle, field: FieldPath, moment: Heads): Result<string, EngineFault> => {
  const { doc, history, kind } = rolledBack(handle)
  if (fieldRule(kind, field)?.merges !== 'prose') return err({ type: 'not prose' })
  if (!moment.every((hash) => history.has(hash))) return err({ type: 'unknown moment' })
  const then = history.isNow(moment) ? doc : A.view(doc, [...moment])
  return ok(textOf(field.reduce<unknown>(valueAt, then)) ?? '')
}

/** The document as it was at `moment`, as plain data. */
export const documentAt = (handle: DocHandle, moment: Heads): GroupDoc | InitiativeDoc => {
  const { doc, history, kind } = rolledBack(handle)
  return readDocument(kind, history.isNow(moment) ? doc : A.view(doc, [...moment]))
}

/** Changes after the constant beginning, the newest first: each before what it builds on. */
export const writtenSteps = (handle: DocHandle): readonly (ChangeNote & { readonly deps: readonly ChangeHash[] })[] =>
  [...rolledBack(handle).history.all()]
    .filter(({ deps }) => deps.length > 0)
    .sort((left, right) => byPlace(right, left))
    .map(({ hash, actor, time, deps }) => ({ hash, actor, deps, at: (time * 1_000) as Instant }))

export const heads = (handle: DocHandle): Heads => documentOf(handle).history.heads

/** The change of an actor with this number that the document holds. */
export const changeAt = (handle: DocHandle, actor: string, seq: number): ChangeHash | undefined =>
  documentOf(handle).history.atSeq(actor, seq)?.hash

/** All changes, the genesis included, in canonical order. */
export const hashes = (handle: DocHandle): readonly ChangeHash[] =>
  [...proven(handle).history.all()].sort(byPlace).map(({ hash }) => hash)

/** Change chunks outside the past of `moment`, each after what it builds on. */
export const changesSince = (handle: DocHandle, moment: Heads): Result<readonly Uint8Array[], EngineFault> => {
  const { doc, history } = proven(handle)
  return moment.every((hash) => history.has(hash))
    ? ok(A.getChangesSince(doc, [...moment]))
    : err({ type: 'unknown moment' })
}

/** The whole document in one piece, given out only after it was loaded again with the same heads. */
export const snapshot = (handle: DocHandle): Result<Uint8Array, EngineFault> => {
  const { doc, history } = proven(handle)
  const again = attempt(() => reload(doc, history.heads))
  if (again === undefined) return err({ type: 'damaged' })
  release(again.doc)
  return ok(again.bytes)
}

/** Equal heads must give equal digests. */
export const digest = (handle: DocHandle): Uint8Array => {
  const { doc, history, kind } = proven(handle)
  const versions = shortFields(kind, readDocument(kind, doc)).map((path) => versionsAt(doc, path))
  return sha256(new TextEncoder().encode(JSON.stringify([history.heads, canonical(A.toJS(doc)), versions])))
}

interface Written {
  readonly counter: number
  readonly actor: string
  readonly text: string | undefined
}

/** The values that stand side by side in a field, the one shown first; Automerge shows the newest, then the highest actor. */
const versionsAt = (doc: Doc, path: FieldPath): readonly Written[] => {
  const parent = path.slice(0, -1).reduce<unknown>(valueAt, doc)
  const key = path.at(-1)
  if (typeof parent !== 'object' || parent === null || key === undefined) return []
  const values = A.getConflicts(parent as Doc, key) ?? {}
  return Object.entries(values)
    .map(([id, value]) => {
      const split = id.indexOf('@')
      return { counter: Number(id.slice(0, split)), actor: id.slice(split + 1), text: textOf(value) }
    })
    .sort((left, right) => right.counter - left.counter || (left.actor < right.actor ? 1 : -1))
}

/** Plain data with sorted keys, so that equal documents write equal JSON. */
const canonical = (value: unknown): unknown => {
  if (typeof value === 'bigint') return `${value}`
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]) => [key, canonical(inner)] as const)
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)))
}
