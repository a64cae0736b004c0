import type { GroupId, Instant } from '@auzolan/core'
import type { DeviceKeys } from '@auzolan/trust'
import type { OpenParts } from '../group/found.ts'
import { encodeGroupRecord, type GroupRecord } from '../group/group-record.ts'
import { groupKey } from '../log/layout.ts'
import { generateSample, type SampleSize } from '../sample/index.ts'
import { SignedSample } from './signed-sample.ts'

/** Writes the example group to this device as if it had been received, with this person as its newest member. */
export const loadExample = async (
  { options, logs, engine }: OpenParts,
  keys: DeviceKeys,
  { name, size }: { readonly name: string; readonly size: SampleSize },
): Promise<GroupRecord> => {
  await engine()
  const now = options.clock.now()
  const script = generateSample(size, startOfDay(now))
  const sample = new SignedSample(script, `${script.name} ${size}`)
  let group: GroupId | undefined
  for await (const parcels of sample.parcels({ keys, name })) {
    group = sample.group
    const log = await logs(group)
    for (const receipt of await log.receive(parcels))
      if (receipt.is === 'refused' || receipt.is === 'gap')
        throw new Error(`the example is not accepted: ${JSON.stringify(receipt)}`)
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

/** The example's year ends today, and is the same all day. */
const startOfDay = (now: Instant): Instant => (now - (now % DAY)) as Instant
const DAY = 24 * 3600 * 1000
