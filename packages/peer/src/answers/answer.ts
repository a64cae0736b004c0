import {
  callRows,
  callView,
  type CopyView,
  createPersonFinder,
  DeviceId,
  type DocumentId,
  type GroupId,
  historyView,
  homeView,
  type InitiativeDoc,
  initiativeView,
  type InvitationFacts,
  listingsView,
  type GroupRow,
  MemberId,
  membersOf,
  peopleView,
  statusState,
  type StatusView,
  thingRows,
  thingView,
  threadView,
} from '@auzolan/core'
import type { Store } from '@auzolan/storage'
import { matchingNumbers, memberOfRequest, parseJoinRequest } from '@auzolan/trust'
import type { Bringing } from '../acts/bringing.ts'
import { passedOver } from '../acts/calls.ts'
import { unmergedTexts } from '../acts/unmerged.ts'
import type { Change, Group } from '../group/group.ts'
import type { Answers, JoinStep, Matching, Query } from '../peer.ts'
import type { Calendars } from './calendar.ts'
import { decisionsView } from './decisions.ts'
import { devicesView } from './devices.ts'
import { differenceView } from './difference.ts'
import { familyView, newsView, offerView } from './family.ts'
import { sinceView } from './since.ts'
import { writtenAhead } from '../acts/ahead.ts'
import { unreadView } from './unread.ts'
import { type Reached, reachView } from './reach.ts'
import { strangerOf } from '../workspace/said.ts'
import { groupFacts, invitationFacts, otherDevices, peopleFacts, statusFacts } from './facts.ts'

/** What the answers need of the device besides the group. */
export interface AnswerContext {
  readonly links: ReadonlyMap<string, string>
  readonly persisted: StatusView['persisted']
  readonly store: Store
  /** For what lies between groups: all that are on this device. */
  readonly family?: { readonly bringing: Bringing; readonly groups: () => Promise<readonly Group[]> }
  /** For whom this device is connected to; absent where nobody asks that. */
  readonly reached?: Reached
  /** For when everything is; absent where nobody asks that. */
  readonly calendars?: Calendars
}

type GroupQuery = Extract<Query, { group: GroupId }>

/** Which changes of a group make an answer old. */
export const concerns = (query: GroupQuery, change: Change): boolean => {
  switch (query.view) {
    case 'home':
      return (
        change === 'board' ||
        change === 'lines' ||
        change === 'document' ||
        change === 'people' ||
        change === 'standing'
      )
    case 'initiative':
    case 'history':
    case 'calendar':
      return change === 'board' || change === 'document' || change === 'people'
    case 'thread':
      return change === 'thread' || change === 'people' || change === 'read'
    case 'since':
      return change === 'board' || change === 'read' || change === 'status'
    case 'listings':
    case 'things':
    case 'thing':
      return change === 'board' || change === 'people'
    case 'calls':
      return change === 'board' || change === 'people'
    case 'call':
      return change === 'board' || change === 'people' || change === 'lines' || change === 'read'
    case 'unread':
      return change === 'thread' || change === 'read'
    case 'ahead':
      return change === 'ahead'
    case 'people':
      return change === 'people' || change === 'board' || change === 'standing'
    case 'decisions':
      return change === 'people' || change === 'board' || change === 'told'
    case 'devices':
      return (
        change === 'people' ||
        change === 'board' ||
        change === 'linking' ||
        change === 'status' ||
        change === 'standing' ||
        change === 'told'
      )
    case 'status':
      return change === 'status' || change === 'people'
    case 'reach':
      return change === 'status' || change === 'near' || change === 'people' || change === 'board'
    case 'join':
      return change === 'join' || change === 'standing' || change === 'status'
    case 'family':
    case 'news':
    case 'difference':
    case 'offer':
      return change === 'board' || change === 'document' || change === 'people' || change === 'standing'
  }
}

