import type { Instant } from '@auzolan/core'
import { monthNames, weekdayNames } from './calendar-words.ts'
import type { Language } from './people.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** 1 January 1970 was a Thursday. */
const FIRST_WEEKDAY = 4

export const startOfDay = (at: number): Instant => (Math.floor(at / DAY) * DAY) as Instant

/** 0 is Sunday. */
export const weekdayOf = (at: number): number => (Math.floor(at / DAY) + FIRST_WEEKDAY) % 7

/** The latest such day that is not after `at`. */
export const lastWeekday = (at: number, weekday: number): Instant =>
  (startOfDay(at) - ((weekdayOf(at) - weekday + 7) % 7) * DAY) as Instant

export const monthName = (at: number, language: Language): string =>
  monthNames[language][new Date(at).getUTCMonth()] as string

/** "sam. 14 mars, 13 h–17 h" */
export const describeDate = (at: number, language: Language, hours: string): string =>
  `${weekdayNames[language][weekdayOf(at)]} ${new Date(at).getUTCDate()} ${monthName(at, language)}, ${hours}`
