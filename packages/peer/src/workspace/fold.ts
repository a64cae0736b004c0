import {
  Board,
  createBoard,
  Exchange,
  type DeviceId,
  type DocumentId,
  type Instant,
  type MemberId,
  type Said,
  type StatementId,
  type ThreadId,
} from '@auzolan/core'
import { itemTypes, type ReadEntry } from '@auzolan/trust'
import { Positions } from './positions.ts'
import { type Adopted, type DocumentChange, readContents } from './said.ts'
import type { FoldRecord } from './view-record.ts'

/** What a batch of entries brought. */
export interface News {
  readonly said: readonly Said[]
  readonly changes: readonly DocumentChange[]
  readonly control: boolean
  readonly from: 'here' | 'elsewhere'
  /** Everything was folded anew: what was said or written before may no longer count, or only now. */
  readonly anew: boolean
}

/** Everything that is derived from the entries of a workspace, entry by entry. */
export class Fold {
  board = createBoard()
  /** What was taken in from other groups, and offered. */
  exchange = new Exchange()
  readonly changes: Positions
  readonly messages: Positions
  /** How far each feed is folded in. */
  readonly applied: Map<DeviceId, number>
  /** Who wrote with each device when its entries were folded in. */
  readonly authors: Map<DeviceId, MemberId | undefined>
  readonly late: Set<StatementId>
  readonly shown: Map<ThreadId, Instant>
  setAside = 0
  /** Something is counted here that was taken back afterwards: the entries have to be folded again. */
  outdated = false

  private constructor(parts: Pick<Fold, 'changes' | 'messages' | 'applied' | 'authors' | 'late' | 'shown'>) {
    this.changes = parts.changes
    this.messages = parts.messages
    this.applied = parts.applied
    this.authors = parts.authors
    this.late = parts.late
    this.shown = parts.shown
  }

  /**
   * Nothing folded in. `before`: whose marks of what was seen on this device go on. `first`: a fold of the same entries that had counted what is taken
   * back further on.
   */
  static empty(before?: Fold, first?: Fold): Fold {
    const fold = new Fold({
      changes: new Positions(),
      messages: new Positions(),
      applied: new Map(),
      authors: new Map(),
      late: new Set(before?.late),
      shown: new Map(before?.shown),
    })
    if (first) fold.exchange.know(first.exchange)
    return fold
  }

  /** A fold of the same entries that goes its own way. */
  copy(): Fold | undefined {
    const { applied, authors, board, changes, messages, late, shown, setAside } = this
    const data = {
      board: board.toData(),
      exchange: this.exchange.toData(),
      changes: changes.toData(),
      messages: messages.toData(),
    }
    return Fold.restore({
      ...structuredClone(data),
      applied: new Map(applied),
      authors: new Map(authors),
      late: new Set(late),
      shown: new Map(shown),
      setAside,
    })
  }

  /** `undefined`: the record does not hold a whole fold. */
  static restore(record: FoldRecord): Fold | undefined {
    const board = Board.fromData(record.board)
    const changes = Positions.fromData(record.changes)
    const messages = Positions.fromData(record.messages)
    const exchange = Exchange.fromData(record.exchange)
    if (!board.ok || !changes || !messages || !exchange) return undefined
    const fold = new Fold({ ...record, changes, messages })
    fold.board = board.value
    fold.exchange = exchange
    fold.setAside = record.setAside
    return fold
  }

  add(entries: readonly ReadEntry[], from: News['from'], memberOf: (device: DeviceId) => MemberId | undefined): News {
    const news = { said: [] as Said[], changes: [] as DocumentChange[], control: false, from, anew: false }
    for (const entry of entries) {
      if (entry.seq <= (this.applied.get(entry.device) ?? 0)) continue
      this.applied.set(entry.device, entry.seq)
      if (entry.items[0]?.type === itemTypes.control) news.control = true
      const by = memberOf(entry.device)
      this.authors.set(entry.device, by)
      if (!by) {
        this.setAside += entry.items.length
        continue
      }
      const contents = readContents(entry, by)
      for (const said of contents.said) {
        if ('thread' in said.statement) this.#noteMessage(said, said.statement.thread, from)
        this.board.add(said)
        if (this.exchange.add(said)) this.outdated = true
        news.said.push(said)
      }
      for (const adopted of contents.adopted) this.#adopt(adopted, memberOf, news)
      for (const change of contents.changes) {
        this.changes.add(change.document, entry)
        this.board.addWriting(change.document, entry.at)
        news.changes.push(change)
      }
      for (const id of contents.unknown) this.board.addUnknown(id)
      this.setAside += contents.setAside
    }
    return news
  }

  /**
   * Takes in what was said or written in another group. What was taken back counts no more, but for changes of texts: others may have written on them
   * since, so the words are put back by writing instead.
   */
  #adopt(
    { record, adopt, offer, author, at, name, said, changes }: Adopted,
    memberOf: (device: DeviceId) => MemberId | undefined,
    news: { readonly said: Said[]; readonly changes: DocumentChange[]; readonly from: News['from'] },
  ): void {
    this.exchange.adopt(record, adopt, offer)
    for (const change of changes) {
      this.changes.add(change.document, change.carried ?? change)
      this.board.addWriting(change.document, at)
      news.changes.push(change)
    }
    if (this.exchange.isUndone(adopt)) return
    const by = memberOf(author)
    this.authors.set(author, by)
    for (const each of said) {
      const mine = by ? { ...each, by } : each
      if (!by && name !== '') this.board.add({ ...each, id: adopt, statement: { kind: 'card', name } })
      if ('thread' in mine.statement) this.#noteMessage(mine, mine.statement.thread, news.from)
      this.board.add(mine)
      news.said.push(mine)
    }
  }

  /** Documents that somebody wrote in. */
  get documents(): Iterable<DocumentId> {
    return this.changes.subjects
  }

  #noteMessage(said: Said, thread: ThreadId, from: News['from']): void {
    this.messages.add(thread, said.carried ?? said)
    const shown = this.shown.get(thread)
    if (from === 'elsewhere' && said.statement.kind === 'message' && shown !== undefined && said.at < shown)
      this.late.add(said.id)
  }
}
