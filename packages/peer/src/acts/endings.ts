import {
  checkSentence,
  type Closing,
  type DocumentId,
  err,
  REPLACES_LIMIT,
  type Result,
  type StatementId,
} from '@auzolan/core'
import type { Group } from '../group/group.ts'
import type { Refusal } from '../peer.ts'
import { lineOf } from './lines.ts'

/** Closes an initiative, or settles closings that were given apart: this one stands for all that are known here. */
export const closeInitiative = async (
  group: Group,
  initiative: DocumentId,
  { result, sentence }: Pick<Closing, 'result' | 'sentence'>,
): Promise<Result<StatementId, Refusal>> => {
  const tidy = lineOf('sentence', checkSentence(sentence))
  if (!tidy.ok) return tidy
  const { board } = group.workspace
  if (!board.start(initiative)) return err({ type: 'no such thing' })
  const standing = board.closings(initiative).map(({ id }) => id)
  const replaces = standing.slice(-REPLACES_LIMIT)
  if (replaces.length < standing.length) await openAgain(group, initiative)
  return group.say({ kind: 'close', initiative, result, sentence: tidy.value, replaces })
}

/** Lets an initiative go on that was closed. */
export const openAgain = async (group: Group, initiative: DocumentId): Promise<Result<StatementId, Refusal>> => {
  const standing = group.workspace.board.closings(initiative).map(({ id }) => id)
  let last: Result<StatementId, Refusal> = err({ type: 'no such thing' })
  for (let at = 0; at < standing.length; at += REPLACES_LIMIT)
    last = await group.say({ kind: 'reopen', initiative, closings: standing.slice(at, at + REPLACES_LIMIT) })
  return last
}
