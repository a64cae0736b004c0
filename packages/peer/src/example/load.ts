import type { GroupId, Instant } from '@auzolan/core'
import type { DeviceKeys } from '@auzolan/trust'
import type { OpenParts } from '../group/found.ts'
import { encodeGroupRecord, type GroupRecord } from '../group/group-record.ts'
import { groupKey } from '../log/layout.ts'
import type { LongWork } from '../long-work.ts'
import { generateSample, type SampleSize } from '../sample/index.ts'
import type { SampleScript } from '../sample/script.ts'
import { SignedSample } from './signed-sample.ts'

/**
 * Writes the example group to this device as if it had been received, with this person as its newest member. The record
 * that lists it comes last. `undefined`: stopped. `clear` removes what an unlisted group left behind.
 */
export const loadExample = async (
  { options, logs, engine }: OpenParts,
  keys: DeviceKeys,
  { name, size }: { readonly name: string; readonly size: SampleSize },
  writing: LongWork,
  clear: (group: GroupId) => Promise<void>,
): Promise<GroupRecord | undefined> => {
  await engine()
  const now = options.clock.now()
  const script = generateSample(size, startOfDay(now))
  const sample = new SignedSample(script, `${script.name} ${size}`)
  const acts = countActs(script)
  let group: GroupId | undefined
  for await (const parcels of sample.parcels({ keys, name })) {
    // The same day gives the same group: an attempt that was cut off would be mixed in.
    if (!group) await clear(sample.group)
    group = sample.group
    const log = await logs(group)
    for (const receipt of await log.receive(parcels))
      if (receipt.is === 'refused' || receipt.is === 'gap')
        throw new Error(`the example is not accepted: ${JSON.stringify(receipt)}`)
    writing.did(sample.done, acts)
    if (writing.stopped) {
      await clear(group)
      return undefined
    }
  }
  if (!group) throw new Error('the example is empty')
  const record: GroupRecord = {
    group,
    standing: 'member',
    device: keys.device,
    name: script.name,
    since: now,
    example: true,
    joining: null,
  }
  await options.store.write([{ do: 'put', key: groupKey(group), value: encodeGroupRecord(record) }], {
    durability: 'strict',
  })
  return record
}

const countActs = ({ acts, divergence }: SampleScript): number => {
  const together = acts()[Symbol.iterator]()
  let count = 0
  while (!together.next().done) count += 1
  return divergence.reduce((sum, part) => sum + part.acts.length, count)
}

/** The example's year ends today, and is the same all day. */
const startOfDay = (now: Instant): Instant => (now - (now % DAY)) as Instant
const DAY = 24 * 3600 * 1000
