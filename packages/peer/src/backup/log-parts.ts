import { concatBytes, type DeviceId, type Instant } from '@auzolan/core'
import { decodeCbor, decodeCborPrefix, encodeCbor, type Run } from '@auzolan/trust'
import { decodeShown, encodeShown, inPieces, type Shown } from '../log/ending.ts'
import type { Parcel } from '../log/feed-store.ts'
import { decodeSegment, encodeSegment } from '../log/segment.ts'

/** What of a log goes into a backup: how far each feed, and where to read it. */
export interface LogSource {
  readonly ends: ReadonlyMap<DeviceId, number>
  readonly parcelFrom: (device: DeviceId, from: number, last: number) => Promise<Parcel | undefined>
}

/** Runs of a log as parts of a few megabytes, in about the order in which they were written, so that little waits for what comes later. */
export async function* logParts({
  ends,
  parcelFrom,
}: LogSource): AsyncGenerator<{ readonly bytes: Uint8Array; readonly entries: number }> {
  const next: { readonly parcel: Parcel; readonly at: number }[] = []
  const read = async (device: DeviceId, from: number): Promise<void> => {
    const last = ends.get(device) ?? 0
    const parcel = from <= last ? await parcelFrom(device, from, last) : undefined
    if (parcel) next.push({ parcel, at: beginningOf(parcel.run) })
  }
  for (const device of ends.keys()) await read(device, 1)
  let [runs, bytes, entries] = [[] as Uint8Array[], 0, 0]
  while (next.length > 0) {
    const [{ parcel }] = next.splice(oldest(next), 1) as [(typeof next)[number]]
    const { run } = parcel
    const segment = parcel.segment ?? encodeSegment(run)
    if (bytes + segment.length > PART_BYTES && entries > 0) {
      yield { bytes: joined(runs), entries }
      ;[runs, bytes, entries] = [[], 0, 0]
    }
    runs.push(segment)
    bytes += segment.length
    entries += run.count
    await read(run.device, run.from + run.count)
  }
  if (entries > 0) yield { bytes: joined(runs), entries }
}

/** The runs of one part. `undefined`: not such a part. */
export const readLogPart = (part: Uint8Array): readonly Parcel[] | undefined => {
  const view = new DataView(part.buffer, part.byteOffset, part.length)
  const parcels: Parcel[] = []
  for (let at = 0; at < part.length;) {
    if (part.length - at < LENGTH_BYTES) return undefined
    const end = at + LENGTH_BYTES + view.getUint32(at)
    if (end > part.length) return undefined
    // A view into the part would keep all of it in memory.
    const segment = part.slice(at + LENGTH_BYTES, end)
    const run = decodeSegment(segment)
    if (!run.ok) return undefined
    parcels.push({ run: run.value, segment })
    at = end
  }
  return parcels
}

/** Entries without their feeds as parts of about a megabyte, in their order. */
export const aloneParts = (shown: readonly Shown[]): readonly Uint8Array[] =>
  inPieces(shown, ALONE_BYTES).map((piece) => encodeCbor(encodeShown(piece)))

/** `undefined`: not such a part. */
export const readAlonePart = (part: Uint8Array): readonly Shown[] | undefined => {
  const list = decodeCbor(part)
  return list.ok ? decodeShown(list.value) : undefined
}

const joined = (runs: readonly Uint8Array[]): Uint8Array =>
  concatBytes(
    ...runs.flatMap((run) => {
      const length = new Uint8Array(LENGTH_BYTES)
      new DataView(length.buffer).setUint32(0, run.length)
      return [length, run]
    }),
  )

const oldest = (runs: readonly { readonly at: number }[]): number => {
  let first = 0
  for (const [place, { at }] of runs.entries()) if (at < (runs[first] as { at: number }).at) first = place
  return first
}

/** Claimed time of a run's first entry. */
const beginningOf = ({ packed }: Run): Instant | 0 => {
  const first = decodeCborPrefix(packed, 0)
  const [at] = first.ok && Array.isArray(first.value.value) ? (first.value.value as readonly unknown[]) : []
  return typeof at === 'number' ? (at as Instant) : 0
}

const LENGTH_BYTES = 4
/** Small enough to lie in memory with what is made of it, large enough that a part's own cost does not count. */
const PART_BYTES = 2 * 1024 * 1024
/** Half of what one value of CBOR may take. */
const ALONE_BYTES = 1024 * 1024
