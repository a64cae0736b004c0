import type { Board } from './board.ts'
import { isAsked } from './calls.ts'
import type { ActionId, ControlId, DocumentId, Instant, MemberId, StatementId } from './ids.ts'
import { momentOf } from './moment.ts'
import type { ThreadId } from './statement.ts'

/** Something that goes on only when this person does something about it. `at`: since when, as far as is known. */
export type Waiting = { readonly at: Instant } & (
  | { readonly is: 'mention'; readonly by: MemberId; readonly thread: ThreadId; readonly message: StatementId }
  /** The other side says that it changed hands. */
  | { readonly is: 'handOver'; readonly listing: StatementId; readonly giving: boolean; readonly by: MemberId }
  /** More is promised than was asked for, and this person was last. */
  | { readonly is: 'tooMuch'; readonly listing: StatementId }
  /** Somebody else booked the same thing for the same time. */
  | { readonly is: 'clash'; readonly thing: StatementId; readonly booking: StatementId; readonly by: MemberId }
  /** Somebody asks people to sign. `again`: this person signed an earlier text. */
  | { readonly is: 'sign'; readonly call: StatementId; readonly by: MemberId; readonly again: boolean }
  | { readonly is: 'tooMany'; readonly initiative: DocumentId; readonly action: ActionId }
  /** It starts at another time than this person said yes to. */
  | { readonly is: 'time'; readonly initiative: DocumentId; readonly action: ActionId }
  /** Its time has passed and this person has not said how it went. */
  | { readonly is: 'report'; readonly initiative: DocumentId; readonly action: ActionId }
  /** The day has come on which its people wanted to look at it. */
  | { readonly is: 'due'; readonly initiative: DocumentId }
  | { readonly is: 'vote'; readonly proposal: ControlId }
)

export interface WaitingFacts {
  readonly me: MemberId
  readonly now: Instant
  /** What was said that called this person by name and was read here. */
  readonly readMentions: ReadonlySet<StatementId>
  /** Calls that this person would not be asked about any more, by the text that they were asked to sign. */
  readonly passedOver: ReadonlySet<StatementId>
  /** The day on which an initiative is to be looked at; `null`: none, or not known. */
  readonly checkOn: (initiative: DocumentId) => string | null
  /** When an action starts and ends, as its document says; `undefined`: not known. */
  readonly times: (
    initiative: DocumentId,
    action: ActionId,
  ) => { readonly starts: string; readonly ends: string } | undefined
  readonly votes: readonly { readonly proposal: ControlId; readonly at: Instant }[]
}

/** What waits for this person in one group, in no particular order. */
export const waitingIn = (board: Board, facts: WaitingFacts): readonly Waiting[] => [
  ...facts.votes.map(({ proposal, at }): Waiting => ({ is: 'vote', proposal, at })),
  ...board
    .mentions(facts.me)
    .filter(({ id }) => !facts.readMentions.has(id))
    .map(({ at, by, thread, message }): Waiting => ({ is: 'mention', at, by, thread, message })),
  ...exchangesOf(board, facts.me),
  ...clashesOf(board, facts),
  ...callsOf(board, facts),
  ...Array.from(board.initiatives(), ([initiative]) => initiative)
    .filter((initiative) => board.closings(initiative).length === 0)
    .flatMap((initiative) => [...actionsOf(board, initiative, facts), ...dueOf(board, initiative, facts)]),
]

/** Initiatives in which this person took something that is not done: their documents say when. */
export const takenBy = (board: Board, me: MemberId): readonly DocumentId[] =>
  Array.from(board.initiatives(), ([initiative]) => initiative).filter(
    (initiative) =>
      board.closings(initiative).length === 0 &&
      [...board.actions(initiative)].some((action) =>
        board.action(initiative, action).claims.some(({ by, done }) => by === me && done === null),
      ),
  )

/** Orders that what waits can stand in. */
export const waitingOrders = ['longest', 'newest'] as const
export type WaitingOrder = (typeof waitingOrders)[number]

/** By how long it waits, then by what it is about: one order on every device. */
export const inWaitingOrder = (waiting: readonly Waiting[], order: WaitingOrder): readonly Waiting[] =>
  order === 'longest' ? longestFirst(waiting) : longestFirst(waiting).toReversed()

const longestFirst = (waiting: readonly Waiting[]): readonly Waiting[] =>
  [...waiting].sort((left, right) => left.at - right.at || (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1))

const exchangesOf = (board: Board, me: MemberId): readonly Waiting[] =>
  board.listings
    .filter(({ over }) => !over)
    .flatMap(({ id: listing, by: author, side, promises, suggestion }) =>
      promises.flatMap(({ id, by, at, given, received }): readonly Waiting[] => {
        if (by !== me && author !== me) return []
        const giving = (side === 'need' ? by : author) === me
        const other = author === me ? by : author
        if (giving ? received && !given : given && !received)
          return [{ is: 'handOver', listing, giving, by: other, at }]
        return id === suggestion && by === me ? [{ is: 'tooMuch', listing, at }] : []
      }),
    )

const clashesOf = (board: Board, { me, now }: WaitingFacts): readonly Waiting[] =>
  board.things.flatMap(({ id: thing, bookings }) =>
    bookings.flatMap((booking): readonly Waiting[] => {
      if (booking.by !== me || booking.to <= now) return []
      const open = booking.overlaps.find(({ settled, agreed }) => !settled && !agreed.includes(me))
      const other = open && bookings.find(({ id }) => id === open.with)
      if (other === undefined) return []
      return [{ is: 'clash', thing, booking: booking.id, by: other.by, at: Math.max(booking.at, other.at) as Instant }]
    }),
  )

const callsOf = (board: Board, { me, now, passedOver }: WaitingFacts): readonly Waiting[] =>
  board.calls.flatMap(({ id: call, by, until, open, versions, signatures }): readonly Waiting[] => {
    const text = versions.at(-1)
    if (!isAsked({ open, until }, now) || text === undefined || passedOver.has(text.id)) return []
    const mine = signatures.find((each) => each.by === me)
    if (mine?.withdrawn === true || mine?.signed === 'now') return []
    return [{ is: 'sign', call, by, again: mine !== undefined, at: text.at }]
  })

const actionsOf = (board: Board, initiative: DocumentId, { me, now, times }: WaitingFacts): readonly Waiting[] =>
  [...board.actions(initiative)].flatMap((action): readonly Waiting[] => {
    const { claims, suggestion } = board.action(initiative, action)
    const mine = claims.find(({ by, done }) => by === me && done === null)
    if (mine === undefined) return []
    if (suggestion === mine.id) return [{ is: 'tooMany', initiative, action, at: mine.at }]
    const time = times(initiative, action)
    const starts = momentOf(time?.starts ?? '')
    if (time === undefined || starts === null) return []
    const ends = momentOf(time.ends) ?? starts
    if (ends <= now) return [{ is: 'report', initiative, action, at: ends }]
    return mine.starts !== null && mine.starts !== time.starts ? [{ is: 'time', initiative, action, at: mine.at }] : []
  })

const dueOf = (board: Board, initiative: DocumentId, { me, now, checkOn }: WaitingFacts): readonly Waiting[] => {
  const day = checkOn(initiative)
  const at = day === null ? Number.NaN : Date.parse(day)
  if (Number.isNaN(at) || at > now) return []
  const mine =
    board.start(initiative)?.by === me ||
    [...board.actions(initiative)].some((action) => board.action(initiative, action).claims.some(({ by }) => by === me))
  return mine ? [{ is: 'due', initiative, at: at as Instant }] : []
}
