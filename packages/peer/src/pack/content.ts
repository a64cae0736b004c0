import { ControlId, GroupId } from '@auzolan/core'
import { decodeCbor, decodeRun, encodeCbor, encodeRun } from '@auzolan/trust'
import type { Parcel } from '../log/feed-store.ts'
import { decodeShown, encodeShown, type Shown } from '../log/ending.ts'
import { decodeSegment } from '../log/segment.ts'
import { bytesOf } from '../log/slice.ts'

/** What one pack holds, once opened: runs of a group, how far its author knew it, and what is known of devices that signed two for one place. */
export interface PackContent {
  readonly group: GroupId
  readonly heads: readonly ControlId[]
  readonly parcels: readonly Parcel[]
  /** That a device signed two, each for another device. */
  readonly proofs: readonly Uint8Array[]
  /** Control entries of such devices, without their feeds. */
  readonly alone: readonly Shown[]
}

export const encodeContent = ({ group, heads, parcels, proofs, alone }: PackContent): Uint8Array =>
  encodeCbor([
    GroupId.toBytes(group),
    heads.map(ControlId.toBytes),
    parcels.map(({ run, segment }) => (segment ? [SEGMENT, segment] : [PLAIN, encodeRun(run)])),
    // Where there is none of it, a pack is what it was before there could be any.
    ...(proofs.length + alone.length > 0 ? [[...proofs], encodeShown(alone)] : []),
  ])

/** `undefined`: not what this app writes. What the runs say is for the log to judge. */
export const decodeContent = (bytes: Uint8Array): PackContent | undefined => {
  const decoded = decodeCbor(bytes)
  if (!decoded.ok || !Array.isArray(decoded.value)) return undefined
  const [group, heads, list, proofs = [], shown = []] = decoded.value as readonly unknown[]
  if (!isBytes(group, GroupId.length) || !Array.isArray(heads) || !Array.isArray(list)) return undefined
  if (!heads.every((head) => isBytes(head, ControlId.length))) return undefined
  const alone = decodeShown(shown)
  if (!alone || !Array.isArray(proofs) || !proofs.every((proof) => isBytes(proof))) return undefined
  const parcels: Parcel[] = []
  let expanded = 0
  for (const each of list as readonly unknown[]) {
    const [form, bytesOfRun] = Array.isArray(each) ? (each as readonly unknown[]) : []
    if (!isBytes(bytesOfRun) || (form !== SEGMENT && form !== PLAIN)) return undefined
    const run = form === SEGMENT ? decodeSegment(bytesOfRun) : decodeRun(bytesOfRun)
    if (!run.ok) return undefined
    expanded += bytesOf(run.value)
    if (expanded > MAX_EXPANDED_BYTES) return undefined
    parcels.push(form === SEGMENT ? { run: run.value, segment: bytesOfRun } : { run: run.value })
  }
  return { group: GroupId.fromBytes(group), heads: heads.map(ControlId.fromBytes), parcels, proofs, alone }
}

const isBytes = (value: unknown, length?: number): value is Uint8Array =>
  value instanceof Uint8Array && (length === undefined || value.length === length)

/** A kilobyte may stand for a megabyte, and a member may put a thousand of them into one pack. Honest packs expand to a tenth of this. */
export const MAX_EXPANDED_BYTES = 32 * 1024 * 1024

const PLAIN = 0
const SEGMENT = 1
