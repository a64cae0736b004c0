import type { Heads } from './documents.ts'
import type { ActionId, ControlId, DeviceId, DocumentId, GroupId, Instant, MemberId, StatementId } from './ids.ts'
import type { Life } from './life.ts'
import type { ListingState, Promised } from './exchanges.ts'
import type { Origin } from './origins.ts'
import type { CloseResult, Reaction, Seen, ThreadId } from './statement.ts'

/** Everything on screen is derived (`DOMAIN.md` principle 2): never stored as truth, equal on every device with the same entries. */

export interface Person {
  readonly id: MemberId
  readonly name: string
  readonly me: boolean
}

/** A short field: the value shown, and all versions when it was written apart (two or more, first the one shown). */
export interface Field {
  readonly value: string
  readonly versions: readonly FieldVersion[]
}
export interface FieldVersion {
  readonly value: string
  readonly by: Person
  readonly at: Instant
}

export interface Prose {
  readonly text: string
  readonly heads: Heads
}

/** A line of the list; made so that a home screen opens from rows, not from documents. */
export interface InitiativeRow {
  readonly id: DocumentId
  readonly title: string
  /** Hand it to `stageAt`: how far it is depends on the time. */
  readonly life: Life
  readonly startedBy: Person
  readonly startedAt: Instant
  readonly when: string
  readonly where: string
  readonly actions: number
  readonly places: number
  readonly taken: number
  readonly tooMany: number
  readonly messages: number
  /** Fields with two versions waiting to be settled, and one more where it was closed in different ways. */
  readonly unsettled: number
}

export interface TakeView {
  readonly id: StatementId
  readonly by: Person
  readonly at: Instant
  /** Minutes worked, once said to be done. */
  readonly done: number | null
  /** What its person says came of it. */
  readonly note: string
  readonly doing: boolean
  /** It starts at another time than its person said yes to: are they still coming? */
  readonly timeChanged: boolean
  /** What others say they saw; hand the take to `claimState`. */
  readonly sights: readonly { readonly by: Person; readonly saw: Seen }[]
}

export interface ActionView {
  readonly id: ActionId
  readonly title: Field
  readonly details: string
  readonly when: string
  readonly where: Field
  readonly skills: Field
  readonly starts: Field
  readonly ends: Field
  readonly places: number
  readonly takes: readonly TakeView[]
  /** Takes above the number of places; nobody is ever removed. */
  readonly tooMany: number
  /** Who the app suggests steps back when there are too many: the last by causal order, then id. */
  readonly suggestion: StatementId | null
  /** The message it was made of. */
  readonly from: Origin | null
}

export interface ClosingView {
  readonly id: StatementId
  readonly by: Person
  readonly at: Instant
  readonly result: CloseResult
  readonly sentence: string
}

/** What this person wrote on top of something that no longer counts: nobody sees it where it stood. Known to this device only. */
export interface UnmergedText {
  readonly id: string
  readonly at: Instant
  /** Where it is put in again. */
  readonly field: 'why' | 'plan'
  readonly text: string
}

export interface InitiativeView {
  readonly id: DocumentId
  readonly title: Field
  readonly why: Prose
  readonly when: Field
  readonly where: Field
  readonly plan: Prose
  readonly needs: Field
  readonly hypothesis: Field
  readonly measure: Field
  readonly checkOn: Field
  readonly starts: Field
  readonly ends: Field
  readonly life: Life
  /** Those that stand, by time; results that differ were given apart and wait for somebody to settle them. */
  readonly closings: readonly ClosingView[]
  readonly startedBy: Person
  readonly startedAt: Instant
  /** The message it was made of. */
  readonly from: Origin | null
  readonly actions: readonly ActionView[]
  readonly unmerged: readonly UnmergedText[]
}

export interface PromiseView extends Omit<Promised, 'by'> {
  readonly by: Person
}

export interface ListingView extends Omit<ListingState, 'by' | 'promises'> {
  readonly by: Person
  readonly promises: readonly PromiseView[]
  /** The message it was made of. */
  readonly from: Origin | null
}

