import { type DocumentId, err, ok, type Result, type UnmergedText } from '@auzolan/core'
import type { Store } from '@auzolan/storage'
import type { Written } from '../documents/written.ts'
import type { Group } from '../group/group.ts'
import { letGoKey } from '../log/layout.ts'
import { readTexts, writeTexts } from '../log/texts.ts'
import type { Refusal } from '../peer.ts'

/** The prose field of an initiative in which words that belong nowhere else are put in again. */
const CATCH_ALL = 'plan'

/** What this person wrote here on top of something that no longer counts, without what they have let go. */
export const unmergedTexts = async (
  group: Pick<Group, 'id' | 'keys' | 'rooms'>,
  store: Store,
  initiative: DocumentId,
): Promise<readonly UnmergedText[]> => (await remaining(group, store, initiative)).map(viewOf)

/** Writes it anew at the end of the field it stood in, on top of what is there now. */
export const putInAgain = async (
  group: Group,
  store: Store,
  initiative: DocumentId,
  id: string,
): Promise<Result<null, Refusal>> => {
  const found = (await remaining(group, store, initiative)).find((written) => idOf(written) === id)
  if (!found) return err({ type: 'no such thing' })
  const { field, text } = viewOf(found)
  const edited = await group.edit(initiative, ({ value, heads }) => {
    const before = value[field]
    const after = before === '' ? text : `${before}\n\n${text}`
    return [{ do: 'write', field: [field], from: heads, text: after }]
  })
  return edited.ok ? letGoOf(group, store, initiative, found) : edited
}

/** Is not shown any more. The entries stay as they are. */
export const letGo = async (
  group: Group,
  store: Store,
  initiative: DocumentId,
  id: string,
): Promise<Result<null, Refusal>> => {
  const found = (await remaining(group, store, initiative)).find((written) => idOf(written) === id)
  return found ? letGoOf(group, store, initiative, found) : err({ type: 'no such thing' })
}

const remaining = async (
  { id, keys, rooms }: Pick<Group, 'id' | 'keys' | 'rooms'>,
  store: Store,
  initiative: DocumentId,
): Promise<readonly Written[]> => {
  const written = (await rooms.open(initiative)).unmerged(keys.device)
  if (written.length === 0) return []
  const gone = new Set(readTexts(await store.get(letGoKey(id, initiative))))
  return written.filter((one) => !marksOf(one).every((mark) => gone.has(mark)))
}

const letGoOf = async (
  group: Group,
  store: Store,
  initiative: DocumentId,
  written: Written,
): Promise<Result<null, Refusal>> => {
  const key = letGoKey(group.id, initiative)
  const gone = new Set([...readTexts(await store.get(key)), ...marksOf(written)])
  await store.write([{ do: 'put', key, value: writeTexts([...gone]) }], { durability: 'strict' })
  group.lookAgain()
  return ok(null)
}

/** One change may write in several fields. */
const marksOf = ({ field, changes }: Written): readonly string[] => changes.map((hash) => `${hash} ${field ?? ''}`)

/** Two texts never have the same: one change that writes in several fields is told apart by them. */
const idOf = ({ field, changes: [first] }: Written): string => `${first} ${field ?? ''}`

const viewOf = (written: Written): UnmergedText => ({
  id: idOf(written),
  at: written.at,
  field: written.field === 'why' ? 'why' : CATCH_ALL,
  text: written.text,
})
