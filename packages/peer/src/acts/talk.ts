import {
  checkText,
  err,
  type MemberId,
  MENTIONS_LIMIT,
  ok,
  readMark,
  type Reaction,
  type Result,
  type Said,
  standingReactions,
  type StatementId,
  type ThreadId,
} from '@auzolan/core'
import type { Group } from '../group/group.ts'
import type { Refusal } from '../peer.ts'
import { lineOf } from './lines.ts'

/** What a message is about, besides its text. */
export interface MessageContext {
  readonly replyTo?: StatementId
  /** Whom it calls by name. */
  readonly mentions?: readonly MemberId[]
}

export const sendMessage = async (
  group: Group,
  thread: ThreadId,
  text: string,
  { replyTo, mentions = [] }: MessageContext = {},
): Promise<Result<StatementId, Refusal>> => {
  const tidy = lineOf('text', checkText(text))
  if (!tidy.ok) return tidy
  const called = calledIn(mentions)
  if (!called.ok) return called
  const { tips } = await group.thread(thread)
  return group.say(
    { kind: 'message', thread, after: tips, replyTo: replyTo ?? null, mentions: called.value },
    tidy.value,
  )
}

/** Says it in other words; what it said before stays to be seen. */
export const reviseMessage = async (
  group: Group,
  thread: ThreadId,
  message: StatementId,
  { text, mentions = [] }: { readonly text: string; readonly mentions?: readonly MemberId[] },
): Promise<Result<StatementId, Refusal>> => {
  const tidy = lineOf('text', checkText(text))
  if (!tidy.ok) return tidy
  const called = calledIn(mentions)
  if (!called.ok) return called
  const own = await ownMessage(group, thread, message)
  return own.ok ? group.say({ kind: 'revise', thread, message, mentions: called.value }, tidy.value) : own
}

export const withdrawMessage = async (
  group: Group,
  thread: ThreadId,
  message: StatementId,
): Promise<Result<StatementId, Refusal>> => {
  const own = await ownMessage(group, thread, message)
  return own.ok ? group.say({ kind: 'retract', thread, message }) : own
}

/** Gives a reaction, or takes back every time it was given, on whichever device. What stands as wished already is not said again. */
export const react = async (
  group: Group,
  thread: ThreadId,
  message: StatementId,
  { reaction, on }: { readonly reaction: Reaction; readonly on: boolean },
): Promise<Result<null, Refusal>> => {
  const { said } = await group.thread(thread)
  if (!messageIn(said, message)) return err({ type: 'no such thing' })
  const given = group.me ? standingReactions(said, group.me, { message, reaction }) : []
  if (on === given.length > 0) return ok(null)
  const done = await group.say(
    on ? { kind: 'react', thread, message, reaction } : { kind: 'unreact', thread, reactions: given },
  )
  return done.ok ? ok(null) : done
}

/** All that is here of the thread is read on this device. */
export const markRead = async (group: Group, thread: ThreadId): Promise<Result<null, Refusal>> => {
  const { said, thread: read } = await group.thread(thread)
  const { board } = group.workspace
  await group.reads.keep(read, {
    upTo: readMark(said),
    messages: messagesIn(group, read),
    mentions: group.me
      ? board
          .mentions(group.me)
          .filter((mention) => group.inThread(mention.thread, read))
          .map(({ id }) => id)
      : [],
  })
  group.lookAgain('read')
  return ok(null)
}

/** All that is here of the group has been seen on this device. */
export const markSeen = async (group: Group): Promise<Result<null, Refusal>> => {
  await group.since.mark()
  group.lookAgain('read')
  return ok(null)
}

/** Messages of a thread that are here; those of groups that this one continues are in its talk. */
export const messagesIn = ({ workspace }: Group, thread: ThreadId): number => {
  const parts = workspace.groupThreads.includes(thread) ? workspace.groupThreads : [thread]
  return parts.reduce((sum, part) => sum + workspace.board.talk(part).messages, 0)
}

const ownMessage = async (group: Group, thread: ThreadId, id: StatementId): Promise<Result<Said, Refusal>> => {
  const message = messageIn((await group.thread(thread)).said, id)
  if (!message) return err({ type: 'no such thing' })
  return message.by === group.me ? ok(message) : err({ type: 'not yours' })
}

const messageIn = (said: readonly Said[], id: StatementId): Said | undefined =>
  said.find((each) => each.id === id && each.statement.kind === 'message')

const calledIn = (mentions: readonly MemberId[]): Result<readonly MemberId[], Refusal> => {
  const called = [...new Set(mentions)]
  return called.length > MENTIONS_LIMIT
    ? err({ type: 'too long', field: 'mentions', limit: MENTIONS_LIMIT })
    : ok(called)
}
