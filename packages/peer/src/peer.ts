import type {
  ActionDraft,
  ActionId,
  AnswerGiven,
  Clock,
  Closing,
  ControlId,
  DeviceId,
  DifferenceView,
  DocumentId,
  Edit,
  Entropy,
  FoundView,
  GroupId,
  Heads,
  Instant,
  MemberId,
  Origin,
  Reaction,
  Result,
  Seen,
  StatementId,
  ThreadId,
} from '@auzolan/core'
import type { Nearby, Network } from '@auzolan/network'
import type { Secrets, Store } from '@auzolan/storage'
import type { CallDraft } from './acts/calls.ts'
import type { ProvenCall } from './acts/call-verification.ts'
import type { ListingDraft } from './acts/exchanges.ts'
import type { BookingDraft, ThingDraft } from './acts/things.ts'
import type { MessageContext } from './acts/talk.ts'
import type { Verification } from './acts/verification.ts'
import type { BackupContents } from './backup/read.ts'
import type { PutBack } from './backup/restore.ts'
import type { ByteSink } from './backup/zip-writer.ts'
import type {
  BroughtIn,
  BroughtRecords,
  DeviceLinkPreview,
  InvitationPreview,
  MadeBackup,
  MadeSheet,
  OpenedLink,
  Proposable,
} from './outcomes.ts'
import type { Answer, Query } from './query.ts'
import type { InvitationFault, Refusal } from './refusal.ts'
import type { SampleSize } from './sample/index.ts'

export type * from './outcomes.ts'
export type * from './query.ts'
export type * from './refusal.ts'

/** Everything a participant stands on is an argument, so that a whole group runs stepped and seeded in one process. */
export interface PeerOptions {
  readonly store: Store
  readonly secrets: Secrets
  readonly network: Network
  readonly clock: Clock
  readonly entropy: Entropy
  /** Tells other tabs of this profile that entries were appended, and hears of theirs. Absent where there is one process. */
  readonly siblings?: Siblings
  /** Where the app is served: what invitation links begin with. Default: links are bare fragments (`#/join/…`). */
  readonly appAddress?: string
  /** Where the document engine's WebAssembly comes from. Default: the installed package. */
  readonly engine?: 'embedded' | URL
  /** Runs a job after some milliseconds; returns its undo. Default: the platform's timers. */
  readonly later?: (milliseconds: number, job: () => void) => () => void
  /** Asks the platform not to evict this device's storage; called at the first own write. */
  readonly persist?: () => Promise<'yes' | 'no' | 'unknown'>
}

/** A BroadcastChannel in the browser. */
export interface Siblings {
  tell(message: unknown): void
  hear(take: (message: unknown) => void): () => void
}

