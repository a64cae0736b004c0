import { type ControlId, DeviceId, type GroupId, type Instant } from '@auzolan/core'
import {
  type ControlLog,
  type DeviceKeys,
  entranceKey,
  EpochKeys,
  type EpochState,
  openEarlier,
  openEpoch,
  type Recipient,
} from '@auzolan/trust'
import { Queue } from '../log/queue.ts'
import type { Presence } from '../sync/shared-group.ts'

/** What a device that is here would do for the keys of a group. */
export type Duty =
  | { readonly do: 'rotate'; readonly before: readonly { readonly epoch: ControlId; readonly key: Uint8Array }[] }
  | { readonly do: 'hand'; readonly epoch: ControlId; readonly key: Uint8Array; readonly to: readonly Recipient[] }
  | { readonly do: 'ask'; readonly epoch: ControlId }

/** An epoch, with what this device uses its key for, where it has it. */
interface Held extends EpochState {
  readonly keys: EpochKeys | undefined
}

/**
 * The keys of a group's epochs that this device can open: by what it was handed, and by later epochs that hand on earlier ones. Nothing is
 * stored: the log holds the wraps, and the device's own key opens them again after a start.
 */
export class KeyRing {
  readonly #group: GroupId
  readonly #own: DeviceKeys
  readonly #opened = new Map<ControlId, { readonly key: Uint8Array; readonly keys: EpochKeys }>()
  /** Wraps of each epoch that were tried in vain. */
  readonly #tried = new Map<ControlId, number>()
  readonly #misled = new Set<ControlId>()
  readonly #queue = new Queue()
  #held: readonly Held[] = []
  #known: readonly Uint8Array[] = []

  constructor(group: GroupId, own: DeviceKeys) {
    this.#group = group
    this.#own = own
  }

  /** Takes in what the control log says of keys now. True: other keys are held or looked for than before. */
  update(control: ControlLog): Promise<boolean> {
    return this.#queue.run(() => this.#update(control))
  }

