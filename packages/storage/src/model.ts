import fc from 'fast-check'
import { compareKeys, startsWith } from './key.ts'
import type { Expectation, Key, Op, Range, Store } from './store.ts'

/** What a store is opened on. It outlives every store opened on it. */
export interface ModelDisk {
  /** Opened a second time while the first is open: a second tab. Opened again after closing: a restart. */
  open(): Promise<Store>
}

/**
 * Does random things to a store and to a plain map and throws the shortest list of steps after which they differ. Needs no test runner,
 * so that it runs inside a browser as well.
 */
export const checkAgainstModel = (makeDisk: () => Promise<ModelDisk>, numRuns: number): Promise<void> =>
  fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 25 }), async (steps) => {
      const disk = await makeDisk()
      const model = new Model()
      let store = await disk.open()
      for (const step of steps) {
        if (step.do === 'restart') {
          await store.close()
          store = await disk.open()
        } else if (step.do === 'range') {
          mustEqual(await store.range(step.range), model.range(step.range))
        } else if (step.do === 'getMany') {
          mustEqual(
            await store.getMany(step.keys),
            step.keys.map((key) => model.get(key)),
          )
        } else {
          const expect = step.expect.map(({ key, right, value }) => ({ key, value: right ? model.get(key) : value }))
          const written = await store.write(step.ops, { durability: step.durability, expect })
          mustEqual(written, model.write(step.ops, expect))
        }
      }
      mustEqual(await store.range({ prefix: [] }), model.range({ prefix: [] }))
      await store.close()
    }),
    { numRuns },
  )

const mustEqual = (found: unknown, expected: unknown): void => {
  const [left, right] = [textOf(found), textOf(expected)]
  if (left !== right) throw new Error(`the store answers ${left}, the model ${right}`)
}

const textOf = (answer: unknown): string =>
  JSON.stringify(answer, (_, value: unknown) => (value instanceof Uint8Array ? `bytes ${value.join(' ')}` : value))

/** The store as it is meant to be: a map, sorted when asked. */
class Model {
  #records = new Map<string, { key: Key; value: Uint8Array }>()

  get(key: Key): Uint8Array | undefined {
    return this.#records.get(JSON.stringify(key))?.value
  }

  range({ prefix, from, reverse, limit }: Range): { key: Key; value: Uint8Array }[] {
    const isFrom = (key: Key): boolean => {
      const part = key[prefix.length]
      return from === undefined || (part !== undefined && compareKeys([part], [from]) >= 0)
    }
    const found = [...this.#records.values()]
      .filter(({ key }) => startsWith(key, prefix) && isFrom(key))
      .sort((left, right) => compareKeys(left.key, right.key))
    return (reverse ? found.reverse() : found).slice(0, limit)
  }

  write(ops: readonly Op[], expectations: readonly Expectation[]): boolean {
    const text = (value: Uint8Array | undefined) => value?.join()
    if (expectations.some(({ key, value }) => text(this.get(key)) !== text(value))) return false
    for (const op of ops) {
      if (op.do === 'put') this.#records.set(JSON.stringify(op.key), { key: op.key, value: op.value })
      else if (op.do === 'remove') this.#records.delete(JSON.stringify(op.key))
      else for (const { key } of this.range({ prefix: op.prefix })) this.#records.delete(JSON.stringify(key))
    }
    return true
  }
}

const anyPart = fc.constantFrom<string | number>(
  0,
  1,
  2,
  10,
  256,
  2 ** 40,
  '',
  'a',
  'a\0',
  'ab',
  '1',
  '\ud800',
  '\uffff',
)
/** Few and short, so that keys meet. */
const anyKey = fc.array(anyPart, { minLength: 1, maxLength: 3 })
const anyPrefix = fc.array(anyPart, { maxLength: 2 })
const anyValue = fc.uint8Array({ maxLength: 4 })
const anyOp: fc.Arbitrary<Op> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('put' as const), key: anyKey, value: anyValue }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), key: anyKey }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('removeRange' as const), prefix: anyPrefix }) },
)
const anyStep = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      ops: fc.array(anyOp, { maxLength: 6 }),
      durability: fc.constantFrom('strict' as const, 'relaxed' as const),
      expect: fc.array(
        fc.record({ key: anyKey, right: fc.boolean(), value: fc.option(anyValue, { nil: undefined }) }),
        { maxLength: 2 },
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('range' as const),
      range: fc.record(
        { prefix: anyPrefix, from: anyPart, reverse: fc.boolean(), limit: fc.nat({ max: 5 }) },
        { requiredKeys: ['prefix'] },
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('getMany' as const), keys: fc.array(anyKey, { maxLength: 4 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
)
