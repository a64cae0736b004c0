import { stateDigest } from '../state-digest.ts'
import type { Circle } from './circle.ts'

/** Mixes by a fixed rule, so that a failing order can be looked at again. */
const shuffled =
  (seed: number) =>
  <T>(list: readonly T[]): readonly T[] =>
    list
      .map((value, at) => ({ value, place: ((at + 1) * 7919 * (seed + 1)) % 1009 }))
      .sort((left, right) => left.place - right.place)
      .map(({ value }) => value)

const orders = [
  <T>(list: readonly T[]) => list,
  <T>(list: readonly T[]) => list.toReversed(),
  shuffled(1),
  shuffled(2),
  shuffled(5),
]

/** Digests of the state after every order of delivery; the first is the circle's own. */
export const digestsInOrders = async (circle: Circle): Promise<readonly string[]> => {
  const own = stateDigest(circle.log.state())
  const others = await Promise.all(orders.map(async (order) => stateDigest((await circle.replay(order)).state())))
  return [own, ...others]
}
