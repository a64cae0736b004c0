import type { ActionId, ControlId, DeviceId, DocumentId, GroupId, Instant, MemberId, StatementId } from './ids.ts'

/** A thread belongs to one thing: an initiative (its document id), or the whole group (the group's document id). */
export type ThreadId = DocumentId

/** What a witness says: it was done, or it was not, without a word of blame; `nothing` takes back what they said before. */
export const sights = ['done', 'notDone', 'nothing'] as const
export type Seen = (typeof sights)[number]

/** How an initiative can end (`DOMAIN.md` C25). None is worth more than another. */
export const closeResults = ['achieved', 'learned', 'handedOver', 'stopped'] as const
export type CloseResult = (typeof closeResults)[number]

export const takings = ['all', 'some', 'none'] as const
export type Taken = (typeof takings)[number]

/**
 * One statement or change out of another group's log, as its author signed it there: the header of its entry, the signature over that, and the item
 * itself. The text of a message is an item of its own beside the statement that carries this.
 */
export interface RecordProof {
  readonly header: Uint8Array
  readonly signature: Uint8Array
  /** Which item of its entry. */
  readonly index: number
  readonly item: Uint8Array
  /** What its author is called there, as whoever carries it knows them. */
  readonly name: string
}
/** Quick answers to a message (`UX.md` 2.18). More would be a palette to choose from instead of a nod. */
export const reactions = ['yes', 'heart', 'laugh', 'party', 'wow', 'sad'] as const
export type Reaction = (typeof reactions)[number]

/** What a listing says: this is needed, or this can be had. */
export const sides = ['need', 'offer'] as const
export type Side = (typeof sides)[number]

/** Who may book a thing. */
export const bookers = ['everyone', 'named'] as const
export type Bookers = (typeof bookers)[number]

/**
 * What one person says in their own name (`DOMAIN.md` Part 4). Immutable: corrected, withdrawn or answered, never edited.
 * The text of a message, and of its other words, travels as an item of its own, so that it can be withdrawn.
 */
