import {
  type DifferenceView,
  type DocumentId,
  type InitiativeDifference,
  type InitiativeDoc,
  initiativeDifference,
} from '@auzolan/core'
import type { Group } from '../group/group.ts'
import { type Fresh, freshIn } from '../lineage/news.ts'
import { groupRow } from './answer.ts'
import { decisionsView } from './decisions.ts'
import { peopleFacts } from './facts.ts'

/** How another group of the family differs from this one: only what one of them has and the other does not is looked at. */
export const differenceView = async (here: Group, there: Group): Promise<DifferenceView> => {
  const [theirs, ours] = [
    byInitiative(await freshIn(there.workspace, here.workspace)),
    byInitiative(await freshIn(here.workspace, there.workspace)),
  ]
  const initiatives: InitiativeDifference[] = []
  for (const id of new Set([...theirs.keys(), ...ours.keys()])) {
    const told = await initiativeOf(id, here, there, [ours.get(id) ?? [], theirs.get(id) ?? []])
    if (told) initiatives.push(told)
  }
  return {
    group: there.id,
    name: (await groupRow(there)).name,
    initiatives: initiatives.sort((left, right) => (left.title < right.title ? -1 : left.title > right.title ? 1 : 0)),
    rules: rulesOf(here, there),
    people: peopleOf(here, there),
  }
}

const initiativeOf = async (
  id: DocumentId,
  here: Group,
  there: Group,
  [ours, theirs]: readonly [readonly Fresh[], readonly Fresh[]],
): Promise<InitiativeDifference | undefined> => {
  const [mine, other] = [here.workspace.board.start(id), there.workspace.board.start(id)]
  const start = mine ?? other
  if (!start) return undefined
  const reads = (group: Group) => group.rooms.scratch<InitiativeDoc>(id, [])
  const isWritten = [...ours, ...theirs].some(({ change }) => change)
  const [was, is] = [await reads(here), await reads(there)]
  return {
    id,
    title: was.title || is.title || start.title,
    is: mine && other ? 'both' : mine ? 'here' : 'there',
    fields: isWritten && mine && other ? initiativeDifference(was, is) : [],
    saidHere: ours.filter(isSaid).length,
    saidThere: theirs.filter(isSaid).length,
  }
}

const isSaid = ({ said }: Fresh): boolean => said !== undefined && said.statement.kind !== 'start'

const byInitiative = (fresh: readonly Fresh[]): ReadonlyMap<DocumentId, Fresh[]> => {
  const byId = new Map<DocumentId, Fresh[]>()
  for (const each of fresh) {
    const known = byId.get(each.about)
    if (known) known.push(each)
    else byId.set(each.about, [each])
  }
  return byId
}

const rulesOf = (here: Group, there: Group): DifferenceView['rules'] => {
  const theirs = new Map(decisionsView(there).rules.map(({ thing, rule }) => [thing, rule]))
  return decisionsView(here).rules.flatMap(({ thing, rule }) => {
    const other = theirs.get(thing)
    return other && JSON.stringify(other) !== JSON.stringify(rule) ? [{ thing, here: rule, there: other }] : []
  })
}

const peopleOf = (here: Group, there: Group): DifferenceView['people'] => {
  const [mine, theirs] = [namesIn(here), namesIn(there)]
  return {
    both: mine.filter((name) => theirs.includes(name)).length,
    here: mine.filter((name) => !theirs.includes(name)),
    there: theirs.filter((name) => !mine.includes(name)),
  }
}

const namesIn = (group: Group): readonly string[] =>
  [...peopleFacts(group).people.values()]
    .filter(({ left }) => !left)
    .map(({ name }) => name)
    .sort()
