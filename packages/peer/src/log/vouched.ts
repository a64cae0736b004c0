import { compareBytes, type ControlId, DeviceId, type GroupId } from '@auzolan/core'
import type { Op, Store } from '@auzolan/storage'
import { controlLimits, type ControlLog, decodeCbor, encodeCbor, type EndedDevice, type HeldFeed } from '@auzolan/trust'
import type { Feeds } from './feeds.ts'
import { heardKey, heardsKey } from './layout.ts'
import { seal, unseal } from './sealed.ts'

/** What this device would say for what it held when it learned that devices are out. */
export interface Vouch {
  readonly end: ControlId
  readonly held: readonly HeldFeed[]
}

/**
 * How far the feeds of devices that are out count (`TRUST.md` T12): up to the furthest place that somebody who is in held when learning of
 * it. Later entries may still arrive, from whoever has not heard: they are kept, as others may build their own on them, and do not count.
 * How far this device held a feed is written down with the entry that ends it, so that nothing that came after is ever vouched for.
 */
export class Vouched {
  readonly #store: Store
  readonly #group: GroupId
  readonly #feeds: Feeds
  /** How far this device held the feeds of who is out now, when it learned that they are. */
  readonly #heard = new Map<DeviceId, HeardAt>()
  #counted: ReadonlyMap<DeviceId, number> = new Map()
  #unsaid: readonly Vouch[] = []
  #self: DeviceId | undefined
  readonly #chains = new Map<string, Uint8Array>()

  constructor(store: Store, group: GroupId, feeds: Feeds) {
    this.#store = store
    this.#group = group
    this.#feeds = feeds
  }

  /** Feeds of devices that are out, and the last entry of each that counts. Another map whenever something in it is another. */
  get counted(): ReadonlyMap<DeviceId, number> {
    return this.#counted
  }

  /** What this device holds further than anybody has said. */
  get unsaid(): readonly Vouch[] {
    return this.#unsaid
  }

  /** Whose log this is: what this device held counts here at once, as it is about to say so. */
  async speakFor(self: DeviceId, control: ControlLog): Promise<void> {
    this.#self = self
    await this.count(control)
  }

  async load(control: ControlLog): Promise<void> {
    this.#heard.clear()
    for (const { key, value } of await this.#store.range({ prefix: heardsKey(this.#group) })) {
      const device = DeviceId.parse(key.at(-1))
      const at = decodeHeard(value)
      if (device && at) this.#heard.set(device, at)
    }
    // Of what ended before this was written down, what lies here was held.
    const { ops, done } = this.learn(control)
    if (ops.length > 0) await this.#store.write(ops, { durability: 'strict' })
    done()
    await this.count(control)
  }

  /**
   * What to write with entries that were judged and are not stored yet: of devices that are out by them, how far their feeds are here. Call
   * `done` after it was written.
   */
  learn(control: ControlLog): { readonly ops: readonly Op[]; readonly done: () => void } {
    const ended = control.endedDevices()
    const fresh = [...ended.keys()].filter((device) => !this.#heard.has(device))
    const over = [...this.#heard.keys()].filter((device) => !ended.has(device))
    const heard = fresh.map((device) => {
      const tip = this.#feeds.get(device)?.tip
      return [device, { seq: tip?.seq ?? 0, chain: tip?.chain ?? NO_CHAIN }] as const
    })
    return {
      ops: [
        ...heard.map(([device, at]): Op => ({ do: 'put', key: heardKey(this.#group, device), value: encodeHeard(at) })),
        ...over.map((device): Op => ({ do: 'remove', key: heardKey(this.#group, device) })),
      ],
      done: () => {
        for (const [device, at] of heard) this.#heard.set(device, at)
        for (const device of over) this.#heard.delete(device)
      },
    }
  }

  /** Works out what counts, after entries were stored. */
  async count(control: ControlLog): Promise<void> {
    const counted = new Map<DeviceId, number>()
    const unsaid = new Map<ControlId, HeldFeed[]>()
    for (const [device, ended] of control.endedDevices()) {
      const said = await this.#furthest(device, ended)
      const { end, own } = this.#ownOf(device, ended, control)
      counted.set(device, Math.max(said, own?.seq ?? 0))
      if (end && own && own.seq > said) unsaid.set(end, [...(unsaid.get(end) ?? []), { device, ...own }])
    }
    if (!isSame(this.#counted, counted)) this.#counted = counted
    this.#unsaid = [...unsaid].map(([end, held]) => ({ end, held: held.slice(0, controlLimits.held) }))
  }

  /** How far these feeds are here and count, for an entry that ends them or a copy of the group. Sorted. */
  async held(devices: Iterable<DeviceId>): Promise<readonly HeldFeed[]> {
    const held: HeldFeed[] = []
    for (const device of [...devices].sort()) {
      const seq = Math.min(this.#feeds.seqOf(device), this.#counted.get(device) ?? Number.MAX_SAFE_INTEGER)
      const chain = seq > 0 ? await this.#chainAt(device, seq) : undefined
      if (chain) held.push({ device, seq, chain })
    }
    return held.slice(0, controlLimits.held)
  }

  /** What this device held, and of what ends the feed the first that it was in before. */
  #ownOf(
    device: DeviceId,
    { by }: EndedDevice,
    control: ControlLog,
  ): { readonly end?: ControlId; readonly own?: HeardAt } {
    const self = this.#self
    const end = self && by.find((each) => control.wasInBefore(self, each))
    const own = end && this.#heard.get(device)
    return own && own.seq > 0 ? { end, own } : {}
  }

  /** The furthest place that is vouched for and lies in the feed as it is here; beyond its end nothing can be compared. */
  async #furthest(device: DeviceId, { vouched }: EndedDevice): Promise<number> {
    for (const { seq, chain } of vouched) {
      if (seq > this.#feeds.seqOf(device)) return seq
      const here = await this.#chainAt(device, seq)
      if (here && compareBytes(here, chain) === 0) return seq
    }
    return 0
  }

  async #chainAt(device: DeviceId, seq: number): Promise<Uint8Array | undefined> {
    const place = `${device} ${seq}`
    const known = this.#chains.get(place)
    if (known) return known
    const tip = this.#feeds.get(device)?.tip
    const chain = tip?.seq === seq ? tip.chain : (await this.#feeds.walk(device, seq))?.chain
    if (chain) this.#chains.set(place, chain)
    return chain
  }
}

interface HeardAt {
  readonly seq: number
  readonly chain: Uint8Array
}

const isSame = <K, V>(one: ReadonlyMap<K, V>, other: ReadonlyMap<K, V>): boolean =>
  one.size === other.size && [...one].every(([key, value]) => other.get(key) === value)

const encodeHeard = ({ seq, chain }: HeardAt): Uint8Array => seal(encodeCbor([1, seq, chain]))

const decodeHeard = (record: Uint8Array): HeardAt | undefined => {
  const sealed = unseal(record)
  const value = sealed && decodeCbor(sealed)
  if (!value?.ok || !Array.isArray(value.value)) return undefined
  const [version, seq, chain] = value.value as readonly unknown[]
  if (version !== 1 || !Number.isSafeInteger(seq) || !(chain instanceof Uint8Array)) return undefined
  return { seq: seq as number, chain }
}

/** Of a feed of which nothing is here. */
const NO_CHAIN = new Uint8Array(0)
