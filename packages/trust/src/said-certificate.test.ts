import { equalBytes, type StatementId } from '@auzolan/core'
import { describe, expect, test } from 'vitest'
import { decodeCbor } from './cbor.ts'
import { encodeCbor, type Cbor } from './cbor-writer.ts'
import { headerBytes, itemTypes, statementId } from './entry.ts'
import { signEntry } from './feed.ts'
import { isSaidCertificate, saidCertificate, type SignedItem, verifySaid } from './said-certificate.ts'
import { Circle } from './testing/circle.ts'

/** One signed entry with one statement, by somebody who has seen `past`. */
const says = async (circle: Circle, name: string, word: string, past = circle.heads) => {
  const person = circle.who(name)
  const bytes = encodeCbor(['sign', word])
  const items = [{ type: itemTypes.statement, bytes }]
  const { entry, tip } = await signEntry(person.tip, circle.group, person.keys, { at: 5 as never, heads: past, items })
  person.tip = tip
  const { device, seq, signature } = entry
  if (!signature) throw new Error('an own entry is signed')
  const signed: SignedItem = { header: headerBytes(entry), signature, index: 0, item: bytes }
  return { signed, id: statementId(circle.group, device, seq, 0, bytes) }
}

const exported = (circle: Circle, subject: StatementId, said: readonly SignedItem[]): Uint8Array => {
  const made = saidCertificate(circle.log, subject, said)
  if (!made.ok) throw new Error(made.error.type)
  return made.value
}

const faultOf = async (circle: Circle, bytes: Uint8Array): Promise<string> => {
  const read = await verifySaid(bytes, circle.verifier)
  return read.ok ? 'none' : read.error.type
}

type Parts = readonly [label: string, subject: Uint8Array, past: readonly Cbor[], said: readonly (readonly Cbor[])[]]
const partsOf = (bytes: Uint8Array): Parts => {
  const decoded = decodeCbor(bytes)
  if (!decoded.ok) throw new Error(decoded.error.type)
  return decoded.value as never
}

const signedByTwo = async () => {
  const circle = await Circle.found(['Ane', 'Beñat'])
  const first = await says(circle, 'Ane', 'one')
  const invite = await circle.invite('Ane', 9)
  await circle.admit('Ane', invite, 'Gari')
  const second = await says(circle, 'Gari', 'two')
  return { circle, first, second, bytes: exported(circle, first.id, [second.signed, first.signed]) }
}

describe('what was said of one thing, as a file', () => {
  test('shows a stranger who said it, each in the group by then, and is the same whoever makes it', async () => {
    const { circle, first, second, bytes } = await signedByTwo()
    expect(isSaidCertificate(bytes)).toBe(true)
    await circle.propose('Ane', { kind: 'rename', name: 'Not in it', purpose: '' })
    expect(exported(circle, first.id, [first.signed, second.signed, first.signed])).toEqual(bytes)
    const read = await verifySaid(bytes, circle.verifier)
    if (!read.ok) throw new Error(JSON.stringify(read.error))
    const { said, names, ...rest } = read.value
    expect(rest).toEqual({ group: circle.group, groupName: 'Repair café', subject: first.id, entries: 5 })
    expect(new Map(said.map(({ id, by }) => [id, names.get(by)]))).toEqual(
      new Map([
        [first.id, 'Ane'],
        [second.id, 'Gari'],
      ]),
    )
  })

  test('proves nothing of what was changed, taken out, doubled, put in another order or added', async () => {
    const { circle, first, second, bytes } = await signedByTwo()
    const [label, subject, past, said] = partsOf(bytes)
    const [one, other] = said as [readonly Cbor[], readonly Cbor[]]
    const fault = (past_: readonly Cbor[], said_: readonly Cbor[], about: Cbor = subject, named = label) =>
      faultOf(circle, encodeCbor([named, about, past_, said_]))
    expect(await fault(past, said)).toBe('none')
    expect(await fault(past, [other, one])).toBe('not needed')
    expect(await fault(past, [one, one, other])).toBe('not needed')
    expect(await fault(past.slice(0, 1), said)).toBe('missing')
    const mine = said.find(
      ([, , , item]) => item instanceof Uint8Array && equalBytes(item, first.signed.item),
    ) as readonly Cbor[]
    expect(await fault(past, [mine])).toBe('not needed')
    const theirs = said.find((each) => each !== mine) as readonly Cbor[]
    expect(await fault(past, [theirs])).toBe('no decision')
    expect(await fault(past, said, new Uint8Array(16))).toBe('no decision')
    expect(await fault(past, [[...one.slice(0, 3), encodeCbor(['sign', 'three'])], other])).toBe('item')
    expect(await fault(past, [[one[0] as Cbor, other[1] as Cbor, ...one.slice(2)], other])).toBe('signature')
    expect(await fault(past, said, subject, 'auzolan/said/2')).toBe('newer')
    expect(await faultOf(circle, bytes.subarray(0, bytes.length - 1))).toBe('not a certificate')
    const twice = saidCertificate(circle.log, second.id, [first.signed, second.signed])
    expect(twice.ok && (await faultOf(circle, twice.value))).toBe('none')
  })

  test('is refused where somebody signed who was not in the group, or of another group', async () => {
    const { circle, first } = await signedByTwo()
    await circle.stranger('Nobody')
    const foreign = await says(circle, 'Nobody', 'me too')
    expect(await faultOf(circle, exported(circle, first.id, [first.signed, foreign.signed]))).toBe('refused')
    const other = await Circle.found(['Ane', 'Cira'])
    const there = await says(other, 'Ane', 'there')
    const bytes = exported(circle, first.id, [first.signed])
    const [label, subject, past, said] = partsOf(bytes)
    const [, , , more] = partsOf(exported(other, there.id, [there.signed]))
    expect(await faultOf(circle, encodeCbor([label, subject, past, [...said, ...more]]))).not.toBe('none')
  })
})
