import { type Instant, MemberId, StatementId } from './ids.ts'

/** What a stored cache is read with: it may have been damaged, or made by another version. */

export const isInstant = (value: unknown): value is Instant => typeof value === 'number' && Number.isSafeInteger(value)

export const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

/** Whether these are rows, each of which was taken. */
export const everyRow = (rows: unknown, take: (row: readonly unknown[]) => boolean): boolean =>
  Array.isArray(rows) && rows.every((row: unknown) => Array.isArray(row) && take(row))

/** Ids of one kind; `undefined` when one of them is not. */
export const everyId = <Id>(values: unknown, parse: (value: unknown) => Id | undefined): readonly Id[] | undefined => {
  if (!Array.isArray(values)) return undefined
  const ids: Id[] = []
  for (const value of values as readonly unknown[]) {
    const id = parse(value)
    if (id === undefined) return undefined
    ids.push(id)
  }
  return ids
}

/** Who said which statement when; `undefined` where one of these is none. */
export const stampOf = (
  id: unknown,
  at: unknown,
  by: unknown,
): { readonly id: StatementId; readonly at: Instant; readonly by: MemberId } | undefined => {
  const [statement, member] = [StatementId.parse(id), MemberId.parse(by)]
  return statement === undefined || member === undefined || !isInstant(at)
    ? undefined
    : { id: statement, at, by: member }
}
