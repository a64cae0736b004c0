import type { ControlId, DeviceId } from '@auzolan/core'
import { MemoryDisk, openMemoryStore } from '@auzolan/storage'
import { type Action, type ControlLog, type Entry, runOf, stateDigest } from '@auzolan/trust'
import { describe, expect, test } from 'vitest'
import { GroupLog } from '../../packages/peer/src/log/group-log.ts'
import type { Circle } from '../../packages/trust/src/testing/circle.ts'

/** What was attempted, and what everybody has to say about it, whatever they heard first. */
interface Attempt {
  readonly circle: Circle
  readonly expected: (log: ControlLog) => void
}

export type Attempts = Readonly<Record<string, () => Promise<Attempt>>>

export const why = (log: ControlLog, id: ControlId): string => {
  const answer = log.why(id)
  return answer.is === 'voided' ? answer.reason.type : answer.is
}
export const isIn = (log: ControlLog, circle: Circle, name: string): boolean => {
  const member = log.state().members.get(circle.member(name))
  return member !== undefined && !member.removed && !member.left && !member.contested
}
export const remove = (circle: Circle, name: string): Action => ({ kind: 'remove', member: circle.member(name) })
export const startOf = (circle: Circle): readonly ControlId[] => [circle.group as string as ControlId]

/** One list of entries for each device, in the order of its feed. */
const feedsOf = (entries: readonly Entry[]): readonly (readonly Entry[])[] => {
  const feeds = new Map<DeviceId, Entry[]>()
  for (const entry of entries) feeds.set(entry.device, [...(feeds.get(entry.device) ?? []), entry])
  return [...feeds.values()]
}

const orders: Readonly<Record<string, (entries: readonly Entry[]) => readonly (readonly Entry[])[]>> = {
  'entry by entry as they were made': (entries) => entries.map((entry) => [entry]),
  'feed by feed, the founder first': feedsOf,
  'feed by feed, the founder last': (entries) => feedsOf(entries).toReversed(),
  'entry by entry, the newest feed first': (entries) =>
    feedsOf(entries)
      .toReversed()
      .flatMap((feed) => feed.map((entry) => [entry])),
}

/** Plays each attempt in four orders into a log on a disk, and looks again after a restart. */
export const play = (attempts: Attempts): void => {
  describe.each(Object.keys(attempts))('%s:', (name) => {
    test.each(Object.keys(orders))('it comes to nothing, heard %s, and after a restart', async (order) => {
      const { circle, expected } = await (attempts[name] as () => Promise<Attempt>)()
      expected(circle.log)
      const disk = new MemoryDisk()
      const open = () => GroupLog.open(openMemoryStore(disk), circle.group, circle.verifier)
      const heard = await open()
      const parcels = (orders[order] as (typeof orders)[string])(circle.entries).map((entries) => ({
        run: runOf(entries),
      }))
      // Also what is refused at its position: whoever made it sends it behind their feed.
      const refused = circle.refused.map((entry) => ({ run: runOf([entry]) }))
      for (const parcel of [...parcels, ...refused, ...parcels]) await heard.receive([parcel])
      const digest = stateDigest(circle.log.state())
      const after = await open()
      for (const log of [heard.control, after.control]) {
        expect(log.size).toBe(circle.entries.length)
        expect(stateDigest(log.state())).toBe(digest)
        for (const { id } of circle.refused) expect(log.has(id as ControlId)).toBe(false)
        expected(log)
      }
    })
  })
}
