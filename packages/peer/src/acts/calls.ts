import {
  AMOUNT_LIMIT,
  type CallState,
  checkName,
  checkPerson,
  checkSentence,
  checkText,
  checkTitle,
  type DocumentId,
  err,
  isAsked,
  momentOf,
  ok,
  PAPERS_LIMIT,
  REPLACES_LIMIT,
  type Result,
  SHEET_LINES,
  type StatementId,
} from '@auzolan/core'
import type { Store } from '@auzolan/storage'
import type { Group } from '../group/group.ts'
import { letGoKey } from '../log/layout.ts'
import { readTexts, writeTexts } from '../log/texts.ts'
import type { Refusal } from '../peer.ts'
import { lineOf } from './lines.ts'

/** What people are asked to sign, as its author says it. */
export interface CallDraft {
  readonly title: string
  readonly text: string
  /** How many are to sign; 0: as many as like to. */
  readonly goal: number
  /** A moment, or empty. */
  readonly until: string
  readonly open: boolean
}

/** `of`: the own call that is said anew; `null`: a new one, for an initiative or the group's document. */
export const askToSign = async (
  group: Group,
  of: StatementId | null,
  { goal, open, ...draft }: CallDraft,
  about?: DocumentId,
): Promise<Result<StatementId, Refusal>> => {
  const { board, groupThreads } = group.workspace
  const known = of === null ? undefined : board.call(of)
  if (of !== null && !known) return err({ type: 'no such thing' })
  if (known && known.by !== group.me) return err({ type: 'not yours' })
  const title = lineOf('title', checkTitle(draft.title))
  if (!title.ok) return title
  const text = lineOf('text', checkText(draft.text))
  if (!text.ok) return text
  if (!Number.isInteger(goal) || goal < 0 || goal > AMOUNT_LIMIT)
    return err({ type: 'too long', field: 'goal', limit: AMOUNT_LIMIT })
  const until = momentOf(draft.until) === null ? '' : draft.until
  const place = known?.place ?? about ?? groupThreads[0]
  if (!place || (!groupThreads.includes(place) && !board.start(place))) return err({ type: 'no such thing' })
  return group.say({ kind: 'call', place, call: of, title: title.value, text: text.value, goal, until, open })
}

/** Signs the text as it is here now. Doing it again changes nothing. */
export const signCall = async (
  group: Group,
  id: StatementId,
  { name = '', comment = '' }: { readonly name?: string; readonly comment?: string },
): Promise<Result<StatementId, Refusal>> => {
  const found = openCall(group, id)
  if (!found.ok) return found
  const { call, version } = found.value
  const mine = call.signatures.find(({ by }) => by === group.me)
  if (mine && mine.signed === 'now' && !mine.withdrawn) return ok(mine.id)
  const known = group.me === undefined ? undefined : group.workspace.board.name(group.me)
  const called = lineOf('name', checkName(name || (known ?? '')))
  if (!called.ok) return called
  const words = lineOf('comment', checkSentence(comment))
  if (!words.ok) return words
  return group.say({ kind: 'sign', place: call.place, call: id, version, name: called.value, comment: words.value })
}

/** Takes back every signature of one's own that is known here. */
export const unsign = async (group: Group, id: StatementId): Promise<Result<StatementId, Refusal>> => {
  const call = group.workspace.board.call(id)
  const mine = call?.signatures.find(({ by }) => by === group.me)
  if (!call || !mine || mine.withdrawn) return err({ type: 'no such thing' })
  const signatures = mine.standing.slice(-REPLACES_LIMIT)
  return group.say({ kind: 'unsign', place: call.place, call: id, signatures })
}

