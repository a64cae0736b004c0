import type { Instant } from './ids.ts'

/** A moment as a short field holds it: `YYYY-MM-DDTHH:MMZ`. Somebody else may have written anything there; `null`: no moment. */
export const momentOf = (text: string): Instant | null => {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\dZ$/.test(text)) return null
  const at = Date.parse(text)
  return Number.isNaN(at) || momentText(at as Instant) !== text ? null : (at as Instant)
}

/** To the minute, in UTC. */
export const momentText = (at: Instant): string => `${new Date(at).toISOString().slice(0, 16)}Z`
