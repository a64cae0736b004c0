import { type Instant, momentOf, momentText } from '@auzolan/core'

/** `YYYY-MM-DD` where this device is. */
export const isoDay = (date: Date): string =>
  [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0')).join('-')

const clock = (date: Date): string =>
  [date.getHours(), date.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':')

/** What a field for date and time shows of a moment: `YYYY-MM-DDTHH:MM` where this device is. Empty for what is no moment. */
export const localMoment = (moment: string): string => {
  const at = momentOf(moment)
  return at === null ? '' : `${isoDay(new Date(at))}T${clock(new Date(at))}`
}

/** The moment that such a field holds. */
export const momentFrom = (local: string): string => {
  const at = new Date(local).getTime()
  return Number.isNaN(at) ? '' : momentText(at as Instant)
}

/** "Sat, Dec 5, 14:00 – 17:30"; empty while nobody said when it starts. */
export const fromTo = (language: string, starts: string, ends: string): string => {
  const [from, to] = [momentOf(starts), momentOf(ends)]
  if (from === null) return ''
  const format = new Intl.DateTimeFormat(language, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  })
  return to !== null && to > from ? format.formatRange(from, to) : format.format(from)
}
