import { concatBytes, type ControlId, type DeviceId, type GroupId } from '@auzolan/core'
import {
  type Cbor,
  type ControlLog,
  type Entry,
  entryLimits,
  headerBytes,
  type Judged,
  parseJoinRequest,
  parseRecoveryRequest,
  type Verifier,
  verifyEntryAlone,
} from '@auzolan/trust'
import { controlItem, NOT_KEPT } from './control-record.ts'

/** Why a device that was in writes no more. `undone`: what let it in does not count (an invitation cancelled elsewhere, its author removed). */
export type EndOf = 'removed' | 'left' | 'revoked' | 'undone'

/** How a device's part in a group ended. */
export interface Ending {
  readonly why: EndOf
  /** The entries it shows in, at most 16, none in the past of another: they and their past prove it, and nothing after them is told. */
  readonly at: readonly ControlId[]
}

/** A control entry that stands alone: nothing else of its feed is needed to check who signed it. */
export interface Shown {
  readonly header: Uint8Array
  readonly signature: Uint8Array
  readonly item: Uint8Array
}

/** All that is shown of it, in one. */
export const shownBytes = ({ header, signature, item }: Shown): Uint8Array => concatBytes(header, signature, item)

export const encodeShown = (shown: readonly Shown[]): Cbor =>
  shown.map(({ header, signature, item }) => [header, signature, item])

/** `undefined`: not a list of entries that stand alone. What they say is not looked at. */
export const decodeShown = (list: unknown): readonly Shown[] | undefined => {
  if (!Array.isArray(list)) return undefined
  const entries: Shown[] = []
  for (const shown of list as readonly unknown[]) {
    const [header, signature, item] = Array.isArray(shown) ? (shown as readonly unknown[]) : []
    if (!(header instanceof Uint8Array) || !(signature instanceof Uint8Array) || !(item instanceof Uint8Array))
      return undefined
    if (signature.length !== SIGNATURE_BYTES) return undefined
    entries.push({ header, signature, item })
  }
  return entries
}
const SIGNATURE_BYTES = 64

/** Some after each other that take `most` bytes together, or one that takes more. */
export const inPieces = (shown: readonly Shown[], most: number): readonly (readonly Shown[])[] => {
  const pieces: Shown[][] = []
  let left = 0
  for (const each of shown) {
    const bytes = each.header.length + each.item.length + SIGNATURE_BYTES
    if (bytes > left || pieces.length === 0) [left] = [most, pieces.push([])]
    pieces.at(-1)?.push(each)
    left -= bytes
  }
  return pieces
}

/** An entry as it is shown alone. `undefined`: its signature is not held. */
export const showAlone = (entry: Entry): Shown | undefined => {
  const item = entry.items[0]?.bytes
  return entry.signature && item ? { header: headerBytes(entry), signature: entry.signature, item } : undefined
}

/** Reads what is shown alone, once its signature and its item are checked. `undefined`: no control entry of this group. */
export const readAlone = async (
  { header, signature, item }: Shown,
  group: GroupId,
  verifier: Verifier,
): Promise<StandsAlone | undefined> => {
  const read = await verifyEntryAlone(header, signature, verifier, { index: 0, bytes: item })
  if (!read.ok || read.value.group !== group || read.value.items.length > 1) return undefined
  const { device, seq, prev, heads, at, id } = read.value
  return { group, device, seq, prev, heads, at, items: [controlItem(item)], packed: NOT_KEPT, signature, id }
}

export type StandsAlone = Entry & { readonly id: ControlId }

/** `undefined`: the device is in, may not write for now only (suspended, contested), or was never let in as far as is known here. */
export const endingOf = (control: ControlLog, device: DeviceId): Ending | undefined => {
  if (control.heads.length === 0) return undefined
  const why = endAt(control, device, control.heads)
  if (!why) return undefined
  const at = newest(control, causes(control, device, why))
  // Where what the causes say hangs on more than their past, all that is known here explains it.
  return { why, at: at.length > 0 && endAt(control, device, at) === why ? at : control.heads }
}

