import { fromHex, GroupId, type Instant } from '@auzolan/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeInvitation, invitationKeys, parseInvitation, type Invitation } from './invitation.ts'
import { makeJoinRequest, memberOfRequest, parseJoinRequest } from './join.ts'
import { seededKeys } from './keys.ts'
import { openVerifier } from './verifier.ts'

const filled = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill)
const invitation: Invitation = {
  group: GroupId.fromBytes(filled(32, 1)),
  secret: filled(16, 2),
  groupName: 'Repair café on Saturday',
  inviterName: 'Ane',
  expires: 1_800_000_000_000 as Instant,
  peers: [filled(38, 3)],
  hints: ['/ip4/192.168.1.20/tcp/4001/ws'],
}
const text = encodeInvitation(invitation)
const faultOf = (input: unknown): string | undefined => {
  const parsed = parseInvitation(input)
  return parsed.ok ? undefined : parsed.error.type
}

describe('an invitation', () => {
  test('is read from a link, its fragment, or the bare text, with white space around', () => {
    for (const form of [
      text,
      ` ${text}\n`,
      `#/join/${text}`,
      `/join/${text}`,
      `https://auzolan.example/app/#/join/${text}`,
      `http://[::1]:4173/#/join/${text}\t`,
    ]) {
      expect(parseInvitation(form)).toEqual({ ok: true, value: invitation })
    }
  })

  test('fits 300 characters', () => {
    expect(text.length).toBeLessThanOrEqual(300)
    expect(text.startsWith('v1.')).toBe(true)
  })

  test('survives any names, peers and hints within the limits', () => {
    fc.assert(
      fc.property(
        fc.record({
          groupName: fc.string({ unit: 'grapheme', maxLength: 20 }),
          inviterName: fc.string({ unit: 'grapheme', maxLength: 20 }),
          peers: fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 4 }),
          hints: fc.array(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 200 }), { maxLength: 4 }),
          expires: fc.option(fc.maxSafeNat().map((at) => at as Instant)),
        }),
        (fields) => {
          const any = { ...invitation, ...fields }
          expect(parseInvitation(`#/join/${encodeInvitation(any)}`)).toEqual({ ok: true, value: any })
        },
      ),
    )
  })

  test('that was cut off anywhere says so', () => {
    for (let length = 3; length < text.length; length++)
      expect(faultOf(`https://a.example/#/join/${text.slice(0, length)}`)).toBe('cut off')
    expect(faultOf('https://a.example/#/join/')).toBe('cut off')
    expect(faultOf('https://a.example/#/join/v1')).toBe('cut off')
  })

  test('of a newer version says so', () => {
    expect(faultOf(`#/join/v2.${text.slice(3)}`)).toBe('newer version')
    expect(faultOf('v12.anything')).toBe('newer version')
  })

  test('is nothing else', () => {
    for (const other of [
      undefined,
      null,
      7,
      {},
      '',
      'hello',
      'https://a.example/',
      `v1.${'?'.repeat(40)}`,
      'x'.repeat(9000),
      `${text} and more`,
    ]) {
      expect(faultOf(other)).toBe('not an invitation')
    }
  })

  test('with a limit broken is none, however right its checksum', () => {
    for (const broken of [
      { secret: filled(15, 1) },
      { peers: Array<Uint8Array>(5).fill(filled(1, 1)) },
      { peers: [filled(65, 1)] },
      { hints: ['x'.repeat(201)] },
      { groupName: 'x'.repeat(121) },
    ]) {
      expect(faultOf(encodeInvitation({ ...invitation, ...broken }))).toBe('not an invitation')
    }
  })

  test('random text never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String().map((blob) => `v1.${blob}`),
          fc.anything(),
        ),
        (input) => void parseInvitation(input),
      ),
    )
  })

  test('one changed character is never another invitation', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: text.length - 1 }), fc.constantFrom(...'ABCxyz019-_'), (at, letter) => {
        const changed = text.slice(0, at) + letter + text.slice(at + 1)
        expect(parseInvitation(changed).ok).toBe(changed === text)
      }),
    )
  })
})

describe('a join request', () => {
  const entropy = { bytes: (length: number) => filled(length, 5) }

  test('names the newcomer and is signed by invitation and device', async () => {
    const keys = await seededKeys(filled(32, 1))
    const verifier = await openVerifier()
    const { request, byInvite, byDevice } = await makeJoinRequest(invitation, keys, 'Beñat', entropy)
    const { publicKey } = await invitationKeys(invitation.secret)
    expect(parseJoinRequest(request)).toEqual({
      ok: true,
      value: {
        group: invitation.group,
        inviteKey: publicKey,
        device: keys.device,
        box: keys.box,
        name: 'Beñat',
        nonce: filled(16, 5),
      },
    })
    expect(await verifier.verify(byInvite, 'auzolan/sign/join/invitation/1', request, publicKey)).toBe(true)
    expect(await verifier.verify(byDevice, 'auzolan/sign/join/device/1', request, keys.device)).toBe(true)
    expect(await verifier.verify(byDevice, 'auzolan/sign/join/invitation/1', request, keys.device)).toBe(false)
    expect(memberOfRequest(request)).toMatch(/^[0-9a-f]{64}$/)
  })

  test('refuses a name that is none', async () => {
    const keys = await seededKeys(filled(32, 1))
    for (const name of ['', 'x'.repeat(121)])
      await expect(makeJoinRequest(invitation, keys, name, entropy)).rejects.toThrow(RangeError)
  })

  test('is not read from other bytes', async () => {
    const { request } = await makeJoinRequest(invitation, await seededKeys(filled(32, 1)), 'Beñat', entropy)
    for (const bytes of [new Uint8Array(), request.subarray(1), filled(2000, 0x80), fromHex('80') as Uint8Array]) {
      expect(parseJoinRequest(bytes)).toMatchObject({ ok: false, error: { type: 'not a join request' } })
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void parseJoinRequest(bytes)))
  })
})
