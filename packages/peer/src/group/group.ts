import {
  type Clock,
  type DeviceId,
  type Entropy,
  type GroupId,
  type Instant,
  type MemberId,
  NAMELESS,
  type ThreadId,
} from '@auzolan/core'
import { type Store, StoreError } from '@auzolan/storage'
import type { Control, DeviceKeys, SignedJoinRequest, Verifier } from '@auzolan/trust'
import { groupKey } from '../log/layout.ts'
import type { Told } from '../log/told.ts'
import { KeptRows } from '../answers/kept-rows.ts'
import { Replica } from '../sync/replica.ts'
import type { Entrance, SharedGroup } from '../sync/shared-group.ts'
import { Rooms } from '../workspace/rooms.ts'
import { memberOf } from '../workspace/ancestry.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { Background } from './background.ts'
import { Door, type JoinProgress } from './door.ts'
import { GroupEndings } from './endings.ts'
import { encodeGroupRecord, type GroupRecord } from './group-record.ts'
import { KeyRing } from './key-ring.ts'
import { handKeys } from './keys.ts'
import { type KnownCopies } from './known-copies.ts'
import { Reach } from './reach.ts'
import { ReadMarks } from './read-marks.ts'
import { Linking } from './linking.ts'
import { Since } from './since.ts'
import type { ThreadCache } from './thread-cache.ts'
import { Threads } from './threads.ts'
import { Upkeep } from './upkeep.ts'
import { Writing } from './writing.ts'

/** What part of a group changed: which questions must be answered anew. `entries`: something is to be sent on. */
export type Change =
  | 'entries'
  | 'people'
  | 'board'
  | 'thread'
  | 'read'
  | 'document'
  | 'lines'
  | 'status'
  | 'standing'
  | 'join'
  | 'ahead'
  | 'linking'
  | 'keys'
  | 'told'
  /** Who is in reach, or whom those would introduce. */
  | 'near'

export interface GroupParts {
  readonly store: Store
  readonly clock: Clock
  readonly entropy: Entropy
  readonly verifier: Verifier
  readonly record: GroupRecord
  readonly keys: DeviceKeys
  readonly workspace: Workspace
  readonly known: KnownCopies
  readonly told: Told
  /** Makes the document engine ready; called when the first document is opened. */
  readonly engine: () => Promise<void>
}

/** One group this device takes part in: what it says and writes there, what it knows of others' copies, and what it shows them. */
export class Group implements SharedGroup {
  readonly workspace: Workspace
  readonly rooms: Rooms
  readonly replica: Replica
  readonly endings: GroupEndings
  readonly keys: DeviceKeys
  readonly known: KnownCopies
  readonly reach: Reach
  readonly upkeep: Upkeep
  readonly linking: Linking
  readonly ring: KeyRing
  /** Of the list of initiatives, as last answered. */
  readonly rows = new KeptRows()
  /** What this device has read. */
  readonly reads: ReadMarks
  readonly since: Since
  readonly #parts: GroupParts
  #record: GroupRecord
  #progress = { have: 0, of: 0 }
  readonly #writing: Writing
  readonly #background = new Background()
  readonly #threads: Threads
  readonly #door: Door
  readonly #listeners = new Set<(change: Change) => void>()
  #tail: Promise<unknown> = Promise.resolve()

