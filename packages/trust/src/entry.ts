import { ControlId, DeviceId, GroupId, StatementId, type Instant } from '@auzolan/core'
import { CborWriter, NULL } from './cbor.ts'
import { labelled, sha256, sha256OfLarge, type RunningDigest } from './digest.ts'
import { digestLabels } from './labels.ts'

export const FORMAT_VERSION = 1
export const itemTypes = { control: 0, statement: 1, change: 2, text: 3 } as const
export type ItemType = (typeof itemTypes)[keyof typeof itemTypes]

/** Limits of `docs/formats/entry.md`, in bytes unless said otherwise; the reasons are there. */
export const entryLimits = {
  control: 8 * 1024,
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

/** An item inside the chain. */
export class CarriedItem implements Item {
  readonly type: ItemType
  readonly bytes: Uint8Array
  private known: Uint8Array | undefined

  constructor(type: ItemType, bytes: Uint8Array) {
    this.type = type
    this.bytes = bytes
    this.known = undefined
  }

  get length(): number {
    return this.bytes.length
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

export class PlacedEntry implements Entry {
  readonly group: GroupId
  readonly device: DeviceId
  readonly seq: number
  readonly heads: readonly ControlId[]
  readonly at: Instant
  readonly items: readonly Item[]
  readonly packed: Uint8Array
  readonly signature: Uint8Array | null
  id: ControlId | null
  /** Set by who checks the run, before the entry is handed out. */
  block: BlockPlace | undefined
  readonly offset: number

  constructor(
    group: GroupId,
    device: DeviceId,
    seq: number,
    heads: readonly ControlId[],
    at: number,
    items: readonly Item[],
    packed: Uint8Array,
    signature: Uint8Array | null,
    offset: number,
  ) {
    this.group = group
    this.device = device
    this.seq = seq
    this.heads = heads
    this.at = at as Instant
    this.items = items
    this.packed = packed
    this.signature = signature
    this.id = null
    this.block = undefined
    this.offset = offset
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
export const headerBytes = (entry: HeaderFields & { readonly prev: Uint8Array }): Uint8Array => headerWithPrev(entry, entry.prev)

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

/** Names a statement by its place and its content (`docs/decisions/0002-statement-ids.md`). */
export const statementId = (group: GroupId, device: DeviceId, seq: number, index: number, bytes: Uint8Array): StatementId => {
  const place = new DataView(new ArrayBuffer(10))
  place.setBigUint64(0, BigInt(seq))
  place.setUint16(8, index)
  const digest = labelled(
    digestLabels.statement,
    GroupId.toBytes(group),
    DeviceId.toBytes(device),
    new Uint8Array(place.buffer),
    bytes,
  )
  return StatementId.fromBytes(digest.subarray(0, StatementId.length))
}
