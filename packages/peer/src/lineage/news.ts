import type { DeviceId, DocumentId, RecordProof, Said, StatementId } from '@auzolan/core'
import {
  checkRun,
  headerBytes,
  itemTypes,
  type ReadEntry,
  readRun,
  startFeed,
  statementId,
  type Verifier,
} from '@auzolan/trust'
import type { GroupLog } from '../log/group-log.ts'
import { lastCounted, memberOf, reach } from '../workspace/ancestry.ts'
import { type DocumentChange, isAdoptable, readContents, strangerOf } from '../workspace/said.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { type CarriedRecord, carriedIn, type OpenedRecord, openRecord } from './records.ts'

/** An item that was said or written, and where its proof is. */
export interface Placed {
  readonly id: StatementId
  /** What its author is called where it comes from. */
  readonly name: string
  readonly source: Source
}

/** Something that one group holds and another does not. */
export interface Fresh extends Placed {
  /** The initiative it belongs to, or the thread. */
  readonly about: DocumentId
  readonly said: Said | undefined
  readonly change: DocumentChange | undefined
}

/** Where its proof is: in its author's feed, or in the entry that carried it here before. */
type Source =
  | { readonly log: GroupLog; readonly device: DeviceId; readonly seq: number; readonly index: number }
  | { readonly carried: CarriedRecord }

/** What `from` holds and counts that is not in `to`, in no particular order. What a group says of itself and of its people is left out. */
export const freshIn = async (from: Workspace, to: Workspace): Promise<readonly Fresh[]> => {
  const fresh = new Map<StatementId, Fresh>()
  const nameOf = (device: DeviceId): string => {
    const member = memberOf(from.sources, device)
    return (member && (from.board.name(member) ?? personOf(from, member))) ?? ''
  }
  const note = (entry: ReadEntry, index: number, name: string, source: Source): void => {
    if (!memberOf(from.sources, entry.device) && !('carried' in source)) return
    const one = freshOf(entry, index, name, source, to)
    if (one && belongs(one.about, from, to)) fresh.set(one.id, one)
  }
  for (const source of from.sources) {
    const mine = to.sources.find(({ log }) => log.group === source.log.group)
    for (const device of source.log.devices) {
      const [done, last] = [mine ? reach(mine, device) : 0, lastCounted(source, device)]
      if (done >= last) continue
      for await (const run of source.log.runs(device, done + 1)) {
        const entries = readRun(source.log.group, run)
        for (const entry of entries.ok ? entries.value : []) {
          if (entry.seq <= done || entry.seq > last) continue
          for (const index of entry.items.keys())
            note(entry, index, nameOf(device), { log: source.log, device, seq: entry.seq, index })
          for (const { record, proof } of carriedBy(entry, from)) {
            if (!isHere(record, to)) note(record.entry, proof.proof.index, proof.proof.name, { carried: proof })
          }
        }
        if (run.from + run.count > last) break
      }
    }
  }
  return [...fresh.values()]
}

/** A record that was handed over by itself, if `to` does not hold it. */
export const freshFrom = (carried: CarriedRecord, to: Workspace): Fresh | undefined => {
  const record = openRecord(carried)
  return record && !isHere(record, to)
    ? freshOf(record.entry, carried.proof.index, carried.proof.name, { carried }, to)
    : undefined
}

const freshOf = (entry: ReadEntry, index: number, name: string, source: Source, to: Workspace): Fresh | undefined => {
  const item = entry.items[index]
  if (!item?.bytes) return undefined
  const id = statementId(entry.group, entry.device, entry.seq, index, item.bytes)
  // Texts that were brought in once are merged for good, also where what they said was written back.
  if (to.exchange.had(id) && (item.type === itemTypes.change || to.exchange.has(id))) return undefined
  const isText = (at: number) => at === index + 1 && entry.items[at]?.type === itemTypes.text
  const items = entry.items.map((each, at) => (at === index || isText(at) ? each : hidden))
  const { said, changes } = readContents({ ...itemless(entry), items }, strangerOf(entry.device))
  const [one] = said
  const [change] = changes
  const about = change?.document ?? (one && aboutOf(one))
  if (!about || (one && !isAdoptable(one.statement))) return undefined
  return { id, about, said: one, change, name, source }
}

