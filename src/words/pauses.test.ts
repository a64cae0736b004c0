import type { Instant, MemberId, PersonView } from '@auzolan/core'
import { expect, test } from 'vitest'
import { LONG_PAUSE_MS, otherOf, pausesOfOthers } from './pauses.ts'

const began = 1_800_000_000_000 as Instant

const person = (name: string, pausedBy?: string, more: Partial<PersonView> = {}): PersonView => ({
  id: name as MemberId,
  name,
  me: false,
  via: 'founder',
  since: began,
  left: false,
  moderator: false,
  paused: pausedBy ? { by: { id: pausedBy as MemberId, name: pausedBy, me: false }, at: began, reason: '' } : null,
  contested: false,
  cameBack: null,
  devices: [],
  ...more,
})
const told = (people: readonly PersonView[], now: number = began) =>
  pausesOfOthers(people, now).map(({ person, by }) => [person.name, by?.name])

test('two who paused each other are told of once, whoever comes first', () => {
  const people = [person('Ada'), person('Ben', 'Cleo'), person('Cleo', 'Ben')]
  expect(told(people)).toEqual([['Ben', 'Cleo']])
  expect(told(people.toReversed())).toEqual([['Ben', 'Cleo']])
  expect(told(people, began + 10 * LONG_PAUSE_MS)).toEqual([['Ben', 'Cleo']])
})

test('a pause by one is told of once it has lasted, and neither one’s own nor that of who has left', () => {
  const people = [person('Ada', 'Cleo'), person('Ben', 'Cleo', { me: true }), person('Dan', 'Cleo', { left: true })]
  expect(told(people, began + LONG_PAUSE_MS)).toEqual([])
  expect(told(people, began + LONG_PAUSE_MS + 1)).toEqual([['Ada', undefined]])
})

test('who was paused by somebody they paused knows that both are', () => {
  const [ben, cleo] = [person('Ben', 'Cleo', { me: true }), person('Cleo', 'Ben')]
  expect(otherOf(ben, [ben, cleo])?.name).toBe('Cleo')
  expect(told([ben, cleo], began + 10 * LONG_PAUSE_MS)).toEqual([])
  expect(otherOf(ben, [ben, person('Cleo', 'Ada')])).toBeUndefined()
  expect(otherOf(ben, [ben, person('Cleo', 'Ben', { left: true })])).toBeUndefined()
})
