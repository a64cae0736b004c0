import * as A from '@automerge/automerge/slim'
import {
  ChangeHash,
  err,
  ok,
  type DeviceId,
  type DocumentId,
  type DocumentKind,
  type DocumentState,
  type Edit,
  type FieldPath,
  type Heads,
  type Instant,
  type Result,
  type Version,
} from '@auzolan/core'
import { sha256 } from '@auzolan/trust'
import { History, type Step } from './History.ts'
import { grouped, momentOf, plan, type EditFault } from './edits.ts'
import { byPlace, judge, Verdicts, type Candidate, type ChangeRefusal, type Waiting } from './gate.ts'
import { readOperations } from './operations.ts'
import { preparse } from './preparse.ts'
import { Containers, type NamedOperation } from './references.ts'
import { fieldRule, foundations, genesis, readDocument, shortFields, textOf, valueAt } from './shapes.ts'

/** The only module that knows Automerge. Bytes in, bytes and plain data out. */

/** An open document. Opaque; `close` it. */
export interface DocHandle {
  readonly kind: DocumentKind
}

export type { Candidate, ChangeRefusal, EditFault, Waiting }

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

type Doc = A.Doc<Readonly<Record<string, unknown>>>

class OpenDocument implements DocHandle {
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

const opened = new WeakSet<OpenDocument>()
let live = 0

/** Automerge documents held in WebAssembly memory now: 0 once every handle is closed. */
export const liveDocuments = (): number => live

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

/** The same document made again from all its changes, in canonical order: for when equal heads show unequal digests. */
export const rebuild = (kind: DocumentKind, changes: readonly Uint8Array[]): Result<DocHandle, EngineFault> =>
  openDocument(kind, null, changes)

/** Frees the memory. Using the handle afterwards is a mistake in our own code, and throws. */
export const closeDocument = (handle: DocHandle): void => {
  const document = of(handle)
  opened.delete(document)
  release(document.doc)
}

/** Bytes that `preparse` takes, ready for `admit`; others are left out. */
export const candidatesOf = (changes: readonly Uint8Array[]): readonly Candidate[] =>
  changes.flatMap((bytes) => {
    const head = preparse(bytes)
    return head.ok ? [{ bytes, head: head.value }] : []
  })

/**
 * The structural gate. Each candidate is judged by its own past alone (`gate.ts`); the sound ones are applied, and proven together later:
 * at the next local edit, so that nobody builds on what does not hold, when some have come together, or when `prove` is called.
 */
export const admit = (handle: DocHandle, candidates: readonly Candidate[]): Admission => {
  const document = of(handle)
  const { verdicts } = document
  const gone: ChangeHash[] = []
  const judged = () =>
    judge(document.containers, verdicts, foundations[document.kind], candidates, readOperations, document.made)
  let judgement = judged()
  while (judgement.displaced.size > 0) {
    document.history = document.history.without(hashesOf(judgement.sound)).kept
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
  const document = of(handle)
  return refusals(document, proveDocument(document))
}

const refusals = ({ verdicts }: OpenDocument, hashes: ReadonlySet<ChangeHash>): Admission['refused'] =>
  [...hashes].map((hash) => ({ hash, reason: verdicts.refused.get(hash) ?? 'built on refused' }))

/** Makes local edits. Answers changes that the handle does not hold yet. */
export const edit = (handle: DocHandle, edits: readonly Edit[], context: EditContext): Result<Edited, EditFault> => {
  const document = of(handle)
  if (document.foreign > 0) proveDocument(document)
  const { history, kind } = document
  const moment = momentOf(history, edits)
  if (!moment.ok) return moment
  const past = history.extent(moment.value)
  const actor = context.actor((each) => (past.get(each) ?? 0) === history.lastSeq(each))
  const now = history.isNow(moment.value)
  if (now) prepareToWrite(document, actor)
  let doc = now ? document.doc : hold(A.clone(A.view(document.doc, [...moment.value]), { actor }))
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
    return ok({ changes, heads: last === undefined ? moment.value : [last.head.hash] })
  } finally {
    if (!now) release(doc)
  }
}

/** Copying costs with the size, so the document is written on as it is wherever it can be. */
const prepareToWrite = (document: OpenDocument, actor: string): void => {
  if (document.ahead.size > 0 || A.getActorId(document.doc) !== actor) rollBack(document, actor)
}

/** Takes back what was made on the document and not admitted. */
const rollBack = (document: OpenDocument, actor = A.getActorId(document.doc)): void => {
  const { doc, ahead, history } = document
  const past = ahead.size === 0 ? doc : hold(A.clone(A.view(doc, [...history.heads])))
  // Loaded and not cloned: a clone's inner objects go on reading the memory of what they were cloned from.
  document.doc = load(A.save(past), actor)
  if (past !== doc) release(past)
  release(doc)
  ahead.clear()
}

const rolledBack = (handle: DocHandle): OpenDocument => {
  const document = of(handle)
  if (document.ahead.size > 0 && document.foreign > 0) proveDocument(document)
  if (document.ahead.size > 0) rollBack(document)
  return document
}

const proven = (handle: DocHandle): OpenDocument => {
  proveDocument(of(handle))
  return rolledBack(handle)
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

export const heads = (handle: DocHandle): Heads => of(handle).history.heads

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

/** Equal heads must give equal digests; if not, `rebuild`. */
export const digest = (handle: DocHandle): Uint8Array => {
  const { doc, history, kind } = proven(handle)
  const versions = shortFields(kind, readDocument(kind, doc)).map((path) => versionsAt(doc, path))
  return sha256(new TextEncoder().encode(JSON.stringify([history.heads, canonical(A.toJS(doc)), versions])))
}

/** Applies what was judged sound. Answers what did not hold, if that showed already. */
const join = (document: OpenDocument, sound: readonly Candidate[]): ReadonlySet<ChangeHash> => {
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
 */
const proveDocument = (document: OpenDocument): ReadonlySet<ChangeHash> => {
  const { foreign, unproven, history } = document
  if (foreign === 0 && unproven.length < OWN_PROOF_CHANGES) return nothing
  if (document.ahead.size > 0) attempt(() => rollBack(document))
  document.ahead.clear()
  const actor = attempt(() => A.getActorId(document.doc))
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

/** The document as it is loaded from what it saves to. Throws where it does not survive that, or has other heads before or after. */
const reload = (doc: Doc, heads: Heads, actor?: string): { readonly doc: Doc; readonly bytes: Uint8Array } => {
  const bytes = A.save(doc)
  const loaded = load(bytes, actor)
  try {
    A.toJS(loaded)
    if (!hasHeads(doc, heads) || !hasHeads(loaded, heads)) throw new Error('other heads than expected')
    return { doc: loaded, bytes }
  } catch (error) {
    release(loaded)
    throw error
  }
}

const load = (bytes: Uint8Array, actor?: string): Doc =>
  hold(A.load<Record<string, unknown>>(bytes, actor === undefined ? {} : { actor }))

const provenDocument = ({ kind, proven }: Pick<OpenDocument, 'kind' | 'proven'>, actor?: string): Doc =>
  proven === null ? fromGenesis(kind, actor) : load(proven, actor)

const headsWith = (doc: Doc, batch: readonly Candidate[]): Heads => {
  const heads = new Set(A.getHeads(doc) as unknown as Heads)
  for (const { head } of batch) for (const dep of head.deps) heads.delete(dep)
  const inner = new Set(batch.flatMap(({ head }) => head.deps))
  for (const { head } of batch) if (!inner.has(head.hash)) heads.add(head.hash)
  return [...heads]
}

const hasHeads = (doc: Doc, expected: Heads): boolean => {
  const found = new Set<string>(A.getHeads(doc))
  return found.size === expected.length && expected.every((hash) => found.has(hash))
}

const bytesOf = (candidates: readonly Candidate[]): Uint8Array[] => candidates.map(({ bytes }) => bytes)
const hashesOf = (candidates: readonly Candidate[]): ReadonlySet<ChangeHash> =>
  new Set(candidates.map(({ head }) => head.hash))

const nothing: ReadonlySet<ChangeHash> = new Set()

/** Makes the document again without changes that lost their place, and all that was built on them. Answers what is gone. */
const withdraw = (document: OpenDocument, displaced: ReadonlySet<ChangeHash>): readonly ChangeHash[] => {
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

const fromGenesis = (kind: DocumentKind, actor?: string): Doc => {
  const empty = hold(A.init<Record<string, unknown>>(actor === undefined ? {} : { actor }))
  return A.applyChanges(empty, [genesis[kind]])[0]
}

/** The graph of a loaded document, if it is one of this kind and whole. */
const historyOf = (kind: DocumentKind, doc: Doc): History | undefined =>
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

const of = (handle: DocHandle): OpenDocument => {
  if (!(handle instanceof OpenDocument) || !opened.has(handle)) throw new Error('this document is closed')
  return handle
}

const hold = (doc: Doc): Doc => {
  live++
  return doc
}

/** After a panic inside Automerge the memory may be marked as borrowed for ever: then it cannot be freed, only forgotten. */
const release = (doc: Doc): void => {
  live--
  attempt(() => A.free(doc))
}

/** Automerge throws on bytes it cannot read, and its panics surface as exceptions too. */
const attempt = <T>(act: () => T): T | undefined => {
  try {
    return act()
  } catch {
    return undefined
  }
}

/** Changes of others that are proven together at the latest: a proof costs with the size of the document (a few milliseconds). */
const PROOF_CHANGES = 32
/** Own changes kept for making the document again: at about 100 bytes each they would take more than it does. */
const OWN_PROOF_CHANGES = 1_024
