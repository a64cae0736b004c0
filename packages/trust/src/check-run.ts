import { ControlId, equalBytes, ok, type GroupId, type Result } from '@auzolan/core'
import { runningDigest, sha256, sha256OfLarge, type RunningDigest } from './digest.ts'
import {
  CarriedItem,
  headerWithPrev,
  idOfHeader,
  itemTypes,
  type BlockPlace,
  type Entry,
  type PlacedEntry,
} from './entry.ts'
import { BLOCK_BYTES, tipOf, type FeedTip } from './feed.ts'
import { subtleCrypto } from './platform.ts'
import { readEntries } from './read-entries.ts'
import { checkOutline, fault, type Run, type RunFault } from './run.ts'
import type { Verifier } from './verifier.ts'

export interface CheckOptions {
  /** Read back from this device's own disk, where it was written after a check: the signature is not checked again. */
  readonly trusted?: true
  /** Gives every entry its `id`, not only control entries. */
  readonly ids?: 'all'
}

/**
 * Checks that `run` continues the feed at `tip` and was signed by its device: strict form, chain, one signature at the run's tip, text bodies.
 * Says nothing of whether the device may write in the group. Works through whole blocks with one digest each.
 */
export const checkRun = async (
  tip: FeedTip,
  group: GroupId,
  run: Run,
  verifier: Verifier,
  options: CheckOptions = {},
): Promise<Result<{ entries: readonly Entry[]; tip: FeedTip }, RunFault>> => {
  if (run.device !== tip.device) return fault('key', "another device's run")
  if (run.from !== tip.seq + 1) return fault('gap', `begins at ${run.from}, the feed ends at ${tip.seq}`, run.from)
  const outline = checkOutline(run)
  if (outline) return outline
  const read = readEntries(tip.heads, group, run)
  if (!read.ok) return read
  const entries = read.value
  const first = entries[0] as PlacedEntry
  const last = entries.at(-1) as PlacedEntry
  const { signature } = last
  if (!options.trusted && !signature) return fault('signature missing', 'the last entry bears none', last.seq)

  const chained = await followChain(tip, entries, run.packed, options)
  if (first.heads.length === 0 && (first.id as string) !== group)
    return fault('heads', 'founds another group', first.seq)
  if (run.bodies.length > 0) {
    const wrong = entries.find(({ items }) => items.some((item) => item.type === itemTypes.text && !isAsNamed(item)))
    if (wrong) return fault('body', 'not the text that was named', wrong.seq)
  }
  if (signature && !options.trusted) {
    const signed = ControlId.toBytes(chained.lastId as ControlId)
    const valid = await verifier.verify(signature, 'auzolan/sign/entry/1', signed, run.device)
    if (!valid) return fault('signature', 'the last entry is not signed by its device', last.seq)
  }
  return ok({ entries, tip: chained.tip })
}

const isAsNamed = (text: Entry['items'][number]): boolean =>
  text.bytes === null || equalBytes(sha256(text.bytes), text.digest())

interface Chained {
  readonly tip: FeedTip
  readonly lastId: ControlId | null
}

/** Gives each entry its place in its block and, where needed, its id; answers with the tip after the last. */
const followChain = async (
  tip: FeedTip,
  entries: readonly PlacedEntry[],
  packed: Uint8Array,
  { trusted, ids }: CheckOptions,
): Promise<Chained> => {
  const last = entries.at(-1) as PlacedEntry
  const identify = new Identifying((entry) => ids === 'all' || isControl(entry), trusted ? undefined : last)
  let block: BlockPlace = { start: tip.start, open: tip.open, openBytes: tip.blockBytes, packed, from: 0 }
  let begin = 0
  for (const [index, entry] of entries.entries()) {
    entry.block = block
    const { end } = entry
    const bytes = block.openBytes + end - block.from
    const full = bytes >= BLOCK_BYTES
    if (!full && entry !== last) continue

    const inBlock = entries.slice(begin, index + 1).filter(identify.wants)
    if (full && block.openBytes === 0 && inBlock.length === 0 && subtleCrypto()) {
      const start = await sha256OfLarge(block.start, packed.subarray(block.from, end))
      block = openBlock(start, packed, end)
    } else {
      const digest = await identify.all(block, inBlock, end)
      if (!full)
        return { tip: tipOf(tip.device, last.seq, last.heads, block.start, bytes, digest), lastId: identify.lastId }
      block = openBlock(digest.digest(), packed, end)
    }
    begin = index + 1
  }
  return { tip: tipOf(tip.device, last.seq, last.heads, block.start, 0, block.open), lastId: identify.lastId }
}

const isControl = ({ items }: Entry): boolean => items[0]?.type === itemTypes.control

const openBlock = (start: Uint8Array, packed: Uint8Array, from: number): BlockPlace => ({
  start,
  open: runningDigest().update(start),
  openBytes: 0,
  packed,
  from,
})

/** Computes ids along a block. The chain value before an entry is taken from one digest that runs through the block's bytes. */
class Identifying {
  lastId: ControlId | null = null
  private readonly keeps: (entry: Entry) => boolean
  private readonly last: Entry | undefined

  constructor(keeps: (entry: Entry) => boolean, last: Entry | undefined) {
    this.keeps = keeps
    this.last = last
  }

  readonly wants = (entry: Entry): boolean => entry === this.last || this.keeps(entry)

  async all(block: BlockPlace, entries: readonly PlacedEntry[], end: number): Promise<RunningDigest> {
    const digest = block.open.clone()
    let at = block.from
    for (const entry of entries) {
      digest.update(block.packed.subarray(at, entry.offset))
      at = entry.offset
      const prev = block.openBytes === 0 && at === block.from ? block.start : digest.clone().digest()
      for (const item of entry.items) if (item instanceof CarriedItem) await item.prepare()
      const id = idOfHeader(headerWithPrev(entry, prev))
      if (this.keeps(entry)) entry.id = id
      if (entry === this.last) this.lastId = id
    }
    return digest.update(block.packed.subarray(at, end))
  }
}
