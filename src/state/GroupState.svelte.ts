import type {
  ActionId,
  AnswerGiven,
  CallView,
  CloseResult,
  ControlId,
  DocumentId,
  FieldPath,
  FieldVersion,
  GroupId,
  Instant,
  MemberId,
  MessageView,
  Origin,
  PersonView,
  PromiseView,
  Seen,
  StatementId,
  TakeView,
  ThingView,
  ThreadId,
} from '@auzolan/core'
import type { ListingDraft, Proposable } from '@auzolan/peer'
import { explain } from '../words/refusals.ts'
import type { Key } from '../words/Words.svelte.ts'
import { download } from './download.ts'
import type { Live } from './Live.svelte.ts'
import type { Session } from './Session.svelte.ts'

/** The one sheet that can be open. Sheets are never nested. */
export type Sheet =
  | { readonly is: 'menu' | 'status' | 'invite' | 'help' | 'name' | 'devices' | 'recovery' | 'rules' | 'find' }
  | { readonly is: 'versions'; readonly field: ShownField }
  | { readonly is: 'person'; readonly person: PersonView }
  | { readonly is: 'proof'; readonly proposal: ControlId }
  /** What is needed or offered, for an initiative or the group. */
  | { readonly is: 'listing'; readonly place: DocumentId; readonly what?: string; readonly from?: Origin }
  /** What somebody shares; `thing`: an own one, to say it anew. */
  | { readonly is: 'thing'; readonly thing?: ThingView }
  /** What people are asked to sign; `call`: an own one, to say it anew. */
  | { readonly is: 'call'; readonly call?: CallView; readonly about?: DocumentId }
  | { readonly is: 'paper'; readonly call: StatementId }
  /** Who changed what of an initiative. */
  | { readonly is: 'history'; readonly initiative: DocumentId }
  | { readonly is: 'book'; readonly thing: StatementId; readonly day?: Instant }
  | { readonly is: 'booking'; readonly thing: StatementId; readonly booking: StatementId }
  /** Something is made of a message; `within`: the initiative it was said in, `null`: in the group's talk. */
  | { readonly is: 'make'; readonly from: Origin; readonly text: string; readonly within: DocumentId | null }

/** A short field as it stands on screen, with where it lives. */
export interface ShownField {
  readonly document: DocumentId
  readonly path: FieldPath
  readonly label: Key
  readonly value: string
  readonly versions: readonly FieldVersion[]
  /** `day`: `YYYY-MM-DD`; `moment`: see `moment.ts` of the core. Default: words. */
  readonly holds?: 'day' | 'moment'
}

/** One group on screen: its views, its open sheet, and what one person does in it with one tap. */
export class GroupState {
  readonly id: GroupId
  readonly session: Session
  readonly home: Live<{ view: 'home'; group: GroupId }>
  readonly people: Live<{ view: 'people'; group: GroupId }>
  readonly decisions: Live<{ view: 'decisions'; group: GroupId }>
  readonly devices: Live<{ view: 'devices'; group: GroupId }>
  readonly status: Live<{ view: 'status'; group: GroupId }>
  readonly listings: Live<{ view: 'listings'; group: GroupId }>
  readonly unread: Live<{ view: 'unread'; group: GroupId }>
  sheet = $state.raw<Sheet>()

  constructor(session: Session, id: GroupId) {
    this.session = session
    this.id = id
    this.home = session.live({ view: 'home', group: id })
    this.people = session.live({ view: 'people', group: id })
    this.decisions = session.live({ view: 'decisions', group: id })
    this.devices = session.live({ view: 'devices', group: id })
    this.status = session.live({ view: 'status', group: id })
    this.listings = session.live({ view: 'listings', group: id })
    this.unread = session.live({ view: 'unread', group: id })
  }

  /** Losing this device would lose this person's place here: there is neither another nor a recovery sheet. */
  get hangsOnOneDevice(): boolean {
    const { devices = [], sheets = [] } = this.devices.current ?? {}
    return sheets.length === 0 && devices.filter(({ revoked }) => !revoked).length === 1
  }

  /** For now this person writes nothing here: a moderator paused them, or more came by their invitation than it was for. */
  get readsOnly(): boolean {
    return (
      this.people.current?.people.some(({ me, paused, contested }) => me && (paused !== null || contested)) ?? false
    )
  }

