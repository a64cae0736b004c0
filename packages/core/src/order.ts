/** In the order of their code units, so that plain string comparison sorts. */
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/**
 * A place between two others in a list that several people sort: a fraction `0.d₁d₂…` in base 62 whose last digit is not 0, compared
 * as text. `null`: the start or the end of the list. Putting things at the end adds a digit every 61 times.
 * What is no such fraction (somebody else wrote it) is read up to its first foreign character, and `after` is passed over where it does
 * not come after `before`.
 */
export const orderBetween = (before: string | null, after: string | null): string => {
  const low = fractionOf(before)
  const high = fractionOf(after)
  return between(low, high > low ? high : null)
}

const fractionOf = (order: string | null): string => (/^[0-9A-Za-z]*/.exec(order ?? '')?.[0] ?? '').replace(/0+$/, '')

/** `low < result < high`; `low` may be empty (0), `high` null (1). At the end of a list one step is enough, elsewhere half the room is left. */
const between = (low: string, high: string | null): string => {
  const atEnd = high === null && low !== ''
  let ceiling = high
  let shared = ''
  for (let at = 0; ; at++) {
    const from = digitAt(low, at)
    const room = (ceiling === null ? digits.length : digitAt(ceiling, at)) - from
    if (room > 1) return shared + digits[atEnd ? from + 1 : from + (room >> 1)]
    shared += digits[from]
    // One apart: whatever is above the rest of `low` is now below `high`.
    if (room === 1) ceiling = null
  }
}

const digitAt = (fraction: string, at: number): number =>
  at < fraction.length ? digits.indexOf(fraction[at] as string) : 0
