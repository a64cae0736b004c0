import { corpus, corpusSize, messageAt } from '../corpus.ts'
import type { BrowserWorkspace } from '../subject.ts'
import { loadSubject } from '../subjects.ts'
import { countWrites, storedBytes, writes, written } from './writes.ts'

declare global {
  interface Window {
    bench: Bench
  }
  interface Performance {
    /** Counts JavaScript, wasm and workers of an isolated page (WICG performance-measure-memory). */
    measureUserAgentSpecificMemory(): Promise<{ readonly bytes: number }>
  }
}

const subject = await loadSubject(new URLSearchParams(location.search).get('subject') ?? '')
const side = await subject.browser?.()
if (!side) throw new Error(`${subject.name} has no browser side`)

let workspace: BrowserWorkspace | undefined
let shown: unknown

const opened = () => {
  if (!workspace) throw new Error('not opened')
  return workspace
}

const bench = {
  seed: async (): Promise<number> => {
    const response = await fetch(`/seed/${subject.file}`)
    await side.seed(corpus(), response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined)
    await written()
    return writes.bytes
  },
  open: async (): Promise<{ ms: number }> => {
    const start = performance.now()
    workspace = await side.open()
    const rows = await workspace.rows()
    const ms = performance.now() - start
    if (rows.length !== corpusSize) throw new Error(`${rows.length} rows instead of ${corpusSize}`)
    shown = rows
    return { ms }
  },
  ready: async (): Promise<void> => {
    await opened().ready?.()
    await written()
  },
  append: async (count: number): Promise<{ ms: number; transactions: number }> => {
    const item = corpus(1)[0]
    if (!item) throw new Error('an empty corpus')
    await written()
    const before = writes.transactions
    const start = performance.now()
    for (let n = 0; n < count; n++) {
      await opened().say(item.id, messageAt(n, 999_983))
      await written()
    }
    const ms = performance.now() - start
    if (opened().messagesIn(item.id) !== item.messages.length + count) throw new Error('an append is missing')
    return { ms, transactions: writes.transactions - before }
  },
  fork: async (): Promise<{ ms: number; written: number }> => {
    await written()
    const before = writes.bytes
    const start = performance.now()
    await opened().fork()
    await written()
    return { ms: performance.now() - start, written: writes.bytes - before }
  },
  stored: (): Promise<number> => storedBytes(),
  memory: async (): Promise<number> => {
    const { bytes } = await performance.measureUserAgentSpecificMemory()
    return shown === null ? 0 : bytes
  },
}
export type Bench = typeof bench

countWrites()
window.bench = bench
