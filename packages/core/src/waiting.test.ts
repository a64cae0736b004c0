import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createBoard } from './board.ts'
import { ActionId, ControlId, DeviceId, DocumentId, type Instant, MemberId, StatementId } from './ids.ts'
import type { Said, Statement } from './statement.ts'
import { inWaitingOrder, waitingIn, type WaitingFacts } from './waiting.ts'

const member = (n: number) => MemberId.fromBytes(new Uint8Array(32).fill(n))
const [me, omar] = [member(1), member(2)]
const cafe = DocumentId.fromBytes(new Uint8Array(16).fill(1))
const fixing = ActionId.fromBytes(new Uint8Array(8).fill(1))
const sid = (n: number) => StatementId.fromBytes(Uint8Array.of(n, ...new Uint8Array(15)))
const proposal = ControlId.fromBytes(new Uint8Array(32).fill(3))
const said = (n: number, by: MemberId, statement: Statement): Said => ({
  id: sid(n),
  by,
  device: DeviceId.fromBytes(new Uint8Array(32).fill(9)),
  seq: n,
  at: n as Instant,
  statement,
})
const started = said(1, omar, { kind: 'start', initiative: cafe, title: 'Café' })
const take = (n: number, by: MemberId, starts: string | null = null) =>
  said(n, by, { kind: 'take', initiative: cafe, action: fixing, starts })
const call = said(5, omar, { kind: 'message', thread: cafe, after: [], replyTo: null, mentions: [me] })
const listing = said(6, omar, {
  ...{ kind: 'listing', place: cafe, side: 'need', what: 'Chairs', amount: 1, unit: '', when: '', where: '' },
})
const promise = (n: number, by: MemberId) =>
  said(n, by, { kind: 'promise', place: cafe, listing: sid(6), amount: 1, note: '' })
const received = said(9, omar, { kind: 'handOver', place: cafe, promise: sid(7), stands: true })

const now = Date.parse('2026-12-05T12:00Z') as Instant
const facts: WaitingFacts = {
  me,
  now,
  readMentions: new Set(),
  passedOver: new Set(),
  checkOn: () => null,
  times: () => undefined,
  votes: [],
}
const waiting = (all: readonly Said[], more: Partial<WaitingFacts> = {}) => {
  const board = createBoard()
  for (const each of all) board.add(each)
  return waitingIn(board, { ...facts, ...more })
}
const kinds = (...asked: Parameters<typeof waiting>) => waiting(...asked).map(({ is }) => is)
const at = (starts: string, ends = '') => ({ times: () => ({ starts, ends }) })

describe('what waits for somebody', () => {
  test('is being called by name, until it was read here', () => {
    expect(kinds([call])).toEqual(['mention'])
    expect(kinds([call], { readMentions: new Set([sid(5)]) })).toEqual([])
    expect(kinds([call], { me: omar })).toEqual([])
  })

  test('is the word on what changed hands, once the other side gave theirs', () => {
    expect(kinds([listing, promise(7, me)])).toEqual([])
    expect(waiting([listing, promise(7, me), received])).toMatchObject([{ is: 'handOver', giving: true, by: omar }])
    const given = said(9, me, { kind: 'handOver', place: cafe, promise: sid(7), stands: true })
    expect(kinds([listing, promise(7, me), received, { ...given, id: sid(10) }])).toEqual([])
    expect(waiting([listing, promise(7, me), given], { me: omar })).toMatchObject([{ is: 'handOver', giving: false }])
  })

  test('is being the last of too many, and nobody else is asked', () => {
    expect(kinds([listing, promise(7, omar), promise(8, me), promise(9, member(3))])).toEqual([])
    expect(kinds([listing, promise(7, member(3)), promise(8, me)])).toEqual(['tooMuch'])
    expect(kinds([started, take(2, omar), take(3, me)])).toEqual(['tooMany'])
    expect(kinds([started, take(2, me), take(3, omar)])).toEqual([])
  })

  test('is another time than one said yes to, and how it went once it is over', () => {
    const mine = [started, take(2, me, '2026-12-06T10:00Z')]
    expect(kinds(mine, at('2026-12-06T10:00Z'))).toEqual([])
    expect(kinds(mine, at('2026-12-07T10:00Z'))).toEqual(['time'])
    expect(kinds(mine, at('2026-12-05T10:00Z', '2026-12-05T13:00Z'))).toEqual(['time'])
    expect(kinds(mine, at('2026-12-05T10:00Z', '2026-12-05T11:00Z'))).toEqual(['report'])
    const done = said(3, me, { kind: 'done', initiative: cafe, take: sid(2), minutes: 30, note: '' })
    expect(kinds([...mine, done], at('2026-12-05T10:00Z'))).toEqual([])
    const closed = said(4, omar, { kind: 'close', initiative: cafe, result: 'stopped', sentence: '', replaces: [] })
    expect(kinds([...mine, closed], at('2026-12-05T10:00Z'))).toEqual([])
  })

  test('is the day to look at something one takes part in', () => {
    const due = { checkOn: () => '2026-12-05' }
    expect(kinds([started], due)).toEqual([])
    expect(kinds([started], { ...due, me: omar })).toEqual(['due'])
    expect(kinds([started, take(2, me)], due)).toEqual(['due'])
    expect(kinds([started, take(2, me)], { checkOn: () => '2026-12-06' })).toEqual([])
  })

  test('stands in one order however it came in, longest first', () => {
    const all = [started, take(2, omar), take(3, me), call, listing, promise(7, me), received]
    const votes = [{ proposal, at: 4 as Instant }]
    const order = inWaitingOrder(waiting(all, { votes }), 'longest')
    expect(order.map(({ is }) => is)).toEqual(['tooMany', 'vote', 'mention', 'handOver'])
    fc.assert(
      fc.property(fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length }), (heard) => {
        expect(inWaitingOrder(waiting(heard, { votes }), 'longest')).toEqual(order)
        expect(inWaitingOrder(waiting(heard, { votes }), 'newest')).toEqual(order.toReversed())
      }),
    )
  })
})
