import type { Instant } from './ids.ts'

/** Something that happens, as a calendar takes it in. */
export interface CalendarEvent {
  /** The same for the same thing, so that a calendar replaces what it took in before. */
  readonly uid: string
  readonly title: string
  readonly details: string
  readonly where: string
  readonly starts: Instant
  /** `null`, or not after `starts`: nobody said how long it takes. */
  readonly ends: Instant | null
  readonly madeAt: Instant
}

/** An iCalendar file (RFC 5545) with these events: times in UTC, texts escaped, lines folded. */
export const calendarFile = (...events: readonly CalendarEvent[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Auzolan//Auzolan//EN', ...events.flatMap(eventLines), 'END:VCALENDAR']
    .map((line) => `${folded(line)}\r\n`)
    .join('')

const eventLines = ({ uid, title, details, where, starts, ends, madeAt }: CalendarEvent): readonly string[] => [
  'BEGIN:VEVENT',
  `UID:${escaped(uid)}`,
  `DTSTAMP:${stamp(madeAt)}`,
  `DTSTART:${stamp(starts)}`,
  ...(ends !== null && ends > starts ? [`DTEND:${stamp(ends)}`] : []),
  `SUMMARY:${escaped(title)}`,
  ...(details === '' ? [] : [`DESCRIPTION:${escaped(details)}`]),
  ...(where === '' ? [] : [`LOCATION:${escaped(where)}`]),
  'END:VEVENT',
]

/** `20261122T150000Z` (RFC 5545, 3.3.5, form 2). */
const stamp = (at: Instant): string => `${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`

/** TEXT may hold no control characters but tabs, and no bare line ends (RFC 5545, 3.3.11). */
const escaped = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/[\\;,]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replace(/(?!\t)\p{Cc}|\p{Cs}/gu, '')

/** Most octets of a line without its end (RFC 5545, 3.1). */
const LINE_OCTETS = 75

/** Broken between characters; a line that goes on begins with a space, which counts. */
const folded = (line: string): string => {
  let text = ''
  let left = LINE_OCTETS
  for (const character of line) {
    const octets = utf8Octets(character)
    if (octets > left) {
      text += '\r\n '
      left = LINE_OCTETS - 1
    }
    text += character
    left -= octets
  }
  return text
}

const utf8Octets = (character: string): number => {
  const point = character.codePointAt(0) as number
  if (point < 0x80) return 1
  if (point < 0x800) return 2
  return point < 0x10000 ? 3 : 4
}