/** Enters signatures from a sheet of paper, under the text as it is here now. Each counts once somebody else has seen it. */
export const enterPaper = async (
  group: Group,
  id: StatementId,
  { names, sheet }: { readonly names: readonly string[]; readonly sheet: string },
): Promise<Result<readonly StatementId[], Refusal>> => {
  const found = openCall(group, id)
  if (!found.ok) return found
  const { call, version } = found.value
  const which = lineOf('sheet', checkSentence(sheet))
  if (!which.ok) return which
  if (names.length === 0) return err({ type: 'empty', field: 'names' })
  if (names.length > SHEET_LINES) return err({ type: 'too long', field: 'names', limit: SHEET_LINES })
  const checked: string[] = []
  for (const each of names) {
    const name = lineOf('names', checkPerson(each))
    if (!name.ok) return name
    checked.push(name.value)
  }
  return group.sayAll(
    checked.map((name) => ({
      statement: { kind: 'paper', place: call.place, call: id, version, name, sheet: which.value } as const,
    })),
  )
}

/** Takes back what this person entered from paper. */
export const takePaperBack = async (
  group: Group,
  id: StatementId,
  papers: readonly StatementId[],
): Promise<Result<null, Refusal>> => {
  const call = group.workspace.board.call(id)
  const entered = papers.map((paper) => call?.papers.find((each) => each.id === paper))
  if (!call || papers.length === 0 || entered.includes(undefined)) return err({ type: 'no such thing' })
  if (entered.some((each) => each?.by !== group.me)) return err({ type: 'not yours' })
  for (let at = 0; at < papers.length; at += REPLACES_LIMIT) {
    const signatures = papers.slice(at, at + REPLACES_LIMIT)
    const said = await group.say({ kind: 'unsign', place: call.place, call: id, signatures })
    if (!said.ok) return said
  }
  return ok(null)
}

/** Says that one has seen these on paper, or not after all. Nobody is a witness of what they entered themselves. */
export const confirmPaper = async (
  group: Group,
  id: StatementId,
  papers: readonly StatementId[],
  stands: boolean,
): Promise<Result<StatementId, Refusal>> => {
  const call = group.workspace.board.call(id)
  const wanted = papers.slice(0, PAPERS_LIMIT)
  const entered = wanted.map((paper) => call?.papers.find((each) => each.id === paper))
  if (!call || wanted.length === 0 || entered.includes(undefined)) return err({ type: 'no such thing' })
  if (entered.some((each) => each?.by === group.me)) return err({ type: 'own work' })
  return group.say({ kind: 'sawPaper', place: call.place, call: id, papers: wanted, stands })
}

/** This person would not be asked about the text as it is any more, or would after all. Known on this device only. */
export const passOver = async (
  group: Group,
  store: Store,
  id: StatementId,
  over: boolean,
): Promise<Result<null, Refusal>> => {
  const version = group.workspace.board.call(id)?.versions.at(-1)
  const key = passedOverKey(group)
  if (!version || !key) return err({ type: 'no such thing' })
  const others = readTexts(await store.get(key)).filter((each) => each !== version.id)
  const value = writeTexts(over ? [...others, version.id].slice(-MOST_PASSED_OVER) : others)
  await store.write([{ do: 'put', key, value }], { durability: 'relaxed' })
  group.lookAgain('read')
  return ok(null)
}

/** Texts that this person would not be asked to sign any more. */
export const passedOver = async (group: Group, store: Store): Promise<ReadonlySet<StatementId>> => {
  const key = passedOverKey(group)
  return new Set(key ? (readTexts(await store.get(key)) as StatementId[]) : [])
}

/** The group's own document holds nothing else that one can let go of. */
const passedOverKey = ({ id, workspace }: Group) => {
  const [document] = workspace.groupThreads
  return document && letGoKey(id, document)
}

/** Calls that one passes over and could be asked about again: hundreds are years of them. */
const MOST_PASSED_OVER = 500

const openCall = (
  group: Group,
  id: StatementId,
): Result<{ readonly call: CallState; readonly version: StatementId }, Refusal> => {
  const call = group.workspace.board.call(id)
  const version = call?.versions.at(-1)?.id
  if (!call || !version) return err({ type: 'no such thing' })
  if (!isAsked(call, group.now())) return err({ type: 'no longer asked' })
  return ok({ call, version })
}
