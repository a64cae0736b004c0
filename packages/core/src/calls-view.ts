import type { Board } from './board.ts'
import { type CallState, countOf, type PaperSignature, type Signature } from './calls.ts'
import { createPersonFinder, type PeopleFacts } from './facts.ts'
import type { DocumentId, Instant, StatementId } from './ids.ts'
import type { Person } from './views.ts'

/** How this person stands to a call. `earlier`: they signed a text that was changed since. */
export type MySignature = 'none' | 'signed' | 'earlier' | 'withdrawn'

/** A line of the list of calls. */
export interface CallRow {
  readonly id: StatementId
  readonly title: string
  readonly by: Person
  /** The initiative it is for; `null`: the whole group. */
  readonly initiative: DocumentId | null
  /** 0: as many as like to. */
  readonly goal: number
  readonly count: number
  /** `null`: nobody said. */
  readonly until: Instant | null
  readonly open: boolean
  readonly at: Instant
  readonly mine: MySignature
}

export interface SignatureView extends Omit<Signature, 'by'> {
  readonly by: Person
}

export interface PaperView extends Omit<PaperSignature, 'by' | 'seenBy'> {
  readonly by: Person
  readonly seenBy: readonly Person[]
}

export interface CallView extends Omit<CallState, 'by' | 'place' | 'signatures' | 'papers'> {
  readonly by: Person
  /** The initiative it is for, by its title; `null`: the whole group. */
  readonly initiative: { readonly id: DocumentId; readonly title: string } | null
  readonly mine: MySignature
  readonly signatures: readonly SignatureView[]
  readonly papers: readonly PaperView[]
}

/** Every call, the newest first. */
export const callRows = (board: Board, people: PeopleFacts): readonly CallRow[] => {
  const personOf = createPersonFinder(people)
  return board.calls.toReversed().map((call) => ({
    ...{ id: call.id, title: call.title, by: personOf(call.by), goal: call.goal, count: countOf(call.count) },
    ...{ until: call.until, open: call.open, at: call.at, mine: mineIn(call, people) },
    initiative: board.start(call.place) ? call.place : null,
  }))
}

/** One call with everybody who signed. `titleOf`: what an initiative is called. */
export const callView = (
  { by, place, signatures, papers, ...call }: CallState,
  people: PeopleFacts,
  titleOf: (initiative: DocumentId) => string | undefined,
): CallView => {
  const personOf = createPersonFinder(people)
  const title = titleOf(place)
  return {
    ...call,
    by: personOf(by),
    initiative: title === undefined ? null : { id: place, title },
    mine: mineIn({ signatures }, people),
    signatures: signatures.map((each) => ({ ...each, by: personOf(each.by) })),
    papers: papers.map((each) => ({ ...each, by: personOf(each.by), seenBy: each.seenBy.map(personOf) })),
  }
}

const mineIn = ({ signatures }: Pick<CallState, 'signatures'>, { me }: PeopleFacts): MySignature => {
  const mine = signatures.find(({ by }) => by === me)
  if (mine === undefined) return 'none'
  if (mine.withdrawn) return 'withdrawn'
  return mine.signed === 'now' ? 'signed' : 'earlier'
}
