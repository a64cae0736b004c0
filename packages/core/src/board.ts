import { type Closing, Closings } from './closings.ts'
import { type ActionId, type ControlId, DocumentId, type Instant, MemberId, StatementId } from './ids.ts'
import { type ActionState, byTime, Plan, type Stamped } from './plan.ts'
import { planData, restorePlan } from './plan-data.ts'
import { Reasons } from './reasons.ts'
import { err, ok, type Result } from './result.ts'
import type { Said, ThreadId } from './statement.ts'
import { everyRow, isInstant } from './stored.ts'
import { Tally } from './tally.ts'

export interface Start extends Stamped {
  readonly by: MemberId
  readonly title: string
}

interface Card extends Stamped {
  readonly name: string
}

/** How much is said in a thread; the messages themselves are read from the log when somebody looks. */
export interface Talk {
  readonly messages: number
  /** Claimed time of the newest message; `null` before the first. */
  readonly newestAt: Instant | null
}

export type BoardFault = { readonly type: 'not a board'; readonly at: string }

/**
 * Everything people said in their own names except the text of messages, folded as it arrives. The same set of statements gives the
 * same answers in whatever order and however often it is added; nothing is answered to things not known yet.
 */
export interface Board {
  add(said: Said): void
  /** Notes that somebody wrote in a document. */
  addWriting(document: DocumentId, at: Instant): void
  /** Counts a statement of a kind this app does not know. */
  addUnknown(id: StatementId): void
  /** The name on the member's latest card. */
  name(member: MemberId): string | undefined
  /** Initiatives that were started, in no particular order. */
  initiatives(): Iterable<readonly [DocumentId, Start]>
  start(initiative: DocumentId): Start | undefined
  /** Actions that were needed or taken, whether or not the document knows them. */
  actions(initiative: DocumentId): Iterable<ActionId>
  action(initiative: DocumentId, action: ActionId): ActionState
  /** Closings that stand, by time: none while the initiative is open. */
  closings(initiative: DocumentId): readonly Closing[]
  /** Claimed time of the newest that was said of the initiative, in its thread, or written in its document; `null` before the first. */
  heardAt(initiative: DocumentId): Instant | null
  talk(thread: ThreadId): Talk
  /** Why somebody answers a proposal as they do, in their words. */
  because(proposal: ControlId, member: MemberId): string | undefined
  readonly messages: number
  readonly unknown: number
  /** Claimed time of the newest statement; `null` before the first. */
  readonly lastAt: Instant | null
  /** Plain data for the stored cache: arrays of text and numbers. Read it back with `Board.fromData`. */
  toData(): unknown
}

export const createBoard = (): Board => new FoldedBoard()

export const Board = {
  /** Reads what `toData` gave. A cache that was damaged or made by another version is refused: fold the log again. */
  fromData: (data: unknown): Result<Board, BoardFault> => {
    const board = new FoldedBoard()
    const damage = board.restore(data)
    return damage === undefined ? ok(board) : err({ type: 'not a board', at: damage })
  },
}

/** Of the stored form. Raised when the fold changes its mind about anything. */
const DATA_VERSION = 5

class FoldedBoard implements Board {
  readonly #cards = new Map<MemberId, Card>()
  readonly #starts = new Map<DocumentId, Start>()
  readonly #plans = new Map<DocumentId, Plan>()
  readonly #closings = new Map<DocumentId, Closings>()
  readonly #heard = new Map<DocumentId, Instant>()
  readonly #talks = new Map<ThreadId, { readonly tally: Tally; newestAt: Instant | null }>()
  readonly #reasons = new Reasons()
  #unknown = new Tally()
  #lastAt: Instant | null = null

  add(said: Said): void {
    const { id, by, at, statement } = said
    this.#lastAt = later(this.#lastAt, at)
    if ('initiative' in statement) this.#hear(statement.initiative, at)
    switch (statement.kind) {
      case 'card': {
        const before = this.#cards.get(by)
        const card = { id, at, name: statement.name }
        if (before === undefined || byTime(before, card) < 0) this.#cards.set(by, card)
        return
      }
      case 'start': {
        const before = this.#starts.get(statement.initiative)
        const start = { id, at, by, title: statement.title }
        if (before === undefined || byTime(start, before) < 0) this.#starts.set(statement.initiative, start)
        return
      }
      case 'message': {
        const talk = this.#talkIn(statement.thread)
        talk.tally.add(id)
        talk.newestAt = later(talk.newestAt, at)
        return
      }
      case 'retract':
      case 'adopt':
      case 'unadopt':
      case 'offer':
      case 'offered':
      case 'answer':
        return
      case 'because':
        this.#reasons.add({ id, by, at, statement })
        return
      case 'close':
      case 'reopen':
        this.#closingsOf(statement.initiative).add({ id, by, at, statement })
        return
      default:
        this.#plan(statement.initiative).add({ id, by, at, statement })
    }
  }

  addWriting(document: DocumentId, at: Instant): void {
    this.#hear(document, at)
  }

  addUnknown(id: StatementId): void {
    this.#unknown.add(id)
  }

  name(member: MemberId): string | undefined {
    return this.#cards.get(member)?.name
  }

  initiatives(): Iterable<readonly [DocumentId, Start]> {
    return this.#starts.entries()
  }

  start(initiative: DocumentId): Start | undefined {
    return this.#starts.get(initiative)
  }

  actions(initiative: DocumentId): Iterable<ActionId> {
    return this.#plans.get(initiative)?.actions ?? []
  }

