import {
  ActionId,
  checkSentence,
  checkTitle,
  type Claim,
  DocumentId,
  type Edit,
  type Entropy,
  err,
  type InitiativeDoc,
  MINUTES_LIMIT,
  momentOf,
  ok,
  orderBetween,
  type Origin,
  PLACES_LIMIT,
  type Result,
  type Seen,
  type StatementId,
} from '@auzolan/core'
import type { Group } from '../group/group.ts'
import type { Refusal } from '../peer.ts'
import { lineOf } from './lines.ts'
import { tellOrigin } from './origin.ts'

export const startInitiative = async (
  group: Group,
  entropy: Entropy,
  draft: { readonly title: string; readonly from?: Origin },
): Promise<Result<DocumentId, Refusal>> => {
  const title = lineOf('title', checkTitle(draft.title))
  if (!title.ok) return title
  const initiative = DocumentId.create(entropy)
  const said = await group.say({ kind: 'start', initiative, title: title.value })
  if (!said.ok) return said
  if (draft.from)
    await tellOrigin(group, draft.from, { made: initiative, action: null, listing: null, title: title.value })
  return ok(initiative)
}

/** The action's words go into the initiative's document, its places into a statement, both in one entry. */
export const planAction = async (
  group: Group,
  entropy: Entropy,
  initiative: DocumentId,
  draft: { readonly title: string; readonly places: number; readonly when?: string; readonly from?: Origin },
): Promise<Result<ActionId, Refusal>> => {
  const title = lineOf('title', checkTitle(draft.title))
  if (!title.ok) return title
  if (!arePlaces(draft.places)) return err({ type: 'too long', field: 'places', limit: PLACES_LIMIT })
  if (!group.workspace.board.start(initiative)) return err({ type: 'no such thing' })
  const action = ActionId.create(entropy)
  const put = (last: string | null): Edit => ({
    do: 'put',
    action,
    draft: { title: title.value, details: '', when: draft.when ?? '', order: orderBetween(last, null) },
  })
  const made = await group.edit(
    initiative,
    ({ value }) => [put(lastOrder(Object.values(value.actions).map(({ order }) => order)))],
    { kind: 'need', initiative, action, places: draft.places, replaces: [] },
  )
  if (!made.ok) return made
  if (draft.from) await tellOrigin(group, draft.from, { made: initiative, action, listing: null, title: title.value })
  return ok(action)
}

/** Takes a place, or says again that one is coming: with the time that is shown here. */
export const takeAction = async (
  group: Group,
  initiative: DocumentId,
  action: ActionId,
): Promise<Result<StatementId, Refusal>> => {
  const { value } = (await group.rooms.open(initiative)).state<InitiativeDoc>()
  const starts = value.actions[action]?.starts ?? ''
  return group.say({ kind: 'take', initiative, action, starts: momentOf(starts) === null ? '' : starts })
}

export const changePlaces = async (
  group: Group,
  initiative: DocumentId,
  action: ActionId,
  places: number,
): Promise<Result<StatementId, Refusal>> => {
  if (!arePlaces(places)) return err({ type: 'too long', field: 'places', limit: PLACES_LIMIT })
  const { needs } = group.workspace.board.action(initiative, action)
  return group.say({ kind: 'need', initiative, action, places, replaces: needs })
}

/** Gives back every take of the claim: one may have been said on another device. */
export const giveBack = async (
  group: Group,
  initiative: DocumentId,
  take: StatementId,
): Promise<Result<StatementId, Refusal>> => {
  const claim = ownClaim(group, initiative, take)
  if (!claim.ok) return claim
  let last: Result<StatementId, Refusal> = err({ type: 'no such thing' })
  for (const each of claim.value.takes) last = await group.say({ kind: 'giveBack', initiative, take: each })
  return last
}

export const markDone = async (
  group: Group,
  initiative: DocumentId,
  take: StatementId,
  { minutes, note = '' }: { readonly minutes: number; readonly note?: string },
): Promise<Result<StatementId, Refusal>> => {
  const claim = ownClaim(group, initiative, take)
  if (!claim.ok) return claim
  if (!Number.isInteger(minutes) || minutes < 0 || minutes > MINUTES_LIMIT)
    return err({ type: 'too long', field: 'minutes', limit: MINUTES_LIMIT })
  const tidy = lineOf('note', checkSentence(note))
  return tidy.ok ? group.say({ kind: 'done', initiative, take: claim.value.id, minutes, note: tidy.value }) : tidy
}

export const markDoing = async (
  group: Group,
  initiative: DocumentId,
  take: StatementId,
): Promise<Result<StatementId, Refusal>> => {
  const claim = ownClaim(group, initiative, take)
  return claim.ok ? group.say({ kind: 'doing', initiative, take: claim.value.id }) : claim
}

/** Takes back what one said of one's own work: done, or at it. `doing`: one is still at it. */
export const markNotYet = async (
  group: Group,
  initiative: DocumentId,
  take: StatementId,
  doing: boolean,
): Promise<Result<StatementId, Refusal>> => {
  const claim = ownClaim(group, initiative, take)
  if (!claim.ok) return claim
  const said = await group.say({ kind: 'notYet', initiative, take: claim.value.id })
  return said.ok && doing ? group.say({ kind: 'doing', initiative, take: claim.value.id }) : said
}

/** Of one's own work nobody is a witness. */
export const witness = async (
  group: Group,
  initiative: DocumentId,
  take: StatementId,
  saw: Seen,
): Promise<Result<StatementId, Refusal>> => {
  const claim = claimOf(group, initiative, take)
  if (!claim) return err({ type: 'no such thing' })
  if (claim.by === group.me) return err({ type: 'own work' })
  return group.say({ kind: 'witness', initiative, take: claim.id, saw })
}

const ownClaim = (group: Group, initiative: DocumentId, take: StatementId): Result<Claim, Refusal> => {
  const claim = claimOf(group, initiative, take)
  if (!claim) return err({ type: 'no such thing' })
  return claim.by === group.me ? ok(claim) : err({ type: 'not yours' })
}

const claimOf = (group: Group, initiative: DocumentId, take: StatementId): Claim | undefined => {
  const { board } = group.workspace
  for (const action of board.actions(initiative)) {
    const claim = board.action(initiative, action).claims.find(({ id, takes }) => id === take || takes.includes(take))
    if (claim) return claim
  }
  return undefined
}

const arePlaces = (places: number): boolean => Number.isInteger(places) && places >= 1 && places <= PLACES_LIMIT

const lastOrder = (orders: readonly string[]): string | null => [...orders].sort().at(-1) ?? null