  constructor(parts: GroupParts) {
    this.#parts = parts
    this.#record = parts.record
    this.keys = parts.keys
    this.workspace = parts.workspace
    this.known = parts.known
    this.reads = new ReadMarks(parts.store, parts.record.group)
    this.since = new Since(parts.workspace, parts.store, this)
    this.ring = new KeyRing(parts.record.group, parts.keys)
    this.rooms = new Rooms(parts.workspace, parts.store, parts.entropy, parts.engine)
    this.#writing = new Writing(this, parts.clock, {
      written: async (at) => {
        await this.#tail
        this.reach.written(at)
      },
      tell: () => this.#tell('status'),
    })
    this.replica = new Replica(parts.record.group, parts.workspace.sources)
    this.#threads = new Threads(parts.workspace, this.#background, (said) => {
      if (said.length > 0) this.#follow(() => this.workspace.erase(said))
    })
    this.endings = new GroupEndings(parts.told, () => this.#tell('standing'))
    this.reach = new Reach(this, {
      store: parts.store,
      clock: parts.clock,
      since: parts.record.since,
      tell: (change) => this.#tell(change),
    })
    this.upkeep = new Upkeep(this, {
      threads: this.#threads,
      settled: () => this.#tail,
      tell: (change) => this.#tell(change),
    })
    this.linking = new Linking(this, parts.verifier, parts.clock, () => this.#tell('linking'))
    this.#door = new Door(this, this.linking, parts.clock, () => this.#tell('join'))
    parts.told.onChange(() => {
      // Once locked out, it may have come in again with another key.
      this.#noteAdmission()
      for (const change of ['people', 'standing', 'status'] as const) this.#tell(change)
    })
    parts.workspace.onNews((news) => {
      this.rows.take(news)
      this.#threads.take(news)
      this.since.take(news)
      if (news.anew) {
        this.#follow(() => this.rooms.forget().then(() => this.#tell('document')))
        this.#tell('thread')
      }
      this.#tell('entries')
      const show = () => {
        if (news.changes.length > 0) this.#tell('document')
        this.#tell('board')
        if (news.said.some(({ statement }) => 'thread' in statement)) this.#tell('thread')
      }
      if (news.changes.length === 0) show()
      else this.#follow(() => this.rooms.take(news.changes).finally(show))
      if (news.control) this.#onControl()
      if (this.isSetAside) this.#tell('standing')
      this.#tell('status')
    })
    // The entry that let this device in may have come before anybody listened.
    this.#noteAdmission()
  }

  get id(): GroupId {
    return this.#record.group
  }
  get record(): GroupRecord {
    return this.#record
  }
  get saving(): boolean {
    return this.#writing.saving
  }
  get saveError(): StoreError['kind'] | null {
    return this.#writing.saveError
  }
  get progress(): { readonly have: number; readonly of: number } {
    return this.#progress
  }
  get joinProgress(): JoinProgress {
    return this.#door.progress
  }
  /** Entries of this device: what others may or may not hold. */
  get ownSeq(): number {
    return this.workspace.log.seqOf(this.keys.device)
  }

  onChange(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  say(...said: Parameters<Writing['say']>): ReturnType<Writing['say']> {
    return this.#writing.say(...said)
  }
  sayAll(...said: Parameters<Writing['sayAll']>): ReturnType<Writing['sayAll']> {
    return this.#writing.sayAll(...said)
  }
  edit(...edited: Parameters<Writing['edit']>): ReturnType<Writing['edit']> {
    return this.#writing.edit(...edited)
  }
  decide(control: Control): ReturnType<Writing['decide']> {
    return this.#writing.decide(control)
  }

  /** Opens the keys that the log hands to this device. */
  async openKeys(): Promise<void> {
    if (await this.ring.update(this.workspace.log.control)) this.#tell('keys')
  }

  /** Hands the group's key to whoever was just let in by this device. */
  handKeys(): Promise<void> {
    return handKeys(this, this.#parts.entropy)
  }

  /** What this device alone knows has changed: of what was read, or of what is shown of documents beside themselves. */
  lookAgain(at: 'document' | 'read' | 'ahead' = 'document'): void {
    this.#tell(at)
  }

  /** Whether what is said there is read in this thread. */
  inThread(part: ThreadId, thread: ThreadId): boolean {
    const { groupThreads } = this.workspace
    return part === thread || (groupThreads.includes(thread) && groupThreads.includes(part))
  }

  /** The messages of a thread, kept up to date while in use. */
  thread(id: ThreadId): Promise<ThreadCache> {
    return this.#threads.get(id)
  }

  async keep(record: GroupRecord): Promise<void> {
    await this.#parts.store.write([{ do: 'put', key: groupKey(record.group), value: encodeGroupRecord(record) }], {
      durability: 'strict',
    })
    this.#record = record
    this.#tell('standing')
  }

  /** Another device of this person ended what this one writes. */
  get isRevoked(): boolean {
    return this.endings.of(this.keys.device)?.why === 'revoked'
  }
  /** What this device wrote came back from others: it was put back to an earlier moment, or there is a copy of it. */
  get isRewound(): boolean {
    return this.workspace.log.isRewound(this.keys.device)
  }
  /** It was proven to have signed two things for one place. */
  get isFrozen(): boolean {
    return this.workspace.log.frozen.has(this.keys.device)
  }
  /** This device signs nothing more with its key, while its person stays in: it has to come in again with another. */
  get isSetAside(): boolean {
    return this.isRewound || this.isFrozen
  }
  /** This device is in, and holds what it is known to be told of. */
  get isSettled(): boolean {
    return this.#record.standing === 'member' && this.#progress.have >= this.#progress.of
  }
  readonly now = (): Instant => this.#parts.clock.now()
  get me(): MemberId | undefined {
    return memberOf(this.workspace.sources, this.keys.device)
  }
  get myName(): string {
    const { me } = this
    return (me && (this.workspace.board.name(me) ?? this.workspace.log.state.members.get(me)?.name)) ?? NAMELESS
  }

  /** Another tab stored something for this group. */
  async refresh(): Promise<void> {
    for (const { log } of this.workspace.sources) await log.refresh()
    await this.#parts.told.refresh()
  }

  async close(): Promise<void> {
    await this.#background.end()
    await this.upkeep.end()
    await this.#tail
    await this.rooms.close()
    await this.workspace.save()
    await this.reach.save()
    this.#parts.told.close()
    this.workspace.close()
    this.#listeners.clear()
  }

  // What sessions ask and tell.

  get joining(): SharedGroup['joining'] {
    return this.#door.joining
  }

  /** Asks whoever is met to be let in by this invitation. */
  ask(inviteKey: Uint8Array): void {
    this.#door.ask(inviteKey)
  }

  get presence(): SharedGroup['presence'] {
    return this.ring.presence((peer) =>
      [...this.known.all].some(([device, copy]) => copy.peer === peer && this.isActive(device)),
    )
  }

  openInvitations(): ReturnType<SharedGroup['openInvitations']> {
    return this.#door.openInvitations()
  }

  isActive(device: DeviceId): boolean {
    const { control } = this.endings
    if (control.heads.length === 0) return false
    const known = control.state().devices.get(device)
    const member = known && control.state().members.get(known.member)
    return (
      known !== undefined &&
      !known.revoked &&
      !this.workspace.log.frozen.has(device) &&
      member?.left === false &&
      !member.removed
    )
  }

  admit(invitation: Entrance, proof: SignedJoinRequest): ReturnType<SharedGroup['admit']> {
    return this.#door.admit(invitation, proof)
  }

  onFound(): void {
    this.#door.onFound()
  }
  onAsked(): void {
    this.#door.onAsked()
  }
  onAdmitted(): void {
    this.#door.onAdmitted()
  }
  onRefused(why: string): void {
    this.#door.onRefused(why)
  }
  onMet(device: DeviceId, peer: string): void {
    this.reach.met(device, peer)
  }
  onParted(device: DeviceId): void {
    this.reach.parted(device)
  }
  onKnown(device: DeviceId, lines: ReadonlyMap<DeviceId, number>): void {
    this.reach.heard(device, lines)
  }
  onNear(peer: string, others: readonly string[]): void {
    this.reach.told(peer, others)
  }
  onProgress(have: number, of: number): void {
    this.#progress = { have, of }
    this.#tell('status')
    if (this.#record.standing === 'joining') this.#tell('join')
  }

  /** The control log moved: people changed; perhaps this device was let in. */
  #onControl(): void {
    this.#noteAdmission()
    this.#tell('people')
    this.#background.run(() => this.openKeys())
  }

  #noteAdmission(): void {
    if (this.#record.standing !== 'joining' || !this.isActive(this.keys.device)) return
    this.#door.passed()
    const member: GroupRecord = { ...this.#record, standing: 'member', joining: null }
    this.#background.run(() => this.keep(member).then(() => this.#tell('join')))
  }

  /** Does this after what came before. What fails with the store is read from the log after the next start. */
  #follow(job: () => Promise<void>): void {
    this.#tail = this.#tail.then(job).catch((error: unknown) => {
      if (!(error instanceof StoreError)) throw error
    })
  }

  #tell(change: Change): void {
    for (const listener of this.#listeners) listener(change)
  }
}
