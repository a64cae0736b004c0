import { ActionId, DocumentId, type Instant, MemberId, StatementId } from './ids.ts'
import { type ActionState, byTime, Plan, type Stamped } from './plan.ts'
import { err, ok, type Result } from './result.ts'
import type { Said, ThreadId } from './statement.ts'
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
  talk(thread: ThreadId): Talk
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
const DATA_VERSION = 1

class FoldedBoard implements Board {
  readonly #cards = new Map<MemberId, Card>()
  readonly #starts = new Map<DocumentId, Start>()
  readonly #plans = new Map<DocumentId, Plan>()
  readonly #talks = new Map<ThreadId, { readonly tally: Tally; newestAt: Instant | null }>()
  #unknown = new Tally()
  #lastAt: Instant | null = null

  add(said: Said): void {
    const { id, by, at, statement } = said
    this.#lastAt = later(this.#lastAt, at)
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
        return
      default:
        this.#plan(statement.initiative).add({ id, by, at, statement })
    }
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

  talk(thread: ThreadId): Talk {
    const talk = this.#talks.get(thread)
    return { messages: talk?.tally.count ?? 0, newestAt: talk?.newestAt ?? null }
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
    const plans = [...this.#plans].map(([initiative, plan]) => [
      initiative,
      [...plan.entries()].map(([action, needs, takes]) => [
        action,
        [...needs].map((need) => [need.id, need.at, need.places, need.replaces]),
        [...takes].map((take) => [take.id, take.at, take.by]),
      ]),
      [...plan.answers].map(([take, { givenBack, done }]) => [
        take,
        [...givenBack],
        [...done].map(([by, { id, at, minutes }]) => [by, id, at, minutes]),
      ]),
    ])
    return [
      DATA_VERSION,
      this.#lastAt,
      this.#unknown.packed,
      [...this.#cards].map(([member, { id, at, name }]) => [member, id, at, name]),
      [...this.#starts].map(([initiative, { id, at, by, title }]) => [initiative, id, at, by, title]),
      [...this.#talks].map(([thread, { tally, newestAt }]) => [thread, newestAt, tally.packed]),
      plans,
    ]
  }

  /** Where the data is damaged; `undefined`: nowhere. */
  restore(data: unknown): string | undefined {
    if (!Array.isArray(data) || data[0] !== DATA_VERSION) return 'version'
    const [, lastAt, unknown, cards, starts, talks, plans] = data as readonly unknown[]
    if (lastAt !== null && !isInstant(lastAt)) return 'lastAt'
    this.#lastAt = lastAt
    const tally = Tally.parse(unknown)
    if (tally === undefined) return 'unknown'
    this.#unknown = tally
    if (!everyRow(cards, (row) => this.#restoreCard(row))) return 'cards'
    if (!everyRow(starts, (row) => this.#restoreStart(row))) return 'starts'
    if (!everyRow(talks, (row) => this.#restoreTalk(row))) return 'talks'
    return everyRow(plans, (row) => this.#restorePlan(row)) ? undefined : 'plans'
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
    if (initiative === undefined) return false
    const plan = this.#plan(initiative)
    return (
      everyRow(actions, ([action, needs, takes]) => {
        const of = ActionId.parse(action)
        if (of === undefined) return false
        return (
          everyRow(needs, (row) => restoreNeed(plan, initiative, of, row)) &&
          everyRow(takes, (row) => restoreTake(plan, initiative, of, row))
        )
      }) && everyRow(answers, (row) => restoreAnswers(plan, initiative, row))
    )
  }

  #plan(initiative: DocumentId): Plan {
    let plan = this.#plans.get(initiative)
    if (plan === undefined) this.#plans.set(initiative, (plan = new Plan()))
    return plan
  }

  #talkIn(thread: ThreadId) {
    let talk = this.#talks.get(thread)
    if (talk === undefined) this.#talks.set(thread, (talk = { tally: new Tally(), newestAt: null }))
    return talk
  }
}

const nothingPlanned = new Plan()

const later = (left: Instant | null, right: Instant): Instant => (left === null || left < right ? right : left)

const isInstant = (value: unknown): value is Instant => typeof value === 'number' && Number.isSafeInteger(value)

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

const everyRow = (rows: unknown, take: (row: readonly unknown[]) => boolean): boolean =>
  Array.isArray(rows) && rows.every((row: unknown) => Array.isArray(row) && take(row))

/** Who says a need is of no account, so the stored form leaves it out. */
const nobody = MemberId.fromBytes(new Uint8Array(MemberId.length))

const restoreNeed = (
  plan: Plan,
  initiative: DocumentId,
  action: ActionId,
  [id, at, places, replaces]: readonly unknown[],
): boolean => {
  const need = StatementId.parse(id)
  if (need === undefined || !isInstant(at) || !isCount(places) || !Array.isArray(replaces)) return false
  const earlier = replaces.map(StatementId.parse)
  if (!earlier.every((each) => each !== undefined)) return false
  plan.add({ id: need, at, by: nobody, statement: { kind: 'need', initiative, action, places, replaces: earlier } })
  return true
}

const restoreTake = (
  plan: Plan,
  initiative: DocumentId,
  action: ActionId,
  [id, at, by]: readonly unknown[],
): boolean => {
  const [take, member] = [StatementId.parse(id), MemberId.parse(by)]
  if (take === undefined || member === undefined || !isInstant(at)) return false
  plan.add({ id: take, at, by: member, statement: { kind: 'take', initiative, action } })
  return true
}

const restoreAnswers = (plan: Plan, initiative: DocumentId, [id, givenBack, dones]: readonly unknown[]): boolean => {
  const take = StatementId.parse(id)
  if (take === undefined || !Array.isArray(givenBack)) return false
  const at = 0 as Instant
  for (const each of givenBack as readonly unknown[]) {
    const by = MemberId.parse(each)
    if (by === undefined) return false
    plan.add({ id: take, at, by, statement: { kind: 'giveBack', initiative, take } })
  }
  return everyRow(dones, ([who, said, doneAt, minutes]) => {
    const [by, done] = [MemberId.parse(who), StatementId.parse(said)]
    if (by === undefined || done === undefined || !isInstant(doneAt) || !isCount(minutes)) return false
    plan.add({ id: done, at: doneAt, by, statement: { kind: 'done', initiative, take, minutes } })
    return true
  })
}