  action(initiative: DocumentId, action: ActionId): ActionState {
    return (this.#plans.get(initiative) ?? nothingPlanned).state(action)
  }

  closings(initiative: DocumentId): readonly Closing[] {
    return this.#closings.get(initiative)?.standing ?? []
  }

  heardAt(initiative: DocumentId): Instant | null {
    const [said, written] = [this.#talks.get(initiative)?.newestAt ?? null, this.#heard.get(initiative)]
    return written === undefined ? said : later(said, written)
  }

  talk(thread: ThreadId): Talk {
    const talk = this.#talks.get(thread)
    return { messages: talk?.tally.count ?? 0, newestAt: talk?.newestAt ?? null }
  }

  because(proposal: ControlId, member: MemberId): string | undefined {
    return this.#reasons.of(proposal, member)
  }

  get messages(): number {
    let count = 0
    for (const { tally } of this.#talks.values()) count += tally.count
    return count
  }

  get unknown(): number {
    return this.#unknown.count
  }

  get lastAt(): Instant | null {
    return this.#lastAt
  }

  toData(): unknown {
    return [
      DATA_VERSION,
      this.#lastAt,
      this.#unknown.packed,
      [...this.#cards].map(([member, { id, at, name }]) => [member, id, at, name]),
      [...this.#starts].map(([initiative, { id, at, by, title }]) => [initiative, id, at, by, title]),
      [...this.#talks].map(([thread, { tally, newestAt }]) => [thread, newestAt, tally.packed]),
      [...this.#plans].map(([initiative, plan]) => [initiative, ...planData(plan)]),
      [...this.#closings].map(([initiative, closings]) => [initiative, ...closings.toData()]),
      [...this.#heard],
      this.#reasons.toData(),
    ]
  }

  /** Where the data is damaged; `undefined`: nowhere. */
  restore(data: unknown): string | undefined {
    if (!Array.isArray(data) || data[0] !== DATA_VERSION) return 'version'
    const [, lastAt, unknown, cards, starts, talks, plans, closings, heard, reasons] = data as readonly unknown[]
    if (lastAt !== null && !isInstant(lastAt)) return 'lastAt'
    this.#lastAt = lastAt
    const tally = Tally.parse(unknown)
    if (tally === undefined) return 'unknown'
    this.#unknown = tally
    if (!everyRow(cards, (row) => this.#restoreCard(row))) return 'cards'
    if (!everyRow(starts, (row) => this.#restoreStart(row))) return 'starts'
    if (!everyRow(talks, (row) => this.#restoreTalk(row))) return 'talks'
    if (!everyRow(plans, (row) => this.#restorePlan(row))) return 'plans'
    if (!everyRow(closings, (row) => this.#restoreClosings(row))) return 'closings'
    if (!everyRow(heard, (row) => this.#restoreHeard(row))) return 'heard'
    return this.#reasons.restore(reasons) ? undefined : 'reasons'
  }

  #restoreCard([member, id, at, name]: readonly unknown[]): boolean {
    const [by, card] = [MemberId.parse(member), StatementId.parse(id)]
    if (by === undefined || card === undefined || !isInstant(at) || typeof name !== 'string') return false
    this.#cards.set(by, { id: card, at, name })
    return true
  }

  #restoreStart([initiative, id, at, by, title]: readonly unknown[]): boolean {
    const [document, start, author] = [DocumentId.parse(initiative), StatementId.parse(id), MemberId.parse(by)]
    if (document === undefined || start === undefined || author === undefined) return false
    if (!isInstant(at) || typeof title !== 'string') return false
    this.#starts.set(document, { id: start, at, by: author, title })
    return true
  }

  #restoreTalk([thread, newestAt, packed]: readonly unknown[]): boolean {
    const [document, tally] = [DocumentId.parse(thread), Tally.parse(packed)]
    if (document === undefined || tally === undefined || (newestAt !== null && !isInstant(newestAt))) return false
    this.#talks.set(document, { tally, newestAt })
    return true
  }

  #restorePlan([id, actions, answers]: readonly unknown[]): boolean {
    const initiative = DocumentId.parse(id)
    return initiative !== undefined && restorePlan(this.#plan(initiative), initiative, actions, answers)
  }

  #restoreClosings([id, closings, answered]: readonly unknown[]): boolean {
    const initiative = DocumentId.parse(id)
    return initiative !== undefined && this.#closingsOf(initiative).restore(closings, answered)
  }

  #restoreHeard([id, at]: readonly unknown[]): boolean {
    const initiative = DocumentId.parse(id)
    if (initiative === undefined || !isInstant(at)) return false
    this.#heard.set(initiative, at)
    return true
  }

  #plan(initiative: DocumentId): Plan {
    let plan = this.#plans.get(initiative)
    if (plan === undefined) this.#plans.set(initiative, (plan = new Plan()))
    return plan
  }

  #hear(document: DocumentId, at: Instant): void {
    this.#heard.set(document, later(this.#heard.get(document) ?? null, at))
  }

  #closingsOf(initiative: DocumentId): Closings {
    let closings = this.#closings.get(initiative)
    if (closings === undefined) this.#closings.set(initiative, (closings = new Closings()))
    return closings
  }

  #talkIn(thread: ThreadId) {
    let talk = this.#talks.get(thread)
    if (talk === undefined) this.#talks.set(thread, (talk = { tally: new Tally(), newestAt: null }))
    return talk
  }
}

const nothingPlanned = new Plan()

const later = (left: Instant | null, right: Instant): Instant => (left === null || left < right ? right : left)
