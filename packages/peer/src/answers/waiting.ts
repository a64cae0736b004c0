import {
  createPersonFinder,
  type DocumentId,
  inWaitingOrder,
  type InitiativeDoc,
  type Instant,
  type StatementId,
  takenBy,
  type Waiting,
  waitingIn,
  type WaitingOrder,
} from '@auzolan/core'
import type { Store } from '@auzolan/storage'
import { passedOver } from '../acts/calls.ts'
import type { Group } from '../group/group.ts'
import type { WaitingList, WaitingView } from '../query.ts'
import { decisionsView } from './decisions.ts'
import { groupFacts, peopleFacts } from './facts.ts'

/** Most that are shown at once (`DOMAIN.md` C07): more than a person takes in at a glance. */
const SHOWN = 7
/** Documents opened to learn when something is: about as many as one person has taken at a time. Each takes some milliseconds. */
const OPENED = 8

/** What waits for this person in all their groups. */
export const waitingList = async (
  groups: readonly Group[],
  now: Instant,
  order: WaitingOrder,
  store: Store,
): Promise<WaitingList> => {
  const all: { readonly group: Group; readonly waiting: Waiting }[] = []
  for (const group of groups)
    if (isTakingPart(group)) for (const waiting of await waitingOf(group, now, store)) all.push({ group, waiting })
  const places = new Map(all.map((each) => [each.waiting, each.group]))
  const sorted = inWaitingOrder([...places.keys()], order)
  const items: WaitingView[] = []
  for (const waiting of sorted.slice(0, SHOWN)) items.push(await viewOf(places.get(waiting) as Group, waiting))
  return { items, more: sorted.length - items.length }
}

const isTakingPart = (group: Group): boolean =>
  group.record.standing === 'member' &&
  group.endings.of(group.keys.device) === undefined &&
  group.workspace.log.control.heads.length > 0

const waitingOf = async (group: Group, now: Instant, store: Store): Promise<readonly Waiting[]> => {
  const { me, workspace } = group
  if (!me) return []
  const { board, facts } = workspace
  const docs = new Map<DocumentId, InitiativeDoc>()
  for (const initiative of takenBy(board, me).slice(-OPENED))
    docs.set(initiative, (await group.rooms.open(initiative)).state<InitiativeDoc>().value)
  const readMentions = new Set<StatementId>()
  for (const { mentions } of (await group.reads.all()).values()) for (const id of mentions) readMentions.add(id)
  return waitingIn(board, {
    me,
    now,
    readMentions,
    passedOver: board.calls.length > 0 ? await passedOver(group, store) : new Set(),
    checkOn: (initiative) => facts.get(initiative)?.checkOn ?? null,
    times: (initiative, action) => docs.get(initiative)?.actions[action],
    votes: decisionsView(group).proposals.flatMap(({ id, at, mine, offers, mayGoAhead, action }) => {
      const speaks = action.is === 'admit' && action.spoken?.maySpeak === true
      return speaks || mayGoAhead || (offers.length > 0 && mine === 'none') ? [{ proposal: id, at }] : []
    }),
  })
}

const viewOf = async (group: Group, waiting: Waiting): Promise<WaitingView> => {
  const { name } = await groupFacts(group)
  return {
    group: group.id,
    groupName: name,
    waiting,
    by: 'by' in waiting ? createPersonFinder(peopleFacts(group))(waiting.by) : null,
    ...(await placeOf(group, waiting)),
  }
}

const placeOf = async (group: Group, waiting: Waiting): Promise<Pick<WaitingView, 'place' | 'title'>> => {
  const { board, facts } = group.workspace
  const started = (id: DocumentId): DocumentId | null => (board.start(id) ? id : null)
  const titleOf = (id: DocumentId): string => facts.get(id)?.title || (board.start(id)?.title ?? '')
  switch (waiting.is) {
    case 'vote':
      return { place: null, title: '' }
    case 'mention':
      return { place: started(waiting.thread), title: titleOf(waiting.thread) }
    case 'handOver':
    case 'tooMuch': {
      const listing = board.listing(waiting.listing)
      return { place: listing ? started(listing.place) : null, title: listing?.what ?? '' }
    }
    case 'clash':
      return { place: null, title: board.thing(waiting.thing)?.name ?? '' }
    case 'sign': {
      const call = board.call(waiting.call)
      return { place: call ? started(call.place) : null, title: call?.title ?? '' }
    }
    case 'due':
      return { place: waiting.initiative, title: titleOf(waiting.initiative) }
    default: {
      const { initiative, action } = waiting
      const { value } = (await group.rooms.open(initiative)).state<InitiativeDoc>()
      return { place: initiative, title: value.actions[action]?.title ?? titleOf(initiative) }
    }
  }
}
