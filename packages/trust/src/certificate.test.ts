import { ControlId } from '@auzolan/core'
import { describe, expect, test } from 'vitest'
import { decodeCbor } from './cbor.ts'
import { encodeCbor, type Cbor } from './cbor-writer.ts'
import { certificate, verifyCertificate, type CheckedDecision } from './certificate.ts'
import { Circle } from './testing/circle.ts'

const three = ['Ane', 'Beñat', 'Cira']

const decided = async (): Promise<{ circle: Circle; enact: ControlId; bytes: Uint8Array }> => {
  const circle = await Circle.found(three)
  const invite = await circle.invite('Ane', 9)
  await circle.admit('Ane', invite, 'Gari')
  const enact = await circle.decide(['Ane', 'Beñat'], { kind: 'rename', name: 'Tool library', purpose: '' })
  return { circle, enact, bytes: exported(circle, enact) }
}

const exported = (circle: Circle, enact: ControlId): Uint8Array => {
  const made = certificate(circle.log, enact)
  if (!made.ok) throw new Error(made.error.type)
  return made.value
}

const checked = async (circle: Circle, bytes: Uint8Array, checkpoint?: ControlId): Promise<CheckedDecision> => {
  const result = await verifyCertificate(bytes, circle.verifier, checkpoint)
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

const fault = async (circle: Circle, bytes: Uint8Array): Promise<{ type: string; at?: number }> => {
  const result = await verifyCertificate(bytes, circle.verifier)
  return result.ok ? { type: 'none' } : result.error
}

const partsOf = (bytes: Uint8Array): readonly [string, Uint8Array, readonly (readonly Uint8Array[])[]] => {
  const decoded = decodeCbor(bytes)
  if (!decoded.ok) throw new Error(decoded.error.type)
  return decoded.value as never
}

describe('a certificate', () => {
  test('shows a stranger who decided what, and says what it does not show', async () => {
    const { circle, enact, bytes } = await decided()
    await circle.propose('Cira', { kind: 'rename', name: 'Not in it', purpose: '' })
    expect(exported(circle, enact)).toEqual(bytes)
    const decision = await checked(circle, bytes)
    expect(decision).toMatchObject({
      group: circle.group,
      groupName: 'Tool library',
      enact,
      action: { kind: 'rename', name: 'Tool library' },
      tally: { yes: 2, of: 3 },
      sealed: circle.group,
      entries: 7,
      proven: [
        'every entry is signed by the device it names',
        'everything the decision rests on is here',
        'everyone was allowed to say what they said',
        'the ballots satisfy every rule and electorate that applied',
      ],
      notProven: [
        'that nothing said apart or later has undone it',
        'that the group has confirmed it',
        'that the group has not gone on by another branch',
        'who these people are',
        'when it was',
      ],
    })
    expect(new Map(decision.electors.map(({ name, vote }) => [name, vote]))).toEqual(
      new Map([
        ['Ane', 'yes'],
        ['Beñat', 'yes'],
        ['Cira', 'none'],
      ]),
    )
  })

  test('is the same from a log that took everything in another order', async () => {
    const { circle, enact, bytes } = await decided()
    const other = await circle.replay((entries) => entries.toReversed())
    expect(certificate(other, enact)).toEqual({ ok: true, value: bytes })
  })

  test('of a decision that is sealed shows that too', async () => {
    const { circle, enact } = await decided()
    await circle.seal(three, enact)
    const { proven, notProven, sealed, entries } = await checked(circle, exported(circle, enact))
    expect([sealed, entries]).toEqual([enact, 9])
    expect(proven.at(-1)).toMatch(/^the group has confirmed it/)
    expect(notProven).not.toContain('that nothing said apart or later has undone it')
  })

  test('builds on the checkpoint of its reader, or does not show that it does', async () => {
    const { circle, enact: first } = await decided()
    const apart = circle.heads
    await circle.seal(three, first)
    const second = await circle.decide(three, { kind: 'rename', name: 'Garden', purpose: '' })
    const later = await checked(circle, exported(circle, second), first)
    expect(later.proven).toContain('it builds on the checkpoint')
    expect(later.notProven).not.toContain('that the group has not gone on by another branch')
    const unaware = await circle.decide(three, { kind: 'rename', name: 'Shed', purpose: '' }, apart)
    expect((await checked(circle, exported(circle, unaware), first)).notProven).toContain(
      'that the group has not gone on by another branch',
    )
    expect((await checked(circle, exported(circle, first), second)).proven).not.toContain('it builds on the checkpoint')
  })

  test('is made of decisions alone, and of what is held as it was signed', async () => {
    const { circle } = await decided()
    const id = circle.group as string as ControlId
    expect(certificate(circle.log, id)).toEqual({ ok: false, error: { type: 'not a decision here', id } })
  })

  test('with one byte changed names the part that is broken', async () => {
    const { circle, bytes } = await decided()
    const [label, enact, parts] = partsOf(bytes)
    for (const [at, part] of parts.entries()) {
      for (const [index, type] of (['signature or header', 'signature', 'item'] as const).entries()) {
        for (const place of [0, 3, 40, -1]) {
          const changed = Uint8Array.from(part[index] as Uint8Array)
          const where = place < 0 ? changed.length - 1 : Math.min(place, changed.length - 1)
          changed[where]! ^= 1
          const broken = parts.map((other, number) =>
            number === at ? other.map((field, which) => (which === index ? changed : field)) : other,
          )
          const found = await fault(circle, encodeCbor([label, enact, broken] as Cbor))
          expect(found.at).toBe(at)
          // A changed header no longer names its item or fits its signature, or is no header.
          if (index === 0) expect(['header', 'signature', 'item', 'newer']).toContain(found.type)
          else expect(found.type).toBe(type)
        }
      }
    }
  })

  test('with any byte changed is not what it was', async () => {
    const { circle, bytes } = await decided()
    for (let at = 0; at < bytes.length; at += 7) {
      const changed = Uint8Array.from(bytes)
      changed[at]! ^= 4
      expect((await verifyCertificate(changed, circle.verifier)).ok).toBe(false)
    }
    expect((await verifyCertificate(bytes.subarray(0, -1), circle.verifier)).ok).toBe(false)
    expect((await verifyCertificate(new Uint8Array(0), circle.verifier)).ok).toBe(false)
  })

  test('with entries missing, out of order, not needed, or of another decision is refused', async () => {
    const { circle, bytes } = await decided()
    const [label, enact, parts] = partsOf(bytes)
    const make = (id: Uint8Array, entries: readonly (readonly Uint8Array[])[]) =>
      encodeCbor([label, id, entries] as Cbor)
    expect(
      await fault(
        circle,
        make(
          enact,
          parts.filter((_, at) => at !== 3),
        ),
      ),
    ).toMatchObject({ type: 'missing', at: 3 })
    expect(await fault(circle, make(enact, parts.toReversed()))).toMatchObject({ type: 'missing', at: 0 })
    expect(await fault(circle, make(enact, parts.slice(0, -1)))).toMatchObject({ type: 'no decision' })
    expect(await fault(circle, make(enact, []))).toMatchObject({ type: 'not a certificate' })
    expect(await fault(circle, make(ControlId.toBytes(circle.group as string as ControlId), parts))).toMatchObject({
      type: 'no decision',
    })
    await circle.propose('Cira', { kind: 'rename', name: 'Not in it', purpose: '' })
    const more = await circle.decide(three, { kind: 'rename', name: 'Later', purpose: '' })
    const [, , longer] = partsOf(exported(circle, more))
    expect(await fault(circle, make(enact, longer))).toMatchObject({ type: 'not needed' })
    const newer = encodeCbor(['auzolan/certificate/2', enact, parts] as Cbor)
    expect(await fault(circle, newer)).toMatchObject({ type: 'newer' })
  })

  test('of what the ballots do not decide is refused where it claims so', async () => {
    const { circle, bytes } = await decided()
    const [label, enact, parts] = partsOf(bytes)
    // Without Beñat's ballot, the enactment names an entry that is not there: it cannot be left out unseen.
    const without = parts.filter((_, at) => at !== parts.length - 2)
    expect(await fault(circle, encodeCbor([label, enact, without] as Cbor))).toMatchObject({ type: 'missing' })
    const proposal = circle.log.proposals()[0]?.id as ControlId
    expect(await circle.refusal('Cira', { kind: 'enact', proposal, close: null }, [proposal])).toBe('not decided')
  })
})
