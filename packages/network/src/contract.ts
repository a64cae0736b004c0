import { describe, expect, test } from 'vitest'
import { type CloseReason, type Frame, type Link, MAX_FRAME_BYTES } from './network.ts'

/** Two linked sides, `a` having the smaller id, and a way to let time pass for transports that need to be stepped. */
export interface LinkedPair {
  readonly a: Link
  readonly b: Link
  /** Opens a second link between the same two; resolves with its sides. */
  readonly again: () => Promise<{ readonly a: Link; readonly b: Link }>
  readonly close: () => Promise<void>
}

const numbered = (value: number, length = 4): Frame => {
  const payload = new Uint8Array(length)
  new DataView(payload.buffer).setUint32(0, value)
  return { type: 'entries', payload }
}
const numberOf = ({ payload }: Frame): number => new DataView(payload.buffer, payload.byteOffset).getUint32(0)

/** Resolves with the first `count` frames. */
const collect = (link: Link, count: number): Promise<number[]> =>
  new Promise((resolve) => {
    const numbers: number[] = []
    link.onFrame((frame) => {
      numbers.push(numberOf(frame))
      if (numbers.length === count) resolve(numbers)
    })
  })

/** Every link passes this, whatever carries it. */
export const describeLinks = (name: string, open: () => Promise<LinkedPair>): void => {
  describe(`links over ${name}`, () => {
    const withPair = async (run: (pair: LinkedPair) => Promise<void>): Promise<void> => {
      const pair = await open()
      try {
        await run(pair)
      } finally {
        await pair.close()
      }
    }

    test('each side knows the other, and one of them opened', () =>
      withPair(async ({ a, b }) => {
        expect([a.opener, b.opener]).toEqual([true, false])
        expect(b.remote < a.remote).toBe(true)
        expect(a.path).toBe(b.path)
        await Promise.resolve()
      }))

    test(
      'ten thousand frames arrive in order, both ways at once',
      () =>
        withPair(async ({ a, b }) => {
          const count = 10_000
          const expected = Array.from({ length: count }, (_, value) => value)
          const [atA, atB] = [collect(a, count), collect(b, count)]
          const sendAll = async (link: Link) => {
            for (const value of expected) await link.send(numbered(value))
          }
          await Promise.all([sendAll(a), sendAll(b)])
          expect(await atA).toEqual(expected)
          expect(await atB).toEqual(expected)
        }),
      SLOW_MACHINE_MS,
    )

    test('the largest frame arrives whole, one byte more is refused', () =>
      withPair(async ({ a, b }) => {
        const arrived = new Promise<Frame>((resolve) => b.onFrame(resolve))
        await a.send({ type: 'want', payload: new Uint8Array(MAX_FRAME_BYTES).fill(7) })
        const { type, payload } = await arrived
        expect([type, payload.length, payload.every((byte) => byte === 7)]).toEqual(['want', MAX_FRAME_BYTES, true])
        await expect(a.send({ type: 'want', payload: new Uint8Array(MAX_FRAME_BYTES + 1) })).rejects.toThrow(RangeError)
      }))

    test('the link keeps hello, bye, ping and pong to itself', () =>
      withPair(async ({ a }) => {
        for (const type of ['hello', 'bye', 'ping', 'pong'] as const) {
          await expect(a.send({ type, payload: new Uint8Array() })).rejects.toThrow(TypeError)
        }
      }))

    test('a frame waits until the one before was handled', () =>
      withPair(async ({ a, b }) => {
        const events: string[] = []
        const done = new Promise<void>((resolve) => {
          b.onFrame(async (frame) => {
            events.push(`start ${numberOf(frame)}`)
            for (let wait = 0; wait < 50; wait++) await Promise.resolve()
            events.push(`end ${numberOf(frame)}`)
            if (numberOf(frame) === 2) resolve()
          })
        })
        for (const value of [0, 1, 2]) await a.send(numbered(value))
        await done
        expect(events).toEqual(['start 0', 'end 0', 'start 1', 'end 1', 'start 2', 'end 2'])
      }))

    test('a sender waits for a reader that does not read, and goes on when it does', () =>
      withPair(async ({ a, b }) => {
        let letGo = () => {}
        const gate = new Promise<void>((resolve) => {
          letGo = resolve
        })
        const count = 24
        const all = new Promise<number>((resolve) => {
          let taken = 0
          b.onFrame(async () => {
            await gate
            taken += 1
            if (taken === count) resolve(taken)
          })
        })
        let sent = 0
        const sending = (async () => {
          for (let value = 0; value < count; value++) {
            await a.send(numbered(value, MAX_FRAME_BYTES))
            sent += 1
          }
        })()
        for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve))
        // Windows, queues and socket buffers hold some; never all.
        expect(sent).toBeLessThan(count / 2)
        letGo()
        expect(await all).toBe(count)
        await sending
      }))

    test('both sides learn why a link was closed, after what was sent before', () =>
      withPair(async ({ a, b }) => {
        const numbers: number[] = []
        b.onFrame((frame) => void numbers.push(numberOf(frame)))
        await a.send(numbered(1))
        await a.send(numbered(2))
        const reason: CloseReason = { type: 'protocol', detail: 'said nonsense' }
        a.close(reason)
        expect(await a.closed).toEqual(reason)
        expect(await b.closed).toEqual(reason)
        expect(numbers).toEqual([1, 2])
        await expect(a.send(numbered(3))).rejects.toThrow('closed')
        await expect(b.send(numbered(3))).rejects.toThrow('closed')
      }))

    test('whoever ignores `send` and fills the queue loses the link', () =>
      withPair(async ({ a, b }) => {
        b.onFrame(() => new Promise(() => {}))
        const sends = Array.from({ length: 40 }, (_, value) => a.send(numbered(value, MAX_FRAME_BYTES)))
        expect((await Promise.allSettled(sends)).some(({ status }) => status === 'rejected')).toBe(true)
        expect((await a.closed).type).toBe('over quota')
      }))

    test('a handler that fails ends the link, not the process', () =>
      withPair(async ({ a, b }) => {
        b.onFrame(() => {
          throw new Error('cannot take this')
        })
        await a.send(numbered(1))
        expect((await b.closed).type).toBe('protocol')
        expect((await a.closed).type).toBe('protocol')
      }))

    test('a newer link replaces the one before on both sides', () =>
      withPair(async ({ a, b, again }) => {
        const newer = await again()
        expect(await a.closed).toEqual({ type: 'replaced' })
        expect(await b.closed).toEqual({ type: 'replaced' })
        const arrived = collect(newer.b, 1)
        await newer.a.send(numbered(9))
        expect(await arrived).toEqual([9])
      }))
  })
}

/** Guards against hanging, nothing else: loaded machines take seconds for twenty thousand encrypted frames. */
const SLOW_MACHINE_MS = 60_000

/** Turns of the event loop in which a sender nobody stops would be through; sockets of one machine answer within a few. */
const TURNS = 2_000
