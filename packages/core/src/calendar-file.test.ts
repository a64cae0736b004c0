import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CalendarEvent, calendarFile } from './calendar-file.ts'
import type { Instant } from './ids.ts'
import { momentOf, momentText } from './moment.ts'

const at = (text: string) => Date.parse(text) as Instant
const event: CalendarEvent = {
  uid: '0102@auzolan',
  title: 'Repair café; lamps, irons',
  details: 'Bring tools.\nAnd soup.',
  where: 'C:\\cellar',
  starts: at('2026-12-05T13:00Z'),
  ends: at('2026-12-05T17:30Z'),
  madeAt: at('2026-11-22T15:04:05Z'),
}

/** What a reader makes of it, by RFC 5545: lines unfolded, then each split at its first colon, texts unescaped. */
const read = (file: string): Readonly<Record<string, string>> => {
  const lines = file.replaceAll('\r\n ', '').split('\r\n')
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':')
      const text = line.slice(colon + 1).replace(/\\([\\;,nN])/g, (_, one: string) => (/n/i.test(one) ? '\n' : one))
      return [line.slice(0, colon), text]
    }),
  )
}

const text = fc.string({
  unit: fc.oneof(fc.constantFrom(...'\\;,:\n\t" é漢👩‍🌾'), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })),
  maxLength: 200,
  size: 'max',
})
const instant = fc.integer({ min: 0, max: 253_000_000_000 }).map((seconds) => (seconds * 1000) as Instant)
const anyEvent: fc.Arbitrary<CalendarEvent> = fc.record({
  uid: fc.constant('0102@auzolan'),
  title: text,
  details: text,
  where: text,
  starts: instant,
  ends: fc.option(instant),
  madeAt: instant,
})

test('is what calendars take in', () => {
  expect(calendarFile(event)).toBe(
    [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Auzolan//Auzolan//EN',
      'BEGIN:VEVENT',
      'UID:0102@auzolan',
      'DTSTAMP:20261122T150405Z',
      'DTSTART:20261205T130000Z',
      'DTEND:20261205T173000Z',
      'SUMMARY:Repair café\\; lamps\\, irons',
      'DESCRIPTION:Bring tools.\\nAnd soup.',
      'LOCATION:C:\\\\cellar',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ].join('\r\n'),
  )
})

test('whatever was written is read as it was written, and nothing of it becomes a line of its own', () => {
  const seen = (written: string) => written.replace(/\r\n?/g, '\n').replace(/(?![\t\n])\p{Cc}|\p{Cs}/gu, '')
  fc.assert(
    fc.property(anyEvent, (any) => {
      const file = calendarFile(any)
      const { title, details, where } = any
      const said = read(file)
      expect([said['SUMMARY'], said['DESCRIPTION'] ?? '', said['LOCATION'] ?? '']).toEqual(
        [title, details, where].map(seen),
      )
      const names = file
        .replaceAll('\r\n ', '')
        .split('\r\n')
        .map((line) => line.split(':')[0])
      expect(new Set(names).size).toBe(names.length - 2)
    }),
  )
})

test('no line is longer than 75 octets, and each ends as it should', () => {
  const utf8 = new TextEncoder()
  fc.assert(
    fc.property(anyEvent, (any) => {
      const file = calendarFile(any)
      expect(file.endsWith('\r\n')).toBe(true)
      expect(file.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
      for (const line of file.split('\r\n')) expect(utf8.encode(line).length).toBeLessThanOrEqual(75)
    }),
  )
})

test('an end that is not after the start is left out', () => {
  expect(calendarFile({ ...event, ends: event.starts })).not.toContain('DTEND')
  expect(calendarFile({ ...event, ends: null })).not.toContain('DTEND')
})

test('a moment is read as it is written, and nothing else is one', () => {
  fc.assert(fc.property(instant, (any) => void expect(momentOf(momentText(any))).toBe(any - (any % 60_000))))
  const others = [
    '',
    'soon',
    '2026-12-05',
    '2026-12-05T13:00',
    '2026-12-05T25:00Z',
    '2026-02-30T10:00Z',
    '2026-12-05T13:00:00Z',
  ]
  expect(others.map(momentOf)).toEqual(others.map(() => null))
})
