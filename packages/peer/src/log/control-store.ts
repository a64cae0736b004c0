import { type ControlId, DeviceId, type GroupId } from '@auzolan/core'
import type { Key, Op, Store } from '@auzolan/storage'
import { ControlLog, type Entry, type Verifier } from '@auzolan/trust'
import { decodeControlRecord, encodeControlRecord } from './control-record.ts'
import type { StandsAlone } from './ending.ts'
import type { Feeds } from './feeds.ts'
import { controlKey, controlsKey, strayKey, straysKey } from './layout.ts'

/** Who is in, as it lies on disk. */
export interface LoadedControl {
  readonly control: ControlLog
  /** Entries that build on what is not here any more: a record of an entry without its feed that did not read. */
  readonly unplaced: readonly Entry[]
  /** Entries without their feeds, by id. */
  readonly strays: ReadonlyMap<ControlId, DeviceId>
}

/**
 * Who is in, from the control entries kept beside their feeds. They were judged before they were kept; a damaged record is written anew, and
 * asked for again where it has no feed.
 */
export const loadControl = async (
  store: Store,
  group: GroupId,
  verifier: Verifier,
  feeds: Feeds,
): Promise<LoadedControl> => {
  const control = new ControlLog(group, verifier)
  const strays = await loadStrays(store, group)
  const waiting = new Map<ControlId, Entry[]>()
  /** Each entry is looked at once more for each that it waits for: they lie by device, not in an order that holds. */
  const place = (entry: Entry): void => {
    const ready = [entry]
    for (let next = ready.pop(); next; next = ready.pop()) {
      const verdict = control.restore(next)
      const [missing] = verdict.is === 'waiting' ? verdict.missing : []
      const line = missing && waiting.get(missing)
      if (line) line.push(next)
      else if (missing) waiting.set(missing, [next])
      if (verdict.is !== 'accepted' || !next.id) continue
      ready.push(...(waiting.get(next.id) ?? []))
      waiting.delete(next.id)
    }
  }
  for (const entry of strays) place(entry)
  for (const { key, value } of await store.range({ prefix: controlsKey(group) })) {
    const entry = decodeControlRecord(group, value) ?? (await restore(store, group, feeds, key))
    if (entry) place(entry)
  }
  return {
    control,
    unplaced: [...waiting.values()].flat(),
    strays: new Map(strays.map(({ id, device }) => [id, device])),
  }
}

/** Records of the control entries among these. */
export const controlOps = (group: GroupId, entries: readonly Entry[]): Op[] =>
  entries.flatMap((entry) => {
    if (entry.id === null) return []
    const key = controlKey(group, entry.device, entry.seq)
    return [{ do: 'put', key, value: encodeControlRecord(entry, entry.id) } as const]
  })

/** Records of entries without their feeds. */
export const strayOps = (group: GroupId, entries: readonly StandsAlone[]): Op[] =>
  entries.map((entry) => ({ do: 'put', key: strayKey(group, entry.id), value: encodeControlRecord(entry, entry.id) }))

const loadStrays = async (store: Store, group: GroupId): Promise<readonly StandsAlone[]> => {
  const records = await store.range({ prefix: straysKey(group) })
  return records.flatMap(({ value }) => {
    const entry = decodeControlRecord(group, value)
    return entry?.id ? [{ ...entry, id: entry.id }] : []
  })
}

const restore = async (store: Store, group: GroupId, feeds: Feeds, key: Key): Promise<Entry | undefined> => {
  const [device, seq] = [DeviceId.parse(key.at(-2)), key.at(-1)]
  const entry = device && typeof seq === 'number' ? await feeds.entryAt(device, seq) : undefined
  if (!entry?.id) return undefined
  await store.write(controlOps(group, [entry]), { durability: 'strict' })
  return entry
}