/** One participant. Every act resolves only after the storage transaction completed: "saved" means saved. */
export interface Peer {
  createGroup(draft: {
    readonly name: string
    readonly purpose?: string
    readonly myName: string
  }): Promise<Result<GroupId, Refusal>>
  /** Adds the example group of a repair café, with this person as a member. `S`: a year of 38 people; `M` and `L` are for measuring. Watch `{ view: 'example' }` for how far it is. */
  openExample(myName: string, size?: SampleSize): Promise<Result<GroupId, Refusal>>
  /** Ends a running `openExample`, which then answers `stopped`; what it had written is removed. */
  stopExample(): Promise<void>
  /** `from`: the message it is made of. */
  startInitiative(
    group: GroupId,
    draft: { readonly title: string; readonly from?: Origin },
  ): Promise<Result<DocumentId, Refusal>>
  /** Says what came of an initiative. Closings given apart are settled by it: it stands for all that are known here. */
  closeInitiative(
    group: GroupId,
    initiative: DocumentId,
    draft: Pick<Closing, 'result' | 'sentence'>,
  ): Promise<Result<StatementId, Refusal>>
  /** `no such thing`: it is open already. */
  openAgain(group: GroupId, initiative: DocumentId): Promise<Result<StatementId, Refusal>>
  planAction(
    group: GroupId,
    initiative: DocumentId,
    draft: { readonly title: string; readonly places: number; readonly when?: string; readonly from?: Origin },
  ): Promise<Result<ActionId, Refusal>>
  changePlaces(
    group: GroupId,
    initiative: DocumentId,
    action: ActionId,
    places: number,
  ): Promise<Result<StatementId, Refusal>>
  takeAction(group: GroupId, initiative: DocumentId, action: ActionId): Promise<Result<StatementId, Refusal>>
  giveBack(group: GroupId, initiative: DocumentId, take: StatementId): Promise<Result<StatementId, Refusal>>
  markDone(
    group: GroupId,
    initiative: DocumentId,
    take: StatementId,
    minutes: number,
    note?: string,
  ): Promise<Result<StatementId, Refusal>>
  /** At it now. */
  markDoing(group: GroupId, initiative: DocumentId, take: StatementId): Promise<Result<StatementId, Refusal>>
  /** Takes back that it is done, or that one is at it; `doing`: one is still at it. */
  markNotYet(
    group: GroupId,
    initiative: DocumentId,
    take: StatementId,
    doing: boolean,
  ): Promise<Result<StatementId, Refusal>>
  /** What this person saw of what somebody else took. Said again, the latest counts. */
  witness(group: GroupId, initiative: DocumentId, take: StatementId, saw: Seen): Promise<Result<StatementId, Refusal>>
  /** Says what is needed or offered, for an initiative or, by the group's document, for the group. */
  list(group: GroupId, place: DocumentId, draft: ListingDraft): Promise<Result<StatementId, Refusal>>
  /** Says that a listing of one's own stands no more, or again. */
  unlist(group: GroupId, listing: StatementId, stands: boolean): Promise<Result<StatementId, Refusal>>
  /** Says how much one brings of what somebody needs, or takes of what they offer. More than is left is said all the same, and shown. */
  promise(
    group: GroupId,
    listing: StatementId,
    what: { readonly amount: number; readonly note?: string },
  ): Promise<Result<StatementId, Refusal>>
  /** Takes a promise of one's own back. */
  release(group: GroupId, promise: StatementId): Promise<Result<StatementId, Refusal>>
  /** By either side: it changed hands, or after all it did not. */
  handOver(group: GroupId, promise: StatementId, stands: boolean): Promise<Result<StatementId, Refusal>>
  /** Says what one shares, and by which rules; `of`: a thing of one's own that is said anew. */
  shareThing(group: GroupId, of: StatementId | null, draft: ThingDraft): Promise<Result<StatementId, Refusal>>
  /** Within its keeper's rules. What others booked for the same time stands beside it, and is shown. */
  book(group: GroupId, thing: StatementId, draft: BookingDraft): Promise<Result<StatementId, Refusal>>
  /** Takes a booking of one's own back. `to`: another that it makes room for. */
  unbook(group: GroupId, booking: StatementId, to: StatementId | null): Promise<Result<StatementId, Refusal>>
  /** By one of both who booked, or by the keeper: two bookings of one time can go together, or not after all. */
  settleBookings(
    group: GroupId,
    one: StatementId,
    other: StatementId,
    stands: boolean,
  ): Promise<Result<StatementId, Refusal>>
  /** By who booked, or by the keeper: for how long it was used. `stands`: false takes the word back. */
  tellUse(
    group: GroupId,
    booking: StatementId,
    what: { readonly minutes: number; readonly note: string; readonly stands: boolean },
  ): Promise<Result<StatementId, Refusal>>
  /** Asks people to sign a text; `of`: a call of one's own that is said anew. Another title or text is another version: who signed before stands apart. `about`: an initiative; missing: the group. */
  askToSign(
    group: GroupId,
    of: StatementId | null,
    draft: CallDraft,
    about?: DocumentId,
  ): Promise<Result<StatementId, Refusal>>
  /** Signs the text as it is here. `name`: as strangers are to read it; missing: what one is called in the group. `no longer asked`: its author ended it, or its day is over. */
  signCall(
    group: GroupId,
    call: StatementId,
    how?: { readonly name?: string; readonly comment?: string },
  ): Promise<Result<StatementId, Refusal>>
  /** Takes one's own signature back. */
  unsign(group: GroupId, call: StatementId): Promise<Result<StatementId, Refusal>>
  /** Enters names from a sheet of paper. Each counts once somebody else has seen it. */
  enterPaper(
    group: GroupId,
    call: StatementId,
    what: { readonly names: readonly string[]; readonly sheet: string },
  ): Promise<Result<readonly StatementId[], Refusal>>
  /** Takes back names that one has entered. */
  takePaperBack(group: GroupId, call: StatementId, papers: readonly StatementId[]): Promise<Result<null, Refusal>>
  /** By anybody but who entered them: has seen these on paper, too, or not after all. */
  confirmPaper(
    group: GroupId,
    call: StatementId,
    papers: readonly StatementId[],
    stands: boolean,
  ): Promise<Result<StatementId, Refusal>>
  /** The text as it is does not wait for this person any more, or does again. Nobody else hears of it. */
  passOver(group: GroupId, call: StatementId, over: boolean): Promise<Result<null, Refusal>>
  /** A call with everybody's signature as one file that anybody can check offline (`auzolan verify`). */
  callFile(group: GroupId, call: StatementId): Promise<Result<Uint8Array, Refusal>>
  sendMessage(
    group: GroupId,
    thread: ThreadId,
    text: string,
    context?: MessageContext,
  ): Promise<Result<StatementId, Refusal>>
  /** Says a message of one's own in other words; what it said before stays to be seen. */
  reviseMessage(
    group: GroupId,
    thread: ThreadId,
    message: StatementId,
    words: { readonly text: string; readonly mentions?: readonly MemberId[] },
  ): Promise<Result<StatementId, Refusal>>
  /** Keeps words for a group's talk on this device until it is let in, and says them then; watch `{ view: 'ahead' }`. Empty: lets go of them. */
  writeAhead(group: GroupId, text: string): Promise<Result<null, Refusal>>
  /** Gives one of the quick answers to a message, or takes it back. */
  react(
    group: GroupId,
    thread: ThreadId,
    message: StatementId,
    what: { readonly reaction: Reaction; readonly on: boolean },
  ): Promise<Result<null, Refusal>>
  /** All that is here has been seen on this device. Nobody else hears of it. */
  markSeen(group: GroupId): Promise<Result<null, Refusal>>
  /** All that is here of a thread has been read on this device. Nobody else hears of it. */
  markRead(group: GroupId, thread: ThreadId): Promise<Result<null, Refusal>>
  withdrawMessage(group: GroupId, thread: ThreadId, message: StatementId): Promise<Result<StatementId, Refusal>>
  /** Answers the heads that hold these edits and nothing else new: give them as `from` of the next `write`. */
  edit(
    group: GroupId,
    document: DocumentId,
    edits: readonly Edit[],
  ): Promise<Result<{ readonly heads: Heads }, Refusal>>
  /** Writes a text of `InitiativeView.unmerged` anew at the end of its field, and shows it there no more. */
  putInAgain(group: GroupId, initiative: DocumentId, unmerged: string): Promise<Result<null, Refusal>>
  /** Shows a text of `InitiativeView.unmerged` no more on this device. */
  letGo(group: GroupId, initiative: DocumentId, unmerged: string): Promise<Result<null, Refusal>>
  rename(group: GroupId, myName: string): Promise<Result<StatementId, Refusal>>
  invite(
    group: GroupId,
    /** `askFirst`: whoever comes by it waits until this person, or another of the group, says yes. */
    draft: { readonly uses: number; readonly note?: string; readonly expires?: Instant; readonly askFirst?: boolean },
  ): Promise<Result<{ readonly id: ControlId; readonly link: string }, Refusal>>
  cancelInvitation(group: GroupId, invitation: ControlId): Promise<Result<null, Refusal>>
  /** Reads a pasted, scanned or opened link. Uses no network. */
  readInvitation(text: string): Promise<Result<InvitationPreview, InvitationFault>>
  /** Resolves once the request is stored; watch `{ view: 'join' }` for how it goes on. */
  join(text: string, me: { readonly name: string }): Promise<Result<GroupId, Refusal>>
  /** A new group that continues this one's whole history under its own members and rules. One entry, whatever the size. */
  fork(
    group: GroupId,
    draft: { readonly name: string; readonly myName: string; readonly reason?: string },
  ): Promise<Result<GroupId, Refusal>>
  /**
   * Takes in what was picked (`NewsView`) of what another group on this device has: texts merge, and what was said is kept as its author signed it
   * there. What was not picked is left out until it changes. Doing it again changes nothing.
   */
  bringIn(group: GroupId, from: GroupId, units: readonly string[]): Promise<Result<BroughtRecords, Refusal>>
  /** How the group differs from what it was at a moment, by the times that authors claim. Reads everything that is stored, so it is asked for and not watched. */
  differenceSince(group: GroupId, moment: Instant): Promise<Result<DifferenceView, Refusal>>
  /** Takes back what was brought in, as something new that is said. Texts are written back where they read as they came. */
  takeBack(group: GroupId, adopts: readonly StatementId[]): Promise<Result<null, Refusal>>
  /** Puts what was picked of this group (`NewsView` of the other) before another one in which this person may write. */
  offer(
    group: GroupId,
    to: GroupId,
    what: { readonly units: readonly string[]; readonly why?: string },
  ): Promise<Result<StatementId, Refusal>>
  /** The same as a file, for who is not in the other group any more: somebody who is brings it in there. */
  offerFile(
    group: GroupId,
    to: GroupId,
    what: { readonly units: readonly string[]; readonly why?: string },
  ): Promise<Result<Uint8Array, Refusal>>
  /** Brings such a file before the group it is for. */
  takeOffer(file: Blob): Promise<Result<{ readonly group: GroupId; readonly offer: StatementId }, Refusal>>
  /** Takes in what was picked of an offer; nothing picked: not now. */
  answerOffer(
    group: GroupId,
    offer: StatementId,
    what: { readonly units: readonly string[]; readonly thanks?: string },
  ): Promise<Result<BroughtRecords, Refusal>>
  /** Asks the group. Anyone in it may; whose answers count is `DecisionsView.voters`. What enough people agree to takes effect by itself. */
  propose(group: GroupId, action: Proposable): Promise<Result<ControlId, Refusal>>
  /** Answers, or changes an earlier answer; what may be answered is `DecisionView.offers`. `because`: why, which an objection has to say. */
  vote(group: GroupId, proposal: ControlId, answer: AnswerGiven, because?: string): Promise<Result<null, Refusal>>
  /** By who asked, where the rule is to take advice: decides, once enough others have answered. */
  goAhead(group: GroupId, proposal: ControlId): Promise<Result<null, Refusal>>
  /** Says yes to a newcomer, named by the proposal to let them in, where the group or who invited asks for that. */
  speakFor(group: GroupId, newcomer: MemberId): Promise<Result<null, Refusal>>
  /** By who made the invitation and wanted to be asked: the newcomer is not let in by it. */
  decline(group: GroupId, newcomer: MemberId): Promise<Result<null, Refusal>>
  /** By somebody with a vote: of more newcomers than an invitation has uses for, this one is in. */
  confirm(group: GroupId, newcomer: MemberId): Promise<Result<null, Refusal>>
  /** By a moderator, at once: somebody writes and moderates no more until the group, or a moderator, ends it. The vote stays. */
  pause(group: GroupId, person: MemberId, reason: string): Promise<Result<null, Refusal>>
  /** By a moderator. */
  endPause(group: GroupId, person: MemberId): Promise<Result<null, Refusal>>
  /** A decision as one file that anybody can check offline (`auzolan verify`), with the ballots it rests on. */
  certificate(group: GroupId, proposal: ControlId): Promise<Result<Uint8Array, Refusal>>
  /** Says what such a file, or a call with its signatures, proves and what it does not, for whoever has it. Needs no group and no network. */
  checkCertificate(file: Blob): Promise<Verification>
  /** Opens a link by which a further device of this person comes in, and ends an earlier one. Watch `{ view: 'devices' }` for who asks by it. */
  linkDevice(group: GroupId): Promise<Result<OpenedLink, Refusal>>
  /** Opens a link for somebody who has lost every device. Whom this person lets in by it, the group is asked to go on with. */
  linkLost(group: GroupId, person: MemberId): Promise<Result<OpenedLink, Refusal>>
  /** The device that asks shows the same words as this one: lets it in, or asks the group to. */
  confirmDevice(group: GroupId, device: DeviceId): Promise<Result<null, Refusal>>
  /** Ends the open link. `refused`: the words were not the same. */
  stopLinking(group: GroupId, why: 'ended' | 'refused'): Promise<void>
  /** Reads a pasted, scanned or opened link for a further device. Uses no network. */
  readDeviceLink(text: string): Promise<Result<DeviceLinkPreview, InvitationFault>>
  /** Asks to come in as one more device of the person whose link it is. `called`: what that person calls this device. */
  useDeviceLink(text: string, called: string): Promise<Result<GroupId, Refusal>>
  /** What this person calls one of their devices. */
  nameDevice(group: GroupId, device: DeviceId, name: string): Promise<Result<StatementId, Refusal>>
  /** Locks another device of this person out. What it wrote before stays; what it writes from now on does not count. */
  revokeDevice(group: GroupId, device: DeviceId): Promise<Result<null, Refusal>>
  /**
   * All that this device holds of the group, sealed for those who are in: a copy to carry by hand. Or what came after `part`; or only what this
   * device wrote and no other is known to hold.
   */
  exportPacks(
    group: GroupId,
    part?: readonly { readonly device: DeviceId; readonly seq: number }[] | 'only here',
  ): Promise<Result<Uint8Array, Refusal>>
  /** Takes in what another device of one of this person's groups exported. What is here already stays as it is. Watch `{ view: 'bringing' }` for how far it is. */
  importPacks(file: Blob): Promise<Result<BroughtIn, Refusal>>
  /** Ends a running `importPacks` after what it is just taking in. */
  stopBringing(): Promise<void>
  /**
   * Writes everything this device holds of its groups, or of some, as one file in an open format (`docs/formats/backup.md`). With `spare` a way back in
   * lies in it, for one new device, locked with six words; `spare` is what it is called among this person's devices, and what an earlier backup of this
   * device held opens nothing any more. `sink` takes the bytes as they are made; not across a worker. Watch `{ view: 'backup' }` for how far it is.
   */
  backup(
    what?: { readonly groups?: readonly GroupId[]; readonly spare?: string },
    sink?: ByteSink,
  ): Promise<Result<MadeBackup, Refusal>>
  /** Writes what any program opens of one group as a ZIP file: the readable half of a backup, and nothing that could be put back. `null`: `sink` has it. */
  exportGroup(group: GroupId, sink?: ByteSink): Promise<Result<Blob | null, Refusal>>
  /** Reads all of a backup, compares it with its list and checks every signature, and takes nothing in. */
  checkBackup(file: Blob): Promise<Result<BackupContents, Refusal>>
  /**
   * Takes a backup in. What is on this device stays as it is, and twice changes nothing. With `words` this device comes into the groups as a new one, cut
   * off from everybody too; without, it reads until somebody lets it in. `called`: what its person calls it.
   */
  restore(file: Blob, how?: { readonly words?: string; readonly called?: string }): Promise<Result<PutBack, Refusal>>
  /** Ends a running `backup`, `exportGroup`, `checkBackup` or `restore`. */
  stopBackup(): Promise<void>
  /** Makes a recovery sheet: the way back in for who has lost every device. Earlier ones of this person end. */
  makeSheet(group: GroupId): Promise<Result<MadeSheet, Refusal>>
  cancelSheet(group: GroupId, sheet: DeviceId): Promise<Result<null, Refusal>>
  /** Reads a scanned or pasted sheet, or its typed lines. Uses no network. */
  readSheet(text: string): Promise<Result<DeviceLinkPreview, InvitationFault>>
  /** Asks to come back in as the person whose sheet it is. `near`: any link into the group, for where to look; the sheet's own may be out of date. */
  recover(text: string, me: { readonly called: string; readonly near?: string }): Promise<Result<GroupId, Refusal>>
  /** What a keeper has to be told to keep sealed packs for the group: an invitation that lets nobody read or in. */
  askKeeper(group: GroupId): Promise<Result<string, Refusal>>
  /** Leaves sealed packs with a keeper from now on, and gets what others left. Multiaddr texts that end in who it is, white space between. */
  addKeeper(group: GroupId, addresses: string): Promise<Result<null, Refusal>>
  removeKeeper(group: GroupId, peer: string): Promise<Result<null, Refusal>>
  /** Tells the group of a keeper that this device leaves packs with, or takes that back. Each decides for themselves whether to use it, too. */
  tellKeeper(group: GroupId, peer: string, tells: boolean): Promise<Result<null, Refusal>>
  leave(group: GroupId): Promise<Result<null, Refusal>>
  /** Removes this group from this device only. */
  forget(group: GroupId): Promise<Result<null, Refusal>>
  /** Finds by words in all groups of this device: the beginning of a word is enough, and a slip of the finger does no harm. */
  search(question: string): Promise<FoundView>
  /** Tells at once if known, then on every change (coalesced). Returns its undo. */
  watch<Q extends Query>(query: Q, tell: (answer: Answer<Q>) => void): () => void
  /** Meeting a device in the same room with nothing in between. Only a page can: absent elsewhere. */
  readonly nearby?: Nearby
  /** Adds a relay or another peer to reach others through. Multiaddr text. */
  addHelper(address: string): Promise<void>
  removeHelper(address: string): Promise<void>
  close(): Promise<void>
}

export type {
  ActionDraft,
  BackupContents,
  ByteSink,
  BookingDraft,
  CallDraft,
  ListingDraft,
  MessageContext,
  ProvenCall,
  PutBack,
  ThingDraft,
  Verification,
}