export type Statement =
  | { readonly kind: 'card'; readonly name: string }
  | { readonly kind: 'start'; readonly initiative: DocumentId; readonly title: string }
  | {
      readonly kind: 'need'
      readonly initiative: DocumentId
      readonly action: ActionId
      readonly places: number
      readonly replaces: readonly StatementId[]
    }
  | {
      readonly kind: 'take'
      readonly initiative: DocumentId
      readonly action: ActionId
      /** When the action was to start, as its author saw it: a moment, or empty. Added later: `null` in what was said before. */
      readonly starts: string | null
    }
  | { readonly kind: 'giveBack'; readonly initiative: DocumentId; readonly take: StatementId }
  /** At it now. */
  | { readonly kind: 'doing'; readonly initiative: DocumentId; readonly take: StatementId }
  | {
      readonly kind: 'done'
      readonly initiative: DocumentId
      readonly take: StatementId
      readonly minutes: number
      /** What came of it, and where to see that. Added later: empty in what was said before. */
      readonly note: string
    }
  /** Neither done nor at it, after all: what its author said of it before counts no more. */
  | { readonly kind: 'notYet'; readonly initiative: DocumentId; readonly take: StatementId }
  /** What somebody else saw of what was taken. */
  | { readonly kind: 'witness'; readonly initiative: DocumentId; readonly take: StatementId; readonly saw: Seen }
  /** What came of it. `replaces`: the closings its author knew of that it stands for from now on. */
  | {
      readonly kind: 'close'
      readonly initiative: DocumentId
      readonly result: CloseResult
      readonly sentence: string
      readonly replaces: readonly StatementId[]
    }
  /** It goes on: the closings named stand no more. */
  | { readonly kind: 'reopen'; readonly initiative: DocumentId; readonly closings: readonly StatementId[] }
  | {
      readonly kind: 'message'
      readonly thread: ThreadId
      readonly after: readonly StatementId[]
      readonly replyTo: StatementId | null
      /** Whom it calls by name. Added later: nobody in what was said before. */
      readonly mentions: readonly MemberId[]
    }
  | { readonly kind: 'retract'; readonly thread: ThreadId; readonly message: StatementId }
  /** What its author calls a device of theirs. The latest counts. */
  | { readonly kind: 'device'; readonly device: DeviceId; readonly name: string }
  /** Whoever comes by their invitation with this key waits until somebody of the group says yes. */
  | { readonly kind: 'askFirst'; readonly key: DeviceId }
  /** Others of the group may leave sealed packs there, too: with the keeper of this peer id, at these addresses. None: its author takes it back. The latest counts. */
  | { readonly kind: 'keeper'; readonly peer: string; readonly addresses: readonly string[] }
  /** Why its author answers a proposal as they do. Said again, the latest counts. */
  | { readonly kind: 'because'; readonly proposal: ControlId; readonly words: string }
  /** What somebody said or wrote in another group counts here too. `offer`: what it was accepted from; `null`: it was brought in. */
  | ({ readonly kind: 'adopt'; readonly offer: StatementId | null } & RecordProof)
  /** What these brought in counts here no more. */
  | { readonly kind: 'unadopt'; readonly adopts: readonly StatementId[] }
  /** Another group, or somebody of it, would like this one to have what follows as `offered`. */
  | { readonly kind: 'offer'; readonly from: GroupId; readonly name: string; readonly why: string }
  | ({ readonly kind: 'offered'; readonly offer: StatementId } & RecordProof)
  /** What became of an offer. The latest counts. */
  | { readonly kind: 'answer'; readonly offer: StatementId; readonly taken: Taken; readonly thanks: string }
  /** Its author says it in other words. */
  | {
      readonly kind: 'revise'
      readonly thread: ThreadId
      readonly message: StatementId
      readonly mentions: readonly MemberId[]
    }
  | {
      readonly kind: 'react'
      readonly thread: ThreadId
      readonly message: StatementId
      readonly reaction: Reaction
    }
  /** Takes back own reactions: the ones named, so that one given again later, or elsewhere, stands. */
  | { readonly kind: 'unreact'; readonly thread: ThreadId; readonly reactions: readonly StatementId[] }
  /** Something was made of a message. */
  | {
      readonly kind: 'became'
      readonly thread: ThreadId
      readonly message: StatementId
      /** The initiative that was started, or that the rest is in; the group's document for a listing of the group. */
      readonly made: DocumentId
      readonly action: ActionId | null
      readonly listing: StatementId | null
      /** What it was called then. */
      readonly title: string
    }
  /** Something is needed or offered, for an initiative or for the group. */
  | {
      readonly kind: 'listing'
      readonly place: DocumentId
      readonly side: Side
      readonly what: string
      readonly amount: number
      readonly unit: string
      /** A moment, or empty. */
      readonly when: string
      readonly where: string
    }
  /** Its author says whether it stands no more; the latest counts. */
  | { readonly kind: 'unlist'; readonly place: DocumentId; readonly listing: StatementId; readonly stands: boolean }
  /** I bring so much of what is needed, or take so much of what is offered. */
  | {
      readonly kind: 'promise'
      readonly place: DocumentId
      readonly listing: StatementId
      readonly amount: number
      readonly note: string
    }
  /** Takes back own promises. */
  | { readonly kind: 'release'; readonly place: DocumentId; readonly promises: readonly StatementId[] }
  /** Whether it changed hands, by the word of one side; the latest of each counts. */
  | { readonly kind: 'handOver'; readonly place: DocumentId; readonly promise: StatementId; readonly stands: boolean }
  /** Something that people share, with its keeper's rules. Said anew by its keeper, the latest counts. */
  | {
      readonly kind: 'thing'
      readonly place: DocumentId
      /** What this says anew; `null`: a new thing, that bears this statement's id. */
      readonly thing: StatementId | null
      readonly name: string
      readonly where: string
      /** What its keeper asks for, in words. */
      readonly rules: string
      readonly who: Bookers
      /** Who may book where `who` is `named`; the keeper always may. */
      readonly people: readonly MemberId[]
      /** Most minutes of one booking; 0: as long as one likes. */
      readonly longest: number
      /** Minutes before it begins by which one has to say so; 0: none. */
      readonly notice: number
      /** False: it is not lent any more. */
      readonly shared: boolean
    }
  /** I use it from one moment to another. `place`: what for. */
  | {
      readonly kind: 'book'
      readonly place: DocumentId
      readonly thing: StatementId
      readonly from: string
      readonly to: string
      readonly note: string
    }
  /** Takes an own booking back. `for`: the one that it gives way to. */
  | {
      readonly kind: 'unbook'
      readonly place: DocumentId
      readonly booking: StatementId
      readonly for: StatementId | null
    }
  /** These two can go together: by both who booked, or by the keeper. The latest of each counts. */
  | {
      readonly kind: 'settle'
      readonly place: DocumentId
      readonly one: StatementId
      readonly other: StatementId
      readonly stands: boolean
    }
  /** What became of a booking, by who booked or by the keeper; the latest of each counts. */
  | {
      readonly kind: 'use'
      readonly place: DocumentId
      readonly booking: StatementId
      readonly minutes: number
      readonly note: string
      readonly stands: boolean
    }
  /** Its author asks people to sign a text. Said anew by its author, the latest counts; another title or text is another version, that bears the statement's id. */
  | {
      readonly kind: 'call'
      readonly place: DocumentId
      /** What this says anew; `null`: a new call, that bears this statement's id. */
      readonly call: StatementId | null
      readonly title: string
      readonly text: string
      /** How many are to sign; 0: as many as like to. */
      readonly goal: number
      /** A moment, or empty. */
      readonly until: string
      /** False: nobody is asked any more. */
      readonly open: boolean
    }
  | {
      readonly kind: 'sign'
      readonly place: DocumentId
      readonly call: StatementId
      /** The statement with the text that is signed: its id is a digest of it. */
      readonly version: StatementId
      /** As strangers are to read it. */
      readonly name: string
      readonly comment: string
    }
  /** Takes back own signatures, or what its author entered from paper. */
  | {
      readonly kind: 'unsign'
      readonly place: DocumentId
      readonly call: StatementId
      readonly signatures: readonly StatementId[]
    }
  /** Somebody signed on paper, as its author enters it. */
  | {
      readonly kind: 'paper'
      readonly place: DocumentId
      readonly call: StatementId
      readonly version: StatementId
      readonly name: string
      /** On which sheet, in words. */
      readonly sheet: string
    }
  /** Its author has seen these on paper, too, or not after all; the latest of each counts. */
  | {
      readonly kind: 'sawPaper'
      readonly place: DocumentId
      readonly call: StatementId
      readonly papers: readonly StatementId[]
      readonly stands: boolean
    }

export type StatementKind = Statement['kind']

/** A statement with everything known of how it was said. Only verified, allowed entries become one. */
export interface Said<S extends Statement = Statement> {
  readonly id: StatementId
  readonly by: MemberId
  readonly device: DeviceId
  readonly seq: number
  /** The author's clock, a claim. */
  readonly at: Instant
  readonly statement: S
  /** Body of a message or of its other words; `null` once withdrawn. Absent for kinds that have none. */
  readonly text?: string | null
  /** Of what was said in another group: the entry here that holds it. */
  readonly carried?: { readonly device: DeviceId; readonly seq: number }
}
