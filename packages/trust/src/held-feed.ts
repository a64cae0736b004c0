import { DeviceId } from '@auzolan/core'
import { isSorted } from './actions.ts'
import type { Cbor } from './cbor-writer.ts'
import { controlLimits } from './control-limits.ts'
import { Fields, mustHold } from './fields.ts'

/** How far somebody holds a feed. The chain value there (32 bytes) names everything up to it, so that one branch of two is meant. */
export interface HeldFeed {
  readonly device: DeviceId
  readonly seq: number
  readonly chain: Uint8Array
}

export const heldFields = (held: readonly HeldFeed[]): Cbor =>
  held.map(({ device, seq, chain }) => [DeviceId.toBytes(device), seq, chain])

export const readHeld = (fields: Fields): readonly HeldFeed[] => {
  const held = fields.several('held', 1, controlLimits.held).map(readHeldFeed)
  mustHold(isSorted(held.map(({ device }) => device)), 'feeds are sorted, each once')
  return held
}

export const readHeldFeed = (value: Cbor): HeldFeed => {
  const line = new Fields(value, 'how far a feed is held')
  const held = {
    device: line.device('device'),
    seq: line.integer('seq', 1, Number.MAX_SAFE_INTEGER),
    chain: line.bytes('chain', 32),
  }
  line.end()
  return held
}
