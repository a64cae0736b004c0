import { describe, expect, test } from 'vitest'
import { createBoard } from './board.ts'
import { withoutGone } from './exchanges.ts'
import { DeviceId, DocumentId, type Instant, MemberId, StatementId } from './ids.ts'
import type { Said, Side, Statement } from './statement.ts'

const member = (n: number) => MemberId.fromBytes(new Uint8Array(32).fill(n))
const [aino, omar, bea] = [member(1), member(2), member(3)]
const place = DocumentId.fromBytes(new Uint8Array(16).fill(1))
const sid = (n: number) => StatementId.fromBytes(Uint8Array.of(n, ...new Uint8Array(15)))
const said = (n: number, by: MemberId, statement: Statement): Said => ({
  id: sid(n),
  by,
  device: DeviceId.fromBytes(new Uint8Array(32).fill(9)),
  seq: n,
  at: n as Instant,
  statement,
})
const listing = (n: number, side: Side, amount: number) =>
  said(n, aino, { kind: 'listing', place, side, what: 'Chairs', amount, unit: '', when: '', where: '' })
const promise = (n: number, by: MemberId, amount: number) =>
  said(n, by, { kind: 'promise', place, listing: sid(1), amount, note: '' })
const release = (n: number, by: MemberId, ...of: readonly number[]) =>
  said(n, by, { kind: 'release', place, promises: of.map(sid) })
const hand = (n: number, by: MemberId, of: number, stands = true) =>
  said(n, by, { kind: 'handOver', place, promise: sid(of), stands })

const listed = (...all: readonly Said[]) => {
  const board = createBoard()
  for (const each of all) board.add(each)
  return board.listing(sid(1))
}

describe('what is needed and offered', () => {
  test('is promised in parts, by several people', () => {
    expect(listed(listing(1, 'need', 10), promise(2, omar, 4), promise(3, bea, 3))).toMatchObject({
      promised: 7,
      left: 3,
      tooMuch: 0,
      suggestion: null,
    })
  })

  test('promised apart beyond what there is, everyone stays, and the last with nothing handed over is asked', () => {
    const both = [listing(1, 'offer', 5), promise(2, omar, 4), promise(3, bea, 3)]
    expect(listed(...both)).toMatchObject({ promised: 7, left: 0, tooMuch: 2, suggestion: sid(3) })
    expect(listed(...both)?.promises.map(({ by }) => by)).toEqual([omar, bea])
    expect(listed(...both, hand(4, bea, 3))?.suggestion).toBe(sid(2))
  })

  test('is taken back by who promised it alone', () => {
    const one = [listing(1, 'need', 5), promise(2, omar, 4)]
    expect(listed(...one, release(3, bea, 2))?.left).toBe(1)
    expect(listed(release(3, omar, 2), ...one)?.left).toBe(5)
  })

  test('is free again where who promised it is not in the group any more, unless it changed hands', () => {
    const both = [listing(1, 'need', 5), promise(2, omar, 4), promise(3, bea, 3)]
    const gone = (...all: readonly Said[]) => withoutGone(listed(...all)!, (by) => by === omar)
    expect(gone(...both)).toMatchObject({ promised: 3, left: 2, tooMuch: 0, suggestion: null })
    expect(gone(...both, hand(4, omar, 2), hand(5, aino, 2))).toMatchObject({ promised: 7, left: 0, tooMuch: 2 })
    expect(withoutGone(listed(...both)!, () => false)).toEqual(listed(...both))
  })

  test('changes hands by the word of both sides: who brings gives, of what is offered its author does', () => {
    const need = [listing(1, 'need', 4), promise(2, omar, 4)]
    expect(listed(...need, hand(3, omar, 2))?.promises[0]).toMatchObject({ given: true, received: false })
    expect(listed(...need, hand(3, omar, 2), hand(4, aino, 2))?.exchanged).toBe(true)
    const offer = [listing(1, 'offer', 4), promise(2, omar, 4)]
    expect(listed(...offer, hand(3, omar, 2))?.promises[0]).toMatchObject({ given: false, received: true })
    expect(listed(...offer, hand(3, bea, 2))?.promises[0]).toMatchObject({ given: false, received: false })
  })

  test('a word on it is taken back by who gave it', () => {
    const done = [listing(1, 'need', 4), promise(2, omar, 4), hand(3, omar, 2), hand(4, aino, 2)]
    expect(listed(...done, hand(5, aino, 2, false))?.exchanged).toBe(false)
  })

  test('what changed hands by the word of both is not taken back any more', () => {
    const done = [listing(1, 'need', 4), promise(2, omar, 4), hand(3, omar, 2), hand(4, aino, 2)]
    expect(listed(...done, release(5, omar, 2))?.exchanged).toBe(true)
  })

  test('is over when its author says so, until they say otherwise; nobody promises to themselves', () => {
    const over = (n: number, by: MemberId, stands: boolean) =>
      said(n, by, { kind: 'unlist', place, listing: sid(1), stands })
    expect(listed(listing(1, 'need', 1), over(2, omar, true))?.over).toBe(false)
    expect(listed(listing(1, 'need', 1), over(2, aino, true))?.over).toBe(true)
    expect(listed(listing(1, 'need', 1), over(3, aino, false), over(2, aino, true))?.over).toBe(false)
    expect(listed(listing(1, 'need', 1), promise(2, aino, 1))?.promised).toBe(0)
  })
})
