import type { Instant } from '@auzolan/core'
import { expect, test } from 'vitest'
import { shownStatus, statusText, statusTone } from './status.ts'
import { Words } from './Words.svelte.ts'

const HOUR = 60 * 60 * 1000
const at = (ms: number) => ms as Instant

test('each of the eight states has its own words', () => {
  const words = new Words()
  const told = [
    statusText(words, { is: 'writing' }),
    statusText(words, { is: 'only here', since: at(0) }),
    statusText(words, { is: 'shared', others: 3 }),
    statusText(words, { is: 'getting', have: 3, of: 12 }),
    statusText(words, { is: 'offline' }),
    statusText(words, { is: 'looking' }),
    statusText(words, { is: 'not saved', why: 'quota' }),
    statusText(words, { is: 'update to edit' }),
  ]
  expect(told).toEqual([
    'Saving…',
    'On this device only',
    'Here + 3',
    'Getting 3 of 12',
    'Offline · saving here',
    'Looking for others',
    'Not saved!',
    'Update to edit',
  ])
})

test('being on one device only asks for attention after a day', () => {
  const state = { is: 'only here', since: at(0) } as const
  expect(statusTone(state, at(23 * HOUR))).toBe('')
  expect(statusTone(state, at(25 * HOUR))).toBe('tone-ochre')
})

test('that nobody is in reach is said only once it is known; everything else at once', () => {
  expect(shownStatus({ is: 'offline' }, true)).toEqual({ is: 'looking' })
  expect(shownStatus({ is: 'offline' }, false)).toEqual({ is: 'offline' })
  for (const state of [
    { is: 'not saved', why: 'quota' },
    { is: 'shared', others: 1 },
  ] as const)
    expect(shownStatus(state, true)).toBe(state)
})