  /** A moderator has put this person out of action. */
  get paused(): PersonView['paused'] {
    return this.people.current?.people.find(({ me }) => me)?.paused ?? null
  }

  async take(initiative: DocumentId, action: ActionId): Promise<void> {
    const take = await this.session.act((peer) => peer.takeAction(this.id, initiative, action))
    if (take) this.did('notice.taken', () => this.session.act((peer) => peer.giveBack(this.id, initiative, take)))
  }

  /** Says yes to the time as it is now. */
  async stillComing(initiative: DocumentId, action: ActionId): Promise<void> {
    if (await this.session.act((peer) => peer.takeAction(this.id, initiative, action))) this.did('notice.stillComing')
  }

  async giveBack(initiative: DocumentId, action: ActionId, take: StatementId): Promise<void> {
    const given = await this.session.act((peer) => peer.giveBack(this.id, initiative, take))
    if (given)
      this.did('notice.givenBack', () => this.session.act((peer) => peer.takeAction(this.id, initiative, action)))
  }

  async markDone(
    initiative: DocumentId,
    { id, doing }: Pick<TakeView, 'id' | 'doing'>,
    minutes: number,
    note: string,
  ): Promise<void> {
    if (await this.session.act((peer) => peer.markDone(this.id, initiative, id, minutes, note)))
      this.did('notice.done', () => this.session.act((peer) => peer.markNotYet(this.id, initiative, id, doing)))
  }

  async markDoing(initiative: DocumentId, take: StatementId): Promise<void> {
    if (await this.session.act((peer) => peer.markDoing(this.id, initiative, take)))
      this.did('notice.doing', () => this.session.act((peer) => peer.markNotYet(this.id, initiative, take, false)))
  }

  /** Says what this person saw of what somebody else took; `before`: what they had said of it. */
  async witness(initiative: DocumentId, take: StatementId, saw: Seen, before: Seen): Promise<void> {
    const say = (what: Seen) => this.session.act((peer) => peer.witness(this.id, initiative, take, what))
    if (await say(saw)) this.did(saw === 'nothing' ? 'notice.takenBack' : 'notice.noted', () => say(before))
  }

  async changePlaces(initiative: DocumentId, action: ActionId, from: number, to: number): Promise<void> {
    const change = (places: number) =>
      this.session.act((peer) => peer.changePlaces(this.id, initiative, action, places))
    if (await change(to)) this.did('notice.places', () => change(from))
  }

  /** Says what came of an initiative that is open. */
  async close(initiative: DocumentId, result: CloseResult, sentence: string): Promise<boolean> {
    const closed = await this.session.act((peer) => peer.closeInitiative(this.id, initiative, { result, sentence }))
    if (closed) this.did('notice.closed', () => this.session.act((peer) => peer.openAgain(this.id, initiative)))
    return closed !== undefined
  }

  /** Says how it was where it was closed in different ways. What others said cannot be put back in their names, so there is no undo but to pick another or open it again. */
  async settleEnd(initiative: DocumentId, result: CloseResult, sentence: string): Promise<void> {
    if (await this.session.act((peer) => peer.closeInitiative(this.id, initiative, { result, sentence })))
      this.did('notice.settled')
  }

  async openAgain(initiative: DocumentId, before: { result: CloseResult; sentence: string }): Promise<void> {
    const opened = await this.session.act((peer) => peer.openAgain(this.id, initiative))
    if (opened)
      this.did('notice.openedAgain', () =>
        this.session.act((peer) => peer.closeInitiative(this.id, initiative, before)),
      )
  }

  /** Words that hung on something that no longer counts: at the end of the plan, or wherever they stood, once more. */
  async putInAgain(initiative: DocumentId, unmerged: string): Promise<void> {
    const put = await this.session.act((peer) => peer.putInAgain(this.id, initiative, unmerged))
    if (put !== undefined) this.did('unmerged.done')
  }

  async letGo(initiative: DocumentId, unmerged: string): Promise<void> {
    await this.session.act((peer) => peer.letGo(this.id, initiative, unmerged))
  }

  /** Replaces a short field; settles it for everyone when it had several versions. Resolves to whether it was saved. */
  async set(document: DocumentId, field: FieldPath, value: string, before: string): Promise<boolean> {
    const write = (to: string) =>
      this.session.act((peer) => peer.edit(this.id, document, [{ do: 'set', field, value: to }]))
    const saved = await write(value)
    if (saved) this.did('notice.changed', () => write(before))
    return saved !== undefined
  }

