import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createBoard } from './board.ts'
import { DeviceId, DocumentId, type Instant, MemberId, StatementId } from './ids.ts'
import { momentText } from './moment.ts'
import type { Said, Statement } from './statement.ts'
import { firstFree, makesRoom, overlapsAmong, SHOWN_OVERLAPS } from './things.ts'
import { isClashing } from './things-view.ts'

const member = (n: number) => MemberId.fromBytes(new Uint8Array(32).fill(n))
const [keeper, omar, bea] = [member(1), member(2), member(3)]
const place = DocumentId.fromBytes(new Uint8Array(16).fill(1))
const sid = (n: number) => StatementId.fromBytes(Uint8Array.of(n >> 8, n & 255, ...new Uint8Array(14)))
const said = (n: number, by: MemberId, statement: Statement, at = n): Said => ({
  id: sid(n),
  by,
  device: DeviceId.fromBytes(new Uint8Array(32).fill(9)),
  seq: n,
  at: at as Instant,
  statement,
})
type Rules = Extract<Statement, { kind: 'thing' }>
const laser = (n: number, by: MemberId, more: Partial<Rules> = {}) =>
  said(n, by, {
    ...{ kind: 'thing', place, thing: n === 1 ? null : sid(1), name: 'Laser', where: 'Cellar', rules: '' },
    ...{ who: 'everyone', people: [], longest: 0, notice: 0, shared: true, ...more },
  })
const HOUR = 3_600_000
const hour = (n: number) => momentText((n * HOUR) as Instant)
const book = (n: number, by: MemberId, from: number, to: number) =>
  said(n, by, { kind: 'book', place, thing: sid(1), from: hour(from), to: hour(to), note: '' })
const unbook = (n: number, by: MemberId, of: number, to: number | null = null) =>
  said(n, by, { kind: 'unbook', place, booking: sid(of), for: to === null ? null : sid(to) })
const settle = (n: number, by: MemberId, one: number, other: number, stands = true) =>
  said(n, by, { kind: 'settle', place, one: sid(one), other: sid(other), stands })
const use = (n: number, by: MemberId, of: number, minutes: number, stands = true) =>
  said(n, by, { kind: 'use', place, booking: sid(of), minutes, note: '', stands })

const known = (...all: readonly Said[]) => {
  const board = createBoard()
  for (const each of all) board.add(each)
  return board.thing(sid(1))
}
const clashing = (...all: readonly Said[]) =>
  known(...all)
    ?.bookings.filter(isClashing)
    .map(({ id }) => id)

describe('a shared thing', () => {
  test('is said anew by its keeper alone', () => {
    expect(known(laser(1, keeper), laser(3, keeper, { name: 'CO₂ laser' }))).toMatchObject({ name: 'CO₂ laser', at: 1 })
    expect(known(laser(1, keeper), laser(3, omar, { name: 'Mine' }))?.name).toBe('Laser')
    expect(known(laser(3, keeper, { name: 'Later' }))).toBeUndefined()
  })

  test('keeps bookings that its rules speak against, and says which: by the rules that stood then', () => {
    const against = (rules: Partial<Rules>, ...more: readonly Said[]) =>
      known(laser(1, keeper, rules), book(5, omar, 2, 4), ...more)?.bookings[0]?.against
    expect(against({})).toEqual([])
    expect(against({ longest: 119 })).toEqual(['longest'])
    expect(against({ notice: 121 })).toEqual(['notice'])
    expect(against({ who: 'named', people: [bea] })).toEqual(['who'])
    expect(against({ who: 'named', people: [omar] })).toEqual([])
    expect(against({ shared: false })).toEqual(['gone'])
    expect(against({}, laser(6, keeper, { longest: 1 }))).toEqual([])
    expect(against({}, laser(4, keeper, { longest: 1 }))).toEqual(['longest'])
    expect(known(laser(1, keeper, { longest: 1 }), book(5, keeper, 2, 4))?.bookings[0]?.against).toEqual([])
  })
})