/** The answer as of now; `undefined` while what is asked about has not arrived. */
export const answer = async (
  group: Group,
  query: GroupQuery,
  context: AnswerContext,
): Promise<Answers[GroupQuery['view']] | undefined> => {
  const { workspace } = group
  if (query.view === 'join') return joinStep(group)
  if (query.view === 'ahead') return writtenAhead(group.id, context.store)
  if (workspace.log.control.heads.length === 0) return undefined
  switch (query.view) {
    case 'home': {
      const facts = await groupFacts(group)
      const { rows } = group
      const home = homeView(workspace.board, {
        group: facts,
        people: peopleFacts(group),
        documents: workspace.facts,
        rows: rows.all,
      })
      rows.keep(home.initiatives)
      return home
    }
    case 'initiative': {
      if (!workspace.board.start(query.initiative)) return undefined
      const room = await group.rooms.open(query.initiative)
      const unmerged = await unmergedTexts(group, context.store, query.initiative)
      return initiativeView(workspace.board, room.state<InitiativeDoc>(), peopleFacts(group), unmerged)
    }
    case 'history': {
      const start = workspace.board.start(query.initiative)
      if (!start) return undefined
      const room = await group.rooms.open(query.initiative)
      const people = peopleFacts(group)
      return historyView(
        room.history(),
        start.title,
        people,
        (device) => people.memberOf.get(device) ?? strangerOf(device),
      )
    }
    case 'thread': {
      const thread = await group.thread(query.thread)
      const read = await group.reads.of(thread.thread)
      const view = threadView(thread.thread, thread.said, peopleFacts(group), {
        cameLater: workspace.cameLater,
        read: read?.upTo ?? null,
      })
      const newest = view.messages.reduce((at, message) => Math.max(at, message.at), 0)
      workspace.markShown(thread.thread, newest as never)
      return view
    }
    case 'since':
      return sinceView(group)
    case 'listings':
      return listingsView(workspace.board, peopleFacts(group))
    case 'calendar':
      return context.calendars?.between(group, query)
    case 'things':
      return thingRows(workspace.board, peopleFacts(group), query.now)
    case 'thing': {
      const thing = workspace.board.thing(query.thing)
      return thing && thingView(thing, peopleFacts(group), query)
    }
    case 'calls':
      return callRows(workspace.board, peopleFacts(group))
    case 'call': {
      const call = workspace.board.call(query.call)
      const text = call?.versions.at(-1)
      if (!call || !text) return undefined
      const titleOf = (id: DocumentId) => workspace.facts.get(id)?.title || workspace.board.start(id)?.title
      const over = await passedOver(group, context.store)
      return { ...callView(call, peopleFacts(group), titleOf), passedOver: over.has(text.id) }
    }
    case 'unread':
      return unreadView(group)
    case 'people':
      return peopleView(
        peopleFacts(group),
        invitationFacts(group, context.links).map((each) => ({ ...each, asksFirst: asksFirst(group, each) })),
      )
    case 'decisions':
      return decisionsView(group)
    case 'devices':
      return devicesView(group)
    case 'status':
      return statusView(group, context.persisted)
    case 'family':
      return (
        context.family &&
        familyView(group, await context.family.groups(), context.family.bringing, query.brief ?? false)
      )
    case 'news': {
      const from = (await context.family?.groups())?.find(({ id }) => id === query.from)
      return from && context.family && newsView(group, from, context.family.bringing)
    }
    case 'difference': {
      const from = (await context.family?.groups())?.find(({ id }) => id === query.from)
      return from && differenceView(group, from)
    }
    case 'offer':
      return offerView(group, query.offer)
    case 'reach':
      return context.reached && reachView(group, context.reached)
  }
}

export const groupRow = async (group: Group): Promise<GroupRow> => {
  const { workspace, record, endings, keys } = group
  const ending = record.standing === 'member' ? endings.of(keys.device) : undefined
  const empty = workspace.log.control.heads.length === 0
  return {
    id: record.group,
    name: empty ? record.name : (await groupFacts(group)).name,
    standing: ending?.why ?? standingOf(group),
    members: empty ? 0 : membersOf(peopleFacts(group)),
    initiatives: Array.from(workspace.board.initiatives()).filter(([id]) => workspace.board.closings(id).length === 0)
      .length,
    lastAt: workspace.board.lastAt ?? record.since,
  }
}

const standingOf = ({ record, isFrozen, isRewound }: Group): GroupRow['standing'] => {
  if (record.standing === 'member' && isFrozen) return 'frozen'
  if (record.standing === 'member' && isRewound) return 'rewound'
  return record.standing === 'joining' && !record.joining ? 'restored' : record.standing
}

const joinStep = (group: Group): JoinStep => {
  const { have, of } = group.progress
  const progress = group.joinProgress
  const isMember = group.record.standing !== 'joining'
  // The entry that admits us lies behind all that its author signed before.
  if (have < of && (isMember || progress === 'admitted')) return { step: 'getting', have, of }
  if (isMember) return { step: 'done' }
  // By an invitation nobody compares anything.
  if (progress === 'asked' && parseJoinRequest(group.record.joining?.proof.request ?? new Uint8Array()).ok)
    return { step: 'waiting', numbers: numbersOf(group) }
  if (progress === 'asked')
    return { step: 'compare', numbers: matchingNumbers(group.record.joining?.proof.request ?? new Uint8Array()) }
  if (typeof progress === 'string') return { step: progress }
  const { refused } = progress
  return {
    step: 'refused',
    why: isTold(refused) ? refused : 'failed',
  }
}

const asksFirst = ({ workspace }: Group, { id, by }: InvitationFacts): boolean => {
  const key = workspace.log.state.invites.get(id)?.key
  return key !== undefined && workspace.board.asksFirst(by, DeviceId.fromBytes(key))
}

/** What the group sees of who asks, too. */
const numbersOf = ({ record }: Group): Matching => {
  const [first = 0, second = 0, third = 0] = MemberId.toBytes(
    memberOfRequest(record.joining?.proof.request ?? new Uint8Array()),
  )
  return [first, second, third]
}

/** Reasons a person can do something about. */
const told = ['ended', 'cancelled', 'used', 'refused', 'removed'] as const
const isTold = (why: string): why is (typeof told)[number] => told.some((each) => each === why)

const statusView = (group: Group, persisted: StatusView['persisted']): StatusView => {
  const facts = statusFacts(group)
  const people = peopleFacts(group)
  const personOf = createPersonFinder(people)
  const copies = otherDevices(group).map((device): CopyView => {
    const copy = group.known.all.get(device)
    return {
      device,
      by: personOf(people.memberOf.get(device) ?? people.me),
      behind: Math.max(0, group.ownSeq - (copy?.seq ?? 0)),
      connected: group.known.isHere(device),
      asOf: copy?.asOf ?? null,
    }
  })
  const held = Math.max(0, ...copies.map(({ behind }) => group.ownSeq - behind))
  return { state: statusState(facts), copies, onlyHere: group.ownSeq - held, persisted }
}
