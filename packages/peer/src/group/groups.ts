import { type DeviceId, type GroupId, type HomeView, type Result, err, ok } from '@auzolan/core'
import { peerIdText } from '@auzolan/network'
import { StoreError } from '@auzolan/storage'
import type { KeyStore, Verifier } from '@auzolan/trust'
import { loadExample } from '../example/load.ts'
import type { EndOf } from '../log/ending.ts'
import type { GroupLog } from '../log/group-log.ts'
import { groupKey, groupPrefix } from '../log/layout.ts'
import type { Reached } from '../answers/reach.ts'
import type { LongWork } from '../long-work.ts'
import type { PeerOptions, Refusal } from '../peer.ts'
import type { SampleSize } from '../sample/index.ts'
import { Background } from './background.ts'
import { foundGroup, type Founding } from './found.ts'
import type { Change, Group } from './group.ts'
import type { GroupRecord, Joining } from './group-record.ts'
import type { Helpers } from './helpers.ts'
import { OpenGroups } from './open-groups.ts'
import { Quiet } from './quiet.ts'
import { GroupRecords } from './records.ts'
import { Sessions } from './sessions.ts'
import { type Heard, Tabs } from './tabs.ts'

/** The groups this device takes part in, and the sessions in which they are exchanged. */
export class Groups {
  readonly #options: PeerOptions
  readonly #keys: KeyStore
  readonly #records: GroupRecords
  readonly #quiet: Quiet
  readonly #tabs: Tabs
  readonly #open: OpenGroups
  readonly #sessions: Sessions
  readonly #tell: (group: GroupId | 'records', change: Change) => void
  #writing: Promise<Result<GroupId, Refusal>> | undefined
  readonly #background = new Background()

