import type { Board, ControlId, DeviceId, DocumentId, Instant, MemberId } from '@auzolan/core'
import { type ControlLog, type GroupState, type ReadEntry, readRun } from '@auzolan/trust'
import { lastCounted, memberOf, type Source } from './ancestry.ts'
import { Fold } from './fold.ts'

/** A workspace as it was at a moment, and what came after it. By the times that authors claim: nobody's clock is proven. */
export interface Past {
  /** Of what was said before, without the talk. */
  readonly board: Board
  /** Messages since. */
  readonly messages: number
  /** How often something was said of an initiative, or in its thread, since. */
  readonly said: ReadonlyMap<DocumentId, number>
  /** Documents that somebody wrote in since. */
  readonly written: ReadonlySet<DocumentId>
}

/** Reads each stored run once. `isTalk`: an entry says something in a thread; what was said there before is most of a group, and is not looked into. */
export const pastOf = async (
  sources: readonly Source[],
  at: Instant,
  isTalk: (entry: ReadEntry) => boolean,
): Promise<Past> => {
  const first = await foldBefore(sources, at, isTalk, Fold.empty())
  // What was taken in and taken back counts from neither end.
  const { before, since } = first.before.outdated
    ? await foldBefore(sources, at, isTalk, Fold.empty(undefined, first.before))
    : first
  return { board: before.board, ...since }
}

const foldBefore = async (
  sources: readonly Source[],
  at: Instant,
  isTalk: (entry: ReadEntry) => boolean,
  before: Fold,
): Promise<{ readonly before: Fold; readonly since: Omit<Past, 'board'> }> => {
  const authorOf = (device: DeviceId): MemberId | undefined => memberOf(sources, device)
  const [said, written] = [new Map<DocumentId, number>(), new Set<DocumentId>()]
  const after = Fold.empty()
  for (const source of sources)
    for (const device of source.log.devices) {
      const last = lastCounted(source, device)
      for await (const run of source.log.runs(device)) {
        const entries = readRun(source.log.group, run)
        if (!entries.ok) continue
        const counting = entries.value.filter(({ seq }) => seq <= last)
        const early = counting.filter((entry) => entry.at < at && !isTalk(entry))
        before.add(early, 'elsewhere', authorOf)
        const late = counting.filter((entry) => entry.at >= at)
        const news = after.add(late, 'elsewhere', authorOf)
        for (const { document } of news.changes) written.add(document)
        for (const { statement } of news.said) {
          const about = placeOf(statement)
          if (about && statement.kind !== 'start') said.set(about, (said.get(about) ?? 0) + 1)
        }
        if (run.from + run.count > last) break
      }
    }
  return { before, since: { said, written, messages: after.board.messages } }
}

const placeOf = (statement: object): DocumentId | undefined => {
  if ('initiative' in statement) return statement.initiative as DocumentId
  return 'thread' in statement ? (statement.thread as DocumentId) : undefined
}

/** Who was in and which rules held, as far as entries before that moment say; `undefined`: the group was not there yet. */
export const stateBefore = (control: ControlLog, at: Instant): GroupState | undefined => {
  const [known, tops] = [new Set<ControlId>(), new Set<ControlId>()]
  for (const head of control.heads)
    for (const { id, entry } of control.past(head)) {
      if (known.has(id) || entry.at >= at || !entry.heads.every((each) => known.has(each))) continue
      known.add(id)
      for (const each of entry.heads) tops.delete(each)
      tops.add(id)
    }
  return tops.size === 0 ? undefined : control.stateAt([...tops].sort())
}
