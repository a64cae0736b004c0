import { Board, createBoard, type DeviceId, type DocumentFacts, type DocumentId, type GroupId, type Instant, type Said, type StatementId, type ThreadId } from '@auzolan/core'
import type { Store } from '@auzolan/storage'
import { type Entry, itemTypes, type ReadEntry, readRun } from '@auzolan/trust'
import { viewKey } from '../log/layout.ts'
import type { GroupLog } from '../log/group-log.ts'
import { belongs, groupDocument, memberOf, reach, type Source } from './ancestry.ts'
import { Positions } from './positions.ts'
import { type DocumentChange, readContents } from './said.ts'
import { decodeViewRecord, encodeViewRecord } from './view-record.ts'

/** What a batch of entries brought. */
export interface News {
  readonly said: readonly Said[]
  readonly changes: readonly DocumentChange[]
  readonly control: boolean
  readonly from: 'here' | 'elsewhere'
}

/**
 * One group as it is known here: a fold over the logs it reads (its own, and those it continues). Everything in it is derived and can be
 * made again from the logs; a stored copy only saves the time.
 */
export class Workspace {
  readonly group: GroupId
  readonly log: GroupLog
  /** Its own log first, then those it continues. */
  readonly sources: readonly Source[]
  readonly #store: Store
  #board = createBoard()
  #changes = new Positions()
  #messages = new Positions()
  #facts = new Map<DocumentId, DocumentFacts>()
  #stale = new Set<DocumentId>()
  #applied = new Map<DeviceId, number>()
  #late = new Set<StatementId>()
  #shown = new Map<ThreadId, Instant>()
  #setAside = 0
  #unsaved = 0
  readonly #listeners = new Set<(news: News) => void>()
  readonly #stops: (() => void)[] = []

  private constructor(store: Store, group: GroupId, sources: readonly Source[]) {
    const [own] = sources
    if (!own) throw new Error('a workspace reads at least its own log')
    this.#store = store
    this.group = group
    this.log = own.log
    this.sources = sources
  }

  /** Opens from the stored copy and folds in what came after it. `seed`: take over the fold of the group this one continues. */
  static async open(store: Store, group: GroupId, sources: readonly Source[]): Promise<Workspace> {
    const workspace = new Workspace(store, group, sources)
    const saved = await store.get(viewKey(group))
    if (saved) workspace.#restore(saved)
    await workspace.#catchUp()
    for (const source of sources)
      workspace.#stops.push(source.log.onAccepted((entries, from) => workspace.#take(entries.filter((entry) => belongs(source, entry)), from)))
    return workspace
  }

  get board(): Board {
    return this.#board
  }
  get setAside(): number {
    return this.#setAside
  }
  get facts(): ReadonlyMap<DocumentId, DocumentFacts> {
    return this.#facts
  }
  /** Documents that changed since their facts were read. */
  get stale(): ReadonlySet<DocumentId> {
    return this.#stale
  }
  /** Messages that reached this device after messages below them had been shown. */
  get cameLater(): ReadonlySet<StatementId> {
    return this.#late
  }
  /** Threads of the group's own talk: its own, and those of the groups it continues. */
  get groupThreads(): readonly ThreadId[] {
    return this.sources.map(({ log }) => groupDocument(log.group))
  }

