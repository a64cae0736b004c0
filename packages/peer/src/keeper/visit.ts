import { type Clock, type ControlId, type DeviceId, type Entropy, equalBytes, type Instant } from '@auzolan/core'
import type { Store } from '@auzolan/storage'
import {
  checkPack,
  checkPackKeys,
  encodePackKeys,
  EpochKeys,
  type Nonces,
  openPack,
  openPackKeys,
  type PeerNames,
  proveNextRelay,
  proveRelay,
  type Verifier,
} from '@auzolan/trust'
import { doubledOf, packsAside, packsOf, takeAllIn } from '../acts/packs.ts'
import type { Group } from '../group/group.ts'
import { shownBytes } from '../log/ending.ts'
import { keptKey } from '../log/layout.ts'
import type { Parcel } from '../log/feed-store.ts'
import { bytesOf } from '../log/slice.ts'
import { LongWork } from '../long-work.ts'
import { decodeContent, MAX_EXPANDED_BYTES, type PackContent } from '../pack/content.ts'
import { Carried } from '../sync/carried.ts'
import { digestOf, KeptRecord } from './kept-record.ts'
import { HELD_AT_ONCE_BYTES, MAX_KEPT_BYTES, MAX_PROOFS, MAX_SHELF_PACKS } from './limits.ts'
import type { KeepMessage } from './messages.ts'

export interface VisitParts {
  readonly store: Store
  readonly clock: Clock
  readonly entropy: Entropy
  readonly verifier: Verifier
  readonly keeper: string
  readonly nonces: Nonces
  readonly peers: PeerNames
  readonly number: number
  readonly say: (message: KeepMessage) => void
  /** All that is here lies there now, as it said. */
  readonly left: (at: Instant) => void
  /** The keeper answered, or turned this device away. */
  readonly found: (state: KeeperState) => void
}

/** How it stands with one keeper of one group. `stranger`: it was not asked to keep for this group, or not with a key that is known here. */
export type KeeperState = 'kept' | 'full' | 'stranger' | 'unsound'

type Answer = Extract<KeepMessage, { say: 'in' | 'out' | 'pack' | 'end' | 'kept' | 'refused' }>

/** One group with one of its keepers: gets what is not here, and leaves what is not there. Nothing a keeper says is believed. */
export class Visit {
  readonly group: Group
  readonly #parts: VisitParts
  readonly #handed: EpochKeys[] = []
  #record: KeptRecord | undefined
  #answered: ((answer: Answer | undefined) => void) | undefined
  #running: Promise<void> | undefined
  #again: 'mine' | 'all' | undefined
  #entered = false
  /** The epoch whose relay key it knows, and whether the key in use lies there for who was away. */
  #named: { readonly id: ControlId; readonly keys: EpochKeys } | undefined
  #hasKeys = false
  #over = false
  /** Packs that were none. */
  #unsound = 0

  constructor(group: Group, parts: VisitParts) {
    this.group = group
    this.#parts = parts
  }

  hear(message: KeepMessage): void {
    if (message.say === 'news') void this.round('all')
    else if (message.say === 'out' && this.#entered) this.close()
    else if (isAnswer(message)) this.#answered?.(message)
  }

  /** Gets what is new there, then leaves what is new here: of this device only, or of everybody. Once more where it was asked meanwhile. */
  round(whose: 'mine' | 'all'): Promise<void> {
    this.#again = whose === 'all' ? 'all' : (this.#again ?? whose)
    return (this.#running ??= this.#rounds().finally(() => (this.#running = undefined)))
  }

  close(): void {
    this.#over = true
    this.#answered?.(undefined)
  }

  async #rounds(): Promise<void> {
    while (this.#again && !this.#over) {
      const whose = this.#again
      this.#again = undefined
      if (!this.#entered && !(await this.#enter())) return
      const record = this.#record
      if (!record) return
      await this.#get(record)
      await this.#put(record, whose)
      await this.#keep(record)
    }
  }

  async #enter(): Promise<boolean> {
    const { number, nonces, peers, store, keeper } = this.#parts
    const { ring, keys, id } = this.group
    if (!this.group.isActive(keys.device)) return false
    const first = ring.current
    const others = ring.all.filter(({ id: epoch }) => epoch !== first?.id)
    const shown = [...(first ? [first] : []), ...others].slice(0, MAX_PROOFS)
    const proofs = await Promise.all(
      shown.map(async ({ keys: epoch }) => ({
        relay: epoch.relayKey(),
        signature: await proveRelay(epoch, nonces, peers),
      })),
    )
    if (proofs.length === 0) return false
    const answer = await this.#ask({ say: 'enter', number, proofs })
    const known = answer?.say === 'in' ? shown[answer.which] : undefined
    if (answer?.say !== 'in' || !known) {
      if (answer) this.#parts.found('stranger')
      return false
    }
    this.#record = KeptRecord.decode(await store.get(keptKey(id, keeper)))
    this.#record.begin(answer.shelf)
    this.#entered = true
    this.#parts.found('kept')
    this.#named = known
    this.#hasKeys = known === first && answer.handed
    return true
  }

  /** The group goes on under a key the keeper does not know yet. */
  async #name(known: EpochKeys, next: EpochKeys): Promise<void> {
    const relay = next.relayKey()
    const signature = await proveNextRelay(known, relay)
    await this.#ask({ say: 'next', number: this.#parts.number, relay, signature })
  }

