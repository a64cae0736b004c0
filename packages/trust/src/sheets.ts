import type { ControlId, DeviceId, MemberId } from '@auzolan/core'
import type { ControlFacts } from './control-facts.ts'
import type { Entrance } from './fact-shapes.ts'
import { covers, type Node, type Position } from './control-graph.ts'
import type { Reason } from './reason.ts'
import type { View } from './view.ts'

/** What accepted entries say of one recovery sheet, known by its public key. Its end is that of a device with that key. */
export interface SheetFacts {
  /** Several only where they were made apart. */
  readonly made: Entrance[]
  readonly used: { readonly node: Node; readonly device: DeviceId }[]
}

/** A recovery sheet: a key on paper that lets one more device of its person in, once (`TRUST.md` T7). It signs nothing else. */
export interface SheetState {
  readonly member: MemberId
  /** The device it was made on. */
  readonly by: DeviceId
  readonly made: ControlId
  /** Also where the group has given its person another device since. */
  readonly cancelled: boolean
  /** Devices that came in by it; sorted. More than one only where they came apart. */
  readonly used: readonly DeviceId[]
}

/** Whose sheet this is, by what lies in `position`: of several entries that made it the one with the lowest id. */
export const sheetAt = (facts: ControlFacts, key: DeviceId, position: Position): Entrance | undefined => {
  const made = (facts.sheets.get(key)?.made ?? []).filter(({ node }) => covers(position, node))
  return made.sort((left, right) => (left.node.id < right.node.id ? -1 : 1))[0]
}

/** Why nobody comes in by this sheet at `position`. */
export const refusesSheet = (
  facts: ControlFacts,
  view: View,
  key: DeviceId,
  position: Position,
): Reason | undefined => {
  const sheet = sheetAt(facts, key, position)
  if (!sheet || !view.stands(sheet.node)) return { type: 'unknown sheet' }
  if (view.isOut(sheet.member)) return { type: 'removed' }
  if (facts.hasLeft(sheet.member, position)) return { type: 'left' }
  if (isCancelled(facts, view, key, sheet, position)) return { type: 'sheet cancelled' }
  return usesAt(facts, view, key, position).length > 0 ? { type: 'sheet used' } : undefined
}

/** Sheets whose making stands; sorted by key. */
export const sheetsOf = (facts: ControlFacts, view: View, position: Position): ReadonlyMap<DeviceId, SheetState> => {
  const found = new Map<DeviceId, SheetState>()
  for (const key of [...facts.sheets.keys()].sort()) {
    const sheet = sheetAt(facts, key, position)
    if (!sheet || !view.stands(sheet.node)) continue
    found.set(key, {
      member: sheet.member,
      by: sheet.node.entry.device,
      made: sheet.node.id,
      cancelled: isCancelled(facts, view, key, sheet, position),
      used: [...new Set(usesAt(facts, view, key, position))].sort(),
    })
  }
  return found
}

/** A decision that gives the person another device ends the sheets of before, as it ends the devices of before. */
const isCancelled = (
  facts: ControlFacts,
  view: View,
  key: DeviceId,
  { node, member }: Entrance,
  position: Position,
): boolean =>
  (facts.devices.get(key)?.revoked ?? []).some((end) => covers(position, end)) ||
  !(view.rebinds.get(member) ?? []).every((rebind) => covers(node.self, rebind.node))

const usesAt = (facts: ControlFacts, view: View, key: DeviceId, position: Position): readonly DeviceId[] =>
  (facts.sheets.get(key)?.used ?? [])
    .filter(({ node }) => covers(position, node) && view.stands(node))
    .map(({ device }) => device)
