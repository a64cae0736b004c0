import type { Instant } from '@auzolan/core'

const DAY = 24 * 60 * 60 * 1000

const startOfDay = (at: number): number => new Date(at).setHours(0, 0, 0, 0)

/** "22 Nov", with the year when it is not this one. */
export const onDay = (language: string, at: Instant, now = Date.now()): string => {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  const year = sameYear ? {} : { year: 'numeric' as const }
  return new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', ...year }).format(at)
}

const atTime = (language: string, at: Instant): string =>
  new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' }).format(at)

/** "18:02" today, "yesterday, 18:02", "Tue, 18:02" within a week, then the day. A claim of its author's clock. */
export const toldWhen = (language: string, at: Instant, now = Date.now()): string => {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / DAY)
  const time = atTime(language, at)
  const comma = language === 'ar' ? '،' : ','
  if (days === 0) return time
  if (days === 1)
    return `${new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(-1, 'day')}${comma} ${time}`
  if (days > 1 && days < 7)
    return `${new Intl.DateTimeFormat(language, { weekday: 'short' }).format(at)}${comma} ${time}`
  return onDay(language, at, now)
}
