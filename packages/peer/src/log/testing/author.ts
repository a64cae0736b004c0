import type { ControlId, GroupId, Instant } from '@auzolan/core'
import {
  type Control,
  type DeviceKeys,
  encodeControl,
  type Entry,
  type FeedTip,
  type ItemDraft,
  itemTypes,
  type Run,
  runOf,
  signEntry,
  startFeed,
} from '@auzolan/trust'

/** When everything in these tests is said. */
const at = Date.UTC(2026, 10, 22) as Instant

export const bytes = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill)
export const control = (what: Control): ItemDraft => ({ type: itemTypes.control, bytes: encodeControl(what) })
export const statement = (what: Uint8Array): ItemDraft => ({ type: itemTypes.statement, bytes: what })

/** One person's feed, signed as its owner likes: also as no honest device would. */
export class Author {
  readonly keys: DeviceKeys
  tip: FeedTip
  readonly entries: Entry[] = []

  constructor(keys: DeviceKeys) {
    this.keys = keys
    this.tip = startFeed(keys.device)
  }

  async sign(group: GroupId | 'founding', heads: readonly ControlId[], ...items: readonly ItemDraft[]) {
    const signed = await signEntry(this.tip, group, this.keys, { at, heads, items })
    this.tip = signed.tip
    this.entries.push(signed.entry)
    return { ...signed, id: signed.entry.id as ControlId }
  }

  /** Entries `from` to `to`. */
  parcel(from: number, to = from): { readonly run: Run } {
    return { run: runOf(this.entries.slice(from - 1, to)) }
  }
}
