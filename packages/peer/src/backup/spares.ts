import { type Clock, type Entropy, GroupId, MemberId, ok, type Result } from '@auzolan/core'
import {
  type Control,
  decodeCbor,
  type DeviceKeys,
  deviceMessage,
  encodeCbor,
  encodeControl,
  itemTypes,
  lock,
  rewrapEpoch,
  seededKeys,
  unlock,
} from '@auzolan/trust'
import type { Group } from '../group/group.ts'
import { KeyRing } from '../group/key-ring.ts'
import type { GroupLog } from '../log/group-log.ts'
import type { Refusal } from '../peer.ts'

/**
 * A key that lies in a backup alone, and is known to its group as one more device of its person. Whoever puts the backup back lets a fresh
 * device in with it, so that no device's own key ever leaves it and nobody else has to be met.
 */
export interface Spare {
  readonly group: GroupId
  readonly member: MemberId
  readonly seed: Uint8Array
}

/** Makes a spare key known. What an earlier backup of this device held opens nothing from then on. */
export const makeSpare = async (group: Group, called: string, entropy: Entropy): Promise<Result<Spare, Refusal>> => {
  const { me } = group
  if (!me) throw new Error('only who is in makes a spare key')
  const seed = entropy.bytes(SEED_LENGTH)
  const keys = await seededKeys(seed)
  const { device, box } = keys
  const proof = await keys.sign('auzolan/sign/device/1', deviceMessage(group.id, me, device, box))
  const known = await group.decide({ kind: 'addDevice', device, box, label: called, proof })
  if (!known.ok) return known
  await group.handKeys()
  const { spare } = group.record
  await group.keep({ ...group.record, spare: device })
  const earlier = spare && group.workspace.log.state.devices.get(spare)
  if (spare && earlier && !earlier.revoked) await group.decide({ kind: 'revokeDevice', device: spare })
  return ok({ group: group.id, member: me, seed })
}

/** Lets this device in by a spare key, with the keys of the group. False: it opens nothing any more. */
export const useSpare = async (
  group: Group,
  { member, seed }: Spare,
  { clock, entropy }: { readonly clock: Clock; readonly entropy: Entropy },
  called: string,
): Promise<boolean> => {
  const { log } = group.workspace
  const keys = await seededKeys(seed)
  const { device, box } = group.keys
  const proof = await group.keys.sign('auzolan/sign/device/1', deviceMessage(group.id, member, device, box))
  if (!(await sayAs(log, keys, clock, { kind: 'addDevice', device, box, label: called, proof }))) return false
  const ring = new KeyRing(group.id, keys)
  await ring.update(log.control)
  const duty = ring.handing
  if (duty?.do === 'hand')
    await sayAs(log, keys, clock, await rewrapEpoch(group.id, duty.epoch, duty.key, duty.to, entropy))
  // Whoever else has the backup and its words comes in no more.
  await sayAs(log, keys, clock, { kind: 'revokeDevice', device: keys.device })
  return true
}

const sayAs = async (log: GroupLog, keys: DeviceKeys, clock: Clock, control: Control): Promise<boolean> =>
  (await log.append(keys, clock.now(), [{ type: itemTypes.control, bytes: encodeControl(control) }])).ok

export const lockSpares = (spares: readonly Spare[], words: string, entropy: Entropy): Uint8Array =>
  lock(
    encodeCbor([
      FORMAT,
      spares.map(({ group, member, seed }) => [GroupId.toBytes(group), MemberId.toBytes(member), seed]),
    ]),
    words,
    entropy,
  )

/** `undefined`: other words, or damaged. */
export const openSpares = (locked: Uint8Array, words: string): readonly Spare[] | undefined => {
  const plain = unlock(locked, words)
  const decoded = plain && decodeCbor(plain)
  if (!decoded?.ok || !Array.isArray(decoded.value)) return undefined
  const [format, list] = decoded.value as readonly unknown[]
  if (format !== FORMAT || !Array.isArray(list)) return undefined
  const spares: Spare[] = []
  for (const each of list as readonly unknown[]) {
    const [group, member, seed] = Array.isArray(each) ? (each as readonly unknown[]) : []
    if (!isBytes(group, GroupId.length) || !isBytes(member, MemberId.length) || !isBytes(seed, SEED_LENGTH))
      return undefined
    spares.push({ group: GroupId.fromBytes(group), member: MemberId.fromBytes(member), seed })
  }
  return spares
}

const isBytes = (value: unknown, length: number): value is Uint8Array =>
  value instanceof Uint8Array && value.length === length

const FORMAT = 'auzolan/backup/secrets/1'
const SEED_LENGTH = 32
