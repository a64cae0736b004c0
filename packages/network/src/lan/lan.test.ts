import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { Nodes } from '../testing/nodes.ts'
import { ManualTimers } from '../testing/manual-timers.ts'
import { Lan, type LanPlatform } from './lan.ts'
import { encodeAnswer, encodeQuestion, MAX_LAN_ADDRESSES, parseLanMessage } from './message.ts'

const PEER = '12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN'
const OTHER = '12D3KooWSHj3RRbBjD15g6wekV8y3mm57Pobmps2g2WJm6F67Lay'
const instance = 'abcdefghijklmnop'
const addressOf = (host: string, peer = PEER): string => `/ip4/${host}/tcp/4001/p2p/${peer}`

describe('what is said on a network', () => {
  test('is read as it was said', () => {
    expect(parseLanMessage(encodeQuestion())).toEqual({ is: 'question' })
    const addresses = [addressOf('192.0.2.7'), `/ip4/192.0.2.7/tcp/4400/ws/p2p/${PEER}`]
    expect(parseLanMessage(encodeAnswer(instance, addresses))).toEqual({ is: 'answer', addresses })
    const many = Array.from({ length: 20 }, () => addressOf('192.0.2.7'))
    expect(parseLanMessage(encodeAnswer(instance, many))).toMatchObject({ addresses: many.slice(0, MAX_LAN_ADDRESSES) })
  })

  test('whatever else comes is left alone, and nothing is thrown', () => {
    const said = [encodeQuestion(), encodeAnswer(instance, [addressOf('192.0.2.7')])]
    fc.assert(
      fc.property(
        fc.constantFrom(...said),
        fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 6 }),
        fc.nat(200),
        (bytes, changes, length) => {
          const changed = Uint8Array.from(bytes)
          for (const [at, byte] of changes) if (at < changed.length) changed[at] = byte
          parseLanMessage(changed)
          parseLanMessage(changed.subarray(0, length))
        },
      ),
      { numRuns: 2_000 },
    )
    fc.assert(fc.property(fc.uint8Array({ maxLength: 1_600 }), (bytes) => void parseLanMessage(bytes)))
    const circle = Uint8Array.of(0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12, 0, 12, 0, 1)
    expect(parseLanMessage(circle)).toBeUndefined()
  })
})

/** A network in memory that everybody with an address hears. */
const wire = () => {
  const hearing = new Map<string, (bytes: Uint8Array, from: string) => void>()
  const sent: string[] = []
  const platform = (mine: () => readonly string[]): LanPlatform => ({
    interfaces: mine,
    open: (at, hear) => {
      hearing.set(at, hear)
      return {
        send: (bytes) => {
          sent.push(at)
          for (const [other, take] of hearing) if (other !== at) take(bytes, at)
        },
        close: () => hearing.delete(at),
      }
    },
  })
  return { hearing, sent, platform }
}

const lanOn = (platform: LanPlatform, host: string, timers: ManualTimers, peer: string) => {
  const seen: string[] = []
  const lan = new Lan({
    platform,
    timers,
    random: () => 0.5,
    self: peer,
    addresses: () => [addressOf(host, peer), addressOf('203.0.113.9', peer)],
    seen: (who, addresses) => seen.push(`${who} ${addresses.join()}`),
  })
  lan.start()
  return { lan, seen }
}

describe('peers on one network', () => {
  test('find each other, and again when a cable was out', async () => {
    const timers = new ManualTimers()
    const { platform } = wire()
    let plugged = true
    const one = lanOn(
      platform(() => (plugged ? ['10.0.0.1'] : [])),
      '10.0.0.1',
      timers,
      PEER,
    )
    const other = lanOn(
      platform(() => ['10.0.0.2']),
      '10.0.0.2',
      timers,
      OTHER,
    )
    expect(one.seen).toEqual([`${OTHER} ${addressOf('10.0.0.2', OTHER)}`])
    plugged = false
    await timers.pass(2_000)
    one.seen.length = other.seen.length = 0
    plugged = true
    await timers.pass(2_000)
    expect(one.seen).toEqual([`${OTHER} ${addressOf('10.0.0.2', OTHER)}`])
    expect(other.seen).toEqual([`${PEER} ${addressOf('10.0.0.1')}`])
    one.lan.stop()
    other.lan.stop()
  })

  test('are not led elsewhere by an answer, and answer a flood of questions once', async () => {
    const timers = new ManualTimers()
    const { platform, hearing, sent } = wire()
    const { lan, seen } = lanOn(
      platform(() => ['10.0.0.1']),
      '10.0.0.1',
      timers,
      PEER,
    )
    const say = (bytes: Uint8Array) => hearing.get('10.0.0.1')?.(bytes, '10.0.0.66')
    say(encodeAnswer(instance, [addressOf('10.0.0.99', OTHER)]))
    say(encodeAnswer(instance, [`/dns4/example.org/tcp/1/p2p/${OTHER}`]))
    say(encodeAnswer(instance, [addressOf('10.0.0.66', OTHER), addressOf('10.0.0.66', PEER)]))
    say(encodeAnswer(instance, [addressOf('10.0.0.66', 'nobody/p2p-circuit')]))
    expect(seen).toEqual([])
    await timers.pass(600)
    sent.length = 0
    for (let asked = 0; asked < 1_000; asked++) say(encodeQuestion())
    expect(sent).toHaveLength(1)
    lan.stop()
  })
})

describe('nodes on one network', () => {
  const nodes = new Nodes()
  afterEach(() => nodes.stop())

  test('are linked where one looks for the other, by nothing but that', async () => {
    const { platform } = wire()
    // Both are on this machine; only the address they hear each other from matters here.
    const lan = { ...platform(() => ['127.0.0.1']) }
    const heard: ((bytes: Uint8Array, from: string) => void)[] = []
    lan.open = (at, hear) => {
      heard.push(hear)
      return { send: (bytes) => heard.forEach((take) => take(bytes, at)), close: () => undefined }
    }
    const one = await nodes.start(31, { listen: { host: '127.0.0.1', tcpPort: 0 }, lan })
    const other = await nodes.start(32, { listen: { host: '127.0.0.1', tcpPort: 0 }, lan })
    one.network.want([{ peer: other.network.self, addresses: [] }])
    await one.until(({ peers }) => peers.some(({ peer }) => peer === other.network.self))
  })
})
