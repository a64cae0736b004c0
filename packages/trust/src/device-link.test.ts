import { GroupId, MemberId } from '@auzolan/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  checkDeviceRequest,
  encodeDeviceLink,
  makeDeviceRequest,
  matchingNumbers,
  parseDeviceLink,
  parseDeviceRequest,
  type DeviceLink,
} from './device-link.ts'
import { encodeInvitation, parseInvitation } from './invitation.ts'
import { seededKeys } from './keys.ts'
import { openVerifier } from './verifier.ts'

const filled = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill)
const verifier = await openVerifier()
const phone = await seededKeys(filled(32, 1))
const laptop = await seededKeys(filled(32, 2))
const link: DeviceLink = {
  purpose: 'own',
  group: GroupId.fromBytes(filled(32, 3)),
  member: MemberId.fromBytes(filled(32, 4)),
  device: phone.device,
  secret: filled(16, 5),
  groupName: 'Repair café on Saturday',
  myName: 'Ane',
  peers: [filled(38, 6)],
  hints: ['/ip4/192.168.1.20/tcp/4001/ws'],
}
const text = encodeDeviceLink(link)
const faultOf = (input: unknown): string | undefined => {
  const parsed = parseDeviceLink(input)
  return parsed.ok ? undefined : parsed.error.type
}

describe('a link for a further device', () => {
  test('is read from a link, its fragment, or the bare text, and is short enough for a code', () => {
    for (const form of [text, ` ${text}\n`, `#/device/${text}`, `https://auzolan.example/app/#/device/${text}`])
      expect(parseDeviceLink(form)).toEqual({ ok: true, value: link })
    expect(text.length).toBeLessThanOrEqual(400)
  })

  test('for somebody who lost theirs is told from one for an own device', () => {
    const lost = encodeDeviceLink({ ...link, purpose: 'lost' })
    expect(parseDeviceLink(`https://auzolan.example/#/device/${lost}`)).toEqual({
      ok: true,
      value: { ...link, purpose: 'lost' },
    })
    expect(lost.startsWith('b1.')).toBe(true)
    expect(faultOf(`#/device/${lost.slice(0, 30)}`)).toBe('cut off')
    expect(faultOf(`#/device/b2.${lost.slice(3)}`)).toBe('newer version')
  })

  test('that was cut off anywhere, or is of a newer version, says so', () => {
    for (let length = 3; length < text.length; length++)
      expect(faultOf(`https://a.example/#/device/${text.slice(0, length)}`)).toBe('cut off')
    expect(faultOf('https://a.example/#/device/')).toBe('cut off')
    expect(faultOf(`#/device/d2.${text.slice(3)}`)).toBe('newer version')
  })

  test('is not an invitation, and an invitation is none', () => {
    const { group, secret, groupName, peers, hints } = link
    const invitation = encodeInvitation({ group, secret, groupName, inviterName: 'Ane', expires: null, peers, hints })
    expect(faultOf(invitation)).toBe('not an invitation')
    expect(parseInvitation(text)).toEqual({ ok: false, error: { type: 'not an invitation' } })
    // Nor with the letter changed by hand.
    expect(faultOf(`d${invitation.slice(1)}`)).toBe('not an invitation')
  })
})

describe('the request of a further device', () => {
  test('is proven by the link and by the key it names', async () => {
    const signed = await makeDeviceRequest(link, laptop, 'Laptop')
    const request = await checkDeviceRequest(signed, verifier)
    expect(request).toMatchObject({ group: link.group, member: link.member, device: laptop.device, label: 'Laptop' })
  })

  test('is worth nothing without the link, with another key, or changed anywhere', async () => {
    const signed = await makeDeviceRequest(link, laptop, 'Laptop')
    const other = await makeDeviceRequest({ ...link, secret: filled(16, 9) }, phone, 'Laptop')
    expect(await checkDeviceRequest({ ...signed, byInvite: other.byInvite }, verifier)).toBeUndefined()
    expect(await checkDeviceRequest({ ...signed, byDevice: other.byDevice }, verifier)).toBeUndefined()
    await fc.assert(
      fc.asyncProperty(fc.nat(signed.request.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const request = signed.request.map((byte, index) => (index === at ? byte ^ change : byte))
        expect(await checkDeviceRequest({ ...signed, request }, verifier)).toBeUndefined()
      }),
      { numRuns: 40 },
    )
  })

  test('of any bytes never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void parseDeviceRequest(bytes)))
  })

  test('shows other words for another device and for another link', async () => {
    const requests = await Promise.all([
      makeDeviceRequest(link, laptop, 'Laptop'),
      makeDeviceRequest(link, phone, 'Laptop'),
      makeDeviceRequest({ ...link, secret: filled(16, 9) }, laptop, 'Laptop'),
    ])
    const shown = requests.map(({ request }) => matchingNumbers(request).join())
    expect(new Set(shown).size).toBe(3)
    expect(matchingNumbers(requests[0].request).every((number) => number >= 0 && number <= 255)).toBe(true)
  })
})
