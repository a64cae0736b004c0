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
  const [left, right] = [[...before], [...after]]
  let start = 0
  while (start < left.length && start < right.length && left[start] === right[start]) start++
  let end = 0
  while (
    end < left.length - start &&
    end < right.length - start &&
    left[left.length - 1 - end] === right[right.length - 1 - end]
  )
    end++
  const at = unitsOf(left, 0, start)
  const from = left.slice(start, left.length - end)
  const to = right.slice(start, right.length - end)
  return shortest(from, to)
    .reduce<Splice[]>((splices, step) => append(splices, step), [{ at, remove: 0, insert: '' }])
    .filter(({ remove, insert }) => remove > 0 || insert !== '')
}

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

const unitsOf = (points: readonly string[], from: number, to: number): number => {
  let units = 0
  for (let at = from; at < to; at++) units += (points[at] as string).length
  return units
}
