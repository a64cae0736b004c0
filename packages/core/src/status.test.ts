import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Instant } from './ids.ts'
import { type StatusFacts, statusState } from './status.ts'

const calm: StatusFacts = {
  saving: false,
  saveError: null,
  newerVersion: false,
  connected: true,
  have: 12,
  of: 12,
  others: 3,
  onlyHereSince: null,
}
const since = 5 as Instant

const anyFacts: fc.Arbitrary<StatusFacts> = fc.record({
  saving: fc.boolean(),
  saveError: fc.option(fc.constant('quota')),
  newerVersion: fc.boolean(),
  connected: fc.boolean(),
  alone: fc.boolean(),
  have: fc.nat(3),
  of: fc.nat(3),
  others: fc.nat(2),
  onlyHereSince: fc.option(fc.constant(since)),
})

describe('the status chip', () => {
  test.each([
    ['all is shared', {}, { is: 'shared', others: 3 }],
    [
      'a write failed while the next is on its way',
      { saveError: 'quota', saving: true },
      { is: 'not saved', why: 'quota' },
    ],
    ['a write is on its way', { saving: true, newerVersion: true }, { is: 'writing' }],
    ['others use a newer app', { newerVersion: true, connected: false }, { is: 'update to edit' }],
    ['nobody is in reach', { connected: false, have: 1 }, { is: 'offline' }],
    ['some is still to come', { have: 3 }, { is: 'getting', have: 3, of: 12 }],
    ['nobody has mine', { others: 0, onlyHereSince: since }, { is: 'only here', since }],
    [
      'there is nobody else',
      { alone: true, connected: false, others: 0, onlyHereSince: since },
      { is: 'only here', since },
    ],
  ] as const)('when %s', (_, facts, state) => expect(statusState({ ...calm, ...facts })).toEqual(state))

  test('never says that others have it while somebody is out of reach, missing, or nothing is saved', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const state = statusState(facts)
        if (state.is === 'shared') {
          expect(state.others).toBeGreaterThan(0)
          expect(facts).toMatchObject({ saving: false, saveError: null, newerVersion: false, connected: true })
          expect(facts.have).toBeGreaterThanOrEqual(facts.of)
        }
        if (facts.saveError !== null) expect(state.is).toBe('not saved')
      }),
    )
  })
})
