/** At `at` (UTF-16 units, in the text as the splices before left it) remove `remove` units and put `insert`. */
export interface Splice {
  readonly at: number
  readonly remove: number
  readonly insert: string
}

/** Steps of the search for a smallest difference; beyond it the differing middle is replaced whole. 600 take up to 10 ms. */
const maxDistance = 600

/**
 * Splices, from left to right, that turn `before` into `after`, by code points: a surrogate pair is kept or replaced whole.
 * Equal ends are skipped; what differs between them is compared by Myers' greedy algorithm
 * ("An O(ND) difference algorithm and its variations", 1986), so that untouched letters between two edits stay themselves.
 */
export const difference = (before: string, after: string): readonly Splice[] => {
  if (before === after) return []
  const start = commonStart(before, after)
  const end = commonEnd(before, after, Math.min(before.length, after.length) - start)
  const from = [...before.slice(start, before.length - end)]
  const to = [...after.slice(start, after.length - end)]
  return shortest(from, to)
    .reduce<Splice[]>((splices, step) => append(splices, step), [{ at: start, remove: 0, insert: '' }])
    .filter(({ remove, insert }) => remove > 0 || insert !== '')
}

/** Units both begin with. Halves are compared whole: the engine does that many times faster than we could unit by unit. */
const commonStart = (one: string, other: string): number => {
  let [same, most] = [0, Math.min(one.length, other.length)]
  while (same < most) {
    const middle = (same + most + 1) >> 1
    if (one.slice(same, middle) === other.slice(same, middle)) same = middle
    else most = middle - 1
  }
  return isInsidePair(one, same) || isInsidePair(other, same) ? same - 1 : same
}

/** Units both end with, at most `limit`. */
const commonEnd = (one: string, other: string, limit: number): number => {
  let [same, most] = [0, limit]
  while (same < most) {
    const middle = (same + most + 1) >> 1
    if (endOf(one, same, middle) === endOf(other, same, middle)) same = middle
    else most = middle - 1
  }
  return isInsidePair(one, one.length - same) || isInsidePair(other, other.length - same) ? same - 1 : same
}

const endOf = (text: string, from: number, to: number): string => text.slice(text.length - to, text.length - from)

const isInsidePair = (text: string, at: number): boolean =>
  isHigh(text.charCodeAt(at - 1)) && isLow(text.charCodeAt(at))

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000

type Step = { readonly do: 'keep' | 'remove' | 'insert'; readonly text: string }

/** Adds one step to the last splice, or opens the next one after kept text. */
const append = (splices: Splice[], { do: what, text }: Step): Splice[] => {
  const last = splices[splices.length - 1] as Splice
  if (what === 'keep') splices.push({ at: last.at + last.insert.length + text.length, remove: 0, insert: '' })
  else if (what === 'remove') splices[splices.length - 1] = { ...last, remove: last.remove + text.length }
  else splices[splices.length - 1] = { ...last, insert: last.insert + text }
  return splices
}

const shortest = (from: readonly string[], to: readonly string[]): readonly Step[] => {
  if (from.length > 0 && to.length > 0) {
    const trace = search(from, to)
    if (trace !== undefined) return walkBack(trace, from, to)
  }
  return [
    { do: 'remove', text: from.join('') },
    { do: 'insert', text: to.join('') },
  ]
}

/** For each number of edits, how far each diagonal reaches; `undefined` beyond `maxDistance`. */
const search = (from: readonly string[], to: readonly string[]): readonly Int32Array[] | undefined => {
  const trace: Int32Array[] = []
  let reach = new Int32Array(3)
  const limit = Math.min(maxDistance, from.length + to.length)
  for (let edits = 0; edits <= limit; edits++) {
    const next = new Int32Array(2 * edits + 3)
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x =
        edits === 0
          ? 0
          : comesDown(reach, edits, diagonal)
            ? reachOf(reach, edits - 1, diagonal + 1)
            : reachOf(reach, edits - 1, diagonal - 1) + 1
      while (x < from.length && x - diagonal < to.length && from[x] === to[x - diagonal]) x++
      next[diagonal + edits + 1] = x
      if (x >= from.length && x - diagonal >= to.length) return [...trace, next]
    }
    trace.push(next)
    reach = next
  }
  return undefined
}

const reachOf = (reach: Int32Array, edits: number, diagonal: number): number => reach[diagonal + edits + 1] as number

/** Whether the best way to this diagonal is an insertion. */
const comesDown = (reach: Int32Array, edits: number, diagonal: number): boolean =>
  diagonal === -edits ||
  (diagonal !== edits && reachOf(reach, edits - 1, diagonal - 1) < reachOf(reach, edits - 1, diagonal + 1))

const walkBack = (trace: readonly Int32Array[], from: readonly string[], to: readonly string[]): readonly Step[] => {
  const steps: Step[] = []
  let x = from.length
  let y = to.length
  for (let edits = trace.length - 1; edits > 0; edits--) {
    const before = trace[edits - 1] as Int32Array
    const down = comesDown(before, edits, x - y)
    const fromX = reachOf(before, edits - 1, down ? x - y + 1 : x - y - 1)
    const fromY = fromX - (down ? x - y + 1 : x - y - 1)
    const startX = down ? fromX : fromX + 1
    steps.push({ do: 'keep', text: from.slice(startX, x).join('') })
    steps.push(down ? { do: 'insert', text: to[fromY] as string } : { do: 'remove', text: from[fromX] as string })
    x = fromX
    y = fromY
  }
  steps.push({ do: 'keep', text: from.slice(0, x).join('') })
  return steps.reverse().filter(({ text }) => text !== '')
}
