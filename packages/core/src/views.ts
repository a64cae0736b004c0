import type { Heads } from './documents.ts'
import type { ActionId, ControlId, DeviceId, DocumentId, GroupId, Instant, MemberId, StatementId } from './ids.ts'
import type { Life } from './life.ts'
import type { CloseResult, Seen, ThreadId } from './statement.ts'

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
  readonly actions: readonly ActionView[]
  readonly unmerged: readonly UnmergedText[]
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
}

export interface ThreadView {
  readonly thread: ThreadId
  /** Causal order, then id. */
  readonly messages: readonly MessageView[]
}

export interface GroupRow {
  readonly id: GroupId
  readonly name: string
  /**
   * `joining`: asked, not yet admitted. `left`, `removed` by a decision, `revoked`: this device was locked out by its own person or replaced,
   * `undone`: the invitation it came by does not count. All four: readable, nothing new.
   */
  readonly standing: 'joining' | 'member' | 'left' | 'removed' | 'revoked' | 'undone' | 'rewound'
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
  /** The link, on the device that made it. */
  readonly link: string | null
}

export interface PeopleView {
  readonly people: readonly PersonView[]
  readonly invitations: readonly InvitationView[]
}

/** What there is a rule for. How newcomers come in is decided as rules are. */
export type DecidedThing = 'remove' | 'readmit' | 'voters' | 'role' | 'rule' | 'rebind' | 'admit' | 'rename'

/** How many of those with a vote have to say yes: more than a share, or all. `other`: in a way this app has no words for. */
export type RuleView =
  | { readonly kind: 'threshold'; readonly num: number; readonly den: number }
  | { readonly kind: 'unanimous' }
  | { readonly kind: 'other' }

/** What a newcomer needs besides an invitation. */
export type AdmissionView =
  | { readonly kind: 'invitation' }
  | { readonly kind: 'sponsors'; readonly count: number }
  | { readonly kind: 'decision' }

/** What a group is asked to decide. `other`: something this app does not put into words. */
export type ProposedAction =
  | { readonly is: 'remove'; readonly person: Person }
  /** Compared with who had a vote before it, or has one now. */
  | { readonly is: 'votes'; readonly gives: readonly Person[]; readonly takes: readonly Person[] }
  | { readonly is: 'rename'; readonly name: string }
  /** `from`: what the person is taken back from. */
  | { readonly is: 'readmit'; readonly person: Person; readonly from: 'pause' | 'removal' }
  | { readonly is: 'moderator'; readonly person: Person; readonly on: boolean }
  | { readonly is: 'rule'; readonly thing: DecidedThing; readonly rule: RuleView }
  | { readonly is: 'admission'; readonly admission: AdmissionView }
  /** A newcomer asks to come in. `spoken`: where it takes that many who speak for them, the inviter not counted; else the group decides. */
  | {
      readonly is: 'admit'
      readonly newcomer: MemberId
      readonly name: string
      readonly spoken: { readonly by: readonly Person[]; readonly needed: number; readonly maySpeak: boolean } | null
    }
  /** Goes on with a new device; the earlier ones count no more. */
  | { readonly is: 'rebind'; readonly person: Person }
  | { readonly is: 'other'; readonly kind: string }

export interface DecisionView {
  readonly id: ControlId
  readonly action: ProposedAction
  readonly reason: string
  readonly by: Person
  readonly at: Instant
  /** `decided`: in force. `confirmed`: the group has acknowledged it, so that nothing that arrives later undoes it. `fell`: see `why`. */
  readonly phase: 'open' | 'decided' | 'confirmed' | 'fell'
  /**
   * `not enough`: with the answers as they are it cannot pass, until somebody changes theirs. `pointless`: it is so already, or has become
   * impossible. `undone`: it was decided, and something decided apart from it holds instead. `null`: it did not fall.
   */
  readonly why: 'not enough' | 'pointless' | 'undone' | null
  readonly yes: number
  readonly no: number
  /** People whose answers count. */
  readonly of: number
  /** How many yes it takes; `null`: more than a count decides. */
  readonly needed: number | null
  readonly mine: 'yes' | 'no' | 'abstain' | 'object' | 'spoiled' | 'none'
  /** This person's answer counts and can still be given or changed. */
  readonly mayVote: boolean
  /** Whose answers are missing while it is open. */
  readonly waitingFor: readonly Person[]
  /** Of a removal in force: whose devices have heard of it. `null`: of no consequence. */
  readonly heard: HeardView | null
}

/** How far the news has come, as far as this device knows. */
export interface HeardView {
  readonly devices: number
  /** Devices not known to have heard of it, and when they were last heard from; `null`: never. */
  readonly missing: readonly { readonly device: DeviceId; readonly by: Person; readonly asOf: Instant | null }[]
}

export interface DecisionsView {
  /** Newest first. */
  readonly proposals: readonly DecisionView[]
  /** Whose answers count now. */
  readonly voters: readonly MemberId[]
  /** Who was given a vote that counts once the group has confirmed it. */
  readonly soon: readonly MemberId[]
  readonly removed: readonly MemberId[]
  /** Who has, by their own signatures, confirmed two things that know nothing of each other, while what is final does not hold both. */
  readonly doubleSigners: readonly Person[]
  readonly rules: readonly { readonly thing: DecidedThing; readonly rule: RuleView }[]
  readonly admission: AdmissionView
  /** More than this share of those with a vote confirms, after which nothing that arrives later undoes it. */
  readonly confirmedBy: { readonly num: number; readonly den: number }
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