/** What proves an ending to somebody who holds `known` and its past, each entry after what it builds on. `undefined`: a signature is not held. */
export const proofOf = (
  control: ControlLog,
  at: readonly ControlId[],
  known: readonly ControlId[],
): readonly Shown[] | undefined => {
  const held = new Set([...pastOf(control, known)].map(([id]) => id))
  const proof: Shown[] = []
  for (const [id, entry] of pastOf(control, at)) {
    if (held.has(id)) continue
    const shown = showAlone(entry)
    if (!shown) return undefined
    proof.push(shown)
  }
  return proof
}

/** Entries and everything before them, each after what it builds on. */
export const pastOf = (control: ControlLog, at: readonly ControlId[]): ReadonlyMap<ControlId, Entry> => {
  const found = new Map<ControlId, Entry>()
  for (const last of at) for (const { id, entry } of control.past(last)) found.set(id, entry)
  return found
}

const endAt = (control: ControlLog, device: DeviceId, at: readonly ControlId[]): EndOf | undefined => {
  const verdict = control.mayWrite(device, at)
  switch (verdict.is === 'refused' ? verdict.reason.type : undefined) {
    case 'removed':
      return 'removed'
    case 'left':
      return 'left'
    case 'revoked device':
      return 'revoked'
    case 'not in':
      return 'undone'
    default:
      return undefined
  }
}

const causes = (control: ControlLog, device: DeviceId, why: EndOf): readonly ControlId[] => {
  const state = control.state()
  const entries = [...pastOf(control, control.heads).keys()].map((id) => [id, control.get(id) as Judged] as const)
  const member = state.devices.get(device)?.member
  /** Several who acknowledged it apart show it only together. */
  const withSeal = (enact: ControlId): readonly ControlId[] => {
    const first = control.confirmationOf(enact)
    if (first) return [first]
    if (!control.covers([state.sealed], [enact])) return [enact]
    return [enact, ...entries.flatMap(([id, said]) => (acknowledges(said, enact) ? [id] : []))]
  }
  const acknowledges = ({ control: said }: Judged, enact: ControlId): boolean =>
    said.kind === 'seal' && control.covers([said.at], [enact])
  const decided = (kind: 'remove' | 'rebind') =>
    [...state.decided].flatMap(([proposal, enact]) => {
      const said = control.get(proposal)?.control
      const action = said?.kind === 'propose' ? said.action : undefined
      return action?.kind === kind && action.member === member ? withSeal(enact) : []
    })
  switch (why) {
    case 'removed':
      return decided('remove')
    case 'left':
      return entries.filter(([, said]) => said.control.kind === 'leave' && said.author === member).map(([id]) => id)
    case 'revoked':
      return [
        ...decided('rebind'),
        ...entries
          .filter(([, said]) => said.control.kind === 'revokeDevice' && said.control.device === device)
          .map(([id]) => id),
      ]
    case 'undone':
      return entries.flatMap(([id, said]) => (letsIn(said, device) ? voidedBy(control, id) : []))
  }
}

const letsIn = ({ control }: Judged, device: DeviceId): boolean => {
  if (control.kind === 'addDevice') return control.device === device
  if (control.kind === 'recover') {
    const request = parseRecoveryRequest(control.request)
    return request.ok && request.value.device === device
  }
  if (control.kind !== 'admit') return false
  const request = parseJoinRequest(control.request)
  return request.ok && request.value.device === device
}

/** An entry, what voids it, and what voids that in turn. */
const voidedBy = (control: ControlLog, id: ControlId): readonly ControlId[] => {
  const found = new Set([id])
  for (const each of found) {
    const verdict = control.why(each)
    if (verdict.is !== 'voided') continue
    const { type, by } = verdict.reason
    found.add(type === 'against the seal' ? (control.confirmationOf(by) ?? by) : by)
  }
  return [...found]
}

/** Those that no other has in its past, sorted. */
const newest = (control: ControlLog, ids: readonly ControlId[]): readonly ControlId[] => {
  const all = [...new Set(ids)]
  const last = all.filter((id) => !all.some((other) => other !== id && control.covers([other], [id])))
  return last.sort().slice(0, entryLimits.heads)
}
