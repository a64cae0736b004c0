import { checkText, err, type Result, type StatementId, type ThreadId } from '@auzolan/core'
import type { Group } from '../group/group.ts'
import type { Refusal } from '../peer.ts'
import { lineOf } from './lines.ts'

export const sendMessage = async (
  group: Group,
  thread: ThreadId,
  text: string,
  replyTo?: StatementId,
): Promise<Result<StatementId, Refusal>> => {
  const tidy = lineOf('text', checkText(text))
  if (!tidy.ok) return tidy
  const { tips } = await group.thread(thread)
  return group.say({ kind: 'message', thread, after: tips, replyTo: replyTo ?? null }, tidy.value)
}

export const withdrawMessage = async (
  group: Group,
  thread: ThreadId,
  message: StatementId,
): Promise<Result<StatementId, Refusal>> => {
  const said = (await group.thread(thread)).said.find((each) => each.id === message)
  if (!said) return err({ type: 'no such thing' })
  if (said.by !== group.me) return err({ type: 'not yours' })
  return group.say({ kind: 'retract', thread, message })
}
