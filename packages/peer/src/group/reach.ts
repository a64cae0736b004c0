import { type Clock, DeviceId, type Instant } from '@auzolan/core'
import type { Store } from '@auzolan/storage'
import { knownKey } from '../log/layout.ts'
import { writeSpare } from '../log/spare.ts'
import type { Group } from './group.ts'
import { Removals } from './removals.ts'

type House = Pick<Group, 'id' | 'known' | 'ownSeq' | 'keys' | 'endings' | 'isActive'>

export interface ReachParts {
  readonly store: Store
  readonly clock: Clock
  /** Since when this device takes part. */
  readonly since: Instant
  readonly tell: (change: 'status' | 'told' | 'near') => void
}

/** Who of a group is in reach, and what others hold of what this device wrote, as far as they said so themselves. */
export class Reach {
  readonly #house: House
  readonly #parts: ReachParts
  readonly #removals = new Removals()
  /** Whom those in reach would introduce, by who would. */
  readonly #near = new Map<string, readonly string[]>()
  #onlyHereSince: Instant | null

  constructor(house: House, parts: ReachParts) {
    this.#house = house
    this.#parts = parts
    this.#onlyHereSince = this.#heldElsewhere() ? null : parts.since
  }

  /** Since when something of this device is known to be nowhere else; `null`: everything is somewhere else too. */
  get onlyHereSince(): Instant | null {
    return this.#onlyHereSince
  }

  written(at: Instant): void {
    this.#onlyHereSince ??= at
  }

  get near(): ReadonlyMap<string, readonly string[]> {
    return this.#near
  }

  /** Active devices of the group that are connected to this one, by peer id. */
  get here(): readonly string[] {
    const { known } = this.#house
    const devices = [...known.connected.keys()].filter((device) => this.#house.isActive(device))
    return devices.flatMap((device) => known.all.get(device)?.peer || [])
  }

  met(device: DeviceId, peer: string): void {
    this.#house.known.met(device, peer, this.#parts.clock.now())
    this.#parts.tell('status')
    this.#parts.tell('near')
  }

  parted(device: DeviceId): void {
    const { known } = this.#house
    known.parted(device)
    if (!known.connected.has(device)) this.#near.delete(known.all.get(device)?.peer ?? '')
    this.#parts.tell('status')
    this.#parts.tell('near')
  }

  /** These do not answer at the moment, instead of those before. Their sessions go on: only what is shown changes. */
  quiet(peers: ReadonlySet<string>): void {
    const { known } = this.#house
    const before = known.here.length
    known.quiet = peers
    if (known.here.length !== before) this.#parts.tell('status')
  }

  /** Somebody in reach would introduce these. */
  told(peer: string, others: readonly string[]): void {
    if (others.length > 0) this.#near.set(peer, others)
    else this.#near.delete(peer)
    this.#parts.tell('near')
  }

  nobody(): void {
    if (this.#house.known.connected.size === 0) return
    this.#house.known.connected.clear()
    this.#near.clear()
    this.#parts.tell('status')
  }

  /** A device holds these feeds up to these numbers. */
  heard(device: DeviceId, lines: ReadonlyMap<DeviceId, number>): void {
    const { known, keys, endings } = this.#house
    const told = this.#removals.heldIn(endings.control, lines)
    if (known.note(device, lines.get(keys.device) ?? 0, this.#parts.clock.now(), told)) this.#parts.tell('told')
    if (this.#heldElsewhere()) this.#onlyHereSince = null
    this.#parts.tell('status')
  }

  /** What the tab that holds the network knows of others' copies. */
  adopt(known: unknown, connected: unknown): void {
    if (!(known instanceof Uint8Array) || !Array.isArray(connected)) return
    this.#house.known.adopt(
      known,
      connected.flatMap((device) => DeviceId.parse(device) ?? []),
    )
    if (this.#heldElsewhere()) this.#onlyHereSince = null
    this.#parts.tell('told')
    this.#parts.tell('status')
  }

  async save(): Promise<void> {
    const { id, known } = this.#house
    if (!known.changed) return
    known.changed = false
    await writeSpare(this.#parts.store, [{ do: 'put', key: knownKey(id), value: known.encode() }])
  }

  #heldElsewhere(): boolean {
    const { known, ownSeq } = this.#house
    for (const { seq } of known.all.values()) if (seq >= ownSeq) return true
    return false
  }
}