  /** Says what is needed or offered. */
  async list(place: DocumentId, draft: ListingDraft): Promise<boolean> {
    const listed = await this.session.act((peer) => peer.list(this.id, place, draft))
    if (listed) this.did('notice.listed', () => this.session.act((peer) => peer.unlist(this.id, listed, false)))
    return listed !== undefined
  }

  async unlist(listing: StatementId, stands: boolean): Promise<void> {
    const say = (again: boolean) => this.session.act((peer) => peer.unlist(this.id, listing, again))
    if (await say(stands)) this.did(stands ? 'notice.listed' : 'notice.unlisted', () => say(!stands))
  }

  async promise(listing: StatementId, amount: number, note: string): Promise<boolean> {
    const promised = await this.session.act((peer) => peer.promise(this.id, listing, { amount, note }))
    if (promised) this.did('notice.promised', () => this.session.act((peer) => peer.release(this.id, promised)))
    return promised !== undefined
  }

  async release(listing: StatementId, { id, amount, note }: PromiseView): Promise<void> {
    if (await this.session.act((peer) => peer.release(this.id, id)))
      this.did('notice.released', () => this.session.act((peer) => peer.promise(this.id, listing, { amount, note })))
  }

  async handOver(promise: StatementId, stands: boolean): Promise<void> {
    const say = (so: boolean) => this.session.act((peer) => peer.handOver(this.id, promise, so))
    if (await say(stands)) this.did('notice.noted', () => say(!stands))
  }

  /** Says a message of one's own in other words. */
  async revise(thread: ThreadId, message: MessageView, text: string, mentions: readonly MemberId[]): Promise<boolean> {
    const say = (words: { text: string; mentions: readonly MemberId[] }) =>
      this.session.act((peer) => peer.reviseMessage(this.id, thread, message.id, words))
    if (!(await say({ text, mentions }))) return false
    const before = { text: message.text ?? '', mentions: message.mentions.map(({ id }) => id) }
    this.did('notice.changed', () => say(before))
    return true
  }

  /** Asks the group, and closes the sheet where it was asked. */
  async ask(action: Proposable): Promise<void> {
    const close = this.closing()
    if ((await this.session.act((peer) => peer.propose(this.id, action))) === undefined) return
    close()
    this.did('ask.done')
  }

  /** Closes the sheet that is open now, unless another one was opened meanwhile. */
  closing(): () => void {
    const { sheet } = this
    return () => {
      if (this.sheet === sheet) this.sheet = undefined
    }
  }

  /** Resolves to whether it was answered. */
  async vote(proposal: ControlId, answer: AnswerGiven, because?: string): Promise<boolean> {
    return (await this.session.act((peer) => peer.vote(this.id, proposal, answer, because))) !== undefined
  }

  /** A decision as a file. */
  async saveProof(proposal: ControlId): Promise<void> {
    const bytes = await this.session.act((peer) => peer.certificate(this.id, proposal))
    if (!bytes) return
    download(new Blob([new Uint8Array(bytes)]), 'decision.auzolan')
    this.did('decision.saved')
  }

  /** All of the group that is here, as a file that only its members can read. */
  async saveCopy(): Promise<void> {
    const bytes = await this.session.act((peer) => peer.exportPacks(this.id))
    if (!bytes) return
    download(new Blob([new Uint8Array(bytes)]), 'copy.auzolan')
    this.did('carry.saved')
  }

  /** Takes in such a file; answers what became of it. It may hold another group that is on this device. */
  async bringIn(file: Blob): Promise<string> {
    const { words } = this.session
    const brought = await (await this.session.peer).importPacks(file)
    if (!brought.ok) return explain(words, brought.error)
    const { group, entries, whole, stopped } = brought.value
    if (stopped) return words.say('carry.stopped', { count: entries })
    if (group !== this.id) return words.say('carry.broughtOther', { count: entries })
    return words.say(whole ? 'carry.brought' : 'carry.broughtPart', { count: entries })
  }

  /** Says that something was done, and how to undo it. */
  did(key: Key, undo?: () => unknown): void {
    this.session.notices.say(this.session.words.say(key), undo)
  }
}
