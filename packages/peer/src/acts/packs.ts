import { type Clock, type DeviceId, type Entropy, err, ok, type Result } from '@auzolan/core'
import { StoreError } from '@auzolan/storage'
import {
  checkPack,
  checkPackKeys,
  encodePackKeys,
  EpochKeys,
  openPack,
  openPackKeys,
  type Pack,
  type PackKeys,
  sealPack,
  type Verifier,
} from '@auzolan/trust'
import type { Group } from '../group/group.ts'
import { keepKeys } from '../group/keys.ts'
import type { Parcel } from '../log/feed-store.ts'
import { inPieces } from '../log/ending.ts'
import { bytesOf } from '../log/slice.ts'
import { decodeContent, encodeContent, type PackContent } from '../pack/content.ts'
import { joinParts, splitParts } from '../pack/file.ts'
import { Carried } from '../sync/carried.ts'
import type { LongWork } from '../long-work.ts'
import type { BroughtIn, Refusal } from '../peer.ts'

/**
 * Everything this device holds of a group, or what came after `since`, as one file of packs. Any device that may write in the group can bring it
 * in, also one that was away when the key changed; nobody else can read it.
 */
export const exportPacks = async (
  group: Group,
  { clock, entropy }: { readonly clock: Clock; readonly entropy: Entropy },
  since: ReadonlyMap<DeviceId, number> = new Map(),
): Promise<Result<Uint8Array, Refusal>> => {
  if (!group.isActive(group.keys.device)) return err({ type: 'not a member' })
  await group.openKeys()
  if (!group.ring.current) await keepKeys(group, clock, entropy)
  const { control, state } = group.workspace.log
  const isPaused = group.me !== undefined && state.members.get(group.me)?.suspended
  const current = group.ring.current ?? (isPaused ? group.ring.latest : undefined)
  if (!current) return err({ type: 'no key' })
  const parts = [await encodePackKeys(group.id, current, control.recipients(), entropy)]
  for await (const { sealed } of packsOf(group, current.keys, { clock, entropy }, since)) parts.push(sealed)
  const aside = await packsAside(group, current.keys, { clock, entropy }, doubledOf(group))
  parts.push(...aside.map(({ sealed }) => sealed))
  return ok(joinParts(parts))
}

/** What is known of devices that signed two for one place: others have built on what no feed brings. */
type Doubled = Pick<PackContent, 'proofs' | 'alone'>

export const doubledOf = ({ replica }: Group): Doubled => ({
  proofs: [...replica.frozen.values()].map(({ bytes }) => bytes),
  alone: replica.frozen.size === 0 ? [] : replica.allAlone,
})

/** Packs without runs, with what is in each. */
export const packsAside = async (
  { id, workspace }: Group,
  keys: EpochKeys,
  { clock, entropy }: { readonly clock: Clock; readonly entropy: Entropy },
  { proofs, alone }: Doubled,
): Promise<readonly (Doubled & { readonly sealed: Uint8Array })[]> => {
  if (proofs.length + alone.length === 0) return []
  const { heads } = workspace.log.control
  const [first = [], ...rest] = inPieces(alone, PACK_BYTES)
  const parts = [{ proofs, alone: first }, ...rest.map((piece) => ({ proofs: [], alone: piece }))]
  return Promise.all(
    parts.map(async (part) => {
      const content = encodeContent({ group: id, heads, parcels: [], ...part })
      return { ...part, sealed: await sealPack(keys, content, clock.now(), entropy) }
    }),
  )
}

/** One pack, and how far it brings each feed. */
export interface SealedPart {
  readonly sealed: Uint8Array
  readonly upTo: ReadonlyMap<DeviceId, number>
}

/** What came after `since` in the feeds of `devices`, pack by pack. */
export async function* packsOf(
  group: Group,
  keys: EpochKeys,
  { clock, entropy }: { readonly clock: Clock; readonly entropy: Entropy },
  since: ReadonlyMap<DeviceId, number>,
  devices: readonly DeviceId[] = group.replica.devices,
): AsyncGenerator<SealedPart> {
  const { heads } = group.workspace.log.control
  let parcels: Parcel[] = []
  let bytes = 0
  const seal = async (): Promise<SealedPart> => {
    const content = encodeContent({ group: group.id, heads, parcels, proofs: [], alone: [] })
    const upTo = new Map(parcels.map(({ run }) => [run.device, run.from + run.count - 1]))
    ;[parcels, bytes] = [[], 0]
    return { sealed: await sealPack(keys, content, clock.now(), entropy), upTo }
  }
  for (const device of devices) {
    for (let from = (since.get(device) ?? 0) + 1; from <= group.replica.seqOf(device);) {
      const parcel = await group.replica.parcelFrom(device, from)
      if (!parcel) break
      const size = parcel.segment?.length ?? bytesOf(parcel.run) + SIGNATURE_BYTES * parcel.run.count
      if (parcels.length > 0 && bytes + size > PACK_BYTES) yield await seal()
      parcels.push(parcel)
      bytes += size
      from = parcel.run.from + parcel.run.count
    }
  }
  if (parcels.length > 0) yield await seal()
}

/** Leaves out all but what this device wrote and no other is known to hold. */
export const heldElsewhere = ({ replica, keys, known }: Group): ReadonlyMap<DeviceId, number> => {
  const held = Math.max(0, ...[...known.all.values()].map(({ seq }) => seq))
  return new Map(
    replica.devices.map((device) => [device, device === keys.device ? held : replica.seqOf(device)] as const),
  )
}

