import {
  type DecisionsView,
  type DifferenceView,
  type DocumentId,
  type InitiativeDifference,
  type InitiativeDoc,
  initiativeDifference,
  type Instant,
  type Totals,
  totalsOf,
} from '@auzolan/core'
import type { Group } from '../group/group.ts'
import { type Fresh, freshIn } from '../lineage/news.ts'
import { groupRow } from './answer.ts'
import { stateBefore } from '../workspace/past.ts'
import { decisionsView, rulesIn } from './decisions.ts'
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
    initiatives: initiatives.sort(byTitle),
    rules: rulesBetween(decisionsView(here).rules, decisionsView(there).rules),
    people: peopleBetween(namesIn(here), namesIn(there)),
    totals: { here: totalsNow(here), there: totalsNow(there) },
  }
}

/** How a group differs from what it was at a moment, by the times that authors claim. `here`: then; `there`: now. */
export const sinceMoment = async (group: Group, moment: Instant): Promise<DifferenceView> => {
  const { workspace, rooms } = group
  const { board, messages, said, written } = await workspace.past(moment)
  const then = stateBefore(workspace.log.control, moment)
  const initiatives: InitiativeDifference[] = []
  for (const [id, start] of workspace.board.initiatives()) {
    const isNew = board.start(id) === undefined
    const count = said.get(id) ?? 0
    if (!isNew && count === 0 && !written.has(id)) continue
    const now = await rooms.scratch<InitiativeDoc>(id, [])
    initiatives.push({
      id,
      title: now.title || start.title,
      is: isNew ? 'there' : 'both',
      fields: isNew || !written.has(id) ? [] : initiativeDifference(await rooms.before(id, moment), now),
      saidHere: 0,
      saidThere: count,
    })
  }
  const names = peopleFacts(group).people
  const now = totalsNow(group)
  const before = [...(then?.members.values() ?? [])].filter(({ id, left }) => !left && !then?.removed.has(id))
  return {
    group: group.id,
    name: (await groupRow(group)).name,
    initiatives: initiatives.sort(byTitle),
    rules: then ? rulesBetween(rulesIn(then), decisionsView(group).rules) : [],
    people: peopleBetween(before.map(({ id, name }) => names.get(id)?.name ?? name).sort(), namesIn(group)),
    totals: { here: { ...totalsOf(board, before.length), messages: now.messages - messages }, there: now },
  }
}

const totalsNow = (group: Group): Totals => totalsOf(group.workspace.board, namesIn(group).length)

const byTitle = (left: InitiativeDifference, right: InitiativeDifference): number =>
  left.title < right.title ? -1 : left.title > right.title ? 1 : 0

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

type Rules = DecisionsView['rules']

const rulesBetween = (here: Rules, there: Rules): DifferenceView['rules'] => {
  const theirs = new Map(there.map(({ thing, rule }) => [thing, rule]))
  return here.flatMap(({ thing, rule }) => {
    const other = theirs.get(thing)
    return other && JSON.stringify(other) !== JSON.stringify(rule) ? [{ thing, here: rule, there: other }] : []
  })
}

const peopleBetween = (mine: readonly string[], theirs: readonly string[]): DifferenceView['people'] => ({
  both: mine.filter((name) => theirs.includes(name)).length,
  here: mine.filter((name) => !theirs.includes(name)),
  there: theirs.filter((name) => !mine.includes(name)),
})

const namesIn = (group: Group): readonly string[] =>
  [...peopleFacts(group).people.values()]
    .filter(({ left }) => !left)
    .map(({ name }) => name)
    .sort()
