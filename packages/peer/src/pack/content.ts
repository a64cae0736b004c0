import { ControlId, GroupId } from '@auzolan/core'
import { decodeCbor, decodeRun, encodeCbor, encodeRun } from '@auzolan/trust'
import type { Parcel } from '../log/feed-store.ts'
import { decodeSegment } from '../log/segment.ts'
import { bytesOf } from '../log/slice.ts'

/** What one pack holds, once opened: runs of a group, and how far its author knew it. */
export interface PackContent {
  readonly group: GroupId
  readonly heads: readonly ControlId[]
  readonly parcels: readonly Parcel[]
}

export const encodeContent = ({ group, heads, parcels }: PackContent): Uint8Array =>
  encodeCbor([
    GroupId.toBytes(group),
    heads.map(ControlId.toBytes),
    parcels.map(({ run, segment }) => (segment ? [SEGMENT, segment] : [PLAIN, encodeRun(run)])),
  ])

/** `undefined`: not what this app writes. What the runs say is for the log to judge. */
export const decodeContent = (bytes: Uint8Array): PackContent | undefined => {
  const decoded = decodeCbor(bytes)
  if (!decoded.ok || !Array.isArray(decoded.value)) return undefined
  const [group, heads, list] = decoded.value as readonly unknown[]
  if (!isBytes(group, GroupId.length) || !Array.isArray(heads) || !Array.isArray(list)) return undefined
  if (!heads.every((head) => isBytes(head, ControlId.length))) return undefined
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
  return { group: GroupId.fromBytes(group), heads: heads.map(ControlId.fromBytes), parcels }
}

const isBytes = (value: unknown, length?: number): value is Uint8Array =>
  value instanceof Uint8Array && (length === undefined || value.length === length)

/** A kilobyte may stand for a megabyte, and a member may put a thousand of them into one pack. Honest packs expand to a tenth of this. */
export const MAX_EXPANDED_BYTES = 32 * 1024 * 1024

const PLAIN = 0
const SEGMENT = 1
