import { compareBytes, ControlId, type GroupId, type Result } from '@auzolan/core'
import { CborReader } from './cbor.ts'
import { NULL } from './cbor-writer.ts'
import {
  CarriedItem,
  entryLimits,
  itemTypes,
  NamedText,
  PlacedEntry,
  type EntrySource,
  type Item,
  type ItemType,
} from './entry.ts'
import { itemLimit, sameHeads } from './feed.ts'
import { fault, type Run, type RunFault } from './run.ts'

/**
 * Reads a run's packed entries strictly. Written out by hand over the bytes: a feed is read an entry at a time by the hundred thousand,
 * and items are views, not copies. `before`: heads of the entry before the first. Bodies are placed, not yet compared with their digests.
 */
export const readEntries = (
  before: readonly ControlId[],
  group: GroupId,
  run: Run,
): Result<readonly PlacedEntry[], RunFault> => {
  const reader = new PackedReader(group, run)
  const entries: PlacedEntry[] = []
  let heads = before
  for (let index = 0; index < run.count; index++) {
    const entry = reader.entry(run.from + index, heads)
    if (!entry) return { ok: false, error: reader.error as RunFault }
    heads = entry.heads
    entries.push(entry)
  }
  if (reader.at !== run.packed.length) return fault('cbor', 'bytes behind the last entry')
  if (reader.body !== run.bodies.length) return fault('body', 'more bodies than texts')
  return { ok: true, value: entries }
}

const ENTRY_HEAD = 0x83
const CARRIED_HEAD = 0x82
const NAMED_HEAD = 0x83
const DIGEST_LENGTH = 32

class PackedReader extends CborReader {
  body = 0
  error: RunFault | undefined
  private readonly source: EntrySource
  private readonly bodies: Run['bodies']
  private seq = 0

  constructor(group: GroupId, run: Run) {
    super(run.packed, 0)
    const { device, from, packed, signatures } = run
    this.source = { group, device, from, packed, signatures }
    this.bodies = run.bodies
  }

  entry(seq: number, before: readonly ControlId[]): PlacedEntry | undefined {
    this.seq = seq
    const start = this.at
    if (this.bytes[start] !== ENTRY_HEAD) return this.refuse('cbor', 'an entry is an array of three')
    this.at = start + 1
    const at = this.unsigned()
    if (at < 0) return this.refuse('cbor', 'no time')
    const heads = this.heads(before)
    const items = heads && this.items(heads.length === 0)
    if (!items) return undefined
    const length = this.at - start
    if (length > entryLimits.packed) return this.refuse('limit', `an entry of ${length} bytes`)
    return new PlacedEntry(this.source, seq, heads, at, items, start, this.at)
  }

  private heads(before: readonly ControlId[]): readonly ControlId[] | undefined {
    if (this.bytes[this.at] === NULL) {
      this.at += 1
      return before.length > 0 ? before : this.refuse('heads', 'the first heads are written out')
    }
    const count = this.array()
    if (count < 0) return this.refuse('cbor', 'heads are a list')
    if (count > entryLimits.heads) return this.refuse('heads', `${count} heads`)
    if (count === 0 && this.seq > 1) return this.refuse('heads', 'only a founding entry has none')
    const heads: ControlId[] = []
    let previous: Uint8Array | undefined
    for (let index = 0; index < count; index++) {
      const head = this.digest()
      if (!head) return this.refuse('cbor', 'a head has 32 bytes')
      if (previous && compareBytes(previous, head) >= 0) return this.refuse('heads', 'heads are sorted, each once')
      previous = head
      heads.push(ControlId.fromBytes(head))
    }
    return this.seq > 1 && sameHeads(heads, before) ? this.refuse('heads', 'unchanged heads are null') : heads
  }

  private items(founding: boolean): readonly Item[] | undefined {
    const count = this.array()
    if (count < 0) return this.refuse('cbor', 'items are a list')
    if (count === 0 || count > entryLimits.items) return this.refuse('limit', `${count} items`)
    const items: Item[] = []
    let type: number = -1
    for (let index = 0; index < count; index++) {
      const head = this.bytes[this.at]
      this.at += 1
      const before = type
      type = this.unsigned()
      if (type < 0) return this.refuse('cbor', 'an item begins with its type')
      const item =
        head === CARRIED_HEAD
          ? this.carried(type, founding)
          : head === NAMED_HEAD
            ? this.named(type, before)
            : undefined
      if (!item) return this.refuse('cbor', 'an item is an array of two or three')
      items.push(item)
      if (type === itemTypes.control && count > 1) return this.refuse('item', 'a control item is alone in its entry')
    }
    return founding && type !== itemTypes.control ? this.refuse('heads', 'only a founding entry has none') : items
  }

  private carried(type: number, founding: boolean): Item | undefined {
    if (type > itemTypes.change) return this.refuse('item', `type ${type} is not carried in the chain`)
    const start = this.byteString()
    if (start < 0) return this.refuse('cbor', 'an item is bytes')
    const length = this.at - start
    if (length > itemLimit(type as ItemType, founding)) return this.refuse('limit', `an item of ${length} bytes`)
    return new CarriedItem(type as ItemType, this.bytes, start, length)
  }

  private named(type: number, before: number): Item | undefined {
    if (type !== itemTypes.text) return this.refuse('item', `type ${type} is carried in the chain`)
    if (before !== itemTypes.statement) return this.refuse('item', 'a text follows its statement')
    const digest = this.digest()
    const length = this.unsigned()
    if (!digest || length < 0) return this.refuse('cbor', 'a text is named by digest and length')
    if (length > entryLimits.text) return this.refuse('limit', `a text of ${length} bytes`)
    const body = this.bodies[this.body]
    if (body === undefined) return this.refuse('body', 'fewer bodies than texts')
    if (body && body.length !== length) return this.refuse('body', `${body.length} bytes for a text of ${length}`)
    this.body += 1
    return new NamedText(body, digest, length)
  }

  private digest(): Uint8Array | undefined {
    const start = this.byteString()
    return start >= 0 && this.at - start === DIGEST_LENGTH ? this.bytes.subarray(start, this.at) : undefined
  }

  /** The first reason stands. */
  private refuse(type: RunFault['type'], detail: string): undefined {
    this.error ??= { type, detail, seq: this.seq }
    return undefined
  }
}
