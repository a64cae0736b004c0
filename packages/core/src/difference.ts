import type { ActionDoc, FieldPath, InitiativeDoc } from './documents.ts'
import { actionIds } from './facts.ts'

/** A piece of a text that two versions share, or that one of them alone has. */
export interface WordPart {
  readonly is: 'same' | 'gone' | 'new'
  readonly text: string
}

/**
 * What became of a text, word by word: `same` and `gone` together are `before`, `same` and `new` together `after`. Longest common subsequence; where both
 * are long and differ throughout, what lies between their equal ends is one piece.
 */
export const wordDifference = (before: string, after: string): readonly WordPart[] => {
  const [from, to] = [wordsOf(before), wordsOf(after)]
  let start = 0
  while (start < Math.min(from.length, to.length) && from[start] === to[start]) start++
  let end = 0
  while (end < Math.min(from.length, to.length) - start && from.at(-1 - end) === to.at(-1 - end)) end++
  const [gone, added] = [from.slice(start, from.length - end), to.slice(start, to.length - end)]
  return joined([
    ...from.slice(0, start).map((text) => ({ is: 'same', text }) as const),
    ...(gone.length * added.length > MOST_COMPARED ? replaced(gone, added) : aligned(gone, added)),
    ...from.slice(from.length - end).map((text) => ({ is: 'same', text }) as const),
  ])
}

/** Something of an initiative that reads otherwise in two versions. */
export interface FieldChange {
  readonly field: keyof InitiativeDoc | keyof ActionDoc
  /** Title of the action it belongs to; `null`: the initiative's own. */
  readonly action: string | null
  readonly parts: readonly WordPart[]
}

/** A field of an initiative before and after somebody wrote there. */
export interface FieldStep {
  readonly path: FieldPath
  readonly field: FieldChange['field']
  /** Title of the action it belongs to; `null`: the initiative's own. */
  readonly action: string | null
  readonly before: string
  readonly after: string
}

/** Everything that reads otherwise, in the order of the page. `before`: `null` where there was nothing. */
export const initiativeDifference = (before: InitiativeDoc | null, after: InitiativeDoc): readonly FieldChange[] =>
  fieldSteps(before, after).map(({ field, action, before: was, after: is }) => ({
    ...{ field, action, parts: wordDifference(was, is) },
  }))

/** The same with both texts whole, and where each stands. */
export const fieldSteps = (before: InitiativeDoc | null, after: InitiativeDoc): readonly FieldStep[] => {
  const own = ownFields.map((field): FieldStep => ({
    ...{ path: [field], field, action: null, before: before?.[field] ?? '', after: after[field] },
  }))
  const ids = [...new Set([...(before ? actionIds(before) : []), ...actionIds(after)])].sort()
  const actions = ids.flatMap((id) => {
    const [was, is] = [before?.actions[id], after.actions[id]]
    const action = is?.title || was?.title || ''
    return actionFields.map((field): FieldStep => ({
      ...{ path: ['actions', id, field], field, action, before: was?.[field] ?? '', after: is?.[field] ?? '' },
    }))
  })
  return [...own, ...actions].filter((step) => step.before !== step.after)
}

const ownFields = [
  'title',
  'why',
  'when',
  'where',
  'plan',
  'needs',
  'hypothesis',
  'measure',
  'checkOn',
  'starts',
  'ends',
] as const satisfies readonly (keyof InitiativeDoc)[]
const actionFields = [
  'title',
  'details',
  'when',
  'where',
  'skills',
  'starts',
  'ends',
] as const satisfies readonly (keyof ActionDoc)[]

/** Words with the space before them, so that joined they are the text again. */
const wordsOf = (text: string): readonly string[] => text.match(/\s*\S+|\s+$/gu) ?? []

const replaced = (gone: readonly string[], added: readonly string[]): readonly WordPart[] => [
  { is: 'gone', text: gone.join('') },
  { is: 'new', text: added.join('') },
]

const aligned = (gone: readonly string[], added: readonly string[]): readonly WordPart[] => {
  const width = added.length + 1
  const common = new Uint32Array((gone.length + 1) * width)
  for (let row = gone.length - 1; row >= 0; row--)
    for (let column = added.length - 1; column >= 0; column--)
      common[row * width + column] =
        gone[row] === added[column]
          ? (common[(row + 1) * width + column + 1] as number) + 1
          : Math.max(common[(row + 1) * width + column] as number, common[row * width + column + 1] as number)
  const parts: WordPart[] = []
  let [row, column] = [0, 0]
  while (row < gone.length || column < added.length) {
    const [was, is] = [gone[row], added[column]]
    if (was !== undefined && was === is) {
      parts.push({ is: 'same', text: was })
      row++
      column++
    } else if (
      is === undefined ||
      (was !== undefined &&
        (common[(row + 1) * width + column] as number) >= (common[row * width + column + 1] as number))
    ) {
      parts.push({ is: 'gone', text: was as string })
      row++
    } else {
      parts.push({ is: 'new', text: is })
      column++
    }
  }
  return parts
}

/** Neighbours of one kind are one piece. */
const joined = (parts: readonly WordPart[]): readonly WordPart[] => {
  const pieces: { is: WordPart['is']; text: string }[] = []
  for (const { is, text } of parts) {
    const last = pieces.at(-1)
    if (last?.is === is) last.text += text
    else if (text !== '') pieces.push({ is, text })
  }
  return pieces
}

/** Pairs of words: two texts of a thousand words that differ throughout, some milliseconds. */
const MOST_COMPARED = 1_000_000
