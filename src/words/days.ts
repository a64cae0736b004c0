import type { Instant } from '@auzolan/core'
import type { Words } from './Words.svelte.ts'

/** Midnight where this device is, so many days on. Days with a change of the clock are not 24 hours long. */
export const dayAfter = (at: number, days = 0): Instant => {
  const day = new Date(at)
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days).getTime() as Instant
}

/** The first day of its week: Monday, as ISO 8601 has it. */
export const weekOf = (at: number): Instant => dayAfter(at, -((new Date(at).getDay() + 6) % 7))

/** Midnights from one on. */
export const daysFrom = (first: Instant, count: number): readonly Instant[] =>
  Array.from({ length: count }, (_, day) => dayAfter(first, day))

/** The first of its month, or of one so many months on. */
export const monthOf = (at: number, months = 0): Instant =>
  new Date(new Date(at).getFullYear(), new Date(at).getMonth() + months, 1).getTime() as Instant

/** Those that touch this day. What has no end is where it begins. */
export const onThisDay = <T extends { readonly starts: Instant; readonly ends: Instant | null }>(
  all: readonly T[],
  day: Instant,
): readonly T[] =>
  all.filter(
    ({ starts, ends }) => starts < dayAfter(day, 1) && (ends !== null && ends > starts ? ends > day : starts >= day),
  )

/** "14:00 – 16:00"; with days where they differ. */
export const hours = (language: string, from: Instant, to: Instant): string => {
  const sameDay = dayAfter(from) === dayAfter(to - 1)
  const day = sameDay ? {} : { weekday: 'short' as const, day: 'numeric' as const, month: 'short' as const }
  return new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', ...day }).formatRange(from, to)
}

/** "4 hours", in the largest unit that says it whole. */
export const howLong = (words: Words, minutes: number): string => {
  if (minutes > 0 && minutes % 1_440 === 0) return words.say('thing.days', { count: minutes / 1_440 })
  if (minutes > 0 && minutes % 60 === 0) return words.say('thing.hours', { count: minutes / 60 })
  return words.say('thing.minutes', { count: minutes })
}

/** The last moment that has a date (ECMA-262, 21.4.1.1): whatever is to come. */
export const END_OF_TIME = 8_640_000_000_000_000 as Instant
