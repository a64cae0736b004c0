import type {
  CalendarItem,
  CallRow,
  CallView,
  DecisionsView,
  DeviceId,
  DifferenceView,
  DocumentId,
  FamilyView,
  GroupId,
  GroupRow,
  Happened,
  HeardView,
  HistoryView,
  HomeView,
  InitiativeView,
  Instant,
  ListingView,
  NewsView,
  OfferView,
  PeopleView,
  SinceView,
  StatementId,
  Person,
  StatusView,
  ThingRow,
  ThingView,
  ThreadId,
  ThreadView,
  Waiting,
  WaitingOrder,
} from '@auzolan/core'

/** How far joining has come; shown as steps. */
export type JoinStep =
  | { readonly step: 'looking' }
  | { readonly step: 'found' }
  /** The other device asks its person whether both show the same: three numbers of 0 to 255. */
  | { readonly step: 'compare'; readonly numbers: Matching }
  /** Somebody has heard of it, and people of the group have to say yes. They see the same three numbers. */
  | { readonly step: 'waiting'; readonly numbers: Matching }
  | { readonly step: 'admitted' }
  | { readonly step: 'getting'; readonly have: number; readonly of: number }
  | { readonly step: 'done' }
  | {
      readonly step: 'refused'
      readonly why: 'ended' | 'cancelled' | 'used' | 'refused' | 'removed' | 'unknown invitation' | 'failed'
    }

export type Matching = readonly [number, number, number]

/** How far a link for a further device has come, on the device that shows it. `refused`: its person saw other words there. */
export type LinkStep =
  | { readonly step: 'none' }
  | { readonly step: 'open' | 'ended'; readonly until: Instant }
  | {
      readonly step: 'asked' | 'added' | 'refused'
      readonly until: Instant
      readonly device: DeviceId
      readonly label: string
      readonly numbers: Matching
    }

export interface OwnDevice {
  readonly id: DeviceId
  /** As its person called it; empty: they were not asked. */
  readonly label: string
  readonly current: boolean
  readonly since: Instant
  /** When it last said what it holds; `null`: never. */
  readonly seen: Instant | null
  readonly connected: boolean
  readonly revoked: boolean
  readonly frozen: boolean
  /** Of one that was locked out: whose devices have heard of it. */
  readonly heard: HeardView | null
  /** It came in by a recovery sheet. */
  readonly bySheet: boolean
}

/** A recovery sheet that can be used. */
export interface SheetView {
  readonly id: DeviceId
  readonly since: Instant
}

export interface DevicesView {
  readonly devices: readonly OwnDevice[]
  readonly sheets: readonly SheetView[]
  readonly linking: LinkStep
}

/** How far something long has come: `have` of `of` things. `of` is 0 until they are counted. */
export interface WorkStep {
  readonly step: 'none' | 'working' | 'done'
  readonly have: number
  readonly of: number
}

/** Something that waits for this person, and where it is. */
export interface WaitingView {
  readonly group: GroupId
  readonly groupName: string
  readonly waiting: Waiting
  /** Who called, or what other side gave their word; `null`: nobody in particular. */
  readonly by: Person | null
  /** The initiative it is in or about; `null`: it belongs to the whole group. */
  readonly place: DocumentId | null
  /** What it is about; empty: nothing that has a title. */
  readonly title: string
}

export interface WaitingList {
  readonly items: readonly WaitingView[]
  /** So many wait behind these. */
  readonly more: number
}

/** What others did, place by place, in the order in which it came. */
export interface SinceLooked extends Omit<SinceView, 'places'> {
  readonly places: readonly (Omit<Happened, 'by'> & { readonly by: readonly Person[] })[]
}

/** `passedOver`: this person would not be asked about the text as it is. Known on this device alone. */
export type ShownCall = CallView & { readonly passedOver: boolean }

export interface UnreadThread {
  readonly thread: ThreadId
  readonly messages: number
}

/** How it stands with a keeper of the group. `away`: not in reach. `stranger`: it was not asked to keep for this group. `unsound`: it gave what nobody of the group left. */
export interface KeeperView {
  readonly peer: string
  readonly addresses: readonly string[]
  readonly is: 'away' | 'kept' | 'full' | 'stranger' | 'unsound'
  /** When all that was here last lay there, as it said; `null`: never. */
  readonly left: Instant | null
  /** This person has told the group of it. */
  readonly told: boolean
}

/** A keeper that others of the group leave packs with, and told of. */
export interface ToldKeeper {
  readonly peer: string
  readonly addresses: readonly string[]
  readonly by: Person
}

