import type { DeviceId, DocumentId, Exchange, Said, StatementId, ThreadId } from '@auzolan/core'
import { type ReadEntry, readRun } from '@auzolan/trust'
import { memberOf, type Source } from './ancestry.ts'
import type { Positions } from './positions.ts'
import { Pile } from './pile.ts'
import { type DocumentChange, type PlainEntry, readContents, strangerOf } from './said.ts'

/** Feeds, and the places in each. */
type Places = ReadonlyMap<DeviceId, readonly number[]>

/** What is read of a workspace. */
interface Read {
  readonly sources: readonly Source[]
  readonly exchange: Exchange
  readonly messages: Positions
  readonly changes: Positions
  /** Threads whose messages belong to this one, too. */
  readonly partsOf: (thread: ThreadId) => readonly ThreadId[]
}

/** All messages and withdrawals of a thread and all changes of its document, each in no particular order but that of its feed. */
export interface Held {
  readonly said: readonly Said[]
  readonly changes: readonly DocumentChange[]
}

/** All messages and withdrawals of these threads. Read together, each stored run is read once. */
export const readMessages = async (
  read: Read,
  threads: readonly ThreadId[],
): Promise<ReadonlyMap<ThreadId, Said[]>> => {
  const [wanted, contents] = [new Wanted(), new Contents(read)]
  for (const thread of threads) {
    contents.findThread(thread)
    for (const part of read.partsOf(thread)) wanted.add(read.messages, part, thread)
  }
  for await (const entry of readEntries(read.sources, wanted.places)) contents.add(entry)
  return contents.said
}

/** What was said and written of these. Each stored run is read once, and what it holds kept as bytes until it is asked for. */
export const readTogether = async (
  read: Read,
  documents: readonly DocumentId[],
): Promise<(document: DocumentId) => Held> => {
  const [wanted, piles] = [new Wanted(), new Map<DocumentId, Pile>()]
  for (const document of documents) {
    piles.set(document, new Pile())
    for (const part of read.partsOf(document)) wanted.add(read.messages, part, document)
    wanted.add(read.changes, document, document)
  }
  for await (const entry of readEntries(read.sources, wanted.places))
    for (const document of wanted.of(entry)) piles.get(document)?.add(entry)
  return (document) => {
    const contents = new Contents(read)
    contents.findThread(document)
    contents.findChanges(document)
    for (const entry of piles.get(document)?.entries() ?? []) contents.add(entry)
    return { said: contents.said.get(document) ?? [], changes: contents.changes.get(document) ?? [] }
  }
}

/** Which entries are asked for, and for what. */
class Wanted {
  readonly #subjects = new Map<DeviceId, Map<number, DocumentId[]>>()

  add(positions: Positions, at: DocumentId, subject: DocumentId): void {
    for (const [device, seqs] of positions.of(at)) {
      const known = this.#subjects.get(device) ?? new Map<number, DocumentId[]>()
      this.#subjects.set(device, known)
      for (const seq of seqs) {
        const subjects = known.get(seq)
        if (!subjects) known.set(seq, [subject])
        else if (!subjects.includes(subject)) subjects.push(subject)
      }
    }
  }

  of({ device, seq }: ReadEntry): readonly DocumentId[] {
    return this.#subjects.get(device)?.get(seq) ?? []
  }

  get places(): Places {
    return new Map(
      Array.from(this.#subjects, ([device, seqs]) => [device, [...seqs.keys()].sort((one, other) => one - other)]),
    )
  }
}

/** What entries say in some threads and write in some documents. */
class Contents {
  readonly said = new Map<ThreadId, Said[]>()
  readonly changes = new Map<DocumentId, DocumentChange[]>()
  readonly #read: Read
  readonly #carried = new Set<StatementId>()

  constructor(read: Read) {
    this.#read = read
  }

  findThread(thread: ThreadId): void {
    const said: Said[] = []
    for (const part of this.#read.partsOf(thread)) this.said.set(part, said)
  }

  findChanges(document: DocumentId): void {
    this.changes.set(document, [])
  }

  add(entry: PlainEntry): void {
    const { sources, exchange } = this.#read
    const by = memberOf(sources, entry.device)
    if (!by) return
    const { said, changes, adopted } = readContents(entry, by)
    for (const change of changes) this.changes.get(change.document)?.push(change)
    for (const one of adopted) {
      for (const change of one.changes) this.changes.get(change.document)?.push(change)
      const author = memberOf(sources, one.author) ?? strangerOf(one.author)
      // Two people may have brought the same in.
      if (exchange.isUndone(one.adopt) || this.#carried.has(one.record)) continue
      this.#carried.add(one.record)
      said.push(...one.said.map((each) => ({ ...each, by: author })))
    }
    for (const each of said) if ('thread' in each.statement) this.said.get(each.statement.thread)?.push(each)
  }
}

/** Changes of a document, all or those after what is `covered`. */
export const readChanges = async (
  sources: readonly Source[],
  positions: Positions,
  document: DocumentId,
  covered: ReadonlyMap<DeviceId, number> = new Map(),
): Promise<DocumentChange[]> => {
  const changes: DocumentChange[] = []
  const places = positions.of(document)
  for (const [device, seq] of covered) {
    const rest = places.get(device)?.filter((each) => each > seq) ?? []
    if (rest.length > 0) places.set(device, rest)
    else places.delete(device)
  }
  for await (const entry of readEntries(sources, places)) {
    const by = memberOf(sources, entry.device)
    if (!by) continue
    const { changes: own, adopted } = readContents(entry, by)
    for (const change of [...own, ...adopted.flatMap((one) => one.changes)])
      if (change.document === document) changes.push(change)
  }
  return changes
}

/** Reads entries feed by feed, each run once; `places` of a feed are in order. What cannot be read is left out. */
const readEntries = async function* (sources: readonly Source[], places: Places): AsyncGenerator<ReadEntry> {
  for (const [device, seqs] of places) {
    const source = sources.find(({ log }) => log.seqOf(device) > 0)
    if (!source) continue
    const wanted = new Set(seqs)
    let next = 0
    while (next < seqs.length) {
      const run = await source.log.runHolding(device, seqs[next] as number)
      const entries = run && readRun(source.log.group, run)
      if (!run || !entries?.ok) next += 1
      else {
        for (const entry of entries.value) if (wanted.has(entry.seq)) yield entry
        const end = run.from + run.count
        while (next < seqs.length && (seqs[next] as number) < end) next += 1
      }
    }
  }
}
