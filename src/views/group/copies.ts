import type { CopyView } from '@auzolan/core'

/** So many silent devices are still named; above, they are counted. */
const FEW = 3

/** Devices to name and devices only to count: those in reach or with everything first, then those behind. */
export const partCopies = (
  copies: readonly CopyView[],
): { readonly named: readonly CopyView[]; readonly silent: readonly CopyView[] } => {
  const rank = ({ connected, behind }: CopyView): number => (connected ? 0 : behind === 0 ? 1 : 2)
  const heard = copies
    .filter(({ asOf }) => asOf !== null)
    .sort((left, right) => rank(left) - rank(right) || left.behind - right.behind)
  const silent = copies.filter(({ asOf }) => asOf === null)
  return silent.length > FEW ? { named: heard, silent } : { named: [...heard, ...silent], silent: [] }
}
