import type { ControlId, DeviceId, Instant, MemberId } from './ids.ts'
import type { Person } from './views.ts'

/** What there is a rule for. How newcomers come in is decided as rules are. */
export type DecidedThing = 'remove' | 'readmit' | 'voters' | 'role' | 'rule' | 'rebind' | 'admit' | 'rename'

/** How one kind of thing is decided by those with a vote. The first two need no end: once enough say yes, it is decided. */
export type RuleView =
  /** More yes than this share of everybody. */
  | { readonly kind: 'threshold'; readonly num: number; readonly den: number }
  | { readonly kind: 'unanimous' }
  /** More yes than no, of at least this share who answer in time. */
  | { readonly kind: 'majority'; readonly num: number; readonly den: number }
  /** At most so many objections, of at least this share who answer in time. */
  | { readonly kind: 'consent'; readonly num: number; readonly den: number; readonly objections: number }
  /** Whoever asks decides, once so many others have answered; `from`: others with that role. */
  | { readonly kind: 'advice'; readonly least: number; readonly from: 'moderator' | null }
  /** So many people drawn by lot decide, by `inner`. */
  | { readonly kind: 'sortition'; readonly size: number; readonly inner: RuleView }

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
      /** What the newcomer's device shows too: three numbers of 0 to 255. */
      readonly numbers: readonly [number, number, number]
      readonly spoken: {
        readonly by: readonly Person[]
        readonly needed: number
        readonly maySpeak: boolean
        /** This person made the invitation and may say no. */
        readonly mayDecline: boolean
      } | null
    }
  /** Goes on with a new device; the earlier ones count no more. */
  | { readonly is: 'rebind'; readonly person: Person }
  | { readonly is: 'other'; readonly kind: string }

/** What one person answered. `abstain`: can live with either. */
export type AnswerGiven = 'yes' | 'no' | 'abstain' | 'object'

/** `spoiled`: different answers came from two devices at once. */
export interface AnswerView {
  readonly by: Person
  readonly answer: AnswerGiven | 'spoiled' | 'none'
  /** In their words; empty: they gave none. */
  readonly because: string
}

export interface DecisionView {
  readonly id: ControlId
  readonly action: ProposedAction
  readonly reason: string
  readonly by: Person
  readonly at: Instant
  readonly rule: RuleView
  /**
   * `closing`: time is over, and those with a vote have yet to agree on what came in time. `decided`: in force. `confirmed`: the group has
   * acknowledged it, so that nothing that arrives later undoes it. `fell`: see `why`.
   */
  readonly phase: 'open' | 'closing' | 'decided' | 'confirmed' | 'fell'
  /**
   * `not enough`: with the answers as they are it cannot pass, until somebody changes theirs. `closed`: it ended without passing. `split`: people
   * with a vote, apart from each other, confirmed different ends of it, and none can have more than half any more. `declined`: who made the
   * invitation said no to the newcomer. `pointless`: it is so already, or has become impossible. `undone`: it was decided, and something decided
   * apart from it holds instead. `null`: it did not fall.
   */
  readonly why: 'not enough' | 'closed' | 'split' | 'declined' | 'pointless' | 'undone' | null
  readonly yes: number
  readonly no: number
  /** Objections, where the rule counts them apart from no. */
  readonly objections: number
  /** People whose answers count. */
  readonly of: number
  /** How many yes it takes; `null`: more than a count decides. */
  readonly needed: number | null
  readonly mine: AnswerView['answer']
  /** What this person may answer, or change their answer to; none: their answer does not count, or it is too late. */
  readonly offers: readonly AnswerGiven[]
  /** Whose answers are missing while it is open. */
  readonly waitingFor: readonly Person[]
  /** Everybody whose answer counts, in no order of weight. */
  readonly answers: readonly AnswerView[]
  /** Answers that are here and do not count, and why. */
  readonly aside: readonly SetAsideView[]
  /** Where time ends it: about when, by the clock of who asked. */
  readonly ends: Instant | null
  /** Whom the lot drew; `null`: nobody is drawn, or not yet. */
  readonly panel: readonly Person[] | null
  /** How far drawing has come, until it is done: how many of those with a vote have put in a share, or shown it. */
  readonly lot: { readonly step: 'shares' | 'showing'; readonly have: number; readonly of: number } | null
  /** This person asked for advice, has enough of it, and decides. */
  readonly mayGoAhead: boolean
  /** Of what takes somebody out: whose devices have heard of it. `null`: of no consequence. */
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
  /** What else is here and does not count, the newest first. */
  readonly aside: readonly SetAsideView[]
  /** More than this share of those with a vote confirms, after which nothing that arrives later undoes it. */
  readonly confirmedBy: { readonly num: number; readonly den: number }
}

/** Something that is here and does not count. */
export interface SetAsideView {
  readonly id: string
  readonly what: SetAsideThing
  /** Who signed it; `null`: several people, or nobody known. */
  readonly by: Person | null
  /** By its author's clock; `null`: several things at several times. */
  readonly at: Instant | null
  /** `waiting`: it may still count. `refused`: it never will. `void`: it counted where it was signed, and does not with all that is known. */
  readonly state: 'refused' | 'void' | 'waiting'
  readonly why: SetAsideReason
}

export type SetAsideThing =
  | { readonly is: 'answer'; readonly answer: AnswerGiven }
  /** Somebody was let in, or back in. */
  | { readonly is: 'admission'; readonly name: string }
  | { readonly is: 'invite' | 'uninvite' | 'device' | 'sheet' | 'recovery' | 'sponsor' | 'vouch' }
  | { readonly is: 'pause' | 'endPause' | 'confirm'; readonly person: Person }
  | { readonly is: 'decision' }
  /** Two confirmations by one person of when voting was over. */
  | { readonly is: 'confirmations' }
  /** All that one device wrote from some point on; `count`: so many entries of it are here, `null`: not known. */
  | { readonly is: 'writing'; readonly count: number | null }

/** `person`: whom it is about, besides who signed it. `at`: when what stands against it was signed, by its author's clock. */
export interface SetAsideReason {
  readonly because: SetAsideCause
  readonly person: Person | null
  readonly at: Instant | null
}

/** Why something does not count, as the verdicts of `packages/trust` have it. */
export type SetAsideCause =
  // An answer to a proposal, or a confirmation that voting is over.
  | 'came late'
  | 'no vote'
  | 'not drawn'
  | 'out before'
  | 'two answers'
  | 'two confirmations'
  // Void by what was done apart.
  | 'author removed'
  | 'author demoted'
  | 'author not in'
  | 'device replaced'
  | 'author contested'
  | 'inviter removed'
  | 'invitation cancelled'
  | 'invitation void'
  | 'sponsors void'
  | 'person removed'
  | 'sheet void'
  | 'rule changed'
  | 'against the seal'
  | 'other holds'
  // A device's writing, from some point on.
  | 'two at one place'
  | 'after the end'
  | 'went back'
  | 'newer app'
  | 'not seen yet'
  | 'paused'
  | 'contested'
  | 'left'
  | 'removed'
  | 'locked out'
  | 'not decided'
  | 'not allowed'
  | 'broken'
