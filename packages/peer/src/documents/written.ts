import { type ChangeHash, type DocumentKind, type Instant } from '@auzolan/core'
import { byPlace, type Candidate, candidatesOf } from './gate.ts'
import { type Operation, readOperations } from './operations.ts'
import { genesis } from './shapes.ts'

/** What somebody wrote in one text of a document, read from their changes alone. */
export interface Written {
  /** The prose field it stood in; `null`: a short field, or a text that the beginning of such a document does not have. */
  readonly field: string | null
  /** When the first of it was written, by its author's clock. */
  readonly at: Instant
  readonly text: string
  readonly changes: readonly ChangeHash[]
}

/**
 * What stays to be read of changes that are no part of their document, in the order in which they were made: what was typed in one go in one
 * piece, each other place on a line of its own. What was taken out again is left out.
 */
export const writtenIn = (kind: DocumentKind, changes: readonly Candidate[]): readonly Written[] => {
  const pieces: Piece[] = []
  const byLast = new Map<string, Piece>()
  const holders = new Map<string, Piece>()
  for (const { bytes, head } of changes.toSorted((left, right) => byPlace(left.head, right.head))) {
    for (const [at, operation] of (readOperations(bytes) ?? []).entries()) {
      for (const id of operation.pred) holders.get(id)?.texts.delete(id)
      const { action, text, elemId = '', key, insert } = operation
      if (action !== 'set' || text === undefined || (!insert && !isShown(key))) continue
      const id = `${head.startOp + at}@${head.actor}`
      const before = insert ? byLast.get(elemId) : undefined
      const piece = before ?? {
        obj: operation.obj,
        at: head.time,
        texts: new Map<string, string>(),
        changes: new Set(),
      }
      if (!before) pieces.push(piece)
      byLast.delete(elemId)
      byLast.set(id, piece)
      holders.set(id, piece)
      piece.texts.set(id, text)
      piece.changes.add(head.hash)
    }
  }
  const fields = fieldsOf(kind)
  const byField = new Map<string | null, Piece[]>()
  for (const piece of pieces) {
    const field = fields.get(piece.obj) ?? null
    byField.set(field, [...(byField.get(field) ?? []), piece])
  }
  return [...byField].flatMap(([field, inField]) => {
    const said = inField.filter((piece) => textOf(piece) !== '')
    if (said.length === 0) return []
    return {
      field,
      at: (Math.min(...said.map(({ at }) => at)) * 1000) as Instant,
      text: said.map(textOf).join('\n'),
      changes: [...new Set(said.flatMap((piece) => [...piece.changes]))],
    }
  })
}

interface Piece {
  readonly obj: string
  readonly at: number
  readonly texts: Map<string, string>
  readonly changes: Set<ChangeHash>
}

const textOf = ({ texts }: Piece): string => [...texts.values()].join('').trim()

/** Keys under which a person's words stand; the place of an action in its list is none. */
const isShown = (key: string | undefined): boolean => key !== undefined && key !== 'order'

/** The texts that every document of a kind begins with, by what operations name them. */
const fieldsOf = (kind: DocumentKind): ReadonlyMap<string, string> => {
  const [beginning] = candidatesOf([genesis[kind]])
  const operations: readonly Operation[] = (beginning && readOperations(beginning.bytes)) ?? []
  return new Map(
    operations.flatMap(({ action, key }, at) =>
      beginning && action === 'makeText' && key !== undefined
        ? [[`${beginning.head.startOp + at}@${beginning.head.actor}`, key] as const]
        : [],
    ),
  )
}
