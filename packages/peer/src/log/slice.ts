import { concatBytes } from '@auzolan/core'
import { decodeCborPrefix, itemTypes, type Run } from '@auzolan/trust'

/** The part of a run from `seq` to `last`. The run was read from our own disk or checked. */
export const sliceRun = (run: Run, seq: number, last = run.from + run.count - 1): Run => {
  const from = Math.max(seq, run.from)
  if (from === run.from && last === run.from + run.count - 1) return run
  const start = skip(run, { at: 0, bodies: 0 }, from - run.from)
  const end = skip(run, start, last - from + 1)
  return {
    device: run.device,
    from,
    count: last - from + 1,
    packed: run.packed.subarray(start.at, end.at),
    signatures: run.signatures.subarray(SIGNATURE_BYTES * (from - run.from), SIGNATURE_BYTES * (last - run.from + 1)),
    bodies: run.bodies.slice(start.bodies, end.bodies),
  }
}

/** The run without the texts of these entries: the chain names them by digest and stays valid. */
export const withoutTexts = (run: Run, seqs: ReadonlySet<number>): Run => {
  const gone = new Set<number>()
  let place = { at: 0, bodies: 0 }
  for (let seq = run.from; seq < run.from + run.count; seq++) {
    const next = skip(run, place, 1)
    if (seqs.has(seq)) for (let body = place.bodies; body < next.bodies; body++) gone.add(body)
    place = next
  }
  return { ...run, bodies: run.bodies.map((body, at) => (gone.has(at) ? null : body)) }
}

const skip = (
  run: Run,
  { at, bodies }: { at: number; bodies: number },
  entries: number,
): { at: number; bodies: number } => {
  for (let entry = 0; entry < entries; entry++) {
    const packed = decodeCborPrefix(run.packed, at)
    if (!packed.ok) throw new Error('a checked run does not decode')
    at = packed.value.end
    const items = (packed.value.value as readonly unknown[])[2] as readonly (readonly unknown[])[]
    bodies += items.filter(([type]) => type === itemTypes.text).length
  }
  return { at, bodies }
}

/** Runs of one feed in order as few larger ones, none above `MAX_JOINED_BYTES` unless it came so. What is not contiguous stays apart. */
export const joinRuns = (runs: readonly Run[]): Run[] => {
  const joined: Run[] = []
  let group: Run[] = []
  let [bytes, count] = [0, 0]
  const close = () => {
    const [first] = group
    if (first) joined.push(group.length === 1 ? first : concatRuns(first, group))
    ;[group, bytes, count] = [[], 0, 0]
  }
  for (const run of runs) {
    const before = group.at(-1)
    const apart = before !== undefined && before.from + before.count !== run.from
    if (apart || bytes + bytesOf(run) > MAX_JOINED_BYTES || count + run.count > MAX_RUN_ENTRIES) close()
    group.push(run)
    bytes += bytesOf(run)
    count += run.count
  }
  close()
  return joined
}

/** Bytes of a run's entries and of what travels beside them. */
export const bytesOf = ({ packed, bodies }: Run): number =>
  bodies.reduce((sum, body) => sum + (body?.length ?? 0), packed.length)

const concatRuns = (first: Run, runs: readonly Run[]): Run => ({
  device: first.device,
  from: first.from,
  count: runs.reduce((count, run) => count + run.count, 0),
  packed: concatBytes(...runs.map(({ packed }) => packed)),
  signatures: concatBytes(...runs.map(({ signatures }) => signatures)),
  bodies: runs.flatMap(({ bodies }) => bodies),
})

const SIGNATURE_BYTES = 64
/** Well below the megabyte of a frame, with room for signatures. */
const MAX_JOINED_BYTES = 256 * 1024
/** As in `docs/formats/entry.md`. */
const MAX_RUN_ENTRIES = 4096
