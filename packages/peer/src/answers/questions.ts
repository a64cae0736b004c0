import type { GroupId, StatusView } from '@auzolan/core'
import type { Bringing } from '../acts/bringing.ts'
import type { Invitations } from '../acts/invitations.ts'
import type { Change } from '../group/group.ts'
import type { Groups } from '../group/groups.ts'
import type { LongWork } from '../long-work.ts'
import type { Answer, PeerOptions, Query } from '../peer.ts'
import { answer, type AnswerContext, concerns, groupRow } from './answer.ts'
import { Calendars } from './calendar.ts'
import { waitingList } from './waiting.ts'
import { Watcher } from './watchers.ts'

/** What the answers are worked out from. */
export interface Known {
  readonly options: Pick<PeerOptions, 'store' | 'clock'>
  readonly groups: Groups
  readonly invitations: Invitations
  readonly bringing: Bringing
  readonly work: Readonly<Record<LongWorkView, LongWork>>
  readonly searchable: () => number
}

/** Long work that is asked about by its name. */
export type LongWorkView = 'example' | 'bringing' | 'backup'

/** The questions that are being asked, each answered anew whenever something that it depends on has changed. */
export class Questions {
  readonly #known: Known
  readonly #watchers = new Set<Watcher<Query>>()
  readonly #calendars = new Calendars()
  #persisted: StatusView['persisted'] = 'unknown'

  constructor(known: Known) {
    this.#known = known
  }

  ask<Q extends Query>(query: Q, tell: (answer: Answer<Q>) => void): () => void {
    const watcher = new Watcher<Q>(query, (asked) => this.#answer(asked), tell)
    this.#watchers.add(watcher as unknown as Watcher<Query>)
    watcher.refresh()
    return () => {
      watcher.stop()
      this.#watchers.delete(watcher as unknown as Watcher<Query>)
    }
  }

  /** Something of a group changed, or which groups there are. */
  changed(group: GroupId | 'records', change: Change): void {
    this.refresh((query) =>
      'group' in query
        ? group !== 'records' && (query.group === group || isAbout(query, group)) && concerns(query, change)
        : query.view === 'groups' || (query.view === 'waiting' && (group === 'records' || mayWait.has(change))),
    )
  }

  refresh(concerned: (query: Query) => boolean): void {
    for (const watcher of this.#watchers) if (concerned(watcher.query)) watcher.refresh()
  }

  /** Whether the browser promised to keep what is stored here. */
  persisted(answer: StatusView['persisted']): void {
    this.#persisted = answer
    this.refresh(({ view }) => view === 'status')
  }

  stop(): void {
    for (const watcher of this.#watchers) watcher.stop()
  }

  async #answer<Q extends Query>(query: Q): Promise<Answer<Q> | undefined> {
    return (await this.#viewOf(query)) as Answer<Q> | undefined
  }

  async #viewOf(query: Query): Promise<Answer<Query> | undefined> {
    const { options, groups, invitations, bringing, work } = this.#known
    if (query.view === 'groups') return Promise.all((await groups.all()).map(groupRow))
    if (query.view === 'waiting')
      return waitingList(await groups.all(), options.clock.now(), query.order, options.store)
    if (query.view === 'searchable') return this.#known.searchable()
    if (!('group' in query)) return work[query.view].now
    const kept = query.view === 'home' ? await groups.keptHome(query.group) : undefined
    if (kept) return kept
    const group = await groups.get(query.group)
    if (!group) return undefined
    const context: AnswerContext = {
      links: query.view === 'people' ? await invitations.links(query.group) : NO_LINKS,
      persisted: this.#persisted,
      store: options.store,
      family: { bringing, groups: () => groups.all() },
      reached: groups.reached(query.group),
      calendars: this.#calendars,
    }
    return answer(group, query, context)
  }
}

/** What another group on this device has is part of the answer. */
const isAbout = (query: Query, group: GroupId): boolean =>
  query.view === 'family' || ((query.view === 'news' || query.view === 'difference') && query.from === group)

/** Changes of a group after which something else may wait for this person. */
const mayWait: ReadonlySet<Change> = new Set(['board', 'document', 'people', 'read', 'standing', 'told'])
const NO_LINKS: ReadonlyMap<string, string> = new Map()
