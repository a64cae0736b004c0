import { checkText, err, type Instant, ok, type Result } from '@auzolan/core'
import type { Store } from '@auzolan/storage'
import type { Group } from '../group/group.ts'
import { aheadKey } from '../log/layout.ts'
import { readTexts, writeTexts } from '../log/texts.ts'
import type { Refusal } from '../peer.ts'
import { groupDocument } from '../workspace/ancestry.ts'
import { lineOf } from './lines.ts'
import { sendMessage } from './talk.ts'

/** What somebody who is not in yet wrote for the group; empty: nothing, or it was sent. */
export const writtenAhead = async (id: Group['id'], store: Store): Promise<string> =>
  readTexts(await store.get(aheadKey(id)))[0] ?? ''

/** Keeps words for the group's talk on this device until it is let in (`UX.md` 2.3). Empty: lets go of them. */
export const writeAhead = async (group: Group, store: Store, text: string): Promise<Result<null, Refusal>> => {
  if (group.record.standing !== 'joining') return err({ type: 'no such thing' })
  const key = aheadKey(group.id)
  const tidy = text.trim() === '' ? ok('') : lineOf('text', checkText(text))
  if (!tidy.ok) return tidy
  await store.write([tidy.value === '' ? { do: 'remove', key } : { do: 'put', key, value: writeTexts([tidy.value]) }], {
    durability: 'strict',
  })
  group.lookAgain('ahead')
  return ok(null)
}

/** Says it, now that this device is in. What the group takes nothing of yet (its author is contested, or paused) is kept. */
export const sayAhead = async (group: Group, store: Store, now: Instant): Promise<void> => {
  const key = aheadKey(group.id)
  const value = await store.get(key)
  const [text = '', begun = '0'] = readTexts(value)
  if (text === '' || now - Number(begun) < BEGUN_LASTS_MS) return
  // Another tab of this profile sees the same: one of them says it.
  const mine = writeTexts([text, String(now)])
  const options = { expect: [{ key, value }], durability: 'strict' } as const
  if (!(await store.write([{ do: 'put', key, value: mine }], options))) return
  const thread = groupDocument(group.id)
  const { said } = await group.thread(thread)
  // A device that stopped between saying it and noting that.
  const isSaid = said.some(({ by, text: was }) => by === group.me && was === text)
  const isDone = isSaid || (await sendMessage(group, thread, text)).ok
  await store.write([isDone ? { do: 'remove', key } : { do: 'put', key, value: writeTexts([text]) }], {
    durability: 'strict',
  })
  group.lookAgain('ahead')
}

/** After this the tab that began to say it is taken to be gone. */
const BEGUN_LASTS_MS = 60_000
