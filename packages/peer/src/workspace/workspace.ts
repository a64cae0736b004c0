import type {
  Board,
  DeviceId,
  DocumentFacts,
  DocumentId,
  Exchange,
  GroupId,
  Heads,
  Instant,
  Said,
  StatementId,
  ThreadId,
} from '@auzolan/core'
import type { Store } from '@auzolan/storage'
import { type Entry, readRun } from '@auzolan/trust'
import { snapshotsKey, viewKey } from '../log/layout.ts'
import { writeSpare } from '../log/spare.ts'
import type { GroupLog } from '../log/group-log.ts'
import { groupDocument, lastCounted, memberOf, type Source } from './ancestry.ts'
import { Fold, type News } from './fold.ts'
import { Lines } from './lines.ts'
import { type Past, pastOf } from './past.ts'
import { type Held, readChanges, readMessages, readTogether } from './reading.ts'
import { type DocumentChange, isPlainTalk } from './said.ts'
import { decodeViewRecord, encodeViewRecord } from './view-record.ts'

/**
 * One group as it is known here: a fold over the logs it reads (its own, and those it continues). Everything in it is derived and can be
 * made again from the logs; a stored copy only saves the time.
 */
export class Workspace {
  readonly group: GroupId
  readonly log: GroupLog
  /** Its own log first, then those it continues. */
  readonly sources: readonly Source[]
  /** Threads of the group's own talk: its own, and those of the groups it continues. */
  readonly groupThreads: readonly ThreadId[]
  readonly #store: Store
  readonly #own: Source
  #fold = Fold.empty()
  #lines = new Lines()
  #unsaved = 0
  /** Marks of what came later are known here alone. */
  #savedLate = 0
  /** How far the feeds of devices that are out counted when they were folded in. */
  #counted: ReadonlyMap<DeviceId, number> = new Map()
  /** Entries that came while everything is folded from the logs: they follow when that is done. */
  #held: Arrival[] | undefined = []
  #anew = false
  readonly #listeners = new Set<(news: News) => void>()
  readonly #stops: (() => void)[] = []

  private constructor(store: Store, group: GroupId, sources: readonly Source[]) {
    const [own] = sources
    if (!own) throw new Error('a workspace reads at least its own log')
    this.#own = own
    this.#store = store
    this.group = group
    this.log = own.log
    this.sources = sources
    this.groupThreads = sources.map(({ log }) => groupDocument(log.group))
  }

  /** Opens from the stored copy and folds in what came after it. `parent`: what it continues, whose fold is taken over where there is no copy. */
  static async open(store: Store, group: GroupId, sources: readonly Source[], parent?: Workspace): Promise<Workspace> {
    const workspace = new Workspace(store, group, sources)
    for (const source of sources)
      workspace.#stops.push(
        source.log.onAccepted((entries, from) => {
          if (from === 'repaired') workspace.#refoldSoon()
          else workspace.#take(source, entries, from)
        }),
      )
    const saved = await store.get(viewKey(group))
    if (saved) workspace.#restore(saved)
    else if (parent) workspace.#takeOver(parent)
    workspace.#note(await workspace.#catchUp(workspace.#fold))
    if (workspace.#countsOtherwise([]) || workspace.#changedAuthor() || workspace.#fold.outdated) workspace.#anew = true
    await workspace.#settle()
    return workspace
  }

