import type { Instant } from './ids.ts'
import type { ActionState } from './plan.ts'
import type { CloseResult } from './statement.ts'

/** How far an initiative is by its actions alone. */
export type Progress = 'idea' | 'gathering' | 'going' | 'done'

/** Everything that says how far an initiative is, but the time. */
export interface Life {
  readonly progress: Progress
  /** Claimed time of the newest that was said of it or written in it. */
  readonly heardAt: Instant
  /** `YYYY-MM-DD`; `null`: its people set no day to look at it. */
  readonly checkOn: string | null
  /** Each once, of the closings that stand. Two or more: it was closed in different ways, apart. */
  readonly results: readonly CloseResult[]
}

export type Stage = Progress | 'resting' | 'closed'

/**
 * An initiative of which nothing is heard for so long, in ms, rests: six weeks, so that what happens every month does not rest
 * between.
 */
export const RESTING_AFTER = 42 * 24 * 60 * 60 * 1000

/**
 * How far it is at `now`. What was closed is closed. What is done does not rest, nor what has a day to come on which its people will
 * look at it. Claimed times decide: whoever claims one to come keeps it awake until then.
 */
export const stageAt = ({ progress, heardAt, checkOn, results }: Life, now: Instant): Stage => {
  if (results.length > 0) return 'closed'
  if (progress === 'done' || now - heardAt < RESTING_AFTER) return progress
  return checkOn !== null && Date.parse(checkOn) >= now ? progress : 'resting'
}

/** Whether the day on which its people wanted to look at it has come and it is still open. `today`: `YYYY-MM-DD` where the person is. */
export const isDue = ({ checkOn, results }: Life, today: string): boolean =>
  checkOn !== null && results.length === 0 && checkOn <= today

/** A day as it was written, `YYYY-MM-DD`; `null`: no day. */
export const dayOf = (text: string): string | null => {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return null
  const at = Date.parse(text)
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, text.length) !== text ? null : text
}

/**
 * *idea* while nobody took a place, *gathering* while places are free, *going* once all are taken, *done* once everyone who took a
 * place has done it and no action is left that nobody took.
 */
export const progressOf = (actions: readonly ActionState[]): Progress => {
  if (actions.every(({ claims }) => claims.length === 0)) return 'idea'
  if (actions.every(({ claims }) => claims.length > 0 && claims.every(({ done }) => done !== null))) return 'done'
  return actions.every(({ claims, places }) => claims.length >= places) ? 'going' : 'gathering'
}
