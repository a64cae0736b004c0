import { describe, expect, test } from 'vitest'
import { createBoard } from './board.ts'
import { calendarFile } from './calendar-file.ts'
import type { InitiativeDoc } from './documents.ts'
import type { PeopleFacts } from './facts.ts'
import { calendarEvent, calendarItems, timesIn } from './group-calendar.ts'
import { ActionId, DeviceId, DocumentId, type Instant, MemberId, StatementId } from './ids.ts'
import type { Said, Statement } from './statement.ts'

const member = (n: number) => MemberId.fromBytes(new Uint8Array(32).fill(n))
const [me, omar] = [member(1), member(2)]
const cafe = DocumentId.fromBytes(new Uint8Array(16).fill(1))
const fixing = ActionId.fromBytes(new Uint8Array(8).fill(1))
const sid = (n: number) => StatementId.fromBytes(Uint8Array.of(n, ...new Uint8Array(15)))
const said = (n: number, by: MemberId, statement: Statement): Said => ({
  ...{ id: sid(n), by, device: DeviceId.fromBytes(new Uint8Array(32).fill(9)), seq: n, at: n as Instant, statement },
})
const people = { me, people: new Map(), memberOf: new Map(), named: () => 'Omar' } as unknown as PeopleFacts
const day = (n: number) => Date.UTC(2026, 11, n) as Instant
const action = { title: 'Fix', details: '', when: '', order: 'a', where: 'Hall', skills: '' }
const doc: InitiativeDoc = {
  ...{ title: 'Café', why: '', when: '', where: '', plan: '', needs: '', hypothesis: '', measure: '', checkOn: '' },
  ...{ starts: '2026-12-05T10:00Z', ends: '2026-12-07T10:00Z' },
  actions: {
    [fixing]: { ...action, starts: '2026-12-06T10:00Z', ends: '' },
    nobodys: { ...action, starts: 'x', ends: '' },
  } as InitiativeDoc['actions'],
}

describe('the calendar of a group', () => {
  const board = createBoard()
  const rules = { where: 'Shed', rules: '', who: 'everyone', people: [], longest: 0, notice: 0, shared: true } as const
  for (const each of [
    said(1, omar, { kind: 'start', initiative: cafe, title: 'Café' }),
    said(2, me, { kind: 'take', initiative: cafe, action: fixing, starts: null }),
    said(3, omar, { kind: 'thing', place: cafe, thing: null, name: 'Van', ...rules }),
    said(4, omar, {
      kind: 'book',
      place: cafe,
      thing: sid(3),
      from: '2026-12-06T09:00Z',
      to: '2026-12-06T11:00Z',
      note: '',
    }),
  ])
    board.add(each)
  const between = (from: number, to: number) =>
    calendarItems(board, new Map([[cafe, { title: 'Café', times: timesIn(doc) }]]), people, {
      from: day(from),
      to: day(to),
    })

  test('holds initiatives, actions and bookings by when they start, and says which are mine', () => {
    expect(between(1, 31).map(({ kind, title, within, mine }) => [kind, title, within, mine])).toEqual([
      ['initiative', 'Café', '', false],
      ['booking', 'Van', '', false],
      ['action', 'Fix', 'Café', true],
    ])
    expect(between(1, 31)[1]).toMatchObject({ by: { name: 'Omar' }, initiative: cafe })
  })

  test('holds what goes on in the time asked about, and nothing else', () => {
    expect(between(7, 8).map(({ kind }) => kind)).toEqual(['initiative'])
    expect(between(1, 5)).toEqual([])
    expect(between(6, 7)).toHaveLength(3)
    expect(between(8, 31)).toEqual([])
  })

  test('goes into a calendar file, each with a name of its own', () => {
    const file = calendarFile(...between(1, 31).map((item) => calendarEvent(item, day(1))))
    const ids = [...file.matchAll(/^UID:(.*)$/gm)].map(([, uid]) => uid)
    expect(new Set(ids).size).toBe(3)
    expect(file).toContain('SUMMARY:Van')
  })
})
