import { describe, expect, test } from 'vitest'
import { createBoard } from './board.ts'
import { countOf } from './calls.ts'
import { callRows } from './calls-view.ts'
import { DeviceId, DocumentId, type Instant, MemberId, StatementId } from './ids.ts'
import { momentText } from './moment.ts'
import type { Said, Statement } from './statement.ts'
import { type Waiting, waitingIn } from './waiting.ts'

const member = (n: number) => MemberId.fromBytes(new Uint8Array(32).fill(n))
const [ada, omar, bea] = [member(1), member(2), member(3)]
const place = DocumentId.fromBytes(new Uint8Array(16).fill(1))
const sid = (n: number) => StatementId.fromBytes(Uint8Array.of(n, ...new Uint8Array(15)))
const said = (n: number, by: MemberId, statement: Statement, at = n * MINUTE): Said => ({
  ...{ id: sid(n), by, device: DeviceId.fromBytes(new Uint8Array(32).fill(9)), seq: n, at: at as Instant, statement },
})
const MINUTE = 60_000
type Asked = Extract<Statement, { kind: 'call' }>
const asks = (n: number, by: MemberId, more: Partial<Asked> = {}) =>
  said(n, by, {
    ...{ kind: 'call', place, call: n === 1 ? null : sid(1), title: 'Slower', text: 'We ask for 30 km/h.', goal: 3 },
    ...{ until: '', open: true, ...more },
  })
const about = { place, call: sid(1) }
const sign = (n: number, by: MemberId, version = 1, name = '') =>
  said(n, by, { kind: 'sign', ...about, version: sid(version), name, comment: '' })
const unsign = (n: number, by: MemberId, ...signatures: readonly number[]) =>
  said(n, by, { kind: 'unsign', ...about, signatures: signatures.map(sid) })
const paper = (n: number, by: MemberId, name: string, version = 1) =>
  said(n, by, { kind: 'paper', ...about, version: sid(version), name, sheet: 'Market' })
const saw = (n: number, by: MemberId, papers: readonly number[], stands = true) =>
  said(n, by, { kind: 'sawPaper', ...about, papers: papers.map(sid), stands })

const boardOf = (all: readonly Said[]) => {
  const board = createBoard()
  for (const each of all) board.add(each)
  return board
}
const known = (...all: readonly Said[]) => {
  const state = boardOf(all).call(sid(1))
  if (!state) throw new Error('nobody asked')
  return state
}
const counted = (...all: readonly Said[]) => countOf(known(...all).count)

describe('a call', () => {
  test('is said anew by its author alone, and keeps each text that people were asked to sign', () => {
    const { title, at, versions } = known(asks(1, ada), asks(3, ada, { title: 'Slower here' }), asks(4, omar))
    expect([title, at]).toEqual(['Slower here', MINUTE])
    expect(versions.map(({ id, title }) => [id, title])).toEqual([
      [sid(1), 'Slower'],
      [sid(3), 'Slower here'],
    ])
    expect(boardOf([asks(3, ada)]).call(sid(1))).toBeUndefined()
  })

  test('is another text by its title or its words, and not by how many are to sign, or until when', () => {
    const later = { goal: 9, until: '2026-12-05T13:00Z', open: false }
    expect(known(asks(1, ada), asks(2, ada, later))).toMatchObject({ ...later, until: Date.parse(later.until) })
    expect(known(asks(1, ada), asks(2, ada, later)).versions).toHaveLength(1)
    expect(known(asks(1, ada), asks(2, ada, { text: 'We ask for 20 km/h.' })).versions).toHaveLength(2)
  })
})

describe('signatures', () => {
  test('count once for a person, whichever device they come from and whatever arrives first', () => {
    const all = [asks(1, ada), sign(2, omar), sign(3, bea), sign(4, omar)]
    expect(counted(...all)).toBe(2)
    expect(known(...all)).toEqual(known(...all.toReversed()))
    expect(known(...all).signatures.find(({ by }) => by === omar)?.standing).toEqual([sid(2), sid(4)])
  })

  test('that are taken back count no more and stay to be seen', () => {
    const { signatures, count } = known(asks(1, ada), sign(2, omar), sign(3, bea), unsign(4, omar, 2))
    expect([count.here, signatures.map(({ by, withdrawn }) => [by, withdrawn])]).toEqual([
      1,
      [
        [omar, true],
        [bea, false],
      ],
    ])
  })

  test('are taken back by who gave them, one by one: what another device gave apart stands', () => {
    expect(counted(asks(1, ada), sign(2, omar), unsign(3, bea, 2), unsign(4, ada, 2))).toBe(1)
    expect(counted(asks(1, ada), sign(2, omar), sign(3, omar), unsign(4, omar, 2))).toBe(1)
    expect(counted(asks(1, ada), sign(2, omar), unsign(4, omar, 2), sign(5, omar))).toBe(1)
  })

  test('name the text they signed: of an earlier one they stand apart, until they are given again or it comes back', () => {
    const before = [asks(1, ada), sign(2, omar), asks(3, ada, { text: 'We ask for 20 km/h.' })]
    const now = known(...before, sign(4, bea, 3))
    expect(now.count.here).toBe(1)
    expect(now.signatures.map(({ by, signed, version }) => [by, signed, version])).toEqual([
      [omar, 'earlier', 0],
      [bea, 'now', 1],
    ])
    expect(counted(...before, sign(4, omar, 3))).toBe(1)
    expect(counted(...before, asks(5, ada))).toBe(1)
  })

  test('of a text that is not here, or that somebody else said, count for none', () => {
    const words = asks(3, omar, { text: 'We ask for nothing.' })
    expect(known(asks(1, ada), words, sign(4, bea, 3), sign(5, omar, 9)).signatures).toMatchObject([
      { signed: 'unknown', version: null },
      { signed: 'unknown', version: null },
    ])
    expect(counted(asks(1, ada), words, sign(4, bea, 3))).toBe(0)
  })

  test('that came after the day stand apart', () => {
    const until = momentText((3 * MINUTE) as Instant)
    const { signatures, count } = known(asks(1, ada, { until }), sign(3, omar), sign(4, bea))
    expect(signatures.map(({ late }) => late)).toEqual([false, true])
    expect(count.here).toBe(1)
  })
})

