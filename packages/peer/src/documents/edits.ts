import { err, ok, type DocumentKind, type Edit, type FieldPath, type Heads, type Result } from '@auzolan/core'
import type { History } from './History.ts'
import { difference, type Splice } from './difference.ts'
import { maxChangeOps } from './preparse.ts'
import { actionFields, fieldRule, maxActions, valueAt } from './shapes.ts'

export type EditFault =
  | { readonly type: 'no such field' }
  | { readonly type: 'too long'; readonly field: string; readonly limit: number }
  /** More actions than one initiative holds. */
  | { readonly type: 'too many'; readonly limit: number }
  | { readonly type: 'already there' }
  /** `from` names changes that this document does not hold. */
  | { readonly type: 'unknown moment' }
  /** Texts seen at different moments: edit them one by one. */
  | { readonly type: 'several moments' }

/** A document inside Automerge's `change`. */
export type Draft = Record<string, unknown>

/** A piece of an edit that fits into one change. `cost`: operations at most. */
export interface EditStep {
  readonly cost: number
  readonly apply: (draft: Draft) => void
}

/** The document as the author saw it, and Automerge's own ways to write. */
export interface EditTarget {
  readonly value: unknown
  readonly text: (path: FieldPath) => string | undefined
  /** How many values stand side by side in a short field. */
  readonly versions: (path: FieldPath) => number
  readonly immutable: (text: string) => object
  readonly splice: (draft: Draft, path: FieldPath, splice: Splice) => void
}

/**
 * The moment at which edits are made: now, unless one of them was written on a text seen earlier. Then all of them are made there, and
 * build on nothing that the author had not seen: what others wrote meanwhile is merged by Automerge, and the heads answered hold nothing else.
 */
export const momentOf = (history: History, edits: readonly Edit[]): Result<Heads, EditFault> => {
  let moment: Heads | undefined
  for (const edit of edits) {
    if (edit.do !== 'write') continue
    if (edit.from.length === 0 || !edit.from.every((hash) => history.has(hash))) return err({ type: 'unknown moment' })
    const from = [...new Set(edit.from)].sort()
    if (moment !== undefined && moment.join() !== from.join()) return err({ type: 'several moments' })
    moment = from
  }
  return ok(moment ?? history.heads)
}

/** The steps of these edits, in order; none for an edit that changes nothing. */
export const plan = (
  kind: DocumentKind,
  edits: readonly Edit[],
  target: EditTarget,
): Result<readonly EditStep[], EditFault> => {
  const steps: EditStep[] = []
  const put = new Set<string>()
  for (const edit of edits) {
    const planned = planOne(kind, edit, target, put)
    if (!planned.ok) return planned
    steps.push(...planned.value)
  }
  return ok(steps)
}

/** Steps gathered into as few changes as their operations allow. */
export const grouped = (steps: readonly EditStep[]): readonly (readonly EditStep[])[] => {
  const groups: EditStep[][] = []
  let left = 0
  for (const step of steps) {
    if (step.cost > left) {
      groups.push([])
      left = maxChangeOps
    }
    groups.at(-1)?.push(step)
    left -= step.cost
  }
  return groups
}

const planOne = (
  kind: DocumentKind,
  edit: Edit,
  target: EditTarget,
  put: Set<string>,
): Result<readonly EditStep[], EditFault> => {
  if (edit.do === 'set') return planSet(kind, edit.field, wellFormed(edit.value), target, put)
  if (edit.do === 'write') return planWrite(kind, edit.field, wellFormed(edit.text), target)
  return planPut(kind, edit, target, put)
}

const planSet = (
  kind: DocumentKind,
  field: FieldPath,
  value: string,
  target: EditTarget,
  put: ReadonlySet<string>,
): Result<readonly EditStep[], EditFault> => {
  const rule = fieldRule(kind, field)
  if (rule?.merges !== 'short' || !hasParent(field, target, put)) return err({ type: 'no such field' })
  if (value.length > rule.limit) return err({ type: 'too long', field: field.join('/'), limit: rule.limit })
  if ((target.text(field) ?? '') === value && target.versions(field) < 2) return ok([])
  return ok([{ cost: setCost, apply: (draft) => assign(draft, field, target.immutable(value)) }])
}