  constructor(
    options: PeerOptions,
    verifier: Verifier,
    keys: KeyStore,
    tell: (group: GroupId | 'records', change: Change) => void,
  ) {
    this.#options = options
    this.#keys = keys
    this.#tell = tell
    const { store, later = systemLater } = options
    this.#open = new OpenGroups(options, verifier, keys, {
      opening: (group) => this.#sessions.keepers.read(group),
      opened: (group) => this.#opened(group),
      dropped: (group) => this.#quiet.drop(group),
    })
    this.#records = new GroupRecords(store, keys, (group) => this.log(group))
    this.#sessions = new Sessions(
      { ...options, later },
      verifier,
      this.#background,
      () => this.#open.all,
      (group) => this.#tell(group, 'status'),
    )
    this.#tabs = new Tabs(options.siblings, later)
    this.#quiet = new Quiet(store, this.#background, later, (group) => this.#open.isOpen(group))
  }

  async start(): Promise<void> {
    await this.#readRecords()
    this.#tabs.hear((message) => this.#background.run(() => this.#hear(message)))
    this.#sessions.onReached((reached) => this.#tabs.tell({ type: 'reached', reached }))
    this.#tabs.tell({ type: 'who' })
    await this.#sessions.start()
    for (const group of this.#records.ids) this.#background.run(() => this.get(group))
  }

  get ids(): readonly GroupId[] {
    return this.#records.ids
  }

  record(id: GroupId): GroupRecord | undefined {
    return this.#records.get(id)
  }

  /** Opens the group if this device takes part in it. */
  get(id: GroupId): Promise<Group | undefined> {
    const record = this.#records.get(id)
    return record ? this.#open.get(record) : Promise.resolve(undefined)
  }

  /** Those that open, of all this device takes part in. */
  async all(): Promise<readonly Group[]> {
    const groups = await Promise.all(this.ids.map((id) => this.get(id)))
    return groups.flatMap((group) => group ?? [])
  }

  /** The home screen as it was last kept, while the group is still being opened; `undefined` from then on. */
  async keptHome(id: GroupId): Promise<HomeView | undefined> {
    if (this.#open.now(id) || !this.#records.has(id)) return undefined
    const kept = await this.#quiet.home(id)
    return kept && !this.#open.now(id) ? kept : undefined
  }

  /** Whether this device may write in the group. */
  async isIn(id: GroupId): Promise<boolean> {
    const group = await this.get(id)
    return group !== undefined && group.isActive(group.keys.device) && !group.isSetAside
  }

  /** Whether this device has to come in again with another key. */
  async isSetAside(id: GroupId): Promise<boolean> {
    return (await this.get(id))?.isSetAside ?? false
  }

  /** Why this device's part in the group is over, by what is known here; `undefined`: it is in, or never was. */
  async endOf(id: GroupId): Promise<EndOf | undefined> {
    const group = await this.get(id)
    return group?.endings.of(group.keys.device)?.why
  }

  /** Keys that were never in the group, for who comes in anew: a device that was locked out has to have others. */
  async unusedKeys(id: GroupId): ReturnType<KeyStore['create']> {
    const group = await this.get(id)
    const isUnused = group?.record.standing === 'joining' && !group.isRevoked
    return (isUnused && (await this.#keys.open(group.keys.device))) || this.#keys.create()
  }

  /** Founds a group and opens it. Resolves once it is on disk; what continues another is opened in its own time. */
  async found(founding: Founding): Promise<Result<GroupId, Refusal>> {
    return this.#saving(async () => {
      const record = await foundGroup(this.#open.parts, await this.#keys.create(), founding)
      this.#records.note(record)
      const opening = this.get(record.group)
      if (!founding.continues) await opening
      return record.group
    })
  }

  /** Adds the example group, with this person as its newest member. */
  example(name: string, size: SampleSize, writing: LongWork): Promise<Result<GroupId, Refusal>> {
    return (this.#writing ??= this.#writeExample(name, size, writing).finally(() => (this.#writing = undefined)))
  }

  async #writeExample(name: string, size: SampleSize, writing: LongWork): Promise<Result<GroupId, Refusal>> {
    const known = this.#records.all.find(({ example }) => example)
    if (known) return ok(known.group)
    writing.begin()
    let written: GroupRecord | undefined
    const saved = await this.#saving(async () => {
      const keys = await this.#keys.create()
      written = await loadExample(this.#open.parts, keys, { name, size }, writing, (id) => this.clear(id))
      if (!written) return this.#keys.forget(keys.device)
      this.#records.note(written)
      await this.get(written.group)
    }).finally(() => writing.end(written !== undefined))
    if (!saved.ok) return saved
    return written ? ok(written.group) : err({ type: 'stopped' })
  }

  /** The log of a group, whether or not this device takes part in it. */
  log(id: GroupId): Promise<GroupLog> {
    return this.#open.parts.logs(id)
  }

  /** A group whose entries have been put back on this device: it reads, and writes once it is let in. */
  async putBack({ group, name, example, was }: Pick<GroupRecord, 'group' | 'name' | 'example' | 'was'>): Promise<void> {
    const { device } = await this.#keys.create()
    const record: GroupRecord = {
      group,
      standing: 'joining',
      device,
      name,
      since: this.#options.clock.now(),
      example,
      joining: null,
      ...(was ? { was } : {}),
    }
    await this.#records.write(record)
    this.#records.note(record)
    await this.get(group)
    this.#tabs.tell({ type: 'records' })
    this.#tell('records', 'standing')
  }

  /** Keeps a signed request to be let in and opens its group: sessions carry it to whoever of the group is met. */
  async ask({ group, device, name, peers, ...joining }: Asking): Promise<Result<GroupId, Refusal>> {
    const record: GroupRecord = {
      group,
      standing: 'joining',
      device,
      name,
      since: this.#options.clock.now(),
      example: false,
      joining: { ...joining, peers: peers.flatMap((peer) => peerIdText(peer) ?? []) },
    }
    const before = await this.get(group)
    return this.#saving(async () => {
      await this.#records.write(record)
      // First of all the record: whoever asks for the group meanwhile opens it by the new one.
      this.#records.note(record)
      await this.#open.drop(record.group)
      // What it signs from now on could contradict what it signed already.
      if (before?.isSetAside && before.keys.device !== device) await this.#keys.forget(before.keys.device)
      await this.get(record.group)
      return record.group
    })
  }

  /** Removes a group from this device. What another group here continues stays readable to that one. */
  async forget(id: GroupId): Promise<Result<GroupId, Refusal>> {
    const record = this.#records.get(id)
    if (!record) return err({ type: 'unknown group' })
    return this.#saving(async () => {
      await this.#open.drop(id)
      const continued = this.#open.isContinued(id)
      await this.#options.store.write(
        [
          { do: 'remove', key: groupKey(id) },
          ...(continued ? [] : [{ do: 'removeRange', prefix: groupPrefix(id) } as const]),
        ],
        { durability: 'strict' },
      )
      this.#records.remove(id)
      await this.#open.drop(id)
      if (!continued) this.#open.forgetLog(id)
      await this.#keys.forget(record.device)
      return id
    })
  }

  /** Removes the entries of a group that is not listed here and that no other continues. */
  async clear(id: GroupId): Promise<void> {
    if (this.#records.has(id) || this.#open.isContinued(id)) return
    await this.#options.store.write([{ do: 'removeRange', prefix: groupPrefix(id) }], { durability: 'relaxed' })
    this.#open.forgetLog(id)
  }

  /** Whom this device is connected to, and who keeps for the group. */
  reached(group: GroupId): Reached {
    return this.#sessions.reached(group)
  }

  /** Where anybody may be met. */
  get helpers(): readonly string[] {
    return this.#sessions.helpers.all
  }

  async changeHelpers(change: (helpers: Helpers) => Promise<void>): Promise<void> {
    await change(this.#sessions.helpers)
    this.#tabs.tell({ type: 'helpers' })
    this.#reachChanged(this.ids)
  }

  /** Leaves the group's packs with who is at these addresses, too. False: these are none. */
  async addKeeper(group: GroupId, addresses: string): Promise<boolean> {
    if (!(await this.#sessions.keepers.add(group, addresses))) return false
    this.#tabs.tell({ type: 'keepers', group })
    this.#reachChanged([group])
    return true
  }

  async removeKeeper(group: GroupId, peer: string): Promise<void> {
    await this.#sessions.keepers.remove(group, peer)
    this.#tabs.tell({ type: 'keepers', group })
    this.#reachChanged([group])
  }

  /** Looks for others elsewhere than before, on behalf of these groups. */
  #reachChanged(groups: readonly GroupId[]): void {
    this.#sessions.look()
    this.#sessions.greet()
    for (const group of groups) this.#tell(group, 'status')
  }

  async close(): Promise<void> {
    this.#tabs.stop()
    this.#quiet.stop()
    await this.#sessions.close()
    await this.#background.end()
    await this.#open.close((group) => this.#quiet.keepHome(group))
  }

  #opened(group: Group): void {
    this.#records.keep(group.record)
    group.onChange((change) => this.#changed(group, change))
    // What another tab stored while this one was reading.
    if (this.#tabs.exist) this.#background.run(() => group.refresh())
    this.#sessions.greet()
    this.#quiet.tidy(group)
    this.#quiet.inspect(group)
    this.#sessions.look()
    this.#tabs.tell({ type: 'records' })
    this.#tabs.tell({ type: 'ask', group: group.id })
    this.#tell('records', 'standing')
    this.#tell(group.id, 'standing')
  }

  #changed(group: Group, change: Change): void {
    if (!this.#open.isOpen(group)) return
    this.#records.keep(group.record)
    // To others first: what is shown here takes longer to work out.
    if (change === 'entries' || change === 'people') {
      this.#sessions.push(group.id)
      this.#quiet.tidy(group)
      this.#tabs.tell({ type: 'group', group: group.id })
    }
    this.#tell(group.id, change)
    if (change === 'keys' || change === 'people') this.#sessions.recognise()
    if (change === 'linking') this.#onLinking(group)
    if (change === 'people' && group.replica.missesOrigin) this.#background.run(() => this.#reopen(group))
    if (change === 'near' || change === 'people') this.#sessions.introduce()
    if (change === 'standing') this.#sessions.look()
    if (change === 'status' && this.#sessions.any) this.#tabs.shareLater(group)
  }

  /** One tab shows the link, another may hold the network. */
  #onLinking(group: Group): void {
    this.#sessions.push(group.id)
    this.#sessions.recognise()
    const link = group.linking.takeNews()
    if (link) this.#tabs.tell({ type: 'linking', group: group.id, link })
  }

  /** The founding entry of a group that continues another has arrived: read that one's log too. */
  async #reopen(group: Group): Promise<void> {
    if (!this.#open.isOpen(group)) return
    await this.#open.drop(group.id)
    await this.get(group.id)
  }

  /** Another tab of this profile stored something, or asks what this one knows. */
  async #hear({ type, group, known, connected, link, reached }: Heard): Promise<void> {
    if (type === 'who') this.#sessions.shareReached()
    if (type === 'reached' && this.#sessions.adopt(reached)) for (const id of this.ids) this.#tell(id, 'near')
    if (type === 'records') {
      await this.#readRecords()
      this.#tell('records', 'standing')
      for (const id of this.#records.ids) this.#background.run(() => this.get(id))
    }
    if (type === 'helpers') {
      await this.#sessions.helpers.read()
      this.#reachChanged(this.ids)
    }
    const open = group && this.#open.now(group)
    if (!open) return
    if (type === 'keepers') {
      await this.#sessions.keepers.read(group)
      this.#reachChanged([group])
    }
    if (type === 'group') await open.refresh()
    if (type === 'ask' && this.#sessions.any) this.#tabs.shareLater(open)
    if (type === 'ask' && open.linking.link) this.#tabs.tell({ type: 'linking', group, link: open.linking.link })
    if (type === 'linking') open.linking.adopt(link)
    if (type === 'known' && !this.#sessions.any) open.reach.adopt(known, connected)
  }

  async #readRecords(): Promise<void> {
    for (const id of await this.#records.read((id) => this.#open.now(id)?.record)) await this.#open.drop(id)
  }

  async #saving<T>(job: () => Promise<T>): Promise<Result<T, Refusal>> {
    try {
      const value = await job()
      this.#tabs.tell({ type: 'records' })
      this.#tell('records', 'standing')
      return ok(value)
    } catch (error) {
      if (error instanceof StoreError) return err({ type: 'not saved', why: error.kind })
      throw error
    }
  }
}

/** A request to be let in, and what the link it came by says. `name`: of the group. `peers`: ids, as bytes. */
export interface Asking extends Omit<Joining, 'peers'> {
  readonly group: GroupId
  readonly device: DeviceId
  readonly name: string
  readonly peers: readonly Uint8Array[]
}

export const systemLater = (milliseconds: number, job: () => void): (() => void) => {
  const timer = setTimeout(job, milliseconds)
  return () => clearTimeout(timer)
}