  /** Leaves the key for those who were away when it was made: they would find nothing but packs they cannot open. */
  async #hand(): Promise<void> {
    const { entropy, number } = this.#parts
    const { ring, workspace, id } = this.group
    const { current } = ring
    const recipients = workspace.log.control.recipients()
    if (!current || recipients.length > MAX_HANDED) return
    const bytes = await encodePackKeys(id, current, recipients, entropy, true)
    await this.#ask({ say: 'put', number, relay: current.keys.relayKey(), bytes })
  }

  async #get(record: KeptRecord): Promise<void> {
    let waiting: readonly Parcel[] = []
    const carried = new Carried(this.group.replica)
    const aside = new Set<string>()
    const there: { readonly device: DeviceId; readonly from: number; readonly last: number }[] = []
    for (let got = 0; got < MAX_SHELF_PACKS && !this.#over; got++) {
      const answer = await this.#ask({ say: 'get', number: this.#parts.number, after: record.after })
      if (answer?.say !== 'pack' || answer.at <= record.after) break
      record.after = answer.at
      const content = answer.relay ? await this.#takeKeys(answer.relay, answer.bytes) : await this.#open(answer.bytes)
      if (!content) {
        this.#unsound += 1
        if (this.#unsound < MAX_UNSOUND) continue
        this.#parts.found('unsound')
        return this.close()
      }
      const { parcels, proofs, alone } = content
      if (aside.size < MAX_ASIDE) {
        await carried.hear(proofs, alone)
        for (const held of bytesAside({ proofs, alone })) aside.add(digestOf(held))
      }
      there.push(...parcels.map(({ run: { device, from, count } }) => ({ device, from, last: from + count - 1 })))
      waiting = [
        ...waiting,
        ...parcels.filter(({ run }) => run.from + run.count - 1 > this.group.replica.seqOf(run.device)),
      ]
      if (sizeOf(waiting) < HELD_AT_ONCE_BYTES) continue
      waiting = await this.#takeIn(waiting)
      // What builds on nothing that ever comes is not waited for.
      if (sizeOf(waiting) > MAX_EXPANDED_BYTES) waiting = []
    }
    do {
      waiting = await this.#takeIn(waiting)
    } while (await carried.takeIn())
    const ours = aside.size === 0 ? [] : bytesAside(doubledOf(this.group))
    for (const held of ours) if (aside.has(digestOf(held))) record.keepAside(held)
    // A member may have left what no log accepts: it does not count as being there.
    for (const { device, from, last } of there)
      if (last <= this.group.replica.seqOf(device)) record.has(device, from, last)
  }

  #takeIn(parcels: readonly Parcel[]): Promise<readonly Parcel[]> {
    return takeAllIn(this.group, parcels, new LongWork(() => undefined))
  }

  /** Nothing to take in; `undefined`: nobody of the group left this. */
  async #takeKeys(relay: Uint8Array, bytes: Uint8Array): Promise<Left | undefined> {
    const handed = await checkPackKeys(bytes, relay, this.#parts.verifier)
    if (!handed) return undefined
    const key = await openPackKeys(this.group.id, handed, this.group.keys)
    const keys = key && new EpochKeys(handed.epoch, key)
    if (keys && equalBytes(keys.relayKey(), relay) && this.#handed.length < MAX_PROOFS) this.#handed.push(keys)
    return NOTHING
  }

  /** Nothing: sealed under a key that is not here. `undefined`: no pack, or not of this group. */
  async #open(bytes: Uint8Array): Promise<Left | undefined> {
    const pack = await checkPack(bytes, this.#parts.verifier)
    if (!pack.ok) return undefined
    const all = [...this.group.ring.all.map(({ keys }) => keys), ...this.#handed]
    const keys = all.find((each) => equalBytes(each.relayKey(), pack.value.relay))
    if (!keys) return NOTHING
    const plain = openPack(pack.value, keys)
    const content = plain.ok ? decodeContent(plain.value) : undefined
    return content?.group === this.group.id ? content : undefined
  }

  async #put(record: KeptRecord, whose: 'mine' | 'all'): Promise<void> {
    const { ring, replica, keys } = this.group
    const { current } = ring
    if (!current || this.#over || !this.group.isActive(keys.device)) return
    if (this.#named && this.#named.id !== current.id) {
      await this.#name(this.#named.keys, current.keys)
      ;[this.#named, this.#hasKeys] = [current, false]
    }
    if (!this.#hasKeys) await this.#hand()
    this.#hasKeys = true
    const devices = whose === 'mine' ? [keys.device] : replica.devices
    const behind = devices.filter((device: DeviceId) => replica.seqOf(device) > (record.marks.get(device) ?? 0))
    for await (const { sealed, upTo } of packsOf(this.group, current.keys, this.#parts, record.marks, behind)) {
      if (!(await this.#leave(record, sealed))) return
      for (const [device, seq] of upTo) record.marks.set(device, seq)
    }
    const { proofs, alone } = whose === 'mine' ? NOTHING : doubledOf(this.group)
    const unleft = {
      proofs: proofs.filter((proof) => !record.hasAside(proof)),
      alone: alone.filter((shown) => !record.hasAside(shownBytes(shown))),
    }
    for (const { sealed, ...held } of await packsAside(this.group, current.keys, this.#parts, unleft)) {
      if (!(await this.#leave(record, sealed))) return
      for (const bytes of bytesAside(held)) record.keepAside(bytes)
    }
    const isWhole = replica.devices.every((device) => replica.seqOf(device) <= (record.marks.get(device) ?? 0))
    if (isWhole) this.#parts.left((record.whole = this.#parts.clock.now()))
  }

  /** False: it does not lie there. */
  async #leave(record: KeptRecord, sealed: Uint8Array): Promise<boolean> {
    if (sealed.length > MAX_KEPT_BYTES) return false
    const answer = await this.#ask({ say: 'put', number: this.#parts.number, relay: null, bytes: sealed })
    if (answer?.say === 'refused') this.#parts.found(answer.why === 'stranger' ? 'stranger' : 'full')
    if (answer?.say !== 'kept') return false
    // What others left in between is still to be got.
    if (answer.at === record.after + 1) record.after = answer.at
    return true
  }

  async #keep(record: KeptRecord): Promise<void> {
    const { store, keeper } = this.#parts
    const key = keptKey(this.group.id, keeper)
    await store.write([{ do: 'put', key, value: record.encode() }], { durability: 'relaxed' })
  }

  #ask(message: KeepMessage): Promise<Answer | undefined> {
    if (this.#over) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      this.#answered = (answer) => {
        this.#answered = undefined
        resolve(answer)
      }
      this.#parts.say(message)
    })
  }
}

const sizeOf = (parcels: readonly Parcel[]): number => parcels.reduce((sum, { run }) => sum + bytesOf(run), 0)

const answers: ReadonlySet<KeepMessage['say']> = new Set(['in', 'out', 'pack', 'end', 'kept', 'refused'])
const isAnswer = (message: KeepMessage): message is Answer => answers.has(message.say)

/** Wraps among which a carrier does not see how many there are; more devices are handed the key by members only. */
const MAX_HANDED = 1024
/** What was left with a keeper, once opened. */
type Left = Omit<PackContent, 'group' | 'heads'>
const NOTHING: Left = { parcels: [], proofs: [], alone: [] }

const bytesAside = ({ proofs, alone }: Pick<PackContent, 'proofs' | 'alone'>): readonly Uint8Array[] => [
  ...proofs,
  ...alone.map(shownBytes),
]

/** Of proofs and entries that stand alone, in one visit: after so many no further pack is looked through for them. */
const MAX_ASIDE = 4_096
/** What is no pack of the group, after which a keeper is asked for nothing more on this link. */
const MAX_UNSOUND = 8
