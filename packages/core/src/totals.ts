import type { Board } from './board.ts'
import { type CloseResult, closeResults } from './statement.ts'

/** A group in numbers. */
export interface Totals {
  readonly people: number
  /** Initiatives that go on. */
  readonly open: number
  /** Initiatives that ended, by what came of them; one that ended in two ways apart by the later one. */
  readonly ended: Readonly<Record<CloseResult, number>>
  /** Work that people said they have done, in minutes; what others say they did not see is counted, as it stands beside it. */
  readonly minutes: number
  readonly messages: number
}

export const totalsOf = (board: Board, people: number): Totals => {
  const ended = Object.fromEntries(closeResults.map((result) => [result, 0])) as Record<CloseResult, number>
  let [open, minutes] = [0, 0]
  for (const [id] of board.initiatives()) {
    const last = board.closings(id).at(-1)
    if (last) ended[last.result] += 1
    else open += 1
    for (const action of board.actions(id)) for (const { done } of board.action(id, action).claims) minutes += done ?? 0
  }
  return { people, open, ended, minutes, messages: board.messages }
}
