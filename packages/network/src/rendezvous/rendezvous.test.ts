import { concatBytes, toHex } from '@auzolan/core'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import type { Found } from '../network.ts'
import { encodeWireFrame, frameHeader } from '../frames.ts'
import { bytePipe } from '../testing/byte-pipe.ts'
import { ManualTimers } from '../testing/manual-timers.ts'
import { Nodes, type RunningNode } from '../testing/nodes.ts'
import { Board, SIGN_KEPT_MS } from './board.ts'
import { decodeAnswer, decodeSigns, encodeAnswer, encodeSigns, MAX_SIGNS, MAX_TOLD, type Sign } from './messages.ts'
import { readOne, writeOne } from './one-frame.ts'

const sign = (tag: number, note = tag): Sign => ({
  tag: new Uint8Array(32).fill(tag),
  note: new Uint8Array(16).fill(note),
})
const ada = '12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5'

describe('what is said', () => {
  test('has the bytes that are written down', () => {
    expect(toHex(encodeSigns([sign(1, 2)]))).toBe(`0101${'01'.repeat(32)}${'02'.repeat(16)}`)
    const answer = encodeAnswer([[], [{ peer: ada, note: new Uint8Array(16).fill(3) }]])
    expect(toHex(answer)).toMatch(new RegExp(`^0102000126002408011220[0-9a-f]{64}${'03'.repeat(16)}$`))
  })

  const someBytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
  const someSign = fc.record({ tag: someBytes(32), note: someBytes(16) })

  test('is read as it was said, and not when anything is missing or behind it', () => {
    fc.assert(
      fc.property(fc.array(someSign, { maxLength: MAX_SIGNS }), fc.nat(), (signs, cut) => {
        const bytes = encodeSigns(signs)
        expect(decodeSigns(bytes)).toEqual({ ok: true, value: signs })
        expect(decodeSigns(bytes.subarray(0, cut % bytes.length)).ok).toBe(false)
        expect(decodeSigns(concatBytes(bytes, Uint8Array.of(0))).ok).toBe(false)
      }),
      { numRuns: 40 },
    )
  })

  test('more than is allowed is refused on both sides', () => {
    expect(() => encodeSigns(Array.from({ length: MAX_SIGNS + 1 }, () => sign(1)))).toThrow(RangeError)
    const told = Array.from({ length: MAX_TOLD }, () => ({ peer: ada, note: new Uint8Array(16) }))
    const bytes = encodeAnswer([told])
    expect(decodeAnswer(bytes, 1).ok).toBe(true)
    expect(decodeAnswer(bytes, 2).ok).toBe(false)
    bytes[2] = MAX_TOLD + 1
    expect(decodeAnswer(bytes, 1).ok).toBe(false)
    expect(decodeSigns(Uint8Array.of(2, 0))).toEqual({ ok: false, error: { type: 'newer version' } })
  })
})

describe('a board', () => {
  test('tells who left the same tag, the newest first, until they leave another, go or are not heard of for long', () => {
    const board = new Board()
    expect(board.leave('a', [sign(1)], 0)).toEqual([[]])
    board.leave('b', [sign(1, 7)], 1)
    expect(board.leave('c', [sign(2), sign(1)], 2)).toEqual([
      [],
      [
        { peer: 'b', note: sign(7).note },
        { peer: 'a', note: sign(1).note },
      ],
    ])
    board.leave('b', [sign(3)], 3)
    board.forget('a')
    expect(board.leave('d', [sign(1)], 4)[0]?.map(({ peer }) => peer)).toEqual(['c'])
    expect(board.leave('e', [sign(1)], 2 + SIGN_KEPT_MS)[0]?.map(({ peer }) => peer)).toEqual(['d'])
  })

  test('holds no more than its numbers allow, and tells no more', () => {
    const board = new Board()
    for (let peer = 0; peer < 1_000; peer++)
      board.leave(
        `p${peer}`,
        Array.from({ length: 200 }, () => sign(1)),
        0,
      )
    expect(board.leave('last', [sign(1)], 1)[0]).toHaveLength(MAX_TOLD)
  })
})

describe('over real connections', () => {
  const nodes = new Nodes()
  afterEach(() => nodes.stop())
  const gathered = ({ network }: RunningNode, signs: readonly Sign[]): Promise<Found> =>
    new Promise((resolve) => network.gather?.(signs, resolve))

  test('two that left the same tag find each other, and who left another finds nobody', async () => {
    const relay = await nodes.start(1, { listen: { host: '127.0.0.1', tcpPort: 0 }, relay: true })
    const helpers = relay.network.state().addresses
    const [a, b, c] = [
      await nodes.start(2, { helpers }),
      await nodes.start(3, { helpers }),
      await nodes.start(4, { helpers }),
    ]
    const byC: Found[] = []
    c.network.gather?.([sign(9)], (found) => byC.push(found))
    // Whoever leaves it later is told of who did before.
    const found = await Promise.race([gathered(a, [sign(5, 1), sign(6)]), gathered(b, [sign(4), sign(5, 2)])])
    const told = { [a.network.self]: sign(5, 1), [b.network.self]: sign(5, 2) }
    expect(found).toEqual({ peer: found.peer, ...told[found.peer] })
    expect(byC).toEqual([])
  })
})

describe('the one frame of a stream', () => {
  const limits = (timers: ManualTimers) => ({ most: 100, within: 5_000, timers })

  test('is read in however many pieces', async () => {
    const [left, right] = bytePipe(1)
    const read = readOne(right, limits(new ManualTimers()))
    writeOne(left, Uint8Array.of(1, 2, 3))
    expect(await read).toEqual(Uint8Array.of(1, 2, 3))
  })

  test.each([
    ['too long', frameHeader(1, 101)],
    ['of another type', encodeWireFrame(2, new Uint8Array(3))],
    ['empty', new Uint8Array(4)],
  ])('is none where it is %s', async (_, bytes) => {
    const [left, right] = bytePipe()
    const read = readOne(right, limits(new ManualTimers()))
    left.write(bytes)
    expect(await read).toBeUndefined()
  })

  test('is not waited for longer than it may take, and not after the end', async () => {
    const timers = new ManualTimers()
    const [, silent] = bytePipe()
    const late = readOne(silent, limits(timers))
    await timers.pass(5_000)
    expect(await late).toBeUndefined()
    const [left, right] = bytePipe()
    const cut = readOne(right, limits(timers))
    left.cut()
    expect(await cut).toBeUndefined()
  })
})
