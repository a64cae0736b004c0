import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Exchange } from './exchange.ts'
import type { DeviceId, GroupId, Instant, MemberId, StatementId } from './ids.ts'
import type { Said, Statement } from './statement.ts'

const idOf = (number: number): StatementId => number.toString(16).padStart(32, '0') as StatementId
const group = 'ab'.repeat(32) as GroupId
const by = 'cd'.repeat(32) as MemberId
const device = 'ef'.repeat(32) as DeviceId

type Step =
  | { readonly do: 'say'; readonly said: Said }
  | { readonly do: 'adopt'; readonly record: StatementId; readonly adopt: StatementId; readonly offer: StatementId }

const few = fc.integer({ min: 1, max: 4 }).map(idOf)
const statement: fc.Arbitrary<Statement> = fc.oneof(
  fc.record({ kind: fc.constant('unadopt' as const), adopts: fc.uniqueArray(few, { maxLength: 2 }) }),
  fc.record({
    kind: fc.constant('answer' as const),
    offer: few,
    taken: fc.constantFrom('all', 'some', 'none'),
    thanks: fc.string(),
  }),
)
/** A statement's id names its content: the same id never says two things. */
const said = fc.array(fc.record({ statement, at: fc.nat(3) }), { maxLength: 8 }).map((all) =>
  all.map(({ statement, at }, number): Step => ({
    do: 'say',
    said: { id: idOf(100 + number), by, device, seq: number + 1, at: at as Instant, statement },
  })),
)
const adopted = fc.array(
  fc
    .record({ do: fc.constant('adopt' as const), record: few, adopt: few })
    .map((step): Step => ({ ...step, offer: idOf(9) })),
)
const offers: readonly Step[] = [1, 2].map((number) => ({
  do: 'say',
  said: {
    id: idOf(number),
    by,
    device,
    seq: 50 + number,
    at: number as Instant,
    statement: { kind: 'offer', from: group, name: 'Oak', why: '' },
  },
}))

const folded = (steps: readonly Step[]): Exchange => {
  const exchange = new Exchange()
  for (const step of steps) {
    if (step.do === 'say') exchange.add(step.said)
    else exchange.adopt(step.record, step.adopt, step.offer)
  }
  return exchange
}
const seen = (exchange: Exchange): unknown => [
  exchange.offers,
  [1, 2, 3, 4].map(idOf).map((id) => [exchange.has(id), exchange.had(id), exchange.answerTo(id)]),
  [...exchange.takenFrom(idOf(9))].sort(),
]

test('the same statements say the same in any order, however often they come, and after being kept', () => {
  const shuffled = fc.tuple(said, adopted).chain(([one, other]) => {
    const all = [...one, ...other, ...offers]
    return fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length }))
  })
  fc.assert(
    fc.property(shuffled, ([inOrder, mixed]) => {
      const expected = seen(folded(inOrder))
      expect(seen(folded(mixed))).toEqual(expected)
      const kept = Exchange.fromData(JSON.parse(JSON.stringify(folded(mixed).toData())))
      expect(kept && seen(kept)).toEqual(expected)
    }),
  )
})

test('what was taken back counts again once it is brought in anew', () => {
  const exchange = new Exchange()
  exchange.adopt(idOf(1), idOf(2), null)
  expect(exchange.has(idOf(1))).toBe(true)
  const back: Said = {
    id: idOf(3),
    by,
    device,
    seq: 1,
    at: 1 as Instant,
    statement: { kind: 'unadopt', adopts: [idOf(2)] },
  }
  expect(exchange.add(back)).toBe(true)
  expect(exchange.has(idOf(1))).toBe(false)
  exchange.adopt(idOf(1), idOf(4), null)
  expect(exchange.has(idOf(1))).toBe(true)
})

test('a damaged copy is refused', () => {
  const data = folded(offers).toData() as Record<string, unknown>
  for (const name of Object.keys(data)) expect(Exchange.fromData({ ...data, [name]: [['x']] })).toBeUndefined()
  expect(Exchange.fromData(undefined)).toBeUndefined()
})
