import { type MemberId, type Person, type ProposedAction } from '@auzolan/core'
import { expect, test } from 'vitest'
import { askedAgain } from './again.ts'

const ada: Person = { id: 'ada' as MemberId, name: 'Ada', me: false }

test('what was asked can be asked again as it was, with its reason', () => {
  const asked: readonly (readonly [ProposedAction, unknown])[] = [
    [
      { is: 'remove', person: ada },
      { is: 'remove', person: 'ada' },
    ],
    [
      { is: 'readmit', person: ada, from: 'pause' },
      { is: 'readmit', person: 'ada' },
    ],
    [
      { is: 'votes', gives: [ada], takes: [] },
      { is: 'votes', give: ['ada'], take: [] },
    ],
    [
      { is: 'rename', name: 'Elm' },
      { is: 'rename', name: 'Elm' },
    ],
    [
      { is: 'rule', thing: 'rule', rule: { kind: 'unanimous' } },
      { is: 'rule', thing: 'rule', rule: { kind: 'unanimous' } },
    ],
  ]
  for (const [action, again] of asked)
    expect(askedAgain(action, 'so that all are heard')).toEqual({
      ...(again as object),
      reason: 'so that all are heard',
    })
})

test('what only a newcomer or another version can ask is not asked again', () => {
  expect(askedAgain({ is: 'rebind', person: ada }, '')).toBeUndefined()
  expect(askedAgain({ is: 'other', kind: 'x' }, '')).toBeUndefined()
})
