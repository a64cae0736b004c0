import { ControlId, concatBytes, DeviceId, GroupId, StatementId, type Instant } from '@auzolan/core'
import { CborWriter, NULL } from './cbor-writer.ts'
import { labelled, sha256, sha256OfLarge, type RunningDigest } from './digest.ts'
import { digestLabels } from './labels.ts'

export const FORMAT_VERSION = 1
export const itemTypes = { control: 0, statement: 1, change: 2, text: 3 } as const
export type ItemType = (typeof itemTypes)[keyof typeof itemTypes]

/** Limits of `docs/formats/entry.md`, in bytes unless said otherwise; the reasons are there. */
export const entryLimits = {
  control: 16 * 1024,
  /** A founding that continues another group names its frontier: 72 bytes a device, 800 devices. */
  founding: 64 * 1024,
  change: 512_000,
  text: 16 * 1024,
  packed: 640 * 1024,
  /** Number of items. */
  items: 256,
  /** Number of heads. */
  heads: 16,
} as const

export interface Item {
  readonly type: ItemType
  /** `null`: a text that was withdrawn. */
  readonly bytes: Uint8Array | null
  digest(): Uint8Array
  /** Bytes, also of a withdrawn text. */
  readonly length: number
}

export interface ItemDraft {
  readonly type: ItemType
  readonly bytes: Uint8Array
}

export interface Entry {
  readonly group: GroupId
  readonly device: DeviceId
  readonly seq: number
  /** chain(seq - 1), 32 bytes. */
  readonly prev: Uint8Array
  /** Written out. Empty only in a founding entry. */
  readonly heads: readonly ControlId[]
  readonly at: Instant
  readonly items: readonly Item[]
  readonly packed: Uint8Array
  /** `null`: not held; a later signature vouches. */
  readonly signature: Uint8Array | null
  /** Of control entries, and of all where asked for. */
  readonly id: ControlId | null
}

/** An item inside the chain: a place in its bytes, viewed only when asked for. */
export class CarriedItem implements Item {
  readonly type: ItemType
  readonly length: number
  private readonly source: Uint8Array
  private readonly start: number
  private known: Uint8Array | undefined

  constructor(type: ItemType, source: Uint8Array, start: number, length: number) {
    this.type = type
    this.source = source
    this.start = start
    this.length = length
    this.known = undefined
  }

  get bytes(): Uint8Array {
    return this.source.subarray(this.start, this.start + this.length)
  }

  digest(): Uint8Array {
    return (this.known ??= sha256(this.bytes))
  }

  /** Computes the digest natively where that is faster; `digest()` answers at once from then on. */
  async prepare(): Promise<void> {
    this.known ??= await sha256OfLarge(this.bytes)
  }
}

/** A text: named inside the chain, carried beside it. */
export class NamedText implements Item {
  readonly type = itemTypes.text
  readonly bytes: Uint8Array | null
  readonly length: number
  private readonly named: Uint8Array

  constructor(bytes: Uint8Array | null, digest: Uint8Array, length: number) {
    this.bytes = bytes
    this.named = digest
    this.length = length
  }

  digest(): Uint8Array {
    return this.named
  }
}

/** Where an entry's bytes lie, so that `prev` is computed only for who asks. */
export interface BlockPlace {
  /** Chain value before the block. */
  readonly start: Uint8Array
  /** start ‖ the block's bytes before `packed[from]`. Cloned, never moved on. */
  readonly open: RunningDigest
  readonly openBytes: number
  readonly packed: Uint8Array
  readonly from: number
}

/** What the entries of one run share. */
export interface EntrySource {
  readonly group: GroupId
  readonly device: DeviceId
  /** seq of the first entry. */
  readonly from: number
  readonly packed: Uint8Array
  /** 64 bytes an entry; 64 zeros: not held. */
  readonly signatures: Uint8Array
}

export const SIGNATURE_LENGTH = 64

/**
 * An entry as a place in its run. Views of its bytes are made when asked for: making them for every entry costs more than reading it,
 * and most are only ever read item by item.
 */
export class PlacedEntry implements Entry {
  readonly source: EntrySource
  readonly seq: number
  readonly heads: readonly ControlId[]
  readonly at: Instant
  readonly items: readonly Item[]
  /** Where in the source's packed bytes it begins and ends. */
  readonly offset: number
  readonly end: number
  id: ControlId | null
  /** Set by who checks the run, before the entry is handed out. */
  block: BlockPlace | undefined

