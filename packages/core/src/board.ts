import { Bookings } from './bookings.ts'
import type { CallState } from './calls.ts'
import { Cards } from './cards.ts'
import { type Closing, Closings } from './closings.ts'
import { type ActionId, type ControlId, DeviceId, DocumentId, type Instant, MemberId, StatementId } from './ids.ts'
import { Exchanges, type ListingState } from './exchanges.ts'
import { type Mention, Mentions } from './mentions.ts'
import { type MadeIn, type Origin, Origins } from './origins.ts'
import { type ActionState, byTime, Plan, type Stamped } from './plan.ts'
import { planData, restorePlan } from './plan-data.ts'
import { Reasons } from './reasons.ts'
import { type SharedKeeper, SharedKeepers } from './shared-keepers.ts'
import { err, ok, type Result } from './result.ts'
import { Signing } from './signing.ts'
import type { Said, ThreadId } from './statement.ts'
import { everyRow, isInstant } from './stored.ts'
import { type Talk, Talks } from './talks.ts'
import { Tally } from './tally.ts'
import type { ThingState } from './things.ts'

export interface Start extends Stamped {
  readonly by: MemberId
  readonly title: string
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
  /** What a member calls a device of theirs. */
  deviceName(member: MemberId, device: DeviceId): string | undefined
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
  /** Whether somebody who made the invitation with this key wants to be asked about who comes by it. */
  asksFirst(member: MemberId, key: DeviceId): boolean
  readonly sharedKeepers: readonly SharedKeeper[]
  /** Messages of others that call this member by name, by time. */
  mentions(member: MemberId): readonly Mention[]
  /** The message that an initiative, or something in it, was made of. */
  origin(made: DocumentId, what?: MadeIn): Origin | null
  /** What is needed and offered, by time. */
  readonly listings: readonly ListingState[]
  listing(id: StatementId): ListingState | undefined
  /** What is shared and who has booked it, by name, then id. */
  readonly things: readonly ThingState[]
  thing(id: StatementId): ThingState | undefined
  /** The thing that was booked. */
  thingOf(booking: StatementId): ThingState | undefined
  /** What people are asked to sign, by when it was begun. */
  readonly calls: readonly CallState[]
  call(id: StatementId): CallState | undefined
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
const DATA_VERSION = 10

class FoldedBoard implements Board {
  readonly #cards = new Cards()
  readonly #starts = new Map<DocumentId, Start>()
  readonly #plans = new Map<DocumentId, Plan>()
  readonly #closings = new Map<DocumentId, Closings>()
  readonly #heard = new Map<DocumentId, Instant>()
  readonly #reasons = new Reasons()
  readonly #talks = new Talks()
  readonly #mentions = new Mentions()
  readonly #origins = new Origins()
  readonly #exchanges = new Exchanges()
  readonly #bookings = new Bookings()
  readonly #signing = new Signing()
  readonly #asking = new Set<string>()
  readonly #keepers = new SharedKeepers()
  #unknown = new Tally()
  #lastAt: Instant | null = null

