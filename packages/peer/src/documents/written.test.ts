import type { ActionId } from '@auzolan/core'
import { beforeAll, expect, test } from 'vitest'
import { closeDocument, edit, heads, initialiseEngine } from './engine.ts'
import { anInitiative, value, write } from './testing/writing.ts'
import { writtenIn } from './written.ts'

beforeAll(() => initialiseEngine('embedded'))

const ane = 'a'.repeat(32)

test('what was typed in one go is one piece, other places lines of their own, and what was taken out again is gone', () => {
  const document = anInitiative()
  const before = write(document, ane, { do: 'write', field: ['plan'], from: heads(document), text: 'Dig. Rest.' })
  const plan = (text: string) => write(document, ane, { do: 'write', field: ['plan'], from: heads(document), text })
  const after = [
    ...plan('Dig deep. Rest.'),
    ...plan('Dig deeper 🌻. Rest.'),
    ...plan('Dig deeper 🌻. Rest. Sing! Oops'),
    ...plan('Dig deeper 🌻. Rest. Sing!'),
    ...write(document, ane, { do: 'write', field: ['why'], from: heads(document), text: 'Water.' }),
    ...write(document, ane, { do: 'set', field: ['title'], value: 'A well' }),
  ]
  const written = writtenIn('initiative', after.toReversed())
  expect(written.map(({ field, text }) => [field, text])).toEqual([
    ['plan', 'deeper 🌻\nSing!'],
    ['why', 'Water.'],
    [null, 'A well'],
  ])
  expect(written[0]?.changes).toEqual(after.slice(0, 3).map(({ head }) => head.hash))
  expect(written[0]?.at).toBe(1_700_000_000_000)
  expect(writtenIn('initiative', before).map(({ text }) => text)).toEqual(['Dig. Rest.'])
  closeDocument(document)
})

test('of changes that only take out, and of the place of an action, nothing is said', () => {
  const document = anInitiative()
  write(document, ane, { do: 'write', field: ['plan'], from: heads(document), text: 'Dig.' })
  const taken = write(document, ane, { do: 'write', field: ['plan'], from: heads(document), text: '' })
  expect(writtenIn('initiative', taken)).toEqual([])
  const draft = { title: 'Bring spades', details: 'Two of them', when: '', order: 'a' }
  const action = '0'.repeat(16) as ActionId
  const put = value(edit(document, [{ do: 'put', action, draft }], { time: 5, actor: () => ane })).changes
  const [said] = writtenIn('initiative', put)
  expect([said?.field, said?.text.split('\n').sort()]).toEqual([null, ['Bring spades', 'Two of them']])
  closeDocument(document)
})
