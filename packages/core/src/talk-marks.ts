import type { Instant, MemberId, StatementId } from './ids.ts'
import { byTime } from './plan.ts'
import { type Reaction, reactions, type Said, type Statement, type ThreadId } from './statement.ts'

type Of<Kind extends Statement['kind']> = Said<Extract<Statement, { kind: Kind }>>

/** What was said to a message, whoever said it: only what its author says changes its words. */
export interface Marks {
  readonly withdrawnBy: ReadonlySet<MemberId>
  /** Other words, by time. */
  readonly revised: readonly Of<'revise'>[]
  /** Who gave each, by time; a person once. */
  readonly reactions: readonly { readonly reaction: Reaction; readonly by: readonly MemberId[] }[]
  readonly became: readonly Of<'became'>[]
}

const none: Marks = { withdrawnBy: new Set(), revised: [], reactions: [], became: [] }

/** Everything said to the messages of a thread, in any order and repetition. */
export const marksIn = (thread: ThreadId, said: readonly Said[]): ((message: StatementId) => Marks) => {
  const once = new Map<StatementId, Said>()
  for (const each of said)
    if (each.statement.kind !== 'message' && 'thread' in each.statement && each.statement.thread === thread)
      once.set(each.id, each)
  const about = new Map<StatementId, Said[]>()
  for (const each of once.values()) {
    if (!('message' in each.statement)) continue
    const { message } = each.statement
    const known = about.get(message)
    if (known) known.push(each)
    else about.set(message, [each])
  }
  const takenBack = takenBackIn(once.values())
  return (message) => {
    const all = about.get(message)
    return all ? marksOf(all.sort(byTime), takenBack) : none
  }
}

/** Own reactions of a member to a message that stand: what taking one back names. */
export const standingReactions = (
  said: readonly Said[],
  by: MemberId,
  { message, reaction }: { readonly message: StatementId; readonly reaction: Reaction },
): readonly StatementId[] => {
  const takenBack = takenBackIn(said)
  return said
    .filter(
      (each) =>
        each.by === by &&
        each.statement.kind === 'react' &&
        each.statement.message === message &&
        each.statement.reaction === reaction &&
        takenBack.get(each.id)?.has(by) !== true,
    )
    .map(({ id }) => id)
}

const takenBackIn = (said: Iterable<Said>): ReadonlyMap<StatementId, ReadonlySet<MemberId>> => {
  const takenBack = new Map<StatementId, Set<MemberId>>()
  for (const { by, statement } of said) {
    if (statement.kind !== 'unreact') continue
    for (const each of statement.reactions) takenBack.set(each, (takenBack.get(each) ?? new Set()).add(by))
  }
  return takenBack
}

const marksOf = (said: readonly Said[], takenBack: ReadonlyMap<StatementId, ReadonlySet<MemberId>>): Marks => {
  const withdrawnBy = new Set<MemberId>()
  const revised: Of<'revise'>[] = []
  const became: Of<'became'>[] = []
  const given = new Map<Reaction, Set<MemberId>>()
  for (const each of said) {
    const { id, by, statement } = each
    if (statement.kind === 'retract') withdrawnBy.add(by)
    else if (statement.kind === 'revise') revised.push({ ...each, statement })
    else if (statement.kind === 'became') became.push({ ...each, statement })
    else if (statement.kind === 'react' && takenBack.get(id)?.has(by) !== true)
      given.set(statement.reaction, (given.get(statement.reaction) ?? new Set()).add(by))
  }
  return {
    withdrawnBy,
    revised,
    became,
    reactions: reactions.flatMap((reaction) => {
      const by = given.get(reaction)
      return by ? [{ reaction, by: [...by] }] : []
    }),
  }
}

/** What a message says now, and what it said before, as its author put it. */
export const wordsOf = (
  { by, at, text }: Pick<Of<'message'>, 'by' | 'at' | 'text'>,
  { withdrawnBy, revised }: Marks,
): { readonly text: string | null; readonly earlier: readonly { text: string | null; at: Instant }[] } => {
  if (withdrawnBy.has(by)) return { text: null, earlier: [] }
  const all = [{ at, text: text ?? null }, ...revised.filter((each) => each.by === by)]
  const earlier = all.map((each) => ({ text: each.text ?? null, at: each.at }))
  const now = earlier.pop()
  return { text: now?.text ?? null, earlier }
}