  onNews(listener: (news: News) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  setFacts(document: DocumentId, facts: DocumentFacts): void {
    this.#facts.set(document, facts)
    this.#stale.delete(document)
    this.#unsaved += 1
  }

  /** Someone looks at this thread: what arrives from now on and sorts above is marked. */
  markShown(thread: ThreadId, newest: Instant): void {
    if ((this.#shown.get(thread) ?? 0) < newest) this.#shown.set(thread, newest)
  }

  /** All messages and withdrawals of a thread, in no particular order. */
  async messages(thread: ThreadId): Promise<Said[]> {
    const threads = this.groupThreads.includes(thread) ? this.groupThreads : [thread]
    const said: Said[] = []
    for (const one of threads)
      for await (const entry of this.#entries(this.#messages.of(one))) {
        const by = memberOf(this.sources, entry.device)
        if (!by) continue
        for (const each of readContents(entry, by).said) if ('thread' in each.statement && each.statement.thread === one) said.push(each)
      }
    return said
  }

  /** Changes of a document, all or those after what is `covered`. */
  async changesOf(document: DocumentId, covered?: ReadonlyMap<DeviceId, number>): Promise<DocumentChange[]> {
    const changes: DocumentChange[] = []
    const places = this.#changes.of(document)
    for (const [device, seq] of covered ?? []) {
      const rest = places.get(device)?.filter((each) => each > seq) ?? []
      if (rest.length > 0) places.set(device, rest)
      else places.delete(device)
    }
    for await (const entry of this.#entries(places)) {
      const by = memberOf(this.sources, entry.device)
      if (by) changes.push(...readContents(entry, by).changes.filter((change) => change.document === document))
    }
    return changes
  }

  hasChanges(document: DocumentId): boolean {
    return this.#changes.has(document)
  }

  /** Writes the stored copy, if anything is new. */
  async save(): Promise<void> {
    if (this.#unsaved === 0) return
    this.#unsaved = 0
    const value = encodeViewRecord({
      applied: this.#applied, board: this.#board.toData(), changes: this.#changes.toData(), messages: this.#messages.toData(),
      facts: this.#facts, stale: this.#stale, late: this.#late, shown: this.#shown, setAside: this.#setAside,
    })
    await this.#store.write([{ do: 'put', key: viewKey(this.group), value }], { durability: 'relaxed' })
  }

  get unsaved(): number {
    return this.#unsaved
  }

  close(): void {
    for (const stop of this.#stops) stop()
    this.#listeners.clear()
  }

  #restore(saved: Uint8Array): void {
    const record = decodeViewRecord(saved)
    const board = record && Board.fromData(record.board)
    const changes = record && Positions.fromData(record.changes)
    const messages = record && Positions.fromData(record.messages)
    if (!record || !board?.ok || !changes || !messages) return
    this.#board = board.value
    this.#changes = changes
    this.#messages = messages
    this.#applied = record.applied
    this.#facts = record.facts
    this.#stale = record.stale
    this.#late = record.late
    this.#shown = record.shown
    this.#setAside = record.setAside
  }

  /** Folds in everything the logs hold that the stored copy does not. */
  async #catchUp(): Promise<void> {
    for (const source of this.sources)
      for (const device of source.log.devices) {
        const [done, to] = [this.#applied.get(device) ?? 0, reach(source, device)]
        if (done >= to) continue
        for await (const run of source.log.runs(device, done + 1)) {
          const entries = readRun(source.log.group, run)
          if (!entries.ok) continue
          this.#fold(entries.value.filter(({ seq }) => seq > done && seq <= to), 'elsewhere')
          if (run.from + run.count > to) break
        }
      }
  }

  #take(entries: readonly Entry[], from: 'here' | 'elsewhere'): void {
    if (entries.length === 0) return
    const news = this.#fold(entries, from)
    for (const listener of this.#listeners) listener(news)
  }

  #fold(entries: readonly ReadEntry[], from: 'here' | 'elsewhere'): News {
    const news = { said: [] as Said[], changes: [] as DocumentChange[], control: false, from }
    for (const entry of entries) {
      if (entry.seq <= (this.#applied.get(entry.device) ?? 0)) continue
      this.#applied.set(entry.device, entry.seq)
      this.#unsaved += 1
      if (entry.items[0]?.type === itemTypes.control) news.control = true
      const by = memberOf(this.sources, entry.device)
      if (!by) {
        this.#setAside += entry.items.length
        continue
      }
      const contents = readContents(entry, by)
      for (const said of contents.said) {
        if ('thread' in said.statement) this.#noteMessage(said, said.statement.thread, from)
        this.#board.add(said)
        news.said.push(said)
      }
      for (const change of contents.changes) {
        this.#changes.add(change.document, entry)
        this.#stale.add(change.document)
        news.changes.push(change)
      }
      for (const id of contents.unknown) this.#board.addUnknown(id)
      this.#setAside += contents.setAside
    }
    return news
  }

  #noteMessage(said: Said, thread: ThreadId, from: 'here' | 'elsewhere'): void {
    this.#messages.add(thread, said)
    const shown = this.#shown.get(thread)
    if (from === 'elsewhere' && said.statement.kind === 'message' && shown !== undefined && said.at < shown) this.#late.add(said.id)
  }

  async *#entries(places: ReadonlyMap<DeviceId, readonly number[]>): AsyncGenerator<ReadEntry> {
    for (const [device, seqs] of places) {
      const source = this.sources.find(({ log }) => log.seqOf(device) > 0)
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
}
