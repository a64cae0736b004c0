import { describe as suite, expect, test } from 'vitest'
import { answerOf, describe } from './session-description.ts'

/** As Chromium 156 writes it, with candidates of every kind it knows. */
const offer = [
  'v=0',
  'o=- 1959993570154437648 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'a=extmap-allow-mixed',
  'a=msid-semantic: WMS',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 0.0.0.0',
  'a=candidate:1 1 udp 2113937151 47ab9001-ad18-4da7-9956-1ea7dd81b312.local 33616 typ host generation 0 network-cost 999',
  'a=candidate:2 1 udp 2113942271 2001:db8::7 38068 typ host generation 0',
  'a=candidate:3 1 udp 2113937151 192.168.77.2 50002 typ host generation 0',
  'a=candidate:4 1 tcp 1518280447 192.168.77.2 9 typ host tcptype active generation 0',
  'a=candidate:5 1 udp 1677729535 203.0.113.9 50002 typ srflx raddr 192.168.77.2 rport 50002 generation 0',
  'a=ice-ufrag:cLAZ',
  'a=ice-pwd:0eVXp6lK6x+SMFh02qOuVqWV',
  'a=ice-options:trickle',
  'a=fingerprint:sha-256 45:DE:D6:37:DC:D7:62:AB:B5:18:63:C1:08:43:C6:90:35:44:58:32:E5:A7:BE:78:09:53:16:08:3A:A8:3E:21',
  'a=setup:actpass',
  'a=mid:0',
  'a=sctp-port:5000',
  'a=max-message-size:262144',
  '',
].join('\r\n')

suite('an offer', () => {
  test('gives its places on the local network, addresses first, and no others', () => {
    const description = describe(offer)
    expect(description).toMatchObject({ fragment: 'cLAZ', password: '0eVXp6lK6x+SMFh02qOuVqWV' })
    expect(description?.places.map(({ kind, port }) => [kind, port])).toEqual([
      ['ip4', 50_002],
      ['name', 33_616],
      ['ip6', 38_068],
    ])
  })

  test('without any place, or without a certificate, cannot be met', () => {
    expect(describe(offer.replaceAll(/a=candidate.*\r\n/g, ''))).toBeUndefined()
    expect(describe(offer.replace(/a=fingerprint.*\r\n/, 'a=fingerprint:sha-256 45:DE\r\n'))).toBeUndefined()
    expect(describe('')).toBeUndefined()
  })

  test('comes out as an answer that names the same places and secrets', () => {
    const description = describe(offer)
    if (!description) throw new Error('not described')
    const answer = answerOf(description, 'passive')
    expect(answer).toContain('a=setup:passive\r\n')
    expect(answer).toContain('udp 2113937151 192.168.77.2 50002 typ host')
    expect(answer).toContain('47ab9001-ad18-4da7-9956-1ea7dd81b312.local 33616 typ host')
    expect(answer).toContain('2001:0db8:0000:0000:0000:0000:0000:0007 38068 typ host')
    expect(describe(answer)).toEqual(description)
  })
})
