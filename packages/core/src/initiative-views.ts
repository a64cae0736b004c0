import type { Board, Start } from './board.ts'
import type { DocumentState, InitiativeDoc } from './documents.ts'
import {
  actionIds,
  createPersonFinder,
  type DocumentFacts,
  fieldOf,
  type GroupFacts,
  type PeopleFacts,
} from './facts.ts'
import type { ActionId, DocumentId, MemberId } from './ids.ts'
import { dayOf, type Life, progressOf } from './life.ts'
import { momentOf } from './moment.ts'
import type { ActionState } from './plan.ts'
import type { ActionView, HomeView, InitiativeRow, InitiativeView, Person, UnmergedText } from './views.ts'

/** What the home screen is made of. `documents` may lack initiatives whose document has not arrived. */
export interface HomeFacts {
  readonly group: GroupFacts
  readonly people: PeopleFacts
  readonly documents: ReadonlyMap<DocumentId, DocumentFacts>
  /** Rows of an earlier answer that nothing has touched since: they are shown again instead of being made anew. */
  readonly rows?: ReadonlyMap<DocumentId, InitiativeRow>
}

export const homeView = (board: Board, { group, people, documents, rows: kept }: HomeFacts): HomeView => {
  const personOf = createPersonFinder(people)
  const rows = Array.from(
    board.initiatives(),
    ([id, start]) => kept?.get(id) ?? rowOf(board, id, start, documents.get(id), personOf),
  )
  return {
    id: group.id,
    name: fieldOf(group.name, group.nameVersions, people),
    purpose: group.purpose,
    document: group.document,
    me: personOf(people.me),
    members: membersOf(people),
    initiatives: rows.sort(newestFirst),
    messages: board.messages,
    continues: group.continues,
    unknown: board.unknown,
    example: group.example,
  }
}

/** People who have not left. */
export const membersOf = ({ people }: PeopleFacts): number => {
  let count = 0
  for (const { left } of people.values()) if (!left) count += 1
  return count
}

/** One line of the list; `undefined` until its start has arrived. */
export const initiativeRow = (
  board: Board,
  id: DocumentId,
  facts: DocumentFacts | undefined,
  people: PeopleFacts,
): InitiativeRow | undefined => {
  const start = board.start(id)
  return start && rowOf(board, id, start, facts, createPersonFinder(people))
}

/** The whole initiative; `undefined` until its start has arrived. */
export const initiativeView = (
  board: Board,
  { id, value, heads, versions }: DocumentState<InitiativeDoc>,
  people: PeopleFacts,
  unmerged: readonly UnmergedText[] = [],
): InitiativeView | undefined => {
  const start = board.start(id)
  if (start === undefined) return undefined
  const personOf = createPersonFinder(people)
  const ids = [...actionIds(value)].sort(
    (left, right) => compare(draftOf(value, left).order, draftOf(value, right).order) || compare(left, right),
  )
  const states = ids.map((action) => board.action(id, action))
  return {
    id,
    title: fieldOf(value.title || start.title, versions['title'], people),
    why: { text: value.why, heads },
    when: fieldOf(value.when, versions['when'], people),
    where: fieldOf(value.where, versions['where'], people),
    plan: { text: value.plan, heads },
    needs: fieldOf(value.needs, versions['needs'], people),
    hypothesis: fieldOf(value.hypothesis, versions['hypothesis'], people),
    measure: fieldOf(value.measure, versions['measure'], people),
    checkOn: fieldOf(value.checkOn, versions['checkOn'], people),
    starts: fieldOf(value.starts, versions['starts'], people),
    ends: fieldOf(value.ends, versions['ends'], people),
    life: lifeOf(board, id, { start, states, checkOn: value.checkOn }),
    closings: board.closings(id).map(({ by, ...closing }) => ({ ...closing, by: personOf(by) })),
    startedBy: personOf(start.by),
    startedAt: start.at,
    from: board.origin(id),
    unmerged,
    actions: ids.map((action, at): ActionView => {
      const [draft, state] = [draftOf(value, action), states[at] as ActionState]
      const field = (name: 'title' | 'where' | 'skills' | 'starts' | 'ends') =>
        fieldOf(draft[name], versions[`actions/${action}/${name}`], people)
      return {
        id: action,
        title: field('title'),
        details: draft.details,
        when: draft.when,
        where: field('where'),
        skills: field('skills'),
        starts: field('starts'),
        ends: field('ends'),
        places: state.places,
        takes: state.claims.map(({ id, by, at, done, note, doing, sights, starts }) => ({
          id,
          by: personOf(by),
          at,
          done,
          note,
          doing,
          timeChanged: done === null && starts !== null && starts !== draft.starts && momentOf(draft.starts) !== null,
          sights: sights.map(({ by, saw }) => ({ by: personOf(by), saw })),
        })),
        tooMany: state.tooMany,
        suggestion: state.suggestion,
        from: board.origin(id, { action }),
      }
    }),
  }
}

const lifeOf = (
  board: Board,
  id: DocumentId,
  { start, states, checkOn }: { start: Start; states: readonly ActionState[]; checkOn: string },
): Life => ({
  progress: progressOf(states),
  heardAt: board.heardAt(id) ?? start.at,
  checkOn: dayOf(checkOn),
  results: [...new Set(board.closings(id).map(({ result }) => result))].sort(),
})

const rowOf = (
  board: Board,
  id: DocumentId,
  start: Start,
  facts: DocumentFacts | undefined,
  personOf: (id: MemberId) => Person,
): InitiativeRow => {
  const states = [...(facts?.actions ?? board.actions(id))].map((action) => board.action(id, action))
  const life = lifeOf(board, id, { start, states, checkOn: facts?.checkOn ?? '' })
  return {
    id,
    title: facts?.title || start.title,
    life,
    startedBy: personOf(start.by),
    startedAt: start.at,
    when: facts?.when ?? '',
    where: facts?.where ?? '',
    actions: states.length,
    places: sum(states, ({ places }) => places),
    taken: sum(states, ({ claims, places }) => Math.min(claims.length, places)),
    tooMany: sum(states, ({ tooMany }) => tooMany),
    messages: board.talk(id).messages,
    unsettled: (facts?.unsettled ?? 0) + (life.results.length > 1 ? 1 : 0),
  }
}

const newestFirst = (left: InitiativeRow, right: InitiativeRow): number =>
  right.startedAt - left.startedAt || compare(left.id, right.id)

const draftOf = (doc: InitiativeDoc, action: ActionId) => {
  const draft = doc.actions[action]
  if (draft === undefined) throw new Error(`no action ${action} in the document that listed it`)
  return draft
}

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0)
