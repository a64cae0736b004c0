import { compareBytes, type ControlId, DeviceId, err, type GroupId, type Instant, ok, type Result } from '@auzolan/core'
import { type Expectation, type Op, type Store, StoreError } from '@auzolan/storage'
import {
  ControlLog,
  type DeviceKeys,
  type Entry,
  type GroupState,
  headerBytes,
  type HeldFeed,
  type ItemDraft,
  type Run,
  runOf,
  signEntry,
  type Verifier,
  verifyEntryAlone,
} from '@auzolan/trust'
import { Admission, type Receipt, type Staged, type Stop } from './admission.ts'
import { controlOps, loadControl, strayOps } from './control-store.ts'
import type { StandsAlone } from './ending.ts'
import { evidenceOf, type Freeze, Frozen, type SignedHeader } from './evidence.ts'
import type { Parcel } from './feed-store.ts'
import { Feeds, type FrontierLine } from './feeds.ts'
import type { Hole } from './holes.ts'
import { straysKey, tipsKey } from './layout.ts'
import { Queue } from './queue.ts'
import { Repair } from './repair.ts'
import { Rewound } from './rewound.ts'
import { Strays } from './strays.ts'
import { type Vouch, Vouched } from './vouched.ts'

/** Entries that were accepted and are on disk. `repaired`: had once before, and fetched again. */
export type Listener = (entries: readonly Entry[], from: 'here' | 'elsewhere' | 'repaired') => void

/**
 * The signed log of one group on this device: the only way in for entries, own or received. Everything is verified and judged before it is
 * stored, and stored before anybody hears of it.
 */
export class GroupLog {
  readonly group: GroupId
  readonly #store: Store
  readonly #verifier: Verifier
  #control: ControlLog
  /** Control entries that no feed may bring. */
  readonly strays: Strays
  readonly #frozen: Frozen
  readonly #rewound: Rewound
  #self: DeviceId | undefined
  readonly #feeds: Feeds
  readonly #vouched: Vouched
  readonly #repair: Repair
  readonly #admission: Admission
  readonly #queue = new Queue()
  readonly #listeners = new Set<Listener>()

