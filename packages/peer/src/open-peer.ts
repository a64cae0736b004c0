import {
  checkName,
  type ControlId,
  type DeviceId,
  type DifferenceView,
  err,
  type FoundView,
  type GroupId,
  type Instant,
  KEEPER_ADDRESSES_LIMIT,
  type MemberId,
  NAMELESS,
  ok,
  type Result,
  type StatementId,
} from '@auzolan/core'
import { type Continues, type KeyStore, openKeyStore, openVerifier, type Verifier } from '@auzolan/trust'
import { ActsInGroup } from './acts-in-group.ts'
import { Backups } from './acts/backups.ts'
import { Bringing } from './acts/bringing.ts'
import { callFile } from './acts/call-file.ts'
import { Devices } from './acts/devices.ts'
import { Following } from './acts/following.ts'
import { continuationOf, foundingOf, type GroupDraft } from './acts/founding.ts'
import { Invitations } from './acts/invitations.ts'
import { checkCertificate, READ_BYTES, type Verification } from './acts/verification.ts'
import { importPacks } from './acts/packs.ts'
import { lineOf } from './acts/lines.ts'
import { acceptOffer, offerFile, offerTo, takeOfferFile } from './acts/offers.ts'
import { Recovery } from './acts/recovery.ts'
import { sinceMoment } from './answers/difference.ts'
import { type LongWorkView, Questions } from './answers/questions.ts'
import { quickenDigests } from './digest-engine.ts'
import type { BackupContents } from './backup/read.ts'
import type { PutBack } from './backup/restore.ts'
import type { ByteSink } from './backup/zip-writer.ts'
import type { Group } from './group/group.ts'
import { Groups, systemLater } from './group/groups.ts'
import { isTellable } from './keeper/keepers.ts'
import { LongWork } from './long-work.ts'
import { Search } from './search/search.ts'
import type {
  Answer,
  BroughtIn,
  BroughtRecords,
  DeviceLinkPreview,
  InvitationFault,
  InvitationPreview,
  MadeBackup,
  MadeSheet,
  OpenedLink,
  Peer,
  PeerOptions,
  Query,
  Refusal,
} from './peer.ts'
import type { SampleSize } from './sample/index.ts'

/** Opens this device's peer: reads what it takes part in, and begins to look for others. */
export const openPeer = async (options: PeerOptions): Promise<Peer> => {
  await quickenDigests()
  const peer = new LocalPeer(options, await openVerifier(), await openKeyStore(options.secrets, options.entropy))
  await peer.start()
  return peer
}

class LocalPeer extends ActsInGroup implements Peer {
  readonly #options: PeerOptions
  readonly #verifier: Verifier
  readonly #groups: Groups
  readonly #invitations: Invitations
  readonly #devices: Devices
  readonly #recovery: Recovery
  readonly #following: Following
  readonly #backups: Backups
  readonly #bringingIn: Bringing
  readonly #questions: Questions
  readonly #search: Search
  readonly #example = this.#workShownAs('example')
  readonly #bringing = this.#workShownAs('bringing')
  readonly #backing = this.#workShownAs('backup')
  #asked = false
  #closed = false