  constructor(
    source: EntrySource,
    seq: number,
    heads: readonly ControlId[],
    at: number,
    items: readonly Item[],
    offset: number,
    end: number,
  ) {
    this.source = source
    this.seq = seq
    this.heads = heads
    this.at = at as Instant
    this.items = items
    this.offset = offset
    this.end = end
    this.id = null
    this.block = undefined
  }

  get group(): GroupId {
    return this.source.group
  }

  get device(): DeviceId {
    return this.source.device
  }

  get packed(): Uint8Array {
    return this.source.packed.subarray(this.offset, this.end)
  }

  get signature(): Uint8Array | null {
    const { signatures, from } = this.source
    const start = SIGNATURE_LENGTH * (this.seq - from)
    const end = start + SIGNATURE_LENGTH
    for (let at = start; at < end; at++) if (signatures[at] !== 0) return signatures.subarray(start, end)
    return null
  }

  get prev(): Uint8Array {
    const { block, offset } = this
    if (!block) throw new Error('an entry has no place before its run is checked')
    if (block.openBytes === 0 && offset === block.from) return block.start
    return block.open.clone().update(block.packed.subarray(block.from, offset)).digest()
  }
}

export type HeaderFields = Pick<Entry, 'group' | 'device' | 'seq' | 'heads' | 'at' | 'items'>

/** The signed header, canonical CBOR. A founding entry bears 32 zero bytes as group. */
export const headerBytes = (entry: HeaderFields & { readonly prev: Uint8Array }): Uint8Array =>
  headerWithPrev(entry, entry.prev)

export const headerWithPrev = (entry: HeaderFields, prev: Uint8Array): Uint8Array => {
  const writer = new CborWriter()
  writer.array(8)
  writer.integer(FORMAT_VERSION)
  writer.byteString(entry.heads.length === 0 ? noGroup : GroupId.toBytes(entry.group))
  writer.byteString(DeviceId.toBytes(entry.device))
  writer.integer(entry.seq)
  writer.byteString(prev)
  writeHeads(writer, entry.heads)
  writer.integer(entry.at)
  writer.array(entry.items.length)
  for (const item of entry.items) {
    writer.array(3)
    writer.integer(item.type)
    writer.byteString(item.digest())
    writer.integer(item.length)
  }
  return writer.done()
}

export const noGroup = new Uint8Array(32)

/** What is stored and sent of an entry. `heads` null: as in the entry before. */
export const packEntry = (at: number, heads: readonly ControlId[] | null, items: readonly Item[]): Uint8Array => {
  const writer = new CborWriter()
  writer.array(3)
  writer.integer(at)
  if (heads) writeHeads(writer, heads)
  else writer.simple(NULL)
  writer.array(items.length)
  for (const item of items) {
    writer.array(item.type === itemTypes.text ? 3 : 2)
    writer.integer(item.type)
    writer.byteString(item.type === itemTypes.text ? item.digest() : (item.bytes as Uint8Array))
    if (item.type === itemTypes.text) writer.integer(item.length)
  }
  return writer.done()
}

const writeHeads = (writer: CborWriter, heads: readonly ControlId[]): void => {
  writer.array(heads.length)
  for (const head of heads) writer.byteString(ControlId.toBytes(head))
}

export const idOfHeader = (header: Uint8Array): ControlId => ControlId.fromBytes(labelled(digestLabels.entry, header))

export const entryId = (entry: Entry): ControlId => entry.id ?? idOfHeader(headerBytes(entry))

/** The feed whose statements are being named, and what their digests begin with: statements are read feed by feed. */
let naming: { readonly group: GroupId; readonly device: DeviceId; readonly feed: Uint8Array } | undefined

const feedBytes = (group: GroupId, device: DeviceId): Uint8Array => {
  if (naming?.group !== group || naming.device !== device)
    naming = { group, device, feed: concatBytes(GroupId.toBytes(group), DeviceId.toBytes(device)) }
  return naming.feed
}

/** Names a statement by its place and its content (`docs/decisions/0002-statement-ids.md`). */
export const statementId = (
  group: GroupId,
  device: DeviceId,
  seq: number,
  index: number,
  bytes: Uint8Array,
): StatementId => {
  const place = new DataView(new ArrayBuffer(10))
  place.setBigUint64(0, BigInt(seq))
  place.setUint16(8, index)
  const digest = labelled(digestLabels.statement, feedBytes(group, device), new Uint8Array(place.buffer), bytes)
  return StatementId.fromBytes(digest.subarray(0, StatementId.length))
}