  async #update(control: ControlLog): Promise<boolean> {
    const epochs = control.epochs()
    const byId = new Map(epochs.map((epoch) => [epoch.id, epoch]))
    // The later ones first: they hand on earlier ones, which costs no agreement.
    for (const epoch of epochs.toReversed()) {
      await this.#openOwn(control, epoch)
      const held = this.#opened.get(epoch.id)
      if (!held) continue
      for (const { epoch: id } of epoch.control.before) {
        const earlier = byId.get(id)
        if (!earlier || this.#opened.has(id)) continue
        const key = openEarlier(this.#group, epoch.control, held.key, earlier)
        if (key.ok) this.#keep(id, key.value)
        else this.#misled.add(id)
      }
    }
    this.#held = epochs.map((epoch) => ({ ...epoch, keys: this.#opened.get(epoch.id)?.keys }))
    const before = this.#known
    this.#known = this.#recognised()
    return before.length !== this.#known.length || before.some((key, at) => !same(key, this.#known[at]))
  }

  /** All that no other epoch comes after can be opened here. */
  get isWhole(): boolean {
    return this.#newest.every(({ keys }) => keys)
  }

  /** What to seal under: the first of the newest that nobody who is out has received. `undefined`: there is none, or its key is not here. */
  get current(): { readonly id: ControlId; readonly key: Uint8Array; readonly keys: EpochKeys } | undefined {
    const epoch = this.#newest.filter(({ usable }) => usable).sort(byId)[0]
    const opened = epoch && this.#opened.get(epoch.id)
    return opened && { id: epoch.id, ...opened }
  }

  /** The latest whose key is here. Who is paused is handed none of those that came since. */
  get latest(): KeyRing['current'] {
    const [first] = this.all
    const opened = first && this.#opened.get(first.id)
    return opened && { id: first.id, ...opened }
  }

  get(epoch: ControlId): EpochKeys | undefined {
    return this.#opened.get(epoch)?.keys
  }

  /** Every epoch whose key is here, the latest first. */
  get all(): readonly { readonly id: ControlId; readonly keys: EpochKeys }[] {
    return this.#held.toReversed().flatMap(({ id, keys }) => (keys ? [{ id, keys }] : []))
  }

  /** Keys by which others recognise this device, and it them. */
  presence(isFriend: (peer: string) => boolean): Presence {
    return {
      known: this.#known,
      shown: (peer) => {
        const friend = isFriend(peer)
        const held = this.#held.toReversed().filter(({ keys, newest, usable }) => keys && (newest || usable || friend))
        const first = held.at(-1)
        const shown = held.slice(0, MAX_SHOWN - 1)
        if (first && !shown.includes(first)) shown.push(first)
        const own = shown.some(({ newest }) => newest) ? [] : [this.#ownKey]
        return [...own, ...shown.flatMap(({ keys }) => keys?.presence() ?? [])]
      },
    }
  }

  /** What is to be done now; `undefined`: nothing, or nothing that this device could do. */
  duty(control: ControlLog, now: Instant): Duty | undefined {
    const newest = this.#newest
    const usable = newest.filter((epoch) => epoch.usable)
    const lacking = usable.some((epoch) => epoch.lacking.length > MAX_HANDED)
    if (usable.length === 0 || lacking || this.#isStale(usable, now)) {
      if (control.recipients().length > MAX_RECIPIENTS) return undefined
      const before = newest.flatMap(({ id }) => this.#keyed(id))
      return { do: 'rotate', before }
    }
    return this.handing ?? this.#asking(newest)
  }

  /** A key that somebody lacks and this device has. */
  get handing(): Duty | undefined {
    for (const { id, newest, lacking, asking } of this.#held) {
      const [held] = this.#keyed(id)
      const wanted = newest ? [...lacking, ...asking] : asking
      const to = wanted.filter(({ device }, at) => wanted.findIndex((other) => other.device === device) === at)
      if (held && to.length > 0) return { do: 'hand', ...held, to: to.slice(0, MAX_HANDED) }
    }
    return undefined
  }

  #asking(newest: readonly Held[]): Duty | undefined {
    const holds = newest.some(({ keys }) => keys)
    const unread = this.#held.find(({ id, keys, newest: isNewest, asked, asking }) => {
      const isDue = (this.#tried.get(id) ?? 0) > 0 || this.#misled.has(id) || (holds && !isNewest)
      const times = asked.get(this.#own.device) ?? 0
      // Asked once for what was never handed, and once more for each that did not open.
      const isTold = times >= MAX_ASKED || times > (this.#tried.get(id) ?? 0)
      return !keys && isDue && !isTold && !asking.some(({ device }) => device === this.#own.device)
    })
    return unread && { do: 'ask', epoch: unread.id }
  }

  /** Clocks may be wrong: each device makes at most one for that reason in a month of its own clock. */
  #isStale(usable: readonly Held[], now: Instant): boolean {
    const isFresh = ({ at }: EpochState) => at > now - MONTH && at < now + DAY
    const own = this.#held.filter(({ by }) => by === this.#own.device)
    return !usable.some(isFresh) && !own.some(({ at }) => at > now - MONTH)
  }

  async #openOwn(control: ControlLog, { id, control: epoch }: EpochState): Promise<void> {
    if (this.#opened.has(id)) return
    const wraps = control.wrapsFor(this.#own.device, id)
    for (const wrap of wraps.slice(this.#tried.get(id) ?? 0)) {
      const key = await openEpoch(this.#group, epoch, wrap, this.#own)
      if (key.ok) return this.#keep(id, key.value)
    }
    this.#tried.set(id, wraps.length)
  }

  #keep(id: ControlId, key: Uint8Array): void {
    this.#opened.set(id, { key, keys: new EpochKeys(id, key) })
  }

  #keyed(id: ControlId): { readonly epoch: ControlId; readonly key: Uint8Array }[] {
    const held = this.#opened.get(id)
    return held ? [{ epoch: id, key: held.key }] : []
  }

  get #newest(): readonly Held[] {
    return this.#held.filter(({ newest }) => newest)
  }

  get #ownKey(): Uint8Array {
    return entranceKey(this.#group, DeviceId.toBytes(this.#own.device))
  }

  /** Old epochs too: who was away, or is out, shows one. Devices that have no key yet show their own. */
  #recognised(): readonly Uint8Array[] {
    const lacking = new Set(this.#newest.flatMap((epoch) => epoch.lacking.map(({ device }) => device)))
    return [
      ...[...this.#opened.values()].map(({ keys }) => keys.presence()),
      ...[...lacking].slice(0, MAX_RECIPIENTS).map((device) => entranceKey(this.#group, DeviceId.toBytes(device))),
      ...(this.isWhole && this.#newest.length > 0 ? [] : [this.#ownKey]),
    ]
  }
}

const byId = (left: Held, right: Held): number => (left.id < right.id ? -1 : 1)
const same = (one: Uint8Array, other: Uint8Array | undefined): boolean => one.every((byte, at) => byte === other?.[at])

/** Tags of one group shown on one link: the newest, some before them for who was away, and the first. */
const MAX_SHOWN = 6
/** As one entry holds (`control.md`). */
const MAX_HANDED = 64
const MAX_RECIPIENTS = 320
const MAX_ASKED = 3
const DAY = 24 * 60 * 60 * 1000
/** Age after which an epoch gives way to another: so long a key that leaked unnoticed opens what is new. */
const MONTH = 30 * DAY
