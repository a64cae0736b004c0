import {
  type CalendarItem,
  calendarItems,
  type DocumentId,
  type InitiativeDoc,
  type Instant,
  type PlannedTime,
  timesIn,
} from '@auzolan/core'
import type { Group } from '../group/group.ts'
import { peopleFacts } from './facts.ts'

/** Initiatives whose documents are read for a calendar, the last started first: opening each takes some milliseconds. */
const READ = 200

type Planned = Map<DocumentId, { readonly title: string; readonly times: readonly PlannedTime[] }>

/** When everything in a group is: read once from its documents, and again where somebody wrote. */
export class Calendars {
  readonly #known = new WeakMap<Group, Planned>()

  async between(
    group: Group,
    span: { readonly from: Instant; readonly to: Instant },
  ): Promise<readonly CalendarItem[]> {
    const { board } = group.workspace
    const planned = this.#plannedIn(group)
    const started = [...board.initiatives()].sort(([, left], [, right]) => right.at - left.at).slice(0, READ)
    for (const [id, { title }] of started) {
      if (planned.has(id)) continue
      const { value } = (await group.rooms.open(id)).state<InitiativeDoc>()
      planned.set(id, { title: value.title || title, times: timesIn({ ...value, title: value.title || title }) })
    }
    return calendarItems(board, planned, peopleFacts(group), span)
  }

  #plannedIn(group: Group): Planned {
    const known = this.#known.get(group)
    if (known) return known
    const planned: Planned = new Map()
    this.#known.set(group, planned)
    const written = new Set<DocumentId>()
    group.workspace.onNews(({ anew, changes }) => {
      if (anew) planned.clear()
      for (const { document } of changes) written.add(document)
    })
    // An open document has the changes only by then.
    group.onChange((change) => {
      if (change !== 'document') return
      for (const document of written) planned.delete(document)
      written.clear()
    })
    return planned
  }
}