const planWrite = (
  kind: DocumentKind,
  field: FieldPath,
  text: string,
  target: EditTarget,
): Result<readonly EditStep[], EditFault> => {
  const rule = fieldRule(kind, field)
  if (rule?.merges !== 'prose' || !hasParent(field, target)) return err({ type: 'no such field' })
  if (text.length > rule.limit) return err({ type: 'too long', field: field.join('/'), limit: rule.limit })
  const value = field.reduce<unknown>(valueAt, target.value)
  /** Of an action whose details somebody removed. */
  const restart: EditStep[] =
    typeof value === 'string' ? [] : [{ cost: setCost, apply: (draft) => assign(draft, field, '') }]
  const splices = difference(typeof value === 'string' ? value : '', text).flatMap(pieces)
  if (splices.length === 0) return ok([])
  return ok([
    ...restart,
    ...splices.map((splice) => ({
      cost: splice.remove + splice.insert.length,
      apply: (draft: Draft) => target.splice(draft, field, splice),
    })),
  ])
}

const planPut = (
  kind: DocumentKind,
  { action, draft: given }: Edit & { readonly do: 'put' },
  target: EditTarget,
  put: Set<string>,
): Result<readonly EditStep[], EditFault> => {
  if (fieldRule(kind, ['actions', action, 'title']) === undefined) return err({ type: 'no such field' })
  const present = valueAt(target.value, 'actions')
  if (put.has(action) || valueAt(present, action) !== undefined) return err({ type: 'already there' })
  if (put.size + Object.keys(present ?? {}).length >= maxActions) return err({ type: 'too many', limit: maxActions })
  let cost = setCost
  const made: Record<string, unknown> = {}
  for (const key of ['title', 'details', 'when', 'order'] as const) {
    const rule = actionFields[key]
    const text = wellFormed(given[key])
    if (text.length > rule.limit)
      return err({ type: 'too long', field: ['actions', action, key].join('/'), limit: rule.limit })
    made[key] = rule.merges === 'short' ? target.immutable(text) : text
    cost += rule.merges === 'short' ? setCost : setCost + text.length
  }
  put.add(action)
  return ok([{ cost, apply: (draft) => assign(draft, ['actions', action], made) }])
}

/** One assignment, or the making of one object. */
const setCost = 1
/** Units written or removed in one step, so that a large paste spreads over changes. */
const pieceUnits = 1_000

/** A splice as pieces of at most `pieceUnits`, none of which ends within a surrogate pair. */
const pieces = ({ at, remove, insert }: Splice): readonly Splice[] => {
  if (remove + insert.length <= pieceUnits) return [{ at, remove, insert }]
  const all: Splice[] = []
  for (let left = remove; left > 0; left -= pieceUnits) all.push({ at, remove: Math.min(left, pieceUnits), insert: '' })
  for (let from = 0; from < insert.length;) {
    const next = from + pieceUnits
    const to = isLowSurrogate(insert.charCodeAt(next)) ? next - 1 : next
    all.push({ at: at + from, remove: 0, insert: insert.slice(from, to) })
    from = to
  }
  return all
}

const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000

const hasParent = (field: FieldPath, target: EditTarget, put?: ReadonlySet<string>): boolean =>
  field.length === 1 ||
  put?.has(field[1] ?? '') === true ||
  typeof field.slice(0, -1).reduce<unknown>(valueAt, target.value) === 'object'

/** Half surrogate pairs cannot be written as UTF-8; a keyboard or paste may still hand them over. */
const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\uFFFD')

const assign = (draft: Draft, path: FieldPath, value: unknown): void => {
  const parent = path.slice(0, -1).reduce<unknown>((at, key) => (at as Draft)[key], draft) as Draft
  parent[path.at(-1) as string] = value
}
