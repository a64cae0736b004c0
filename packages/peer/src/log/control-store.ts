import { DeviceId, type GroupId } from '@auzolan/core'
import type { Key, Op, Store } from '@auzolan/storage'
import { ControlLog, type Entry, type Verifier } from '@auzolan/trust'
import { decodeControlRecord, encodeControlRecord } from './control-record.ts'
import type { Feeds } from './feeds.ts'
import { controlKey, controlsKey } from './layout.ts'

/** Who is in, from the control entries kept beside their feeds. They were judged before they were kept; a damaged record is written anew. */
export const loadControl = async (
  store: Store,
  group: GroupId,
  verifier: Verifier,
  feeds: Feeds,
): Promise<ControlLog> => {
  const control = new ControlLog(group, verifier)
  let pending: Entry[] = []
  for (const { key, value } of await store.range({ prefix: controlsKey(group) })) {
    const entry = decodeControlRecord(group, value) ?? (await restore(store, group, feeds, key))
    if (entry) pending.push(entry)
  }
  for (let before = -1; pending.length !== before && pending.length > 0;) {
    before = pending.length
    const left: Entry[] = []
    for (const entry of pending) if ((await control.judge(entry, { trusted: true })).is === 'waiting') left.push(entry)
    pending = left
  }
  return control
}

/** Records of the control entries among these. */
export const controlOps = (group: GroupId, entries: readonly Entry[]): Op[] =>
  entries.flatMap((entry) => {
    if (entry.id === null) return []
    const key = controlKey(group, entry.device, entry.seq)
    return [{ do: 'put', key, value: encodeControlRecord(entry, entry.id) } as const]
  })

const restore = async (store: Store, group: GroupId, feeds: Feeds, key: Key): Promise<Entry | undefined> => {
  const [device, seq] = [DeviceId.parse(key.at(-2)), key.at(-1)]
  const entry = device && typeof seq === 'number' ? await feeds.entryAt(device, seq) : undefined
  if (!entry?.id) return undefined
  await store.write(controlOps(group, [entry]), { durability: 'strict' })
  return entry
}
