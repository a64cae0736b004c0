import { compareBytes, type ControlId, type DeviceId } from '@auzolan/core'
import type { ControlFacts } from './control-facts.ts'
import { covers, type Node, type Position } from './control-graph.ts'
import type { HeldFeed } from './held-feed.ts'
import type { View } from './view.ts'

/** A device that is out, and what was said of how far others held what it wrote when they learned of that. */
export interface EndedDevice {
  /** What takes it out; sorted. */
  readonly by: readonly ControlId[]
  /** Sorted by seq, the furthest first. What it wrote counts up to the furthest whose chain is the feed's (`TRUST.md` T12). */
  readonly vouched: readonly HeldFeed[]
}

/** What takes a device out at `position`: removals of its member, decisions to go on with another device, and revocations of itself. */
export const endsOf = (facts: ControlFacts, view: View, device: DeviceId, position: Position): readonly Node[] => {
  const member = facts.memberOf(device, position, (entrance) => view.stands(entrance))
  if (member === undefined) return []
  const revoked = facts.devices.get(device)?.revoked ?? []
  const removals = view.isOut(member) ? (view.removals.get(member) ?? []) : []
  const rebinds = view.isReplaced(device, member) ? (view.rebinds.get(member) ?? []).map(({ node }) => node) : []
  return [...removals, ...rebinds, ...revoked].filter((node) => covers(position, node))
}

/**
 * Every device that is out at `position`. What is said of them counts if it was said before its author's own device was out: so nobody who
 * was removed vouches for themselves, and two who were removed together not for each other. And only by a device that was in before: who comes
 * in later is handed what others keep, counting or not.
 */
export const endedDevices = (
  facts: ControlFacts,
  view: View,
  position: Position,
): ReadonlyMap<DeviceId, EndedDevice> => {
  const ends = new Map<DeviceId, readonly Node[]>()
  for (const device of facts.devices.keys()) {
    const found = endsOf(facts, view, device, position)
    if (found.length > 0) ends.set(device, found)
  }
  const counts = (node: Node, of: Node): boolean =>
    covers(position, node) &&
    view.stands(node) &&
    (ends.get(node.entry.device) ?? []).every((end) => end !== node && covers(end.self, node)) &&
    wasInBefore(facts, view, node.entry.device, of, node.parents)
  const ended = new Map<DeviceId, EndedDevice>()
  for (const [device, by] of [...ends].sort(([left], [right]) => (left < right ? -1 : 1))) {
    const said = by.flatMap((end) => [end, ...(facts.vouches.get(end.id) ?? [])].filter((node) => counts(node, end)))
    const vouched = said.flatMap((node) => heldIn(node).filter((held) => held.device === device))
    ended.set(device, { by: by.map(({ id }) => id).sort(), vouched: vouched.sort(byReach) })
  }
  return ended
}

/** Whether something that lets a device in stands, was known at `position`, and did not know of `end`. */
export const wasInBefore = (
  facts: ControlFacts,
  view: View,
  device: DeviceId,
  end: Node,
  position: Position,
): boolean =>
  (facts.devices.get(device)?.entrances ?? []).some(
    ({ node }) => covers(position, node) && view.stands(node) && !covers(node.self, end),
  )

const byReach = (one: HeldFeed, other: HeldFeed): number => other.seq - one.seq || compareBytes(one.chain, other.chain)

const heldIn = ({ control }: Node): readonly HeldFeed[] =>
  control.kind === 'vouch' || control.kind === 'enact' || control.kind === 'revokeDevice' ? (control.held ?? []) : []
