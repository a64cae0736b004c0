import { type Clock, compareBytes, ControlId, DeviceId, type Entropy } from '@auzolan/core'
import { makeEpoch, rewrapEpoch, sha256 } from '@auzolan/trust'
import type { Group } from './group.ts'
import type { Duty } from './key-ring.ts'

type House = Pick<Group, 'id' | 'keys' | 'known' | 'ring' | 'workspace' | 'decide' | 'openKeys'>

/**
 * Keeps the keys of a group as `TRUST.md` T9 asks: a new one after somebody who had it is out, and monthly; the one in use for whoever lacks it.
 * Any device may; that two do is harmless, their epochs live side by side.
 */
export const keepKeys = async (group: House, clock: Clock, entropy: Entropy): Promise<void> => {
  // Each duty done leaves fewer; what the group's rules refuse now is tried again when something has changed.
  for (let done = 0; done < MOST_DUTIES; done++) {
    await group.openKeys()
    const duty = group.ring.duty(group.workspace.log.control, clock.now())
    if (!duty || !(await carryOut(group, duty, entropy))) return
  }
}

/** Hands the group's key to who was just let in, without waiting for anybody's turn. */
export const handKeys = async (group: House, entropy: Entropy): Promise<void> => {
  await group.openKeys()
  const duty = group.ring.handing
  if (duty) await carryOut(group, duty, entropy)
}

const carryOut = async (group: House, duty: Duty, entropy: Entropy): Promise<boolean> => {
  const { id, workspace } = group
  switch (duty.do) {
    case 'rotate': {
      const recipients = workspace.log.control.recipients()
      return (await group.decide((await makeEpoch(id, recipients, duty.before, entropy)).control)).ok
    }
    case 'hand':
      return (await group.decide(await rewrapEpoch(id, duty.epoch, duty.key, duty.to, entropy))).ok
    case 'ask':
      return (await group.decide({ kind: 'unread', epoch: duty.epoch })).ok
  }
}

/**
 * Milliseconds until it is this device's turn: of those that are in reach of each other one begins, another one each time. Who lacks a key
 * comes last: an epoch made without it hands nothing on.
 */
export const turnOf = ({ keys, known, ring, workspace }: House): number => {
  const cause = workspace.log.control.heads.map(ControlId.toBytes)
  const place = (device: DeviceId) => sha256(...cause, DeviceId.toBytes(device))
  const mine = place(keys.device)
  const before = [...known.connected.keys()].filter((device) => compareBytes(place(device), mine) < 0)
  return TURN_MS * (1 + before.length) + (ring.isWhole ? 0 : LAST_MS)
}

/** Long enough for an entry to reach who is connected. */
const TURN_MS = 1000
const LAST_MS = 60_000
/** More than one look ever finds: a new epoch, and a key asked for. */
const MOST_DUTIES = 8
