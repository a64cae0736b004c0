import { createPersonFinder, type PeopleFacts } from './facts.ts'
import type { MemberId, StatementId } from './ids.ts'
import { byTime } from './plan.ts'
import type { Said, Statement, ThreadId } from './statement.ts'
import { AFTER_LIMIT } from './statement-codec.ts'
import type { ThreadView } from './views.ts'

type Message = Said<Extract<Statement, { kind: 'message' }>>

/**
 * A thread as it is read: nothing stands above what it answers or comes after; what was said apart is ordered by how many messages
 * its author had below them, then claimed time, then id. `said` holds the thread's messages and withdrawals in any order, others are
 * passed over; `cameLater` what reached this device after messages below it.
 */
export const threadView = (
  thread: ThreadId,
  said: readonly Said[],
  people: PeopleFacts,
  cameLater: ReadonlySet<StatementId>,
): ThreadView => {
  const personOf = createPersonFinder(people)
  const withdrawn = withdrawals(thread, said)
  return {
    thread,
    messages: inOrder(messagesOf(thread, said)).map(({ id, by, at, text, statement }) => ({
      id,
      by: personOf(by),
      at,
      text: withdrawn.get(id)?.has(by) ? null : (text ?? null),
      replyTo: statement.replyTo,
      cameLater: cameLater.has(id),
    })),
  }
}

/** What a new message in this thread comes after: the messages nobody refers to yet, at most the last four of the thread. */
export const threadTips = (thread: ThreadId, said: readonly Said[]): readonly StatementId[] => {
  const messages = messagesOf(thread, said)
  const answered = new Set(messages.flatMap(refsOf))
  return inOrder(messages)
    .filter(({ id }) => !answered.has(id))
    .slice(-AFTER_LIMIT)
    .map(({ id }) => id)
}

const messagesOf = (thread: ThreadId, said: readonly Said[]): readonly Message[] => {
  const messages = new Map<StatementId, Message>()
  for (const each of said) if (isMessage(each) && each.statement.thread === thread) messages.set(each.id, each)
  return [...messages.values()]
}

const isMessage = (said: Said): said is Message => said.statement.kind === 'message'

const refsOf = ({ statement: { after, replyTo } }: Message): readonly StatementId[] =>
  replyTo === null ? after : [...after, replyTo]

/** Who asked for which message to be withdrawn: only its author's wish counts, and the message may come later. */
const withdrawals = (thread: ThreadId, said: readonly Said[]): ReadonlyMap<StatementId, ReadonlySet<MemberId>> => {
  const wishes = new Map<StatementId, Set<MemberId>>()
  for (const { by, statement } of said) {
    if (statement.kind !== 'retract' || statement.thread !== thread) continue
    wishes.set(statement.message, (wishes.get(statement.message) ?? new Set()).add(by))
  }
  return wishes
}

/** By depth, then time, then id. Few messages share a depth, so only those are compared. */
const inOrder = (messages: readonly Message[]): readonly Message[] => {
  const depths = depthsOf(messages)
  const layers: Message[][] = []
  for (const [at, message] of messages.entries()) (layers[depths[at] as number] ??= []).push(message)
  return layers.flatMap((layer) => (layer.length > 1 ? layer.sort(byTime) : layer))
}

/**
 * Longest way down to each message through what it refers to (Kahn 1962). Ids are digests, so there are no circles; messages that
 * stood in one would keep the depth known when the rest was done.
 */
const depthsOf = (messages: readonly Message[]): Int32Array => {
  const places = new Map<StatementId, number>()
  for (const [at, { id }] of messages.entries()) places.set(id, at)
  const waitingFor = new Int32Array(messages.length)
  const answers: (number[] | undefined)[] = []
  for (const [at, message] of messages.entries()) {
    for (const ref of refsOf(message)) {
      const below = places.get(ref)
      if (below === undefined) continue
      ;(answers[below] ??= []).push(at)
      waitingFor[at] = (waitingFor[at] as number) + 1
    }
  }
  const depths = new Int32Array(messages.length)
  const ready: number[] = []
  for (const [at, count] of waitingFor.entries()) if (count === 0) ready.push(at)
  for (let at = ready.pop(); at !== undefined; at = ready.pop()) {
    const depth = (depths[at] as number) + 1
    for (const above of answers[at] ?? []) {
      if (depth > (depths[above] as number)) depths[above] = depth
      const waiting = (waitingFor[above] as number) - 1
      waitingFor[above] = waiting
      if (waiting === 0) ready.push(above)
    }
  }
  return depths
}