  private constructor(store: Store, group: GroupId, verifier: Verifier, feeds: Feeds) {
    this.#store = store
    this.group = group
    this.#feeds = feeds
    this.#verifier = verifier
    this.#control = new ControlLog(group, verifier)
    this.#frozen = new Frozen(group, verifier)
    this.#rewound = new Rewound(group)
    this.#vouched = new Vouched(store, group, feeds)
    this.#repair = new Repair({
      store,
      group,
      verifier,
      feeds,
      control: () => this.#control,
      repaired: (entries) => this.#tell(entries, 'repaired'),
    })
    this.#admission = new Admission({
      group,
      verifier,
      feeds,
      frozen: this.#frozen,
      control: () => this.#control,
      fill: (feed, hole, run) => this.#repair.fill(feed, hole, run),
    })
    this.strays = new Strays({
      group,
      verifier,
      frozen: this.#frozen,
      control: () => this.#control,
      missing: () => this.#admission.missing,
    })
  }

  /** Opens what this device holds of a group; an empty log where it holds nothing. */
  static async open(store: Store, group: GroupId, verifier: Verifier): Promise<GroupLog> {
    const log = new GroupLog(store, group, verifier, await Feeds.open(store, group, verifier))
    await log.#frozen.load(store)
    await log.#rewound.load(store)
    await log.#loadControl()
    await log.#vouched.load(log.#control)
    return log
  }

  onAccepted(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  get control(): ControlLog {
    return this.#control
  }
  get state(): GroupState {
    return this.#control.state()
  }
  get devices(): Iterable<DeviceId> {
    return this.#feeds.devices
  }
  seqOf(device: DeviceId): number {
    return this.#feeds.seqOf(device)
  }
  /** Entries made by a newer app, or refused: why this feed goes no further here. */
  stoppedAt(device: DeviceId): { readonly seq: number; readonly reason: Stop } | undefined {
    return this.#admission.refused.get(device)
  }
  /** Something here was made by a newer app. */
  get newerVersion(): boolean {
    return [...this.#admission.refused.values()].some(
      ({ reason }) => reason.type === 'newer' || reason.type === 'version',
    )
  }
  get heldBack(): number {
    return this.#admission.heldBack
  }

  /** Devices that signed two entries for one place. Nothing more of them is taken in. */
  get frozen(): ReadonlyMap<DeviceId, Freeze> {
    return this.#frozen.all
  }
  /** Whether what this device wrote came back from others: it signs nothing more. */
  isRewound(device: DeviceId): boolean {
    return this.#rewound.has(device)
  }
  /** What was here once and cannot be read any more. */
  get holes(): readonly (Hole & { readonly device: DeviceId })[] {
    return this.#repair.holes
  }

  /** Feeds of devices that are out, and the last entry of each that counts: what comes after is kept and not shown. */
  get counted(): ReadonlyMap<DeviceId, number> {
    return this.#vouched.counted
  }
  /** What this device can say for others who are out, and nobody has said. */
  get unsaid(): readonly Vouch[] {
    return this.#vouched.unsaid
  }
  /** Says whose log this is, among those whose entries are in it. */
  speakFor(device: DeviceId): Promise<void> {
    return this.#queue.run(() => {
      this.#self = device
      return this.#vouched.speakFor(device, this.#control)
    })
  }
  /** How far these feeds are here and count, to be named in an entry. */
  held(devices: Iterable<DeviceId>): Promise<readonly HeldFeed[]> {
    return this.#queue.run(() => this.#vouched.held(devices))
  }

  frontier(): FrontierLine[] {
    return this.#feeds.frontier()
  }
  runs(device: DeviceId, from = 1): AsyncGenerator<Run> {
    return this.#feeds.runs(device, from)
  }
  runHolding(device: DeviceId, seq: number): Promise<Run | undefined> {
    return this.#feeds.runHolding(device, seq)
  }
  parcelFrom(device: DeviceId, from: number, last?: number): Promise<Parcel | undefined> {
    return this.#feeds.parcelFrom(device, from, last)
  }

  /**
   * Signs and stores one entry of this device, if the group's rules allow it: a refused one would block this device's feed everywhere.
   * Resolves once it is on disk. `also` is written in the same transaction.
   */
  append(
    keys: DeviceKeys,
    at: Instant,
    items: readonly ItemDraft[],
    also: readonly Op[] = [],
  ): Promise<Result<Entry, Stop>> {
    return this.#queue.run(async () => {
      for (let tries = 1; ; tries++) {
        if (this.#frozen.all.has(keys.device)) return err({ type: 'frozen device' })
        if (this.isRewound(keys.device)) return err({ type: 'rewound', detail: 'others hold more of this feed' })
        const tip = await this.#feeds.tip(keys.device)
        if (!tip) return err({ type: 'damaged', detail: 'the end of our own feed cannot be read' })
        const signed = await signEntry(tip, this.group, keys, { at, heads: this.#control.heads, items })
        const feed = this.#feeds.begun(keys.device)
        const plan = await feed.plan([{ run: runOf([signed.entry]) }], signed.tip)
        const { verdict } = await this.#admission.judge(tip, [signed.entry])
        if (verdict.is !== 'accepted') return err(verdict.is === 'refused' ? verdict.reason : { type: 'malformed' })
        const learnt = this.#vouched.learn(this.#control)
        const ops = [...plan.ops, ...also, ...controlOps(this.group, [signed.entry]), ...learnt.ops]
        if (!(await this.#write(ops, [plan.expect], 'strict'))) {
          await this.#refresh(keys.device)
          stopAfter(tries)
          continue
        }
        plan.done()
        this.#feeds.keep(signed.tip)
        learnt.done()
        await this.#count([signed.entry])
        this.#tell([signed.entry], 'here')
        return ok(signed.entry)
      }
    })
  }

  /** Verifies, judges and stores runs from anyone. One receipt a run; nothing is heard of before it is on disk. */
  receive(parcels: readonly Parcel[], options: ReceiveOptions = { durability: 'relaxed' }): Promise<Receipt[]> {
    return this.#queue.run(async () => {
      for (let tries = 1; ; tries++) {
        const { receipts, staged, putBack } = await this.#admission.admit(parcels)
        let written = false
        try {
          written = await this.#commit(staged, options)
        } finally {
          if (!written) putBack()
        }
        if (written) return receipts
        for (const device of staged.keys()) await this.#refresh(device)
        stopAfter(tries)
      }
    })
  }

  /**
   * Judges and stores control entries of devices that signed two for one place, without their feeds. Those that something here builds on are
   * `needed`. Answers those that wait for their past.
   */
  takeAlone(entries: readonly StandsAlone[], needed: ReadonlySet<ControlId>): Promise<readonly StandsAlone[]> {
    return this.#queue.run(async () => {
      for (let tries = 1; ; tries++) {
        const { accepted, waiting } = await this.strays.judge(entries, needed)
        const { staged, putBack } = await this.#admission.admit([])
        let written = false
        try {
          written = await this.#commit(staged, { durability: 'relaxed' }, accepted)
        } finally {
          if (!written) putBack()
        }
        if (written) return waiting
        for (const device of staged.keys()) await this.#refresh(device)
        stopAfter(tries)
      }
    })
  }

  /** What a device has named or said last, as far as its feed is here: whatever it says next builds on that. */
  async lastSeenBy(device: DeviceId): Promise<readonly ControlId[]> {
    const tip = await this.#feeds.tip(device)
    const newest = this.#control.newestOf(device)
    return [...(tip?.heads ?? []), ...(newest ? [newest] : [])]
  }

  /** One entry as its author signed it, for a proof. `undefined` where it cannot be read, or no signature of it is held. */
  signedHeader(device: DeviceId, seq: number): Promise<SignedHeader | undefined> {
    return this.#queue.run(async () => {
      const entry = await this.#feeds.entryAt(device, seq)
      return entry?.signature ? { header: headerBytes(entry), signature: entry.signature } : undefined
    })
  }

  /**
   * Somebody holds this entry. Where it is not the one that lies here at its place, both together prove that its device signed two:
   * they are kept, and the device is frozen. Answers the proof.
   */
  async confront(claim: SignedHeader): Promise<Uint8Array | undefined> {
    const header = await verifyEntryAlone(claim.header, claim.signature, this.#verifier)
    if (!header.ok || header.value.group !== this.group || header.value.seq > this.seqOf(header.value.device))
      return undefined
    const { device, seq } = header.value
    const known = this.#frozen.all.get(device)
    if (known) return known.bytes
    const mine = await this.signedHeader(device, seq)
    if (!mine || compareBytes(mine.header, claim.header) === 0) return undefined
    const bytes = evidenceOf(mine, claim)
    return (await this.freeze(bytes)) ? bytes : undefined
  }

  /** Keeps a proof that a device signed two entries for one place. False: it proves nothing here, or nothing new. */
  async freeze(bytes: Uint8Array): Promise<boolean> {
    const proven = await this.#frozen.check(bytes)
    if (!proven || this.#frozen.all.has(proven.device)) return false
    const { op, done } = this.#frozen.keep(proven.device, { seq: proven.seq, bytes })
    await this.#store.write([op], { durability: 'strict' })
    done()
    this.#admission.drop(proven.device)
    this.#tell([], 'elsewhere')
    return true
  }

  /** Erases the texts of entries from this disk: their author withdrew them. What is sent from now on goes without them. */
  erase(device: DeviceId, seqs: readonly number[]): Promise<void> {
    return this.#queue.run(async () => {
      for (let tries = 1; ; tries++) {
        const erased = await this.#feeds.get(device)?.erase(seqs)
        if (!erased || (await this.#store.write(erased.ops, { expect: [erased.expect], durability: 'strict' }))) return
        await this.#refresh(device)
        stopAfter(tries)
      }
    })
  }

  /** Reads everything once, so that what was damaged is known and asked for. */
  inspect(): Promise<void> {
    return this.#queue.run(async () => {
      if (await this.#repair.inspect()) this.#tell([], 'elsewhere')
    })
  }

  /** Takes in what another tab of this profile has stored. */
  refresh(): Promise<void> {
    return this.#queue.run(async () => {
      await this.#frozen.load(this.#store)
      const strays = await this.#store.range({ prefix: straysKey(this.group) })
      if (strays.length !== this.strays.size) {
        await this.#loadControl()
        await this.#vouched.load(this.#control)
        this.#tell([], 'elsewhere')
      }
      const saved = await this.#store.range({ prefix: tipsKey(this.group) })
      for (const { key } of saved) {
        const device = DeviceId.parse(key.at(-1))
        if (device) await this.#refresh(device)
      }
    })
  }

  /** False: another tab was faster, nothing was written. */
  async #commit(
    staged: ReadonlyMap<DeviceId, Staged>,
    { durability, also = [] }: ReceiveOptions,
    alone: readonly StandsAlone[] = [],
  ): Promise<boolean> {
    if (staged.size === 0 && alone.length === 0) return true
    const learnt = this.#vouched.learn(this.#control)
    const ops: Op[] = [...also, ...learnt.ops, ...strayOps(this.group, alone)]
    const expect: Expectation[] = []
    const done: (() => void)[] = [learnt.done]
    const entries: Entry[] = []
    for (const { tip, entries: accepted, parcels } of staged.values()) {
      const feed = this.#feeds.begun(tip.device)
      const plan = await feed.plan(parcels, tip)
      ops.push(...plan.ops, ...controlOps(this.group, accepted))
      expect.push(plan.expect)
      done.push(plan.done, () => this.#feeds.keep(tip))
      entries.push(...accepted)
      if (tip.device !== this.#self || this.isRewound(tip.device)) continue
      const rewound = this.#rewound.keep(tip.device)
      ops.push(rewound.op)
      done.push(rewound.done)
    }
    if (!(await this.#write(ops, expect, durability))) return false
    for (const finish of done) finish()
    if (this.strays.keep(alone)) await this.#loadControl()
    await this.#count([...alone, ...entries])
    if (alone.length > 0) this.#tell([], 'elsewhere')
    if (entries.length > 0) this.#tell(entries, 'elsewhere')
    return true
  }

  /** Writes what was judged already; where that fails, who is in is read from disk again, as if it had not been judged. */
  async #write(
    ops: readonly Op[],
    expect: readonly Expectation[],
    durability: ReceiveOptions['durability'],
  ): Promise<boolean> {
    let written = false
    try {
      written = await this.#store.write(ops, { expect, durability })
    } finally {
      if (!written && ops.some((op) => op.do === 'put' && CONTROL_PARTS.has(op.key[2])))
        await this.#loadControl().catch(() => undefined)
    }
    return written
  }

  /** Takes in what another tab wrote to this feed. */
  async #refresh(device: DeviceId): Promise<void> {
    const fresh = await this.#feeds.news(device)
    let early = false
    for (const entry of fresh)
      if (entry.id && (await this.#control.judge(entry, { trusted: true })).is === 'waiting') early = true
    // It builds on what lies in a feed that is looked at later.
    if (early) await this.#loadControl()
    if (fresh.some(({ id }) => id)) await this.#vouched.load(this.#control)
    if (fresh.length > 0) this.#tell(fresh, 'elsewhere')
  }

  /** What counts changes with who is out, and with feeds of theirs. */
  async #count(entries: readonly Entry[]): Promise<void> {
    if (entries.some(({ id, device }) => id || this.counted.has(device))) await this.#vouched.count(this.#control)
  }

  async #loadControl(): Promise<void> {
    const { control, unplaced, strays } = await loadControl(this.#store, this.group, this.#verifier, this.#feeds)
    this.#control = control
    this.strays.restore(strays, unplaced)
  }

  #tell(entries: readonly Entry[], from: 'here' | 'elsewhere' | 'repaired'): void {
    for (const listener of this.#listeners) listener(entries, from)
  }
}

/** `strict` for what only this device has. `also` is written in the same transaction. */
export interface ReceiveOptions {
  readonly durability: 'strict' | 'relaxed'
  readonly also?: readonly Op[]
}

/** Where in a key a control record says what it is. */
const CONTROL_PARTS: ReadonlySet<unknown> = new Set(['control', 'stray'])

/** Each try that fails means that another tab wrote. Where nothing of it can be read, it has removed the group. */
const stopAfter = (tries: number): void => {
  if (tries >= MOST_TRIES) throw new StoreError('failed', 'what lies on disk is not what was written here')
}
const MOST_TRIES = 50
