import * as A from '@automerge/automerge/slim'
import type { DocumentKind, Heads } from '@auzolan/core'
import type { Candidate } from './gate.ts'
import { genesis } from './shapes.ts'

/** In WebAssembly memory: whoever holds one releases it. */
export type Doc = A.Doc<Readonly<Record<string, unknown>>>

let live = 0

/** Automerge documents held in WebAssembly memory now: 0 once every handle is closed. */
export const liveDocuments = (): number => live

export const hold = (doc: Doc): Doc => {
  live++
  return doc
}

/** After a panic inside Automerge the memory may be marked as borrowed for ever: then it cannot be freed, only forgotten. */
export const release = (doc: Doc): void => {
  live--
  attempt(() => A.free(doc))
}

/** Automerge throws on bytes it cannot read, and its panics surface as exceptions too. */
export const attempt = <T>(act: () => T): T | undefined => {
  try {
    return act()
  } catch {
    return undefined
  }
}

/** The document as it is loaded from what it saves to. Throws where it does not survive that, or has other heads before or after. */
export const reload = (doc: Doc, heads: Heads, actor?: string): { readonly doc: Doc; readonly bytes: Uint8Array } => {
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

export const load = (bytes: Uint8Array, actor?: string): Doc =>
  hold(A.load<Record<string, unknown>>(bytes, actor === undefined ? {} : { actor }))

export const fromGenesis = (kind: DocumentKind, actor?: string): Doc => {
  const empty = hold(A.init<Record<string, unknown>>(actor === undefined ? {} : { actor }))
  return A.applyChanges(empty, [genesis[kind]])[0]
}

export const headsWith = (doc: Doc, batch: readonly Candidate[]): Heads => {
  const heads = new Set(A.getHeads(doc) as unknown as Heads)
  for (const { head } of batch) for (const dep of head.deps) heads.delete(dep)
  const inner = new Set(batch.flatMap(({ head }) => head.deps))
  for (const { head } of batch) if (!inner.has(head.hash)) heads.add(head.hash)
  return [...heads]
}

export const hasHeads = (doc: Doc, expected: Heads): boolean => {
  const found = new Set<string>(A.getHeads(doc))
  return found.size === expected.length && expected.every((hash) => found.has(hash))
}

export const bytesOf = (candidates: readonly Candidate[]): Uint8Array[] => candidates.map(({ bytes }) => bytes)