/** Entries of a run are views; their fields are not their own. */
const itemless = ({ group, device, seq, at }: ReadEntry) => ({ group, device, seq, at })

const isHere = ({ group, device, seq }: OpenedRecord, to: Workspace): boolean =>
  to.sources.some((source) => source.log.group === group && seq <= reach(source, device))

/** The records with their proofs; those whose signature is not held here are left out. */
export const proven = async <P extends Placed>(
  fresh: readonly P[],
  verifier: Verifier,
): Promise<readonly (P & { readonly record: CarriedRecord })[]> => {
  const proofs = new Map<StatementId, CarriedRecord>()
  const feeds = new Map<string, { readonly log: GroupLog; readonly device: DeviceId; readonly wanted: Placed[] }>()
  for (const each of fresh) {
    const { source } = each
    if ('carried' in source) {
      proofs.set(each.id, source.carried)
      continue
    }
    const key = `${source.log.group} ${source.device}`
    const feed = feeds.get(key) ?? { log: source.log, device: source.device, wanted: [] }
    feeds.set(key, feed)
    feed.wanted.push(each)
  }
  for (const { log, device, wanted } of feeds.values()) {
    let tip = startFeed(device)
    for await (const run of log.runs(device)) {
      const read = await checkRun(tip, log.group, run, verifier, { trusted: true })
      if (!read.ok) break
      tip = read.value.tip
      const entries = new Map(read.value.entries.map((entry) => [entry.seq, entry]))
      for (const { id, source, name } of wanted) {
        const entry = 'seq' in source ? entries.get(source.seq) : undefined
        if (!entry?.signature || !('index' in source)) continue
        const item = entry.items[source.index]?.bytes
        const beside = entry.items[source.index + 1]
        if (!item) continue
        const proof: RecordProof = {
          header: headerBytes(entry),
          signature: entry.signature.slice(),
          index: source.index,
          item: item.slice(),
          name,
        }
        proofs.set(id, { proof, text: beside?.type === itemTypes.text ? (beside.bytes?.slice() ?? null) : undefined })
      }
    }
  }
  return fresh.flatMap((each) => {
    const record = proofs.get(each.id)
    return record ? [{ ...each, record }] : []
  })
}

/** What an entry carries out of other groups and counts in `workspace`. */
const carriedBy = (entry: ReadEntry, { exchange }: Workspace) =>
  entry.items.flatMap((item, index) => {
    if (item.type !== itemTypes.statement || !item.bytes) return []
    const proof = carriedIn(item, entry.items[index + 1])
    const record = proof && openRecord(proof)
    const id = statementId(entry.group, entry.device, entry.seq, index, item.bytes)
    return record && exchange.had(record.id) && !exchange.isUndone(id) ? [{ record, proof }] : []
  })

const aboutOf = ({ statement }: Said): DocumentId | undefined => {
  if ('initiative' in statement) return statement.initiative
  return 'thread' in statement ? statement.thread : undefined
}

/** A group's own document and talk are its own; what a group continues, both may read. */
const belongs = (about: DocumentId, from: Workspace, to: Workspace): boolean =>
  !from.groupThreads.includes(about) || to.groupThreads.includes(about)

const personOf = ({ sources }: Workspace, member: Said['by']): string | undefined => {
  for (const { log } of sources) {
    const found = log.control.heads.length > 0 ? log.state.members.get(member) : undefined
    if (found) return found.name
  }
  return undefined
}

const hidden = { type: itemTypes.text, bytes: null, length: 0, digest: () => new Uint8Array(0) } as const