describe('bookings', () => {
  const two = [laser(1, keeper), book(2, omar, 2, 5), book(3, bea, 4, 6)]

  test('that overlap both stand, and each names the other', () => {
    expect(known(...two)?.bookings.map(({ id, overlaps }) => [id, overlaps[0]?.with])).toEqual([
      [sid(2), sid(3)],
      [sid(3), sid(2)],
    ])
    expect(clashing(laser(1, keeper), book(2, omar, 2, 4), book(3, bea, 4, 6))).toEqual([])
    expect(clashing(laser(1, keeper), book(2, omar, 2, 5), book(3, omar, 4, 6))).toEqual([])
  })

  test('are settled by who makes room, and the other is told', () => {
    expect(clashing(...two, unbook(4, bea, 3, 2))).toEqual([])
    expect(known(...two, unbook(4, bea, 3, 2))?.bookings).toMatchObject([{ id: sid(2), madeRoom: [bea] }])
    expect(clashing(...two, unbook(4, omar, 3, 2))).toHaveLength(2)
    expect(clashing(unbook(4, bea, 3, 2), ...two)).toEqual([])
  })

  test('are settled by both who booked, or by the keeper, until somebody says otherwise', () => {
    expect(clashing(...two, settle(4, omar, 2, 3))).toHaveLength(2)
    expect(clashing(...two, settle(4, omar, 2, 3), settle(5, bea, 3, 2))).toEqual([])
    expect(clashing(...two, settle(4, omar, 2, 3), settle(5, member(7), 3, 2))).toHaveLength(2)
    expect(clashing(...two, settle(4, keeper, 3, 2))).toEqual([])
    expect(clashing(...two, settle(5, keeper, 3, 2), settle(4, keeper, 2, 3, false))).toEqual([])
    expect(clashing(...two, settle(4, keeper, 3, 2), settle(5, keeper, 2, 3, false))).toHaveLength(2)
  })

  test('become a record of use, by the word of who booked and of the keeper', () => {
    const words = (...all: readonly Said[]) =>
      known(laser(1, keeper), book(2, omar, 2, 5), ...all)?.bookings[0]?.uses.map(({ by, minutes }) => [by, minutes])
    expect(words(use(3, omar, 2, 90), use(4, keeper, 2, 95), use(5, bea, 2, 10))).toEqual([
      [omar, 90],
      [keeper, 95],
    ])
    expect(words(use(3, omar, 2, 90), use(5, omar, 2, 60))).toEqual([[omar, 60]])
    expect(words(use(3, omar, 2, 90), use(5, omar, 2, 90, false))).toEqual([])
  })

  test('of no time, or of more than a year, are none', () => {
    expect(known(laser(1, keeper), book(2, omar, 5, 5), book(3, omar, 5, 4), book(4, omar, 0, 24 * 367))).toMatchObject(
      {
        bookings: [],
      },
    )
  })

  test('in any number overlap in a bounded way', () => {
    const many = Array.from({ length: 3_000 }, (_, n) => ({
      ...{ id: sid(n), at: n as Instant, by: member(n % 200), place, note: '' },
      ...{ from: n as Instant, to: (n + 5_000) as Instant },
    }))
    expect(Math.max(...Array.from(overlapsAmong(many).values(), ({ length }) => length))).toBe(SHOWN_OVERLAPS)
  })
})

test('room is made by whom the rules speak against, else by who said so last', () => {
  const [one, other] =
    known(laser(1, keeper, { longest: 150 }), book(5, omar, 2, 5), book(6, bea, 4, 6))?.bookings ?? []
  if (!one || !other) throw new Error('two were booked')
  expect(makesRoom(one, other)).toBe(one)
  expect(makesRoom({ ...one, against: [] }, other)).toBe(other)
})

test('the first free time is free, and nothing earlier is', () => {
  const any = fc.array(
    fc.tuple(fc.nat(50), fc.integer({ min: 1, max: 9 })).map(([from, length]) => ({
      from: (from * 60_000) as Instant,
      to: ((from + length) * 60_000) as Instant,
    })),
    { maxLength: 12 },
  )
  fc.assert(
    fc.property(any, fc.nat(40), fc.integer({ min: 1, max: 8 }), (all, from, minutes) => {
      const bookings = [...all].sort((left, right) => left.from - right.from)
      const isFree = (at: number) => bookings.every((each) => each.to <= at || each.from >= at + minutes * 60_000)
      const found = firstFree(bookings, (from * 60_000) as Instant, minutes)
      expect(isFree(found)).toBe(true)
      for (let at = from * 60_000; at < found; at += 60_000) expect(isFree(at)).toBe(false)
    }),
  )
})