export interface MessageView {
  readonly id: StatementId
  readonly by: Person
  readonly at: Instant
  /** `null`: the author withdrew the text. */
  readonly text: string | null
  readonly replyTo: StatementId | null
  /** Reached this device after messages that come below it. Known to this device only. */
  readonly cameLater: boolean
  /** By somebody else, and not read on this device yet. */
  readonly unread: boolean
  readonly mentions: readonly Person[]
  /** What it said before, oldest first; empty: its author never changed it. */
  readonly earlier: readonly { readonly text: string | null; readonly at: Instant }[]
  /** Those somebody gave, in the order of `reactions`. */
  readonly reactions: readonly { readonly reaction: Reaction; readonly by: readonly Person[] }[]
  /** What was made of it. */
  readonly became: readonly MadeView[]
}

export interface MadeView {
  readonly made: DocumentId
  readonly action: ActionId | null
  readonly listing: StatementId | null
  /** What it was called then. */
  readonly title: string
}

export interface ThreadView {
  readonly thread: ThreadId
  /** What this device has read, then the rest; each part in causal order, then id. */
  readonly messages: readonly MessageView[]
}

export interface GroupRow {
  readonly id: GroupId
  readonly name: string
  /**
   * `joining`: asked, not yet admitted. `left`, `removed` by a decision, `revoked`: this device was locked out by its own person or replaced,
   * `undone`: the invitation it came by does not count, `restored`: put back from a backup, and this device is not in. All five: readable, nothing new.
   */
  readonly standing:
    'joining' | 'member' | 'left' | 'removed' | 'revoked' | 'undone' | 'rewound' | 'frozen' | 'restored'
  readonly members: number
  readonly initiatives: number
  readonly lastAt: Instant
}

export interface Lineage {
  readonly group: GroupId
  readonly name: string
  readonly at: Instant
  /** Members of the original at the point of departure. */
  readonly members: number
}

export interface HomeView {
  readonly id: GroupId
  readonly name: Field
  readonly purpose: Prose
  readonly document: DocumentId
  readonly me: Person
  readonly members: number
  readonly initiatives: readonly InitiativeRow[]
  readonly messages: number
  readonly continues: Lineage | null
  /** Statements this app does not know (made by a newer one): kept, not shown. */
  readonly unknown: number
  /** True in a group opened by "Look at an example". */
  readonly example: boolean
}

export interface DeviceView {
  readonly id: DeviceId
  readonly current: boolean
  readonly frozen: boolean
}

/** Neither writes nor moderates until the group, or a moderator, ends it; keeps the vote. `by`: one of who ordered it, the first. */
export interface Pause<By> {
  readonly by: By
  readonly at: Instant
  readonly reason: string
}

export interface PersonView extends Person {
  readonly via: 'founder' | Person
  readonly since: Instant
  readonly left: boolean
  readonly moderator: boolean
  readonly paused: Pause<Person> | null
  /** One of more newcomers than an invitation has uses for: reads only, until somebody with a vote confirms them. */
  readonly contested: boolean
  /** Had lost every device and came back in with a new one. */
  readonly cameBack: { readonly at: Instant; readonly by: 'sheet' | 'group' } | null
  /** Revoked ones are not counted. */
  readonly devices: readonly DeviceView[]
}

export interface InvitationView {
  readonly id: ControlId
  readonly by: Person
  readonly note: string
  readonly uses: number
  readonly used: readonly Person[]
  readonly expires: Instant | null
  readonly cancelled: boolean
  /** Whoever comes by it waits until somebody of the group says yes. */
  readonly asksFirst: boolean
  /** The link, on the device that made it. */
  readonly link: string | null
}

export interface PeopleView {
  readonly people: readonly PersonView[]
  readonly invitations: readonly InvitationView[]
}

/** The seven truthful states of `UX.md` 2.0. Never "synced". */
export type StatusState =
  | { readonly is: 'writing' }
  | { readonly is: 'only here'; readonly since: Instant }
  | { readonly is: 'shared'; readonly others: number }
  | { readonly is: 'getting'; readonly have: number; readonly of: number }
  | { readonly is: 'offline' }
  | { readonly is: 'not saved'; readonly why: string }
  | { readonly is: 'update to edit' }

export interface CopyView {
  readonly device: DeviceId
  readonly by: Person
  /** Entries of mine (this device) it is not known to have. */
  readonly behind: number
  readonly connected: boolean
  /** When this was last known; `null`: never heard of. */
  readonly asOf: Instant | null
}

export interface StatusView {
  readonly state: StatusState
  readonly copies: readonly CopyView[]
  /** Entries of this device that no other device is known to have. */
  readonly onlyHere: number
  /** Answer of `navigator.storage.persist()`; `unknown` where there is no such thing. */
  readonly persisted: 'yes' | 'no' | 'unknown'
}
