import type { DocumentId, FieldPath, FieldStep, InitiativeDoc, InitiativeView } from '@auzolan/core'
import { ActionId } from '@auzolan/core'
import type { GroupState } from './GroupState.svelte.ts'

/** Texts that merge letter by letter; the others are replaced whole. */
const prose: ReadonlySet<FieldStep['field']> = new Set(['why', 'plan', 'details'])

export const isProse = ({ field }: FieldStep): boolean => prose.has(field)

/** What stands there now; `undefined`: its action is not there. */
export const standing = (initiative: InitiativeView, { path }: FieldStep): string | undefined => {
  const [first, action, within] = path
  if (first !== 'actions') return textOf(initiative[first as Exclude<keyof InitiativeDoc, 'actions'>])
  const id = ActionId.parse(action)
  const found = initiative.actions.find((each) => each.id === id)
  return found && textOf(found[within as 'title' | 'details' | 'when' | 'where' | 'skills' | 'starts' | 'ends'])
}

/** Writes what stood there before as a new change, which everybody sees like any other, and which can be undone. */
export const putBack = async (
  group: GroupState,
  document: DocumentId,
  step: FieldStep,
  now: string,
): Promise<boolean> => {
  const write = (to: string) => writeWhole(group, document, step.path, to, isProse(step))
  const saved = await write(step.before)
  if (saved) group.did('history.notice', () => write(now))
  return saved
}

const writeWhole = async (
  group: GroupState,
  document: DocumentId,
  field: FieldPath,
  text: string,
  merges: boolean,
): Promise<boolean> => {
  const { why } = merges
    ? await group.session.live({ view: 'initiative', group: group.id, initiative: document }).fresh()
    : { why: undefined }
  const edit = why
    ? ({ do: 'write', field, from: why.heads, text } as const)
    : ({ do: 'set', field, value: text } as const)
  return (await group.session.act((peer) => peer.edit(group.id, document, [edit]))) !== undefined
}

const textOf = (field: string | { readonly value: string } | { readonly text: string }): string =>
  typeof field === 'string' ? field : 'value' in field ? field.value : field.text
