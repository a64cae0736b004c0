import { ControlLog } from '../control-log.ts'
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

/** Digests of the state after every order of delivery, and after a start from storage; the first is the circle's own. */
export const digestsInOrders = async (circle: Circle): Promise<readonly string[]> => {
  const own = stateDigest(circle.log.state())
  const others = await Promise.all(orders.map(async (order) => stateDigest((await circle.replay(order)).state())))
  return [own, ...others, stateDigest(restored(circle).state())]
}

/** What a start makes of it: accepted entries as they lie on a disk, device by device, and those that wait looked at again. */
const restored = ({ group, verifier, entries }: Circle): ControlLog => {
  const log = new ControlLog(group, verifier)
  let waiting = entries.toSorted((left, right) =>
    left.device === right.device ? left.seq - right.seq : left.device < right.device ? -1 : 1,
  )
  for (let before = -1; waiting.length !== before;) {
    before = waiting.length
    waiting = waiting.filter((entry) => log.restore(entry).is === 'waiting')
  }
  if (log.size !== entries.length) throw new Error('not everything was restored')
  return log
}