/** Whom this device is connected to now, and what it may dial. */
export interface ReachView {
  /** `by`: whose device it is, as far as this group knows. `keeper`: it keeps packs for the group. */
  readonly connections: readonly {
    readonly peer: string
    readonly path: 'direct' | 'relayed' | 'memory'
    readonly by: Person | null
    readonly keeper: boolean
    /** Where it is relayed: whose device carries it; `null`: somebody's who is not of this group. */
    readonly via: Person | null
    /** What it took so far; `null`: not counted. */
    readonly bytes: { readonly sent: number; readonly received: number } | null
    /** It does not answer at the moment. */
    readonly quiet: boolean
  }[]
  readonly helpers: readonly string[]
  readonly keepers: readonly KeeperView[]
  /** That this device does not use. Nothing is left with them unless this person says so. */
  readonly toldOf: readonly ToldKeeper[]
}

/** A question whose answer is kept up to date until unwatched. Plain data, so that it crosses the worker boundary. */
export type Query =
  | { readonly view: 'groups' }
  /** How far the example is written. */
  | { readonly view: 'example' }
  /** How far a file is brought in. */
  | { readonly view: 'bringing' }
  /** How far a backup is made, checked or put back. */
  | { readonly view: 'backup' }
  /** What waits for this person, in all groups. */
  | { readonly view: 'waiting'; readonly order: WaitingOrder }
  /** How often more of this device's groups was read for searching: `search` may find more than before. */
  | { readonly view: 'searchable' }
  | { readonly view: 'home'; readonly group: GroupId }
  | { readonly view: 'initiative'; readonly group: GroupId; readonly initiative: DocumentId }
  | { readonly view: 'thread'; readonly group: GroupId; readonly thread: ThreadId }
  /** What happened since this person last said that they have seen everything. */
  | { readonly view: 'since'; readonly group: GroupId }
  /** What is needed and offered in a group and its initiatives. */
  | { readonly view: 'listings'; readonly group: GroupId }
  /** Everything that has a time, from one to another. */
  | { readonly view: 'calendar'; readonly group: GroupId; readonly from: Instant; readonly to: Instant }
  /** What is shared in a group. `now`: what is over then is told no more. */
  | { readonly view: 'things'; readonly group: GroupId; readonly now: Instant }
  /** One shared thing, with its calendar from one time to another. */
  | {
      readonly view: 'thing'
      readonly group: GroupId
      readonly thing: StatementId
      readonly from: Instant
      readonly to: Instant
    }
  /** Who wrote what of an initiative, the newest first. */
  | { readonly view: 'history'; readonly group: GroupId; readonly initiative: DocumentId }
  /** What people are asked to sign. */
  | { readonly view: 'calls'; readonly group: GroupId }
  | { readonly view: 'call'; readonly group: GroupId; readonly call: StatementId }
  /** Threads that this device has read, with how much is new in each. */
  | { readonly view: 'unread'; readonly group: GroupId }
  | { readonly view: 'ahead'; readonly group: GroupId }
  | { readonly view: 'people'; readonly group: GroupId }
  | { readonly view: 'decisions'; readonly group: GroupId }
  | { readonly view: 'devices'; readonly group: GroupId }
  | { readonly view: 'status'; readonly group: GroupId }
  | { readonly view: 'reach'; readonly group: GroupId }
  | { readonly view: 'join'; readonly group: GroupId }
  /** `brief`: without what this group could offer the others, which takes reading all that it wrote. */
  | { readonly view: 'family'; readonly group: GroupId; readonly brief?: boolean }
  /** What another group on this device has and this one does not. */
  | { readonly view: 'news'; readonly group: GroupId; readonly from: GroupId }
  /** How another group of the family on this device differs. */
  | { readonly view: 'difference'; readonly group: GroupId; readonly from: GroupId }
  | { readonly view: 'offer'; readonly group: GroupId; readonly offer: StatementId }

export interface Answers {
  groups: readonly GroupRow[]
  example: WorkStep
  bringing: WorkStep
  backup: WorkStep
  waiting: WaitingList
  searchable: number
  home: HomeView
  initiative: InitiativeView
  thread: ThreadView
  unread: readonly UnreadThread[]
  /** What this person wrote for the group before being let in; empty: nothing, or it was sent. */
  ahead: string
  since: SinceLooked
  listings: readonly ListingView[]
  calendar: readonly CalendarItem[]
  things: readonly ThingRow[]
  thing: ThingView
  history: HistoryView
  calls: readonly CallRow[]
  call: ShownCall
  people: PeopleView
  decisions: DecisionsView
  devices: DevicesView
  status: StatusView
  reach: ReachView
  join: JoinStep
  family: FamilyView
  news: NewsView
  difference: DifferenceView
  offer: OfferView
}
export type Answer<Q extends Query> = Answers[Q['view']]
