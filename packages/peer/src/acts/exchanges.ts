import {
  AMOUNT_LIMIT,
  checkName,
  checkSentence,
  checkTitle,
  type DocumentId,
  err,
  type ListingState,
  momentOf,
  type Origin,
  type Result,
  type Side,
  type StatementId,
} from '@auzolan/core'
import type { Group } from '../group/group.ts'
import type { Refusal } from '../peer.ts'
import { lineOf } from './lines.ts'
import { tellOrigin } from './origin.ts'

/** What is needed or offered, as its author says it. */
export interface ListingDraft {
  readonly side: Side
  readonly what: string
  readonly amount: number
  readonly unit?: string
  /** A moment, or empty. */
  readonly when?: string
  readonly where?: string
  readonly from?: Origin
}

export const list = async (
  group: Group,
  place: DocumentId,
  { side, amount, from, ...draft }: ListingDraft,
): Promise<Result<StatementId, Refusal>> => {
  const what = lineOf('what', checkTitle(draft.what))
  if (!what.ok) return what
  const unit = lineOf('unit', checkName(draft.unit ?? ''))
  if (!unit.ok) return unit
  const where = lineOf('where', checkSentence(draft.where ?? ''))
  if (!where.ok) return where
  if (!isAmount(amount)) return tooMuch
  if (place !== group.workspace.groupThreads[0] && !group.workspace.board.start(place))
    return err({ type: 'no such thing' })
  const when = momentOf(draft.when ?? '') === null ? '' : (draft.when ?? '')
  const said = await group.say({
    kind: 'listing',
    place,
    side,
    what: what.value,
    amount,
    unit: unit.value,
    when,
    where: where.value,
  })
  if (said.ok && from)
    await tellOrigin(group, from, { made: place, action: null, listing: said.value, title: what.value })
  return said
}

/** Says that an own listing stands no more, or does again. */
export const unlist = async (
  group: Group,
  listing: StatementId,
  stands: boolean,
): Promise<Result<StatementId, Refusal>> => {
  const found = group.workspace.board.listing(listing)
  if (!found) return err({ type: 'no such thing' })
  if (found.by !== group.me) return err({ type: 'not yours' })
  return group.say({ kind: 'unlist', place: found.place, listing, stands: !stands })
}

export const promise = async (
  group: Group,
  listing: StatementId,
  { amount, note = '' }: { readonly amount: number; readonly note?: string },
): Promise<Result<StatementId, Refusal>> => {
  const found = group.workspace.board.listing(listing)
  if (!found) return err({ type: 'no such thing' })
  if (found.by === group.me) return err({ type: 'own listing' })
  if (!isAmount(amount)) return tooMuch
  const tidy = lineOf('note', checkSentence(note))
  return tidy.ok ? group.say({ kind: 'promise', place: found.place, listing, amount, note: tidy.value }) : tidy
}

export const release = async (group: Group, id: StatementId): Promise<Result<StatementId, Refusal>> => {
  const found = promiseIn(group, id)
  if (!found) return err({ type: 'no such thing' })
  if (found.by !== group.me) return err({ type: 'not yours' })
  return group.say({ kind: 'release', place: found.listing.place, promises: [id] })
}

/** Whoever gives says that they gave it, whoever receives that they have it; `stands`: false takes the word back. */
export const handOver = async (
  group: Group,
  id: StatementId,
  stands: boolean,
): Promise<Result<StatementId, Refusal>> => {
  const found = promiseIn(group, id)
  if (!found) return err({ type: 'no such thing' })
  if (found.by !== group.me && found.listing.by !== group.me) return err({ type: 'not yours' })
  return group.say({ kind: 'handOver', place: found.listing.place, promise: id, stands })
}

const promiseIn = ({ workspace }: Group, id: StatementId) => {
  for (const listing of workspace.board.listings) {
    const found: ListingState['promises'][number] | undefined = listing.promises.find((each) => each.id === id)
    if (found) return { by: found.by, listing }
  }
  return undefined
}

const isAmount = (amount: number): boolean => Number.isInteger(amount) && amount >= 1 && amount <= AMOUNT_LIMIT
const tooMuch = err({ type: 'too long', field: 'amount', limit: AMOUNT_LIMIT } as const)
