import {
  type Clock,
  DeviceId,
  type Entropy,
  type GroupId,
  type Instant,
  type MemberId,
  NAMELESS,
  type ThreadId,
} from '@auzolan/core'
import { type Store, StoreError } from '@auzolan/storage'
import type { Control, DeviceKeys, SignedJoinRequest, Verifier } from '@auzolan/trust'
import { groupKey, knownKey } from '../log/layout.ts'
import { writeSpare } from '../log/spare.ts'
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
import { Removals } from './removals.ts'
import { Linking } from './linking.ts'
import type { ThreadCache } from './thread-cache.ts'
import { Threads } from './threads.ts'
import { Writing } from './writing.ts'

/** What part of a group changed: which questions must be answered anew. */
export type Change =
  'people' | 'board' | 'thread' | 'document' | 'lines' | 'status' | 'standing' | 'join' | 'linking' | 'keys' | 'told'

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
  readonly linking: Linking
  readonly ring: KeyRing
  /** Of the list of initiatives, as last answered. */
  readonly rows = new KeptRows()
  readonly #parts: GroupParts
  #record: GroupRecord
  #progress = { have: 0, of: 0 }
  #onlyHereSince: Instant | null
  #tidying: Promise<void> = Promise.resolve()
  readonly #writing: Writing
  readonly #background = new Background()
  readonly #threads: Threads
  readonly #door: Door
  readonly #removals = new Removals()
  readonly #listeners = new Set<(change: Change) => void>()
  #tail: Promise<unknown> = Promise.resolve()

  constructor(parts: GroupParts) {
    this.#parts = parts
    this.#record = parts.record
    this.keys = parts.keys
    this.workspace = parts.workspace
    this.known = parts.known
    this.ring = new KeyRing(parts.record.group, parts.keys)
    this.#onlyHereSince = this.#heldElsewhere() ? null : parts.record.since
    this.rooms = new Rooms(parts.workspace, parts.store, parts.entropy, parts.engine)
    this.#writing = new Writing(this, parts.clock, {
      written: async (at) => {
        await this.#tail
        this.#onlyHereSince ??= at
      },
      tell: () => this.#tell('status'),
    })
    this.replica = new Replica(parts.record.group, parts.workspace.sources)
    this.#threads = new Threads(parts.workspace, this.#background, (said) => {
      if (said.length > 0) this.#follow(() => this.workspace.erase(said))
    })
    this.endings = new GroupEndings(parts.told, () => this.#tell('standing'))
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
      if (news.anew) {
        this.#follow(() => this.rooms.forget().then(() => this.#tell('document')))
        this.#tell('thread')
      }
      if (news.changes.length > 0) this.#follow(() => this.rooms.take(news.changes).then(() => this.#tell('document')))
      this.#tell('board')
      if (news.said.some(({ statement }) => 'thread' in statement)) this.#tell('thread')
      if (news.control) this.#onControl()
      if (this.isRewound) this.#tell('standing')
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

  /** Since when something of this device is known to be nowhere else; `null`: everything is somewhere else too. */
  get onlyHereSince(): Instant | null {
    return this.#onlyHereSince
  }

  onChange(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  say(...said: Parameters<Writing['say']>): ReturnType<Writing['say']> {
    return this.#writing.say(...said)
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

  /** What is shown of documents beside themselves has changed on this device. */
  lookAgain(): void {
    this.#tell('document')
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

  /** What the tab that holds the network knows of others' copies. */
  adoptKnown(known: unknown, connected: unknown): void {
    if (!(known instanceof Uint8Array) || !Array.isArray(connected)) return
    this.known.adopt(
      known,
      connected.flatMap((device) => DeviceId.parse(device) ?? []),
    )
    if (this.#heldElsewhere()) this.#onlyHereSince = null
    this.#tell('told')
    this.#tell('status')
  }

  nobodyInReach(): void {
    if (this.known.connected.size === 0) return
    this.known.connected.clear()
    this.#tell('status')
  }

  /** Reads the list lines of documents that need it, and stores caches: nothing that could not be found again. */
  tidy(): Promise<void> {
    this.#tidying = this.#tidyNow().catch((error: unknown) => {
      // The device is going away: what was not tidied now is tidied after the next start.
      if (!(error instanceof StoreError)) throw error
    })
    return this.#tidying
  }

  async #tidyNow(): Promise<void> {
    await this.#threads.tidy()
    await this.#tail
    const disproven = await this.rooms.prove()
    if (disproven.length > 0) this.#tell('document')
    const changed = [...new Set([...this.workspace.stale, ...disproven])]
    if (changed.length > 0) {
      await this.rooms.refreshFacts(changed)
      for (const document of changed) this.rows.touch(document)
      this.#tell('lines')
    }
    if (this.workspace.worthSaving) await this.workspace.save()
    await this.#saveKnown()
  }

  /** While much is coming: a device that is switched off in the middle need not begin again. */
  async keepDerived(): Promise<void> {
    if (this.workspace.mostlyUnsaved) await this.workspace.save()
  }

  /** Reads everything once for damage. */
  async inspect(): Promise<void> {
    for (const { log } of this.workspace.sources) await log.inspect()
  }

  async #saveKnown(): Promise<void> {
    if (!this.known.changed) return
    this.known.changed = false
    await writeSpare(this.#parts.store, [{ do: 'put', key: knownKey(this.id), value: this.known.encode() }])
  }

  async close(): Promise<void> {
    await this.#background.end()
    await this.#tidying
    await this.#tail
    await this.rooms.close()
    await this.workspace.save()
    await this.#saveKnown()
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
    this.known.met(device, peer, this.#parts.clock.now())
    this.#tell('status')
  }
  onParted(device: DeviceId): void {
    this.known.parted(device)
    this.#tell('status')
  }
  onKnown(device: DeviceId, lines: ReadonlyMap<DeviceId, number>): void {
    const told = this.#removals.heldIn(this.endings.control, lines)
    if (this.known.note(device, lines.get(this.keys.device) ?? 0, this.#parts.clock.now(), told)) this.#tell('told')
    if (this.#heldElsewhere()) this.#onlyHereSince = null
    this.#tell('status')
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

  #heldElsewhere(): boolean {
    for (const { seq } of this.known.all.values()) if (seq >= this.ownSeq) return true
    return false
  }

  #tell(change: Change): void {
    for (const listener of this.#listeners) listener(change)
  }
}
