import type { Board } from './board.ts'
import type { CalendarEvent } from './calendar-file.ts'
import type { InitiativeDoc } from './documents.ts'
import { actionIds, createPersonFinder, type PeopleFacts } from './facts.ts'
import type { ActionId, DocumentId, Instant, StatementId } from './ids.ts'
import { momentOf } from './moment.ts'
import type { Person } from './views.ts'

/** When an initiative or one of its actions is, as its document says. */
export interface PlannedTime {
  readonly action: ActionId | null
  readonly title: string
  readonly where: string
  readonly starts: Instant
  /** `null`: nobody said. */
  readonly ends: Instant | null
}

/** Something that has a time, as a calendar shows it. */
export interface CalendarItem {
  readonly kind: 'initiative' | 'action' | 'booking' | 'call'
  /** The action's, the booking's, the call's, or the initiative's. */
  readonly id: string
  /** `null`: it belongs to the whole group. */
  readonly initiative: DocumentId | null
  /** Of a booking. */
  readonly thing: StatementId | null
  readonly title: string
  /** The initiative an action is in; empty: it says so itself. */
  readonly within: string
  readonly where: string
  readonly starts: Instant
  readonly ends: Instant | null
  /** Who booked it. */
  readonly by: Person | null
  /** This person said yes to it, booked it, signed it, or started it. */
  readonly mine: boolean
}

/** What of a document has a time. */
export const timesIn = (doc: InitiativeDoc): readonly PlannedTime[] => [
  ...plannedOf(null, doc),
  ...actionIds(doc).flatMap((id) => {
    const action = doc.actions[id]
    return action ? plannedOf(id, action) : []
  }),
]

const plannedOf = (
  action: ActionId | null,
  { title, where, starts, ends }: Pick<InitiativeDoc, 'title' | 'where' | 'starts' | 'ends'>,
): readonly PlannedTime[] => {
  const from = momentOf(starts)
  return from === null ? [] : [{ action, title, where, starts: from, ends: momentOf(ends) }]
}

/** Everything of a group that is between two times, by when it starts, then by what it is: one order on every device. */
export const calendarItems = (
  board: Board,
  planned: ReadonlyMap<DocumentId, { readonly title: string; readonly times: readonly PlannedTime[] }>,
  people: PeopleFacts,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): readonly CalendarItem[] => {
  const personOf = createPersonFinder(people)
  const isIn = ({ starts, ends }: Pick<CalendarItem, 'starts' | 'ends'>) =>
    starts < to && (ends !== null && ends > starts ? ends > from : starts >= from)
  const items: CalendarItem[] = []
  for (const [initiative, { title, times }] of planned)
    for (const { action, ...time } of times)
      items.push({
        ...time,
        ...{ initiative, thing: null, by: null },
        ...(action === null
          ? { kind: 'initiative', id: initiative, within: '', mine: board.start(initiative)?.by === people.me }
          : {
              ...{ kind: 'action', id: action, within: title },
              mine: board.action(initiative, action).claims.some(({ by }) => by === people.me),
            }),
      })
  for (const { id: thing, name, where, bookings } of board.things)
    for (const { id, by, from: starts, to: ends, place } of bookings)
      items.push({
        ...{ kind: 'booking', id, thing, title: name, within: '', where, starts, ends },
        initiative: board.start(place) ? place : null,
        by: personOf(by),
        mine: by === people.me,
      })
  for (const { id, title, place, until, open, by, signatures } of board.calls)
    if (until !== null && open)
      items.push({
        ...{ kind: 'call', id, thing: null, title, within: '', where: '', starts: until, ends: null, by: null },
        initiative: board.start(place) ? place : null,
        mine: by === people.me || signatures.some((each) => each.by === people.me && !each.withdrawn),
      })
  return items
    .filter(isIn)
    .sort((left, right) => left.starts - right.starts || (left.kind + left.id < right.kind + right.id ? -1 : 1))
}

/** The same for a calendar file. */
export const calendarEvent = (
  { kind, id, title, within, where, starts, ends, by }: CalendarItem,
  madeAt: Instant,
): CalendarEvent => ({
  uid: `${kind}-${id}@auzolan`,
  title,
  details: [within, by?.name ?? ''].filter((part) => part !== '').join('\n'),
  where,
  ...{ starts, ends, madeAt },
})
