import { ControlId, err, ok, type Result } from '@auzolan/core'
import { decodeCbor, encodeCbor } from '@auzolan/trust'
import { seal, unseal } from './sealed.ts'

/** Where a feed stands on this device. One small record a feed; every write to the feed expects the one it read. */
export interface TipRecord {
  readonly seq: number
  /** Chain value at `seq`, and at the start of the open block. 32 bytes each. */
  readonly chain: Uint8Array
  readonly start: Uint8Array
  /** Packed bytes in the open block. */
  readonly blockBytes: number
  readonly heads: readonly ControlId[]
  /** First seq that lies in a tail record rather than in a segment, and the bytes of those records. */
  readonly tailFrom: number
  readonly tailBytes: number
}

export const encodeTipRecord = (tip: TipRecord): Uint8Array =>
  seal(
    encodeCbor([
      1,
      tip.seq,
      tip.chain,
      tip.start,
      tip.blockBytes,
      tip.heads.map(ControlId.toBytes),
      tip.tailFrom,
      tip.tailBytes,
    ]),
  )

export const decodeTipRecord = (record: Uint8Array): Result<TipRecord, { readonly type: 'damaged' }> => {
  const bytes = unseal(record)
  const value = bytes && decodeCbor(bytes)
  if (!value?.ok || !Array.isArray(value.value) || value.value.length !== 8) return err({ type: 'damaged' })
  const [version, seq, chain, start, blockBytes, heads, tailFrom, tailBytes] = value.value as unknown[]
  const numbers = [seq, blockBytes, tailFrom, tailBytes]
  if (version !== 1 || !numbers.every((number) => Number.isSafeInteger(number) && (number as number) >= 0))
    return err({ type: 'damaged' })
  if (!isDigest(chain) || !isDigest(start) || !Array.isArray(heads) || !heads.every(isDigest))
    return err({ type: 'damaged' })
  return ok({
    seq: seq as number,
    chain,
    start,
    blockBytes: blockBytes as number,
    heads: heads.map(ControlId.fromBytes),
    tailFrom: tailFrom as number,
    tailBytes: tailBytes as number,
  })
}

const isDigest = (value: unknown): value is Uint8Array => value instanceof Uint8Array && value.length === 32
