import { ControlId, DeviceId, GroupId, type Instant } from '@auzolan/core'
import { labelled, runningDigest, sha256, type RunningDigest } from './digest.ts'
import {
  CarriedItem,
  entryLimits,
  headerWithPrev,
  idOfHeader,
  itemTypes,
  NamedText,
  packEntry,
  PlacedEntry,
  type Entry,
  type ItemDraft,
} from './entry.ts'
import type { DeviceKeys } from './keys.ts'
import { digestLabels } from './labels.ts'

/** A block ends with the entry that brings its packed bytes to this. */
export const BLOCK_BYTES = 32_768

/** How far a feed is known. Never changed; signing and checking answer with a new one. */
export interface FeedTip {
  readonly device: DeviceId
  readonly seq: number
  /** chain(seq), 32 bytes. */
  readonly chain: Uint8Array
  readonly heads: readonly ControlId[]
  /** Chain value before the open block. */
  readonly start: Uint8Array
  /** Packed bytes of the open block so far: as many of the feed's last bytes `resumeFeed` needs. */
  readonly blockBytes: number
  /** Digest of start ‖ the open block. Cloned, never moved on. */
  readonly open: RunningDigest
}

export const startFeed = (device: DeviceId): FeedTip => {
  const start = labelled(digestLabels.feed, DeviceId.toBytes(device))
  return tipOf(device, 0, [], start, 0, runningDigest().update(start))
}

/** A tip from what was saved of it and the open block's packed bytes. */
export const resumeFeed = (
  device: DeviceId,
  saved: { readonly seq: number; readonly heads: readonly ControlId[]; readonly start: Uint8Array },
  openBlock: Uint8Array,
): FeedTip => {
  const { seq, heads, start } = saved
  return tipOf(device, seq, heads, start, openBlock.length, runningDigest().update(start).update(openBlock))
}

/** The tip after entries whose bytes are all in `open`. Ends the block where its bytes reach `BLOCK_BYTES`. */
export const tipOf = (
  device: DeviceId,
  seq: number,
  heads: readonly ControlId[],
  start: Uint8Array,
  blockBytes: number,
  open: RunningDigest,
): FeedTip => {
  if (blockBytes === 0) return { device, seq, chain: start, heads, start, blockBytes, open }
  const chain = open.clone().digest()
  return blockBytes < BLOCK_BYTES
    ? { device, seq, chain, heads, start, blockBytes, open }
    : { device, seq, chain, heads, start: chain, blockBytes: 0, open: runningDigest().update(chain) }
}

export interface EntryDraft {
  readonly at: Instant
  readonly heads: readonly ControlId[]
  readonly items: readonly ItemDraft[]
}

/**
 * Writes the next entry of one's own feed. `'founding'`: the group's first entry, whose id becomes the group's.
 * Throws `RangeError` for a draft outside the limits: whoever takes text from a person checks its length first.
 */
export const signEntry = async (
  tip: FeedTip,
  group: GroupId | 'founding',
  keys: DeviceKeys,
  draft: EntryDraft,
): Promise<{ entry: Entry; tip: FeedTip; group: GroupId }> => {
  if (keys.device !== tip.device) throw new Error("a device signs only its own feed's entries")
  const founding = group === 'founding'
  const seq = tip.seq + 1
  const heads = [...new Set(draft.heads)].sort()
  checkDraft(draft, founding, seq)
  const items = draft.items.map(({ type, bytes }) =>
    type === itemTypes.text
      ? new NamedText(bytes, sha256(bytes), bytes.length)
      : new CarriedItem(type, bytes, 0, bytes.length),
  )
  const packed = packEntry(draft.at, seq > 1 && sameHeads(heads, tip.heads) ? null : heads, items)
  if (packed.length > entryLimits.packed) throw new RangeError('too much for one entry')
  const { at } = draft
  const header = headerWithPrev(
    { group: founding ? unnamed : group, device: tip.device, seq, heads, at, items },
    tip.chain,
  )
  const id = idOfHeader(header)
  const named = founding ? (id as string as GroupId) : group
  const signature = await keys.sign('auzolan/sign/entry/1', ControlId.toBytes(id))
  const source = { group: named, device: tip.device, from: seq, packed, signatures: signature }
  const entry = new PlacedEntry(source, seq, heads, at, items, 0, packed.length)
  entry.block = { start: tip.chain, open: tip.open, openBytes: 0, packed, from: 0 }
  if (items.some(({ type }) => type === itemTypes.control)) entry.id = id
  const next = tipOf(tip.device, seq, heads, tip.start, tip.blockBytes + packed.length, tip.open.clone().update(packed))
  return { entry, tip: next, group: named }
}

const unnamed = GroupId.fromBytes(new Uint8Array(32))

export const sameHeads = (left: readonly ControlId[], right: readonly ControlId[]): boolean =>
  left === right || (left.length === right.length && left.every((head, at) => head === right[at]))

const checkDraft = ({ at, heads, items }: EntryDraft, founding: boolean, seq: number): void => {
  const control = items.some(({ type }) => type === itemTypes.control)
  if (!Number.isSafeInteger(at) || at < 0) throw new RangeError('a time is a whole number of milliseconds since 1970')
  if (founding !== (heads.length === 0)) throw new RangeError('a founding entry has no heads, every other has some')
  if (founding && (seq !== 1 || !control)) throw new RangeError('a group is founded by the first entry of a feed')
  if (heads.length > entryLimits.heads) throw new RangeError('too many heads')
  if (items.length === 0 || items.length > entryLimits.items) throw new RangeError('an entry has 1 to 256 items')
  if (control && items.length > 1) throw new RangeError('a control item is alone in its entry')
  for (const [index, { type, bytes }] of items.entries()) {
    if (bytes.length > itemLimit(type, founding))
      throw new RangeError(`an item of type ${type} has ${bytes.length} bytes`)
    if (type === itemTypes.text && items[index - 1]?.type !== itemTypes.statement)
      throw new RangeError('a text follows its statement')
  }
}

/** Most bytes of an item of this type. */
export const itemLimit = (type: ItemDraft['type'], founding: boolean): number => {
  switch (type) {
    case itemTypes.control:
      return founding ? entryLimits.founding : entryLimits.control
    case itemTypes.change:
      return entryLimits.change
    case itemTypes.text:
      return entryLimits.text
    case itemTypes.statement:
      return entryLimits.packed
  }
}
