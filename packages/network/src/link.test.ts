import { describe, expect, test } from 'vitest'
import { CREDIT_TYPE, encodeCredit, encodeHello } from './control.ts'
import { encodeFrame, encodeWireFrame, FrameDecoder, type WireFrame } from './frames.ts'
import {
  ANSWER_WITHIN_MS,
  FRAME_OVERHEAD_BYTES,
  HELLO_WITHIN_MS,
  INBOUND_BYTES_BURST,
  MAX_HELLO_BYTES,
  PING_AFTER_MS,
  PING_WATCHED_MS,
  RECEIVE_WINDOW_BYTES,
  SIGN_EVERY_MS,
  SILENT_AFTER_MS,
} from './limits.ts'
import { StreamLink } from './link.ts'
import { type Frame, frameTypes, MAX_FRAME_BYTES } from './network.ts'
import { bytePipe } from './testing/byte-pipe.ts'
import { ManualTimers, settled } from './testing/manual-timers.ts'

const common = (timers: ManualTimers) => ({ path: 'direct', timers, agent: 'test 1' }) as const

/** A link whose other end is written by the test. */
const openAgainst = (watched = false) => {
  const timers = new ManualTimers()
  const [end, other] = bytePipe()
  const said: WireFrame[] = []
  const decoder = new FrameDecoder()
  let ended = false
  other.onChunk((chunk) => decoder.push(chunk, (frame) => said.push(frame) > 0))
  other.onEnd(() => {
    ended = true
  })
  const told: boolean[] = []
  const onQuiet = (quiet: boolean) => void told.push(quiet)
  const link = new StreamLink(end, { ...common(timers), remote: 'other', opener: true, watched, onQuiet })
  return {
    told,
    timers,
    link,
    said,
    other,
    get ended() {
      return ended
    },
    say: (bytes: Uint8Array) => other.inject(bytes),
    saidTypes: () => said.map(({ type }) => type),
  }
}

const openBoth = () => {
  const timers = new ManualTimers()
  const [left, right] = bytePipe()
  const a = new StreamLink(left, { ...common(timers), remote: 'b', opener: true })
  const b = new StreamLink(right, { ...common(timers), remote: 'a', opener: false })
  return { timers, a, b, left, right }
}

const entries = (length: number): Frame => ({ type: 'entries', payload: new Uint8Array(length) })

