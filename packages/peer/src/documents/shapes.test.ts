import { DeviceId, DocumentId, GroupId, toHex, type DocumentKind } from '@auzolan/core'
import { sha256 } from '@auzolan/trust'
import { beforeAll, describe, expect, test } from 'vitest'
import { actorOf } from './actor.ts'
import { closeDocument, documentState, hashes, initialiseEngine, openDocument } from './engine.ts'
import { preparse } from './preparse.ts'
import { clip, fieldRule, foundations, genesis, genesisActor, readDocument } from './shapes.ts'
import { value } from './testing/writing.ts'

beforeAll(() => initialiseEngine('embedded'))

const kinds: readonly DocumentKind[] = ['group', 'initiative']

describe('where documents begin', () => {
  test('the genesis changes are the bytes that every group hangs on', () => {
    expect(kinds.map((kind) => toHex(sha256(genesis[kind])))).toEqual([
      'e52aad8a7b6e536e716a6df751b4fe81ce7fb952d275ad8f7fb69a0c487e8f52',
      '721c652951e9498ed45b9104aea03d8621ac421003686b06db64b50c57573d7c',
    ])
    expect(kinds.map((kind) => value(preparse(genesis[kind])).hash)).toEqual([
      '8c726252d4eefe242e87bb9ed469113c1321a4f7eb3896e0f0899010f43b78bc',
      '80ea86079181feb2bfd1dc01eb662be4bb62ec10304b93949f7ef05d42ca958c',
    ])
  })

  test.each(kinds)('a new %s document holds its genesis and nothing else', (kind) => {
    const handle = value(openDocument(kind, null, []))
    const { hash, actor, time, ops } = value(preparse(genesis[kind]))
    expect(hashes(handle)).toEqual([hash])
    expect({ actor, time, ops }).toEqual({ actor: genesisActor, time: 0, ops: foundations[kind].size })
    const { value: read, versions } = documentState(handle, DocumentId.fromBytes(new Uint8Array(16)), () => undefined)
    expect(read).toEqual(readDocument(kind, {}))
    expect(versions).toEqual({})
    closeDocument(handle)
  })
})

const empty = {
  title: '',
  why: '',
  when: '',
  where: '',
  plan: '',
  needs: '',
  hypothesis: '',
  measure: '',
  checkOn: '',
  starts: '',
  ends: '',
  actions: {},
}

describe('reading a document', () => {
  test.each([undefined, null, 7, 'text', [], { title: 7, plan: {}, actions: 'none' }, { actions: [{ title: 'x' }] }])(
    '%j reads as an empty initiative',
    (document) => {
      expect(readDocument('initiative', document)).toEqual(empty)
    },
  )

  test('what is known is read, what is unknown is left out, what is too long is clipped', () => {
    expect(
      readDocument('initiative', {
        title: { val: 't'.repeat(300) },
        plan: 'Dig.',
        colour: 'red',
        actions: {
          '0123456789abcdef': { title: { val: 'Dig' }, extra: 1 },
          short: { title: 'x' },
          ['__proto__']: {},
          fedcba9876543210: 'x',
        },
      }),
    ).toEqual({
      ...empty,
      title: 't'.repeat(200),
      plan: 'Dig.',
      actions: {
        '0123456789abcdef': {
          title: 'Dig',
          details: '',
          when: '',
          order: '',
          where: '',
          skills: '',
          starts: '',
          ends: '',
        },
      },
    })
    expect(readDocument('group', { name: { val: 'Auzo' }, purpose: 'p', place: 'here' })).toEqual({
      name: 'Auzo',
      purpose: 'p',
      place: 'here',
    })
  })

  test('clipping never halves a character', () => {
    expect(clip('ab😀', 3)).toBe('ab')
    expect(clip('ab😀', 4)).toBe('ab😀')
    expect(clip('abc', 2)).toBe('ab')
  })

  test('only the fields that exist have rules', () => {
    expect(fieldRule('initiative', ['actions', '0123456789abcdef', 'details'])).toEqual({
      merges: 'prose',
      limit: 4_000,
    })
    expect(fieldRule('group', ['name'])).toEqual({ merges: 'short', limit: 80 })
    for (const path of [
      [],
      ['actions'],
      ['toString'],
      ['actions', 'x', 'title'],
      ['actions', '0123456789abcdef', 'constructor'],
    ]) {
      expect(fieldRule('initiative', path)).toBeUndefined()
    }
    expect(fieldRule('group', ['actions', '0123456789abcdef', 'title'])).toBeUndefined()
  })
})

test('an actor is bound to group, document, device and session', () => {
  const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill)
  const of = (group: number, document: number, device: number, nonce: number) =>
    actorOf(
      GroupId.fromBytes(bytes(32, group)),
      DocumentId.fromBytes(bytes(16, document)),
      DeviceId.fromBytes(bytes(32, device)),
      bytes(8, nonce),
    )
  const preimage = Uint8Array.of(
    ...new TextEncoder().encode('auzolan/actor/1'),
    0,
    ...bytes(32, 1),
    ...bytes(16, 2),
    ...bytes(32, 3),
    ...bytes(8, 4),
  )
  expect(of(1, 2, 3, 4)).toBe(toHex(sha256(preimage).subarray(0, 16)))
  expect(new Set([of(1, 2, 3, 4), of(9, 2, 3, 4), of(1, 9, 3, 4), of(1, 2, 9, 4), of(1, 2, 3, 9)]).size).toBe(5)
})