  get exchange(): Exchange {
    return this.#fold.exchange
  }
  get board(): Board {
    return this.#fold.board
  }
  get setAside(): number {
    return this.#fold.setAside
  }
  get facts(): ReadonlyMap<DocumentId, DocumentFacts> {
    return this.#lines.facts
  }
  /** Documents whose facts must be read from the document itself. */
  get stale(): ReadonlySet<DocumentId> {
    return this.#lines.stale
  }
  /** Messages that reached this device after messages below them had been shown. */
  get cameLater(): ReadonlySet<StatementId> {
    return this.#fold.late
  }
  onNews(listener: (news: News) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  setFacts(document: DocumentId, facts: DocumentFacts, heads: Heads): void {
    this.#lines.set(document, facts, heads)
    this.#unsaved += 1
  }

  /** The document was opened: its line must be what it holds. */
  compareLine(document: DocumentId, heads: Heads): void {
    this.#lines.compare(document, heads)
  }

  /** Someone looks at this thread: what arrives from now on and sorts above is marked. */
  markShown(thread: ThreadId, newest: Instant): void {
    if ((this.#fold.shown.get(thread) ?? 0) < newest) this.#fold.shown.set(thread, newest)
  }

  /** All messages and withdrawals of these threads, each in no particular order. Read together, each stored run is read once. */
  messages(threads: readonly ThreadId[]): Promise<ReadonlyMap<ThreadId, Said[]>> {
    return readMessages(this.#read, threads)
  }

  /** What was said and written of these, each to be asked for. Each stored run is read once for all of them. */
  held(documents: readonly DocumentId[]): Promise<(document: DocumentId) => Held> {
    return readTogether(this.#read, documents)
  }

  /** Entries that `held` reads for it. */
  entriesOf(document: DocumentId): number {
    const { messages, changes } = this.#fold
    return this.#partsOf(document).reduce((sum, part) => sum + messages.countOf(part), changes.countOf(document))
  }

  /** Erases the texts of what was said from this disk. */
  async erase(said: readonly Pick<Said, 'device' | 'seq' | 'carried'>[]): Promise<void> {
    const places = new Map<DeviceId, number[]>()
    for (const each of said) {
      const { device, seq } = each.carried ?? each
      places.set(device, [...(places.get(device) ?? []), seq])
    }
    for (const [device, seqs] of places)
      await this.sources.find(({ log }) => log.seqOf(device) > 0)?.log.erase(device, seqs)
  }

  /** Changes of a document, all or those after what is `covered`. */
  changesOf(document: DocumentId, covered?: ReadonlyMap<DeviceId, number>): Promise<DocumentChange[]> {
    return readChanges(this.sources, this.#fold.changes, document, covered)
  }

  /** As it was at a moment, by the times that authors claim. Reads everything that is stored. */
  past(at: Instant): Promise<Past> {
    const talk = this.#fold.messages.everywhere
    return pastOf(this.sources, at, (entry) => talk.get(entry.device)?.has(entry.seq) === true && isPlainTalk(entry))
  }

  hasChanges(document: DocumentId): boolean {
    return this.#fold.changes.has(document)
  }

  /** Writes the stored copy, if anything is new. */
  async save(): Promise<void> {
    if (this.#unsaved === 0) return
    const unsaved = this.#unsaved
    this.#unsaved = 0
    this.#savedLate = this.#fold.late.size
    const { applied, authors, board, exchange, changes, messages, late, shown, setAside } = this.#fold
    const value = encodeViewRecord({
      applied,
      authors,
      late,
      shown,
      setAside,
      facts: this.#lines.facts,
      tips: this.#lines.tips,
      stale: this.#lines.stale,
      board: board.toData(),
      exchange: exchange.toData(),
      changes: changes.toData(),
      messages: messages.toData(),
    })
    if (!(await writeSpare(this.#store, [{ do: 'put', key: viewKey(this.group), value }]))) this.#unsaved += unsaved
  }

  /** The stored copy costs with the size of the group; without it, the next start folds in what is new. */
  get worthSaving(): boolean {
    return this.#unsaved >= SAVE_ENTRIES || this.#fold.late.size > this.#savedLate
  }

  /** Copies stored whenever it has doubled cost no more together than the last of them, twice. */
  get mostlyUnsaved(): boolean {
    let applied = 0
    for (const seq of this.#fold.applied.values()) applied += seq
    return this.worthSaving && 2 * this.#unsaved >= applied
  }

  close(): void {
    for (const stop of this.#stops) stop()
    this.#listeners.clear()
  }

  /** Goes on from another workspace's fold, if everything in it belongs here too. */
  #takeOver(parent: Workspace): void {
    const inherited = new Map<DeviceId, number>()
    for (const source of this.sources.slice(1))
      for (const device of source.log.devices) inherited.set(device, lastCounted(source, device))
    for (const [device, seq] of parent.#fold.applied) if (seq > (inherited.get(device) ?? 0)) return
    const fold = parent.#fold.copy()
    if (!fold) return
    this.#fold = fold
    this.#lines = parent.#lines.copy()
    this.#unsaved += 1
  }

  #restore(saved: Uint8Array): void {
    const record = decodeViewRecord(saved)
    const fold = record && Fold.restore(record)
    if (!record || !fold) return
    this.#fold = fold
    this.#lines = new Lines(record.facts, record.tips, record.stale)
    this.#savedLate = fold.late.size
  }

  /**
   * Folds everything from the logs again: somebody's entries no longer count (their admission fell with a cancelled invitation), or entries
   * that could not be read are back. What was derived before goes, snapshots of documents too.
   */
  async refold(): Promise<void> {
    this.#anew = true
    if (this.#held) return
    this.#held = []
    await this.#settle()
  }

  /** A store that is closed meanwhile leaves what was folded before; the next start folds again. */
  #refoldSoon(): void {
    void this.refold().catch(() => {
      this.#unsaved = 0
    })
  }

  async #settle(): Promise<void> {
    try {
      await this.#foldAnew()
    } finally {
      const held = this.#held ?? []
      this.#held = undefined
      for (const { source, entries, from } of held) this.#take(source, entries, from)
      if (this.#anew) this.#refoldSoon()
    }
  }

  async #foldAnew(): Promise<void> {
    while (this.#anew) {
      this.#anew = false
      let fold = Fold.empty(this.#fold)
      this.#counted = this.log.counted
      await this.#catchUp(fold)
      if (fold.outdated) {
        fold = Fold.empty(this.#fold, fold)
        await this.#catchUp(fold)
      }
      await this.#store.write([{ do: 'removeRange', prefix: snapshotsKey(this.group) }], { durability: 'relaxed' })
      if (this.#anew) continue
      this.#fold = fold
      this.#lines = new Lines(this.#lines.facts, new Map(), fold.documents)
      this.#unsaved += 1
      this.#tell({ said: [], changes: [], control: true, from: 'elsewhere', anew: true })
    }
  }

  /** Folds in everything the logs hold that `fold` does not. */
  async #catchUp(fold: Fold): Promise<readonly DocumentChange[]> {
    const changes: DocumentChange[] = []
    for (const source of this.sources)
      for (const device of source.log.devices) {
        const [done, to] = [fold.applied.get(device) ?? 0, lastCounted(source, device)]
        if (done >= to) continue
        for await (const run of source.log.runs(device, done + 1)) {
          const entries = readRun(source.log.group, run)
          if (!entries.ok) continue
          this.#unsaved += entries.value.length
          changes.push(
            ...fold.add(
              entries.value.filter(({ seq }) => seq > done && seq <= to),
              'elsewhere',
              this.#memberOf,
            ).changes,
          )
          if (run.from + run.count > to) break
        }
      }
    return changes
  }

  get #read() {
    const { sources, exchange } = this
    const { messages, changes } = this.#fold
    return { sources, exchange, messages, changes, partsOf: (thread: ThreadId) => this.#partsOf(thread) }
  }

  #partsOf(thread: ThreadId): readonly ThreadId[] {
    return this.groupThreads.includes(thread) ? this.groupThreads : [thread]
  }

  readonly #memberOf = (device: DeviceId) => memberOf(this.sources, device)

  /** Somebody's entries count for another person than when they were folded in, or for nobody. */
  #changedAuthor(): boolean {
    for (const [device, member] of this.#fold.authors) if (this.#memberOf(device) !== member) return true
    return false
  }

  /** Of a feed that lay here before these entries came, more or less counts than was folded in. */
  #countsOtherwise(entries: readonly Entry[]): boolean {
    const { counted } = this.log
    if (counted === this.#counted) return false
    const devices = new Set([...this.#counted.keys(), ...counted.keys()])
    this.#counted = counted
    return [...devices].some((device) => {
      const applied = this.#fold.applied.get(device) ?? 0
      const last = lastCounted(this.#own, device)
      const next = entries.find((entry) => entry.device === device)?.seq ?? last + 1
      return applied > last || applied < Math.min(last, next - 1)
    })
  }

  #take(source: Source, entries: readonly Entry[], from: News['from']): void {
    if (this.#held) {
      this.#held.push({ source, entries, from })
      return
    }
    const otherwise = this.#countsOtherwise(entries)
    const counting = entries.filter(({ device, seq }) => seq <= lastCounted(source, device))
    const news = this.#fold.add(counting, from, this.#memberOf)
    this.#note(news.changes)
    this.#unsaved += counting.length
    const control = entries.length === 0 || entries.some(({ id }) => id !== null)
    this.#tell({ ...news, control })
    if (otherwise || this.#fold.outdated || (control && this.#changedAuthor())) this.#refoldSoon()
  }

  #note(changes: readonly DocumentChange[]): void {
    this.#lines.take(changes.filter(({ document }) => !this.groupThreads.includes(document)))
  }

  #tell(news: News): void {
    for (const listener of this.#listeners) listener(news)
  }
}

/** Entries that a log has taken in. */
interface Arrival {
  readonly source: Source
  readonly entries: readonly Entry[]
  readonly from: News['from']
}

/** Entries folded in since the copy was stored: folding as many at a start takes ten milliseconds. */
const SAVE_ENTRIES = 256
