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

/**
 * What one person says in their own name (`DOMAIN.md` Part 4). Immutable: corrected, withdrawn or answered, never edited.
 * `text` of a message travels as an item of its own, so that it can be withdrawn.
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
    }
  | { readonly kind: 'retract'; readonly thread: ThreadId; readonly message: StatementId }
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
  /** Body of a message; `null` once withdrawn. Absent for kinds that have none. */
  readonly text?: string | null
  /** Of what was said in another group: the entry here that holds it. */
  readonly carried?: { readonly device: DeviceId; readonly seq: number }
}
