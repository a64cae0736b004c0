/** Offsets in UTF-16 units, as a textarea counts. */
export interface Selection {
  readonly start: number
  readonly end: number
}

/** Most cells of the table of common letters, about 4 MB: two changed stretches of 1,000 letters. Longer ones are mapped at their edge. */
const LARGEST_TABLE = 1_000_000

/** Where a caret of `before` belongs in `after`: next to the letters it stood between, as far as they are still there. */
export const mapCaret = (before: string, after: string, caret: number): number => {
  const shorter = Math.min(before.length, after.length)
  let head = 0
  while (head < shorter && before[head] === after[head]) head++
  if (caret <= head) return caret
  let tail = 0
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++
  if (caret > before.length - tail) return caret + after.length - before.length
  const oldMiddle = before.slice(head, before.length - tail)
  const newMiddle = after.slice(head, after.length - tail)
  return head + mapInside(oldMiddle, newMiddle, caret - head)
}

/** By the longest common subsequence: the caret follows the last kept letter before it. */
const mapInside = (before: string, after: string, caret: number): number => {
  const width = after.length + 1
  if ((before.length + 1) * width > LARGEST_TABLE) return Math.min(caret, after.length)
  const common = new Uint32Array((before.length + 1) * width)
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--)
      common[i * width + j] =
        before[i] === after[j]
          ? at(common, (i + 1) * width + j + 1) + 1
          : Math.max(at(common, (i + 1) * width + j), at(common, i * width + j + 1))
  let i = 0
  let j = 0
  let mapped = 0
  while (i < caret && j < after.length) {
    if (before[i] === after[j]) {
      i++
      mapped = ++j
    } else if (at(common, (i + 1) * width + j) >= at(common, i * width + j + 1)) i++
    else j++
  }
  return mapped
}

const at = (table: Uint32Array, index: number): number => table[index] ?? 0