describe('hello', () => {
  test('comes first from each side and is not delivered', async () => {
    const { said, link, say } = openAgainst()
    const frames: Frame[] = []
    link.onFrame((frame) => void frames.push(frame))
    say(encodeHello('other 1'))
    say(encodeFrame({ type: 'have', payload: Uint8Array.of(1) }))
    await settled()
    expect(said.map(({ type }) => type)).toEqual([frameTypes.hello])
    expect(frames).toEqual([{ type: 'have', payload: Uint8Array.of(1) }])
  })

  test('missing for five seconds: silent, and the other side is told', async () => {
    const against = openAgainst()
    await against.timers.pass(HELLO_WITHIN_MS - 1)
    expect(against.ended).toBe(false)
    await against.timers.pass(1)
    expect(await against.link.closed).toEqual({ type: 'silent', milliseconds: HELLO_WITHIN_MS })
    expect(against.saidTypes()).toEqual([frameTypes.hello, frameTypes.bye])
    expect(against.ended).toBe(true)
  })

  test('that waits to be read by a side that stood still is not missing', async () => {
    const { timers, link, say, saidTypes } = openAgainst()
    await timers.oversleep(HELLO_WITHIN_MS + 1)
    say(encodeHello('other'))
    await timers.pass(HELLO_WITHIN_MS - 1)
    expect(saidTypes()).not.toContain(frameTypes.bye)
    link.close({ type: 'bye' })
    expect(await link.closed).toEqual({ type: 'bye' })
  })

  test('of a newer version: named as such', async () => {
    const { link, say } = openAgainst()
    say(encodeWireFrame(frameTypes.hello, Uint8Array.of(9, 1, 2, 3)))
    expect(await link.closed).toEqual({ type: 'newer version', version: 9 })
  })

  test.each([
    ['too short', encodeWireFrame(frameTypes.hello, Uint8Array.of(1, 0))],
    ['with a tiny window', encodeWireFrame(frameTypes.hello, Uint8Array.of(1, 0, 16, 0, 0, 0, 0, 0, 1))],
    ['of version 0', encodeWireFrame(frameTypes.hello, new Uint8Array(9))],
    ['preceded by another frame', encodeFrame(entries(3))],
    ['longer than any hello', encodeWireFrame(frameTypes.hello, new Uint8Array(MAX_HELLO_BYTES + 1))],
    ['no frames at all', new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n')],
  ])('%s: protocol', async (_name, bytes) => {
    const { link, say } = openAgainst()
    say(bytes)
    expect((await link.closed).type).toBe('protocol')
  })
})

describe('frames of another version', () => {
  test('an unknown required type ends the link', async () => {
    const { link, say } = openAgainst()
    say(encodeHello('other'))
    say(encodeWireFrame(127, Uint8Array.of(1)))
    expect(await link.closed).toEqual({ type: 'protocol', detail: 'unknown frame type 127' })
  })

  test('an unknown optional type is passed over', async () => {
    const { link, say } = openAgainst()
    const frames: Frame[] = []
    link.onFrame((frame) => void frames.push(frame))
    say(encodeHello('other'))
    say(encodeWireFrame(255, Uint8Array.of(1)))
    say(encodeFrame({ type: 'have', payload: Uint8Array.of(2) }))
    await settled()
    expect(frames.map(({ payload }) => payload[0])).toEqual([2])
  })

  test('a claim above the limit ends the link before anything is kept', async () => {
    const { link, say } = openAgainst()
    say(encodeHello('other'))
    say(Uint8Array.of(0xff, 0xff, 0xff, 0xff))
    expect(await link.closed).toEqual({ type: 'protocol', detail: 'FrameTooLarge' })
  })
})

describe('silence', () => {
  test('thirty seconds without a byte end the link', async () => {
    const { timers, link, say, saidTypes } = openAgainst()
    say(encodeHello('other'))
    await timers.pass(SILENT_AFTER_MS - 1)
    expect(saidTypes()).toEqual([frameTypes.hello, frameTypes.ping, frameTypes.ping])
    await timers.pass(1)
    expect(await link.closed).toEqual({ type: 'silent', milliseconds: SILENT_AFTER_MS })
  })

  test('two idle links keep each other alive', async () => {
    const { timers, a, b } = openBoth()
    let closed = false
    void Promise.race([a.closed, b.closed]).then(() => {
      closed = true
    })
    await timers.pass(10 * SILENT_AFTER_MS)
    expect(closed).toBe(false)
  })

  test('a side that slept asks again before it gives up', async () => {
    const { timers, link, say, said } = openAgainst()
    say(encodeHello('other'))
    await timers.oversleep(10 * SILENT_AFTER_MS)
    expect(said.at(-1)?.type).toBe(frameTypes.ping)
    say(encodeWireFrame(frameTypes.pong, new Uint8Array()))
    await timers.pass(SILENT_AFTER_MS - 1)
    expect(said.at(-1)?.type).toBe(frameTypes.ping)
    await timers.pass(1)
    expect((await link.closed).type).toBe('silent')
  })

  test('a ping is answered while the handler is busy', async () => {
    const { link, say, saidTypes } = openAgainst()
    link.onFrame(() => new Promise(() => {}))
    say(encodeHello('other'))
    say(encodeFrame(entries(1)))
    say(encodeWireFrame(frameTypes.ping, new Uint8Array()))
    await settled()
    expect(saidTypes()).toEqual([frameTypes.hello, frameTypes.pong])
  })
})

describe('not answering', () => {
  const pong = encodeWireFrame(frameTypes.pong, new Uint8Array())

  test('is known within five seconds of the last byte where somebody looks, and the link stays', async () => {
    const { timers, link, say, told } = openAgainst(true)
    say(encodeHello('other'))
    await timers.pass(PING_WATCHED_MS)
    say(pong)
    await timers.pass(PING_WATCHED_MS + ANSWER_WITHIN_MS - 1)
    expect(told).toEqual([])
    await timers.pass(1)
    expect(told).toEqual([true])
    expect(PING_WATCHED_MS + ANSWER_WITHIN_MS).toBeLessThan(5_000)
    await timers.pass(10_000)
    say(pong)
    expect(told).toEqual([true, false])
    expect(link.quiet).toBe(false)
  })

  test('where nobody looks it is asked less often, and at once when somebody does', async () => {
    const { timers, link, say, said, told } = openAgainst()
    say(encodeHello('other'))
    await timers.pass(PING_AFTER_MS - 1)
    expect(said.map(({ type }) => type)).toEqual([frameTypes.hello])
    link.watch(true)
    await settled()
    expect(said.at(-1)?.type).toBe(frameTypes.ping)
    await timers.pass(ANSWER_WITHIN_MS)
    expect(told).toEqual([true])
  })

  test('a side that stood still for ten seconds is not answering, then is, on one and the same link', async () => {
    const { timers, a, b, left, right } = openBoth()
    const quiet: boolean[] = []
    a.watch(true)
    await timers.pass(1_000)
    const frames: number[] = []
    b.onFrame(({ payload }) => void frames.push(payload.length))
    for (const way of [left, right]) way.hold()
    await a.send(entries(7))
    for (let second = 0; second < 10; second++) {
      await timers.pass(1_000)
      quiet.push(a.quiet)
    }
    for (const way of [left, right]) way.release()
    await timers.pass(100)
    expect(quiet.indexOf(true)).toBeLessThan(5)
    expect(quiet.at(-1)).toBe(true)
    expect([a.quiet, b.quiet]).toEqual([false, false])
    expect(frames).toEqual([7])
  })

  test('a side that stood still itself asks before it says so of the other', async () => {
    const { timers, say, told, said } = openAgainst(true)
    say(encodeHello('other'))
    await timers.pass(PING_WATCHED_MS)
    await timers.oversleep(10_000)
    expect(said.at(-1)?.type).toBe(frameTypes.ping)
    expect(told).toEqual([])
    say(pong)
    await timers.pass(2_000)
    expect(told).toEqual([])
  })

  test('whoever gets a long frame over a slow line says that it arrives, though its sender cannot be heard asking', async () => {
    const { timers, say, saidTypes } = openAgainst()
    say(encodeHello('other'))
    const frame = encodeFrame(entries(MAX_FRAME_BYTES))
    const piece = 10_000
    for (let at = 0; at + piece < frame.length; at += piece) {
      say(frame.slice(at, at + piece))
      await timers.pass(1_000)
    }
    expect(saidTypes()).not.toContain(frameTypes.bye)
    const signs = saidTypes().filter((type) => type === frameTypes.pong).length
    expect(signs).toBeGreaterThanOrEqual(Math.floor(frame.length / piece / (SIGN_EVERY_MS / 1_000)) - 1)
  })

  test('signs that what is sent arrives keep a full link from being quiet', async () => {
    const { timers, link, say, told, other } = openAgainst(true)
    say(encodeHello('other'))
    const sends = Array.from({ length: 8 }, () => link.send(entries(MAX_FRAME_BYTES)).catch(() => undefined))
    other.hold()
    for (let second = 0; second < 120; second += 2) {
      say(pong)
      await timers.pass(2_000)
    }
    expect(told).toEqual([])
    link.close({ type: 'bye' })
    await Promise.all(sends)
  })

  test('two that say nothing but that they are there do not answer each other for ever', async () => {
    const { timers, a, b } = openBoth()
    await timers.pass(10 * PING_AFTER_MS)
    const perPing = 2 * encodeWireFrame(frameTypes.ping, new Uint8Array()).length
    expect(a.bytes.sent + b.bytes.sent).toBeLessThan(2 * encodeHello('test 1').length + 12 * perPing)
  })
})

describe('credit', () => {
  test('a sender stops at the window of a reader that handles nothing, and goes on as it handles', async () => {
    const { said, say, link } = openAgainst()
    say(encodeHello('other'))
    const size = 64 * 1024
    const sends = Array.from({ length: 100 }, () => link.send(entries(size)))
    await settled()
    const arrived = () => said.filter(({ type }) => type === frameTypes.entries).length
    expect(arrived()).toBe(Math.ceil(RECEIVE_WINDOW_BYTES / (size + FRAME_OVERHEAD_BYTES)))
    const before = arrived()
    say(encodeCredit(10 * (size + FRAME_OVERHEAD_BYTES)))
    await settled()
    expect(arrived()).toBe(before + 10)
    link.close({ type: 'bye' })
    await Promise.allSettled(sends)
  })

  test('a reader that hands the bytes on to another thread grants credit for all of them', async () => {
    const { a, b } = openBoth()
    const count = Math.ceil((2 * RECEIVE_WINDOW_BYTES) / MAX_FRAME_BYTES)
    const handedOn: Uint8Array[] = []
    b.onFrame(({ payload }) => {
      const bytes = payload.slice()
      handedOn.push(structuredClone(bytes, { transfer: [bytes.buffer] }))
      if (payload.buffer instanceof ArrayBuffer) structuredClone(payload.buffer, { transfer: [payload.buffer] })
      expect(payload.length).toBe(0)
    })
    for (let n = 0; n < count; n++) {
      void a.send(entries(MAX_FRAME_BYTES)).catch(() => undefined)
      await settled()
    }
    expect(handedOn.map(({ length }) => length)).toEqual(Array.from({ length: count }, () => MAX_FRAME_BYTES))
  })

  test('a sender that goes on without credit loses the link', async () => {
    const { link, say } = openAgainst()
    say(encodeHello('other'))
    for (let sent = 0; sent <= RECEIVE_WINDOW_BYTES + 2 * MAX_FRAME_BYTES; sent += MAX_FRAME_BYTES)
      say(encodeFrame(entries(MAX_FRAME_BYTES)))
    expect(await link.closed).toEqual({ type: 'over quota', detail: 'sent more than was granted' })
  })

  test('many tiny frames without credit count as what they cost', async () => {
    const { link, say } = openAgainst()
    say(encodeHello('other'))
    const tiny = encodeFrame(entries(0))
    const many = new Uint8Array(tiny.length * 100_000)
    for (let at = 0; at < many.length; at += tiny.length) many.set(tiny, at)
    say(many)
    expect((await link.closed).type).toBe('over quota')
  })

  test('credit for what was never sent ends the link', async () => {
    const { link, say } = openAgainst()
    say(encodeHello('other'))
    say(encodeCredit(1))
    expect(await link.closed).toEqual({ type: 'protocol', detail: 'credit for what was not sent' })
  })

  test('a flood of pings ends the link', async () => {
    const { link, say } = openAgainst()
    say(encodeHello('other'))
    const ping = encodeWireFrame(frameTypes.ping, new Uint8Array())
    for (let sent = 0; sent < 30_000; sent++) say(ping)
    expect(await link.closed).toEqual({ type: 'over quota', detail: 'too many frames' })
  })
})

test('a peer over its quota is read more slowly, not cut off', async () => {
  const { timers, link, say, said } = openAgainst()
  let taken = 0
  link.onFrame(() => {
    taken += 1
  })
  say(encodeHello('other'))
  const frame = encodeFrame(entries(MAX_FRAME_BYTES))
  const burst = INBOUND_BYTES_BURST / MAX_FRAME_BYTES
  for (let sent = 0; sent < burst + 3; sent++) {
    say(frame)
    await settled()
  }
  expect(taken).toBeLessThan(burst + 2)
  await timers.pass(1_000)
  expect(taken).toBe(burst + 3)
  expect(said.some(({ type }) => type === CREDIT_TYPE)).toBe(true)
})

test('a broken stream is a lost link, after what had arrived was handled', async () => {
  const { a, b, left } = openBoth()
  await settled()
  await a.send(entries(1))
  await a.send(entries(2))
  await settled()
  const lengths: number[] = []
  b.onFrame(async ({ payload }) => {
    await Promise.resolve()
    lengths.push(payload.length)
  })
  left.cut()
  expect(await a.closed).toEqual({ type: 'lost' })
  expect(await b.closed).toEqual({ type: 'lost' })
  expect(lengths).toEqual([1, 2])
  await expect(b.send(entries(1))).rejects.toThrow('lost')
})

test('whoever waits to send when the link ends is told', async () => {
  const { link, say } = openAgainst()
  say(encodeHello('other'))
  const sends = Array.from({ length: 12 }, () => link.send(entries(MAX_FRAME_BYTES)))
  await settled()
  link.close({ type: 'stopped' })
  const last = await Promise.allSettled(sends)
  expect(last.at(-1)?.status).toBe('rejected')
})

test('frames sent in one turn leave in one write', async () => {
  const { said, say, link, other } = openAgainst()
  say(encodeHello('other'))
  await settled()
  let chunks = 0
  const decoder = new FrameDecoder()
  other.onChunk((chunk) => {
    chunks += 1
    decoder.push(chunk, (frame) => said.push(frame) > 0)
  })
  await settled()
  await Promise.all(Array.from({ length: 50 }, () => link.send(entries(100))))
  await settled()
  expect(said.filter(({ type }) => type === frameTypes.entries).length).toBe(50)
  expect(chunks).toBe(1)
})
