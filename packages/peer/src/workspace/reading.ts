import type { DeviceId, DocumentId, Exchange, Said, StatementId, ThreadId } from '@auzolan/core'
import { type ReadEntry, readRun } from '@auzolan/trust'
import { memberOf, type Source } from './ancestry.ts'
import type { Positions } from './positions.ts'
import { type DocumentChange, readContents, strangerOf } from './said.ts'

/** Feeds, and the places in each. */
type Places = ReadonlyMap<DeviceId, readonly number[]>

/**
 * All messages and withdrawals of these threads, each in no particular order. Read together, each stored run is read once.
 * @param partsOf threads whose messages belong to this one, too
 */
export const readMessages = async (
  sources: readonly Source[],
  positions: Positions,
  threads: readonly ThreadId[],
  partsOf: (thread: ThreadId) => readonly ThreadId[],
  exchange: Exchange,
): Promise<ReadonlyMap<ThreadId, Said[]>> => {
  const found = new Map<ThreadId, Said[]>()
  const places = new Map<DeviceId, number[]>()
  for (const thread of threads) {
    const said: Said[] = []
    for (const part of partsOf(thread)) {
      found.set(part, said)
      for (const [device, seqs] of positions.of(part)) places.set(device, [...(places.get(device) ?? []), ...seqs])
    }
  }
  for (const [device, seqs] of places)
    places.set(
      device,
      [...new Set(seqs)].sort((one, other) => one - other),
    )
  const carried = new Set<StatementId>()
  for await (const entry of readEntries(sources, places)) {
    const by = memberOf(sources, entry.device)
    if (!by) continue
    const { said, adopted } = readContents(entry, by)
    for (const one of adopted) {
      const author = memberOf(sources, one.author) ?? strangerOf(one.author)
      // Two people may have brought the same in.
      if (exchange.isUndone(one.adopt) || carried.has(one.record)) continue
      carried.add(one.record)
      said.push(...one.said.map((each) => ({ ...each, by: author })))
    }
    for (const each of said) if ('thread' in each.statement) found.get(each.statement.thread)?.push(each)
  }
  return found
}

/** Changes of a document, all or those after what is `covered`. */
export const readChanges = async (
  sources: readonly Source[],
  positions: Positions,
  document: DocumentId,
  covered: ReadonlyMap<DeviceId, number> = new Map(),
): Promise<DocumentChange[]> => {
  const changes: DocumentChange[] = []
  const places = positions.of(document)
  for (const [device, seq] of covered) {
    const rest = places.get(device)?.filter((each) => each > seq) ?? []
    if (rest.length > 0) places.set(device, rest)
    else places.delete(device)
  }
  for await (const entry of readEntries(sources, places)) {
    const by = memberOf(sources, entry.device)
    if (!by) continue
    const { changes: own, adopted } = readContents(entry, by)
    for (const change of [...own, ...adopted.flatMap((one) => one.changes)])
      if (change.document === document) changes.push(change)
  }
  return changes
}

/** Reads entries feed by feed, each run once; `places` of a feed are in order. What cannot be read is left out. */
const readEntries = async function* (sources: readonly Source[], places: Places): AsyncGenerator<ReadEntry> {
  for (const [device, seqs] of places) {
    const source = sources.find(({ log }) => log.seqOf(device) > 0)
    if (!source) continue
    const wanted = new Set(seqs)
    let next = 0
    while (next < seqs.length) {
      const run = await source.log.runHolding(device, seqs[next] as number)
      const entries = run && readRun(source.log.group, run)
      if (!run || !entries?.ok) next += 1
      else {
        for (const entry of entries.value) if (wanted.has(entry.seq)) yield entry
        const end = run.from + run.count
        while (next < seqs.length && (seqs[next] as number) < end) next += 1
      }
    }
  }
}
