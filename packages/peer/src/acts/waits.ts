import { ControlId, type GroupId, type Instant } from '@auzolan/core'
import type { Store } from '@auzolan/storage'
import { decodeCbor, encodeCbor, needsClose, type ProposalView } from '@auzolan/trust'
import { askedKey } from '../log/layout.ts'
import { writeSpare } from '../log/spare.ts'

/** Whether what becomes of a proposal takes time, and not only answers. */
export const isTimed = ({ rules }: ProposalView): boolean =>
  rules.some((rule) => rule.kind === 'sortition' || needsClose(rule))

/**
 * Since when this device has had each of these proposals. Kept, so that a restart does not begin anew; a record that is lost, or a clock that went back,
 * only begins the time again. What is not asked about for so long is forgotten.
 */
export const askedSince = async (
  store: Store,
  group: GroupId,
  proposals: readonly Pick<ProposalView, 'id'>[],
  now: Instant,
): Promise<ReadonlyMap<ControlId, Instant>> => {
  const known = read(await store.get(askedKey(group)))
  const fresh = proposals.filter(({ id }) => (known.get(id) ?? Infinity) > now)
  for (const { id } of fresh) known.set(id, now)
  if (fresh.length > 0) {
    const kept = [...known].filter(([, since]) => since > now - KEPT_MS)
    await writeSpare(store, [{ do: 'put', key: askedKey(group), value: encodeCbor(kept.map((pair) => [...pair])) }])
  }
  return known
}

const read = (record: Uint8Array | undefined): Map<ControlId, Instant> => {
  const value = record && decodeCbor(record)
  const pairs: readonly unknown[] = value?.ok && Array.isArray(value.value) ? (value.value as readonly unknown[]) : []
  return new Map(
    pairs.flatMap((pair) => {
      const [text, since] = Array.isArray(pair) ? (pair as readonly unknown[]) : []
      const id = ControlId.parse(text)
      return id && Number.isSafeInteger(since) ? [[id, since as Instant] as const] : []
    }),
  )
}

/** Longer than anything that ends after a time is open. */
const KEPT_MS = 90 * 24 * 60 * 60 * 1000
