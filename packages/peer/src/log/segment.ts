import { DeviceId, err, ok, type Result } from '@auzolan/core'
import { decodeCbor, encodeCbor, type Run } from '@auzolan/trust'
import { deflateSync, Inflate } from 'fflate'

/** A run as it is stored and sent: texts compress to a third, signatures do not compress at all and stay beside. */
export const encodeSegment = (run: Run): Uint8Array => {
  const inner = encodeCbor([run.packed, [...run.bodies]])
  const deflated = deflateSync(inner, { level: SEGMENT_LEVEL })
  return encodeCbor([
    SEGMENT_VERSION,
    DeviceId.toBytes(run.device),
    run.from,
    run.count,
    inner.length,
    deflated,
    run.signatures,
  ])
}

/** Reads a segment from disk or from another peer. Never inflates beyond what a run may hold. */
export const decodeSegment = (bytes: Uint8Array): Result<Run, SegmentFault> => {
  const outer = decodeCbor(bytes)
  if (!outer.ok) return err({ type: 'segment', detail: outer.error.type })
  if (!Array.isArray(outer.value) || outer.value.length !== 7) return bad('a segment is a list of seven')
  const [version, device, from, count, length, deflated, signatures] = outer.value as unknown[]
  if (version !== SEGMENT_VERSION) return bad('unknown segment version')
  if (!(device instanceof Uint8Array) || device.length !== DeviceId.length) return bad('no device')
  if (!isCount(from) || !isCount(count) || count > MAX_RUN_ENTRIES) return bad('no count')
  if (!isCount(length) || length > MAX_INFLATED_BYTES) return bad('claims more than a run may hold')
  if (!(deflated instanceof Uint8Array) || !(signatures instanceof Uint8Array)) return bad('no bytes')
  const inner = inflateBounded(deflated, length)
  if (!inner) return bad('does not inflate to what it claims')
  const value = decodeCbor(inner)
  if (!value.ok || !Array.isArray(value.value) || value.value.length !== 2) return bad('no run inside')
  const [packed, bodies] = value.value as unknown[]
  if (!(packed instanceof Uint8Array) || !Array.isArray(bodies)) return bad('no run inside')
  if (signatures.length !== SIGNATURE_BYTES * count) return bad('not one signature an entry')
  if (!bodies.every((body) => body === null || body instanceof Uint8Array)) return bad('a body is bytes or nothing')
  return ok({
    device: DeviceId.fromBytes(device),
    from,
    count,
    packed,
    signatures,
    bodies: bodies as (Uint8Array | null)[],
  })
}

export interface SegmentFault {
  readonly type: 'segment'
  readonly detail: string
}

/** Exactly `length` bytes, or `undefined`. Feeds small slices, so that a bomb is noticed after at most a thousand times one slice. */
export const inflateBounded = (deflated: Uint8Array, length: number): Uint8Array | undefined => {
  const out = new Uint8Array(length)
  let at = 0
  let tooLong = false
  const stream = new Inflate((chunk) => {
    if (at + chunk.length > length) tooLong = true
    else out.set(chunk, at)
    at += chunk.length
  })
  try {
    for (let from = 0; from < deflated.length && !tooLong; from += INFLATE_SLICE_BYTES) {
      const to = Math.min(from + INFLATE_SLICE_BYTES, deflated.length)
      stream.push(deflated.subarray(from, to), to === deflated.length)
    }
  } catch {
    return undefined
  }
  return !tooLong && at === length ? out : undefined
}

const bad = (detail: string) => err<SegmentFault>({ type: 'segment', detail })
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0

const SEGMENT_VERSION = 1
const SIGNATURE_BYTES = 64
/** As in `docs/formats/entry.md`. */
const MAX_RUN_ENTRIES = 4096
/** A run's megabyte, and room for the lengths of its bodies. */
const MAX_INFLATED_BYTES = 1024 * 1024 + 64 * 1024
/** Deflate expands at most 1,032 times: 16 MiB before a bomb is noticed. */
const INFLATE_SLICE_BYTES = 16 * 1024
/** Level 6 gains 3 % over level 4 on talk and costs twice the time. */
const SEGMENT_LEVEL = 4
