import { createPersonFinder, type PeopleFacts } from './facts.ts'
import type { DeviceId, StatementId } from './ids.ts'
import { byTime } from './plan.ts'
import type { Said, Statement, ThreadId } from './statement.ts'
import { AFTER_LIMIT } from './statement-codec.ts'
import { marksIn, wordsOf } from './talk-marks.ts'
import type { ThreadView } from './views.ts'

type Message = Said<Extract<Statement, { kind: 'message' }>>

/**
 * A thread as it is read: nothing stands above what it answers or comes after; what was said apart is ordered by how many messages
 * its author had below them, then claimed time, then id. `said` holds everything said in the thread in any order, other threads are
 * passed over; `cameLater` what reached this device after messages below it. `read`: what this device has read stays in the order in
 * which it was read, and the rest stands below it. `null`: it never looked.
 */
export const threadView = (
  thread: ThreadId,
  said: readonly Said[],
  people: PeopleFacts,
  { cameLater, read = null }: { readonly cameLater: ReadonlySet<StatementId>; readonly read?: ReadMark | null },
): ThreadView => {
  const personOf = createPersonFinder(people)
  const marksOf = marksIn(thread, said)
  const isRead = (message: Message) => {
    if (read === null) return true
    const { device, seq } = placeOf(message)
    return seq <= (read.get(device) ?? 0)
  }
  const messages = messagesOf(thread, said)
  const seen = inOrder(messages.filter(isRead))
  const ordered =
    seen.length === messages.length ? seen : [...seen, ...inOrder(messages).filter((message) => !isRead(message))]
  return {
    thread,
    messages: ordered.map((message) => {
      const { id, by, at, statement } = message
      const marks = marksOf(id)
      const words = wordsOf(message, marks)
      const latest = marks.revised.findLast((each) => each.by === by)?.statement ?? statement
      return {
        id,
        by: personOf(by),
        at,
        ...words,
        replyTo: statement.replyTo,
        cameLater: cameLater.has(id),
        unread: by !== people.me && !isRead(message),
        mentions: words.text === null ? [] : latest.mentions.map(personOf),
        reactions: marks.reactions.map(({ reaction, by }) => ({ reaction, by: by.map(personOf) })),
        became: marks.became.map(({ statement: { made, action, listing, title } }) => ({
          ...{ made, action, listing, title },
        })),
      }
    }),
  }
}

/** Where something came here: what was said in another group came with the entry that carried it. */
const placeOf = ({ device, seq, carried }: Pick<Said, 'device' | 'seq' | 'carried'>) => carried ?? { device, seq }

/** How far this device has read: the last entry of each device that was here when somebody looked. */
export const readMark = (said: readonly Pick<Said, 'device' | 'seq' | 'carried'>[]): ReadMark => {
  const mark = new Map<DeviceId, number>()
  for (const { device, seq } of said.map(placeOf)) if ((mark.get(device) ?? 0) < seq) mark.set(device, seq)
  return mark
}
export type ReadMark = ReadonlyMap<DeviceId, number>

/** The messages of this thread nobody refers to yet, at most the last four: what a new message comes after. */
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
