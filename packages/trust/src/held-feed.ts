import { DeviceId } from '@auzolan/core'
import { controlLimits } from './control-limits.ts'
import { bytes, type Field, id, integer, list, sorted } from './layout.ts'

/** How far somebody holds a feed. The chain value there (32 bytes) names everything up to it, so that one branch of two is meant. */
export interface HeldFeed {
  readonly device: DeviceId
  readonly seq: number
  readonly chain: Uint8Array
}

const device = id(DeviceId)
const seq = integer(1, Number.MAX_SAFE_INTEGER)
const chain = bytes(32)

/** Feeds held, sorted, each once. */
export const feedsHeld = (most: number): Field<readonly HeldFeed[]> =>
  sorted(
    list(
      (held: HeldFeed) => [device.write(held.device), held.seq, held.chain],
      (fields) => ({
        device: device.read(fields, 'device'),
        seq: seq.read(fields, 'seq'),
        chain: chain.read(fields, 'chain'),
      }),
    ),
    1,
    most,
    (held) => held.device,
  )

export const heldField = feedsHeld(controlLimits.held)