  add(said: Said): void {
    const { id, by, at, statement } = said
    this.#lastAt = later(this.#lastAt, at)
    if ('initiative' in statement) this.#hear(statement.initiative, at)
    else if ('place' in statement) this.#hear(statement.place, at)
    switch (statement.kind) {
      case 'card':
        this.#cards.add({ id, at, name: statement.name }, by)
        return
      case 'device':
        this.#cards.add({ id, at, name: statement.name }, by, statement.device)
        return
      case 'start': {
        const before = this.#starts.get(statement.initiative)
        const start = { id, at, by, title: statement.title }
        if (before === undefined || byTime(start, before) < 0) this.#starts.set(statement.initiative, start)
        return
      }
      case 'message':
        this.#talks.add(statement.thread, { id, at })
        this.#mentions.add({ id, by, at, statement })
        return
      case 'revise':
      case 'retract':
        this.#mentions.add({ id, by, at, statement })
        return
      case 'became':
        this.#origins.add({ id, at, statement })
        return
      case 'react':
      case 'unreact':
      case 'adopt':
      case 'unadopt':
      case 'offer':
      case 'offered':
      case 'answer':
        return
      case 'listing':
      case 'unlist':
      case 'promise':
      case 'release':
      case 'handOver':
        this.#exchanges.add({ id, by, at, statement })
        return
      case 'thing':
      case 'book':
      case 'unbook':
      case 'settle':
      case 'use':
        this.#bookings.add({ id, by, at, statement })
        return
      case 'call':
      case 'sign':
      case 'unsign':
      case 'paper':
      case 'sawPaper':
        this.#signing.add({ id, by, at, statement })
        return
      case 'because':
        this.#reasons.add({ id, by, at, statement })
        return
      case 'keeper':
        this.#keepers.add({ id, by, at, statement })
        return
      case 'askFirst':
        this.#asking.add(`${by} ${statement.key}`)
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
    return this.#cards.name(member)
  }

  deviceName(member: MemberId, device: DeviceId): string | undefined {
    return this.#cards.name(member, device)
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
    const [said, written] = [this.#talks.of(initiative).newestAt, this.#heard.get(initiative)]
    return written === undefined ? said : later(said, written)
  }

  talk(thread: ThreadId): Talk {
    return this.#talks.of(thread)
  }

  mentions(member: MemberId): readonly Mention[] {
    return this.#mentions.of(member)
  }

  get listings(): readonly ListingState[] {
    return this.#exchanges.all
  }

  listing(id: StatementId): ListingState | undefined {
    return this.#exchanges.of(id)
  }

  get things(): readonly ThingState[] {
    return this.#bookings.all
  }

  thing(id: StatementId): ThingState | undefined {
    return this.#bookings.of(id)
  }

  thingOf(booking: StatementId): ThingState | undefined {
    return this.#bookings.holding(booking)
  }

  get calls(): readonly CallState[] {
    return this.#signing.all
  }

  call(id: StatementId): CallState | undefined {
    return this.#signing.of(id)
  }

  origin(made: DocumentId, what?: MadeIn): Origin | null {
    return this.#origins.of(made, what)
  }

  because(proposal: ControlId, member: MemberId): string | undefined {
    return this.#reasons.of(proposal, member)
  }

  get sharedKeepers(): readonly SharedKeeper[] {
    return this.#keepers.all
  }

  asksFirst(member: MemberId, key: DeviceId): boolean {
    return this.#asking.has(`${member} ${key}`)
  }

  get messages(): number {
    return this.#talks.messages
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
      this.#cards.toData(),
      [...this.#starts].map(([initiative, { id, at, by, title }]) => [initiative, id, at, by, title]),
      this.#talks.toData(),
      [...this.#plans].map(([initiative, plan]) => [initiative, ...planData(plan)]),
      [...this.#closings].map(([initiative, closings]) => [initiative, ...closings.toData()]),
      [...this.#heard],
      this.#reasons.toData(),
      this.#mentions.toData(),
      this.#origins.toData(),
      this.#exchanges.toData(),
      [...this.#asking].map((each) => each.split(' ')),
      this.#keepers.toData(),
      this.#bookings.toData(),
      this.#signing.toData(),
    ]
  }

  /** Where the data is damaged; `undefined`: nowhere. */
  restore(data: unknown): string | undefined {
    if (!Array.isArray(data) || data[0] !== DATA_VERSION) return 'version'
    const [, lastAt, unknown, cards, starts, talks, plans, closings, heard, reasons, ...rest] =
      data as readonly unknown[]
    const [mentions, origins, exchanges, asking, keepers, bookings, signing] = rest
    if (lastAt !== null && !isInstant(lastAt)) return 'lastAt'
    this.#lastAt = lastAt
    const tally = Tally.parse(unknown)
    if (tally === undefined) return 'unknown'
    this.#unknown = tally
    if (!this.#cards.restore(cards)) return 'cards'
    if (!everyRow(starts, (row) => this.#restoreStart(row))) return 'starts'
    if (!this.#talks.restore(talks)) return 'talks'
    if (!everyRow(plans, (row) => this.#restorePlan(row))) return 'plans'
    if (!everyRow(closings, (row) => this.#restoreClosings(row))) return 'closings'
    if (!everyRow(heard, (row) => this.#restoreHeard(row))) return 'heard'
    if (!this.#reasons.restore(reasons)) return 'reasons'
    if (!Array.isArray(mentions) || !this.#mentions.restore(mentions[0], mentions[1])) return 'mentions'
    if (!this.#origins.restore(origins)) return 'origins'
    if (!this.#exchanges.restore(exchanges)) return 'exchanges'
    if (!everyRow(asking, (row) => this.#restoreAsking(row))) return 'asking'
    if (!this.#keepers.restore(keepers)) return 'keepers'
    if (!this.#bookings.restore(bookings)) return 'bookings'
    return this.#signing.restore(signing) ? undefined : 'signing'
  }

  #restoreStart([initiative, id, at, by, title]: readonly unknown[]): boolean {
    const [document, start, author] = [DocumentId.parse(initiative), StatementId.parse(id), MemberId.parse(by)]
    if (document === undefined || start === undefined || author === undefined) return false
    if (!isInstant(at) || typeof title !== 'string') return false
    this.#starts.set(document, { id: start, at, by: author, title })
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

  #restoreAsking([by, key]: readonly unknown[]): boolean {
    const [member, invitation] = [MemberId.parse(by), DeviceId.parse(key)]
    if (member === undefined || invitation === undefined) return false
    this.#asking.add(`${member} ${invitation}`)
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
}

const nothingPlanned = new Plan()

const later = (left: Instant | null, right: Instant): Instant => (left === null || left < right ? right : left)