describe('signatures on paper', () => {
  test('count once somebody else has seen them, by the newest word of each', () => {
    const entered = [asks(1, ada), paper(2, omar, 'Rosa Pérez'), paper(3, omar, 'Jan')]
    expect(known(...entered).count).toEqual({ here: 0, paper: 0 })
    expect(known(...entered, saw(4, omar, [2, 3])).count.paper).toBe(0)
    expect(known(...entered, saw(4, bea, [2, 3])).count.paper).toBe(2)
    expect(known(...entered, saw(6, bea, [2], false), saw(4, bea, [2, 3])).count.paper).toBe(1)
    expect(known(...entered, saw(4, bea, [2, 3]), unsign(5, omar, 3), unsign(5, bea, 2)).count.paper).toBe(1)
  })

  test('of a name that stands there already are marked, and left to people', () => {
    const all = [asks(1, ada), sign(2, omar, 1, 'Omar'), paper(3, bea, 'OMAR'), paper(4, bea, 'Rosa')]
    const { papers } = known(...all, paper(5, bea, 'Rosá'), unsign(6, bea, 4))
    expect(papers.map(({ name, again }) => [name, again])).toEqual([
      ['OMAR', true],
      ['Rosa', false],
      ['Rosá', false],
    ])
    expect(known(...all, paper(5, bea, 'rosa')).papers.at(-1)?.again).toBe(true)
  })
})

describe('a call waits', () => {
  const waits = (
    me: MemberId,
    all: readonly Said[],
    passedOver: readonly number[] = [],
    now = 10,
  ): readonly Waiting[] =>
    waitingIn(boardOf(all), {
      ...{ me, now: (now * MINUTE) as Instant, readMentions: new Set(), passedOver: new Set(passedOver.map(sid)) },
      ...{ checkOn: () => null, times: () => undefined, votes: [] },
    })

  test('for whoever has not signed it, until they sign or pass it over', () => {
    expect(waits(omar, [asks(1, ada)])).toEqual([{ is: 'sign', call: sid(1), by: ada, again: false, at: MINUTE }])
    expect(waits(omar, [asks(1, ada), sign(2, omar)])).toEqual([])
    expect(waits(omar, [asks(1, ada), sign(2, omar), unsign(3, omar, 2)])).toEqual([])
    expect(waits(omar, [asks(1, ada)], [1])).toEqual([])
    expect(waits(omar, [asks(1, ada, { open: false })])).toEqual([])
    const until = momentText((9 * MINUTE) as Instant)
    expect(waits(omar, [asks(1, ada, { until })], [], 8)).toHaveLength(1)
    expect(waits(omar, [asks(1, ada, { until })])).toEqual([])
  })

  test('once more when its text was changed', () => {
    const changed = [asks(1, ada), sign(2, omar), asks(3, ada, { text: 'We ask for 20 km/h.' })]
    expect(waits(omar, changed)).toMatchObject([{ is: 'sign', again: true, at: 3 * MINUTE }])
    expect(waits(bea, changed, [1])).toHaveLength(1)
    expect(waits(omar, [...changed, sign(4, omar, 3)])).toEqual([])
  })
})

test('calls are listed the newest first, each with how this person stands to it', () => {
  const people = {
    me: omar,
    thisDevice: DeviceId.fromBytes(new Uint8Array(32)),
    people: new Map(),
    memberOf: new Map(),
  }
  const mine = (...all: readonly Said[]) => callRows(boardOf(all), people).map(({ id, mine }) => [id, mine])
  expect(mine(asks(1, ada), asks(2, ada, { call: null }), sign(3, omar))).toEqual([
    [sid(2), 'none'],
    [sid(1), 'signed'],
  ])
  expect(mine(asks(1, ada), sign(3, omar), asks(4, ada, { title: 'New' }))).toEqual([[sid(1), 'earlier']])
  expect(mine(asks(1, ada), sign(3, omar), unsign(4, omar, 3))).toEqual([[sid(1), 'withdrawn']])
})