  constructor(options: PeerOptions, verifier: Verifier, keys: KeyStore) {
    super(options)
    this.#options = options
    this.#verifier = verifier
    this.#groups = new Groups(options, verifier, keys, (group, change) => {
      this.#questions.changed(group, change)
      if (group !== 'records' && (change === 'people' || change === 'standing' || change === 'keys'))
        this.#following.look(group)
    })
    const { store, clock, entropy, later = systemLater } = options
    this.#following = new Following({ store, clock, entropy, later, group: (id) => this.#groups.get(id) })
    this.#invitations = new Invitations(options, this.#groups)
    this.#devices = new Devices(options, this.#groups)
    this.#recovery = new Recovery(options, this.#groups)
    this.#bringingIn = new Bringing(store, verifier)
    this.#backups = new Backups(options, this.#groups, verifier, this.#backing)
    // Others get their turn, in no time that a test would have to step through.
    const rest = () => new Promise<void>((resolve) => void systemLater(0, resolve))
    this.#search = new Search(
      () => this.#groups.all(),
      rest,
      () => this.#questions.refresh(({ view }) => view === 'searchable'),
    )
    this.#questions = new Questions({
      options,
      groups: this.#groups,
      invitations: this.#invitations,
      bringing: this.#bringingIn,
      work: { example: this.#example, bringing: this.#bringing, backup: this.#backing },
      searchable: () => this.#search.timesRead,
    })
  }

  async start(): Promise<void> {
    await this.#groups.start()
    this.#options.network.onState(() => this.#questions.refresh(({ view }) => view === 'reach'))
  }

  createGroup(draft: GroupDraft): Promise<Result<GroupId, Refusal>> {
    return this.#found(draft, null, false)
  }

  async openExample(myName: string, size: SampleSize = 'S'): Promise<Result<GroupId, Refusal>> {
    const name = lineOf('myName', checkName(myName))
    return name.ok ? this.#groups.example(name.value || NAMELESS, size, this.#example) : name
  }

  async stopExample(): Promise<void> {
    this.#example.stop()
  }

  async fork(
    id: GroupId,
    draft: { readonly name: string; readonly myName: string; readonly reason?: string },
  ): Promise<Result<GroupId, Refusal>> {
    const parent = await this.#groups.get(id)
    const continues = parent
      ? await continuationOf(parent, draft.reason ?? '')
      : err({ type: 'unknown group' } as const)
    return continues.ok ? this.#found(draft, continues.value, parent?.record.example ?? false) : continues
  }

  bringIn(id: GroupId, from: GroupId, units: readonly string[]): Promise<Result<BroughtRecords, Refusal>> {
    return this.#between(id, from, (group, other) => this.#bringingIn.bringIn(group, other, units))
  }

  async differenceSince(id: GroupId, moment: Instant): Promise<Result<DifferenceView, Refusal>> {
    const group = await this.#groups.get(id)
    if (!group || group.workspace.log.control.heads.length === 0) return err({ type: 'unknown group' })
    return ok(await sinceMoment(group, moment))
  }

  takeBack(id: GroupId, adopts: readonly StatementId[]): Promise<Result<null, Refusal>> {
    return this.in(id, (group) => this.#bringingIn.takeBack(group, adopts))
  }

  offer(
    id: GroupId,
    to: GroupId,
    { units, why = '' }: { readonly units: readonly string[]; readonly why?: string },
  ): Promise<Result<StatementId, Refusal>> {
    return this.#between(to, id, (other, group) => offerTo(other, group, { units, why }, this.#verifier))
  }

  offerFile(
    id: GroupId,
    to: GroupId,
    { units, why = '' }: { readonly units: readonly string[]; readonly why?: string },
  ): Promise<Result<Uint8Array, Refusal>> {
    return this.#between(to, id, (other, group) => offerFile(other, group, { units, why }, this.#verifier))
  }

  async takeOffer(file: Blob): Promise<Result<{ readonly group: GroupId; readonly offer: StatementId }, Refusal>> {
    return takeOfferFile(await this.#groups.all(), file, this.#verifier)
  }

  answerOffer(
    id: GroupId,
    offer: StatementId,
    { units, thanks = '' }: { readonly units: readonly string[]; readonly thanks?: string },
  ): Promise<Result<BroughtRecords, Refusal>> {
    return this.in(id, (group) => acceptOffer(group, offer, { units, thanks }, this.#bringingIn))
  }

  invite(
    id: GroupId,
    draft: { readonly uses: number; readonly note?: string; readonly expires?: Instant },
  ): Promise<Result<{ readonly id: ControlId; readonly link: string }, Refusal>> {
    return this.in(id, async (group) => {
      const made = await this.#invitations.make(group, draft, this.#groups.helpers)
      this.#questions.refresh((query) => query.view === 'people' && query.group === id)
      return made
    })
  }

  async readInvitation(text: string): Promise<Result<InvitationPreview, InvitationFault>> {
    return this.#invitations.read(text)
  }

  join(text: string, me: { readonly name: string }): Promise<Result<GroupId, Refusal>> {
    return this.#invitations.use(text, me.name)
  }

  linkDevice(id: GroupId): Promise<Result<OpenedLink, Refusal>> {
    return this.in(id, (group) => this.#devices.open(group, this.#groups.helpers))
  }

  linkLost(id: GroupId, person: MemberId): Promise<Result<OpenedLink, Refusal>> {
    return this.in(id, (group) => this.#devices.open(group, this.#groups.helpers, person))
  }

  async stopLinking(id: GroupId, why: 'ended' | 'refused'): Promise<void> {
    const group = await this.#groups.get(id)
    group?.linking.end(why)
  }

  readDeviceLink(text: string): Promise<Result<DeviceLinkPreview, InvitationFault>> {
    return this.#devices.read(text)
  }

  useDeviceLink(text: string, called: string): Promise<Result<GroupId, Refusal>> {
    return this.#devices.use(text, called)
  }

  revokeDevice(id: GroupId, device: DeviceId): Promise<Result<null, Refusal>> {
    return this.in(id, (group) => this.#devices.revoke(group, device))
  }

  callFile(id: GroupId, call: StatementId): Promise<Result<Uint8Array, Refusal>> {
    return this.in(id, (group) => callFile(group, call, this.#verifier))
  }

  async checkCertificate(file: Blob): Promise<Verification> {
    const bytes = await file.slice(0, READ_BYTES).arrayBuffer()
    return checkCertificate(new Uint8Array(bytes), this.#verifier)
  }

  async importPacks(file: Blob): Promise<Result<BroughtIn, Refusal>> {
    return importPacks(await this.#groups.all(), file, this.#verifier, this.#bringing)
  }

  async stopBringing(): Promise<void> {
    this.#bringing.stop()
  }

  backup(
    what: { readonly groups?: readonly GroupId[]; readonly spare?: string } = {},
    sink?: ByteSink,
  ): Promise<Result<MadeBackup, Refusal>> {
    return this.#backups.make(what, sink)
  }

  exportGroup(group: GroupId, sink?: ByteSink): Promise<Result<Blob | null, Refusal>> {
    return this.#backups.export(group, sink)
  }

  checkBackup(file: Blob): Promise<Result<BackupContents, Refusal>> {
    return this.#backups.check(file)
  }

  restore(
    file: Blob,
    how: { readonly words?: string; readonly called?: string } = {},
  ): Promise<Result<PutBack, Refusal>> {
    this.#askToPersist()
    return this.#backups.putBack(file, how)
  }

  async stopBackup(): Promise<void> {
    this.#backing.stop()
  }

  makeSheet(id: GroupId): Promise<Result<MadeSheet, Refusal>> {
    return this.in(id, (group) => this.#recovery.make(group, this.#groups.helpers))
  }

  cancelSheet(id: GroupId, sheet: DeviceId): Promise<Result<null, Refusal>> {
    return this.in(id, (group) => this.#recovery.cancel(group, sheet))
  }

  readSheet(text: string): Promise<Result<DeviceLinkPreview, InvitationFault>> {
    return this.#recovery.read(text)
  }

  recover(text: string, me: { readonly called: string; readonly near?: string }): Promise<Result<GroupId, Refusal>> {
    return this.#recovery.use(text, me.called, me.near ?? '')
  }

  async forget(id: GroupId): Promise<Result<null, Refusal>> {
    const gone = await this.#groups.forget(id)
    return gone.ok ? ok(null) : gone
  }

  watch<Q extends Query>(query: Q, tell: (answer: Answer<Q>) => void): () => void {
    return this.#questions.ask(query, tell)
  }

  search(question: string): Promise<FoundView> {
    return this.#search.find(question)
  }

  addHelper(address: string): Promise<void> {
    return this.#groups.changeHelpers((helpers) => helpers.add(address))
  }

  removeHelper(address: string): Promise<void> {
    return this.#groups.changeHelpers((helpers) => helpers.remove(address))
  }

  addKeeper(id: GroupId, addresses: string): Promise<Result<null, Refusal>> {
    return this.in(id, async () =>
      (await this.#groups.addKeeper(id, addresses)) ? ok(null) : err({ type: 'not an address' }),
    )
  }

  removeKeeper(id: GroupId, peer: string): Promise<Result<null, Refusal>> {
    return this.in(id, async () => {
      await this.#groups.removeKeeper(id, peer)
      return ok(null)
    })
  }

  tellKeeper(id: GroupId, peer: string, tells: boolean): Promise<Result<null, Refusal>> {
    return this.in(id, async (group) => {
      const known = this.#groups.reached(id).keepers.find((keeper) => keeper.peer === peer)
      const addresses = tells ? (known?.addresses ?? []).slice(0, KEEPER_ADDRESSES_LIMIT) : []
      if (tells && !addresses.every(isTellable)) return err({ type: 'not an address' })
      const said = await group.say({ kind: 'keeper', peer, addresses })
      return said.ok ? ok(null) : said
    })
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#questions.stop()
    await this.#following.close()
    await this.#search.close()
    await this.#groups.close()
    await this.#options.store.close()
    await this.#options.secrets.close()
  }

  async #found(draft: GroupDraft, continues: Continues | null, example: boolean): Promise<Result<GroupId, Refusal>> {
    const founding = foundingOf(draft, continues, example)
    if (!founding.ok) return founding
    this.#askToPersist()
    return this.#groups.found(founding.value)
  }

  #workShownAs(view: LongWorkView): LongWork {
    return new LongWork(() => this.#questions.refresh((query) => query.view === view))
  }

  protected async in<T>(id: GroupId, act: (group: Group) => Promise<Result<T, Refusal>>): Promise<Result<T, Refusal>> {
    const group = await this.#groups.get(id)
    if (!group) return err({ type: 'unknown group' })
    this.#askToPersist()
    return act(group)
  }

  /** Does it with two groups of this device; what is written is written in the first. */
  async #between<T>(
    id: GroupId,
    other: GroupId,
    act: (group: Group, other: Group) => Promise<Result<T, Refusal>>,
  ): Promise<Result<T, Refusal>> {
    const second = await this.#groups.get(other)
    return second ? this.in(id, (group) => act(group, second)) : err({ type: 'unknown group' })
  }

  /** The first own write is the moment when losing this device's storage would lose something. */
  #askToPersist(): void {
    if (this.#asked) return
    this.#asked = true
    void this.#options.persist?.().then(
      (answer) => this.#questions.persisted(answer),
      () => undefined,
    )
  }
}