/** Takes a file of packs in as if a member had sent it: nothing of it is believed but what the log accepts. All of it is checked first. */
export const importPacks = async (
  groups: readonly Group[],
  file: Blob,
  verifier: Verifier,
  work: LongWork,
): Promise<Result<BroughtIn, Refusal>> => {
  work.begin()
  try {
    const opened = await openFile(groups, file, verifier)
    return opened.ok ? ok(await bringIn(opened.value, work)) : opened
  } catch (error) {
    if (error instanceof StoreError) return err({ type: 'not saved', why: error.kind })
    throw error
  } finally {
    work.end(false)
  }
}

const bringIn = async ({ group, parcels, heads, proofs, alone }: Opened, work: LongWork): Promise<BroughtIn> => {
  const before = sizeOf(group)
  await takeAllIn(group, parcels, work)
  const carried = new Carried(group.replica)
  await carried.hear(proofs, alone)
  while (!work.stopped && (await carried.takeIn())) await takeAllIn(group, parcels, work)
  const { control } = group.workspace.log
  const whole = !work.stopped && heads.every((head) => control.has(head))
  return { group: group.id, entries: sizeOf(group) - before, whole, stopped: work.stopped }
}

/** What all packs of a file hold together. */
type Opened = Omit<PackContent, 'group'> & { readonly group: Group }

const openFile = async (groups: readonly Group[], file: Blob, verifier: Verifier): Promise<Result<Opened, Refusal>> => {
  if (file.size > MAX_FILE_BYTES) return err({ type: 'too large file' })
  const [header, ...parts] = splitParts(new Uint8Array(await file.arrayBuffer())) ?? []
  if (!header || parts.length === 0) return err({ type: 'not such a file' })
  const packs: Pack[] = []
  for (const part of parts) {
    const pack = await checkPack(part, verifier)
    if (!pack.ok) return err({ type: 'damaged file' })
    packs.push(pack.value)
  }
  const [first] = packs as [Pack]
  const handed = await checkPackKeys(header, first.relay, verifier)
  if (!handed) return err({ type: 'damaged file' })
  const found = await findKeys(groups, handed, first)
  if (!found) return err({ type: 'not for this device' })
  const contents: PackContent[] = []
  let held = 0
  for (const pack of packs) {
    const plain = openPack(pack, found.keys)
    const content = plain.ok ? decodeContent(plain.value) : undefined
    if (content?.group !== found.group.id) return err({ type: 'damaged file' })
    held += content.parcels.reduce((sum, { run }) => sum + bytesOf(run), 0)
    if (held > MAX_HELD_BYTES) return err({ type: 'too large file' })
    contents.push(content)
  }
  return ok({
    group: found.group,
    parcels: contents.flatMap(({ parcels }) => parcels),
    heads: contents.at(-1)?.heads ?? [],
    proofs: contents.flatMap(({ proofs }) => proofs),
    alone: contents.flatMap(({ alone }) => alone),
  })
}

/** The group whose key a pack is sealed under: by keys that are here, or by one in the file for this very device. */
const findKeys = async (
  groups: readonly Group[],
  handed: PackKeys,
  pack: Pack,
): Promise<{ readonly group: Group; readonly keys: EpochKeys } | undefined> => {
  const isOf = (keys: EpochKeys) => openPack(pack, keys).ok
  for (const group of groups) {
    const held = group.ring.all.find(({ keys }) => isOf(keys))
    if (held) return { group, keys: held.keys }
  }
  for (const group of groups) {
    const key = await openPackKeys(group.id, handed, group.keys)
    const keys = key && new EpochKeys(handed.epoch, key)
    if (keys && isOf(keys)) return { group, keys }
  }
  return undefined
}

/** Takes in what can be, in whatever order it builds on each other. Answers what is left: it builds on what is not there. */
export const takeAllIn = async (
  group: Group,
  parcels: readonly Parcel[],
  work: LongWork,
): Promise<readonly Parcel[]> => {
  const all = entriesOf(parcels)
  let waiting = parcels
  for (let left = -1; waiting.length !== left && waiting.length > 0 && !work.stopped;) {
    left = waiting.length
    waiting = await takeIn(group, waiting, work, all)
  }
  return waiting
}

/** Answers what could not be taken in for now: it builds on what comes later in the file. `all`: entries in the file. */
const takeIn = async (
  group: Group,
  parcels: readonly Parcel[],
  work: LongWork,
  all: number,
): Promise<readonly Parcel[]> => {
  const later: Parcel[] = []
  for (let at = 0; at < parcels.length && !work.stopped; at += TAKEN_TOGETHER) {
    const together = parcels.slice(at, at + TAKEN_TOGETHER)
    const receipts = await group.replica.receive(together)
    for (const [place, receipt] of receipts.entries())
      if (receipt.is === 'later' || receipt.is === 'gap') later.push(together[place] as Parcel)
    work.did(all - entriesOf(later) - entriesOf(parcels.slice(at + TAKEN_TOGETHER)), all)
  }
  return later
}

const entriesOf = (parcels: readonly Parcel[]): number => parcels.reduce((sum, { run }) => sum + run.count, 0)

const sizeOf = ({ replica }: Group): number => replica.devices.reduce((sum, device) => sum + replica.seqOf(device), 0)

const SIGNATURE_BYTES = 64
/** Of entries in one pack: small enough to be sealed and opened in one go, and large enough that its frame costs nothing. */
const PACK_BYTES = 256 * 1024
/** Runs judged and stored in one transaction: about as much as of what comes over a link. */
const TAKEN_TOGETHER = 8
/** Of a file, which lies in memory whole: the largest example group takes a third. */
const MAX_FILE_BYTES = 128 * 1024 * 1024
/** What all of a file may expand to while it is taken in: four times as much, as text deflates. */
const MAX_HELD_BYTES = 4 * MAX_FILE_BYTES
