import { describe, expect, test } from 'vitest'
import { checkAgainstModel, type ModelDisk } from './model.ts'
import type { Key, Op, Range, Store } from './store.ts'

/** A disk of the contract. */
export interface Disk extends ModelDisk {
  /** Makes the next write meet a full disk, at its second `put` where the platform writes them one by one. */
  fillUp(): void
}

/** Every store passes this: IndexedDB in the browser, LevelDB on Node, memory in tests. */
export const describeStore = (name: string, makeDisk: () => Promise<Disk>): void => {
  describe(`store: ${name}`, () => {
    const openNew = async () => (await makeDisk()).open()

    test('what was written is there after a restart, byte for byte', async () => {
      const disk = await makeDisk()
      const first = await disk.open()
      await first.write([put(['a'], [1, 2, 3]), put(['empty'], []), put(['b', 7], [4])], strict)
      await first.close()
      const second = await disk.open()
      expect(await second.get(['a'])).toEqual(Uint8Array.of(1, 2, 3))
      expect(await second.get(['empty'])).toEqual(new Uint8Array())
      expect(await second.get(['b', 7])).toEqual(Uint8Array.of(4))
      expect(await second.get(['b'])).toBeUndefined()
    })

    test('a value of 1 MiB comes back whole', async () => {
      const store = await openNew()
      const large = Uint8Array.from({ length: 1024 * 1024 }, (_, at) => (at * 31 + (at >>> 8)) & 0xff)
      await store.write([{ do: 'put', key: ['large'], value: large }], strict)
      const found = await store.get(['large'])
      expect(found?.length).toBe(large.length)
      expect(found?.every((byte, at) => byte === large[at])).toBe(true)
    })

    test('a part of a buffer is kept as that part', async () => {
      const store = await openNew()
      await store.write([{ do: 'put', key: ['part'], value: Uint8Array.of(1, 2, 3, 4).subarray(1, 3) }], relaxed)
      const found = await store.get(['part'])
      expect(found).toEqual(Uint8Array.of(2, 3))
      expect(found?.buffer.byteLength).toBe(2)
    })

    test('changing a value after writing it, or one that was read, changes nothing in the store', async () => {
      const store = await openNew()
      const value = Uint8Array.of(1)
      await store.write([{ do: 'put', key: ['a'], value }], relaxed)
      value.fill(9)
      ;(await store.get(['a']))?.fill(9)
      ;(await store.range({ prefix: [] }))[0]?.value.fill(9)
      expect(await store.get(['a'])).toEqual(Uint8Array.of(1))
    })

    test('many are answered in the order asked, with undefined for what is not there', async () => {
      const store = await openNew()
      await store.write([put(['a'], [1]), put(['b'], [2])], relaxed)
      expect(await store.getMany([['b'], ['nowhere'], ['a'], ['b']])).toEqual([
        Uint8Array.of(2),
        undefined,
        Uint8Array.of(1),
        Uint8Array.of(2),
      ])
      expect(await store.getMany([])).toEqual([])
    })

    describe('ranges', () => {
      const openWith = async (...keys: Key[]) => {
        const store = await openNew()
        await store.write(
          keys.map((key) => put(key, [1])),
          relaxed,
        )
        return store
      }

      test('are whole key parts, never the start of a part, and include the key that is the prefix', async () => {
        const store = await openWith(['doc1'], ['doc1', 'snapshot'], ['doc1', 3, 'x'], ['doc10', 'snapshot'], ['doc'])
        expect(await keysIn(store, { prefix: ['doc1'] })).toEqual([['doc1'], ['doc1', 3, 'x'], ['doc1', 'snapshot']])
        await store.write([{ do: 'removeRange', prefix: ['doc1'] }], relaxed)
        expect(await keysIn(store, { prefix: [] })).toEqual([['doc'], ['doc10', 'snapshot']])
      })

      test('are ordered: numbers by value and before strings, strings by code unit', async () => {
        const ordered: Key[] = [
          ['k', 0],
          ['k', 2],
          ['k', 10],
          ['k', 256],
          ['k', Number.MAX_SAFE_INTEGER],
          ['k', ''],
          ['k', '', 'below'],
          ['k', '\0'],
          ['k', '\u0001'],
          ['k', '10'],
          ['k', '2'],
          ['k', 'a'],
          ['k', 'a', 0],
          ['k', 'a\0'],
          ['k', 'ab'],
          ['k', '\ud83d\ude00'],
          ['k', '\uffff'],
        ]
        const store = await openWith(...ordered.toReversed())
        expect(await keysIn(store, { prefix: ['k'] })).toEqual(ordered)
        expect(await keysIn(store, { prefix: ['k'], reverse: true })).toEqual(ordered.toReversed())
      })

      test('start at a part, stop at a limit and run backwards', async () => {
        const store = await openWith(['a', 9], ['f', 1], ['f', 2], ['f', 2, 'x'], ['f', 3], ['f', 'z'], ['g', 1])
        expect(await keysIn(store, { prefix: ['f'], from: 2 })).toEqual([
          ['f', 2],
          ['f', 2, 'x'],
          ['f', 3],
          ['f', 'z'],
        ])
        expect(await keysIn(store, { prefix: ['f'], from: 2, limit: 2 })).toEqual([
          ['f', 2],
          ['f', 2, 'x'],
        ])
        expect(await keysIn(store, { prefix: ['f'], from: 2, limit: 2, reverse: true })).toEqual([
          ['f', 'z'],
          ['f', 3],
        ])
        expect(await keysIn(store, { prefix: ['f'], from: 'a' })).toEqual([['f', 'z']])
        expect(await keysIn(store, { prefix: ['f'], limit: 0 })).toEqual([])
        expect(await keysIn(store, { prefix: ['f'], limit: 0, reverse: true })).toEqual([])
      })
    })

    describe('a write', () => {
      test('applies its operations in order', async () => {
        const store = await openNew()
        await store.write([put(['r', 'old'], [1])], relaxed)
        await store.write(
          [
            put(['r', 'a'], [1]),
            { do: 'removeRange', prefix: ['r'] },
            put(['r', 'b'], [2]),
            put(['r', 'c'], [3]),
            { do: 'remove', key: ['r', 'c'] },
          ],
          relaxed,
        )
        expect(await keysIn(store, { prefix: [] })).toEqual([['r', 'b']])
      })

      test('leaves nothing when one operation in the middle cannot be done', async () => {
        const store = await openNew()
        await store.write([put(['before'], [1])], relaxed)
        for (const broken of [['x', -1], ['x', 1.5], [], ['1', '2', '3', '4', '5', '6', '7', '8', '9']] as const) {
          const attempt = store.write([put(['first'], [1]), put(broken, [2]), put(['last'], [3])], relaxed)
          await expect(attempt).rejects.toThrow(RangeError)
        }
        expect(await keysIn(store, { prefix: [] })).toEqual([['before']])
        expect(await store.write([put(['after'], [1])], strict)).toBe(true)
      })

      test('that finds no room says so, leaves nothing, and the store stays usable', async () => {
        const disk = await makeDisk()
        const store = await disk.open()
        await store.write([put(['before'], [1])], strict)
        disk.fillUp()
        const attempt = store.write([put(['first'], [1]), put(['second'], [2]), put(['third'], [3])], strict)
        await expect(attempt).rejects.toMatchObject({ name: 'StoreError', kind: 'quota' })
        expect(await keysIn(store, { prefix: [] })).toEqual([['before']])
        expect(await store.write([{ do: 'remove', key: ['before'] }], strict)).toBe(true)
        expect(await store.write([put(['after'], [1])], strict)).toBe(true)
        await store.close()
        expect(await keysIn(await disk.open(), { prefix: [] })).toEqual([['after']])
      })

      test('happens only when every expectation holds', async () => {
        const store = await openNew()
        await store.write([put(['tip'], [1])], strict)
        const attempt = (value: number[] | undefined, other?: Key) =>
          store.write([put(['tip'], [2]), { do: 'removeRange', prefix: ['none'] }], {
            durability: 'strict',
            expect: [
              { key: ['tip'], value: value && Uint8Array.from(value) },
              ...(other ? [{ key: other, value: undefined }] : []),
            ],
          })
        expect(await attempt(undefined)).toBe(false)
        expect(await attempt([1, 0])).toBe(false)
        expect(await attempt([])).toBe(false)
        expect(await attempt([1], ['tip'])).toBe(false)
        expect(await store.get(['tip'])).toEqual(Uint8Array.of(1))
        expect(await attempt([1], ['elsewhere'])).toBe(true)
        expect(await store.get(['tip'])).toEqual(Uint8Array.of(2))
      })
    })

    describe('two tabs', () => {
      test('of two that expect the same, exactly one writes', async () => {
        const disk = await makeDisk()
        const [left, right] = await Promise.all([disk.open(), disk.open()])
        for (let round = 0; round < 20; round++) {
          const options = { durability: 'relaxed', expect: [{ key: ['round', round], value: undefined }] } as const
          const won = await Promise.all([
            left.write([put(['round', round], [1])], options),
            right.write([put(['round', round], [2])], options),
          ])
          expect(won.filter(Boolean)).toHaveLength(1)
          expect(await left.get(['round', round])).toEqual(Uint8Array.of(won[0] ? 1 : 2))
        }
      })

      test('appending 200 entries each to one feed lose none', async () => {
        const disk = await makeDisk()
        const append = async (store: Store, author: number) => {
          for (let count = 0; count < 200;) {
            const tip = await store.get(['tip'])
            const seq = tip === undefined ? 0 : numberOf(tip) + 1
            const ops = [put(['feed', seq], [author, count]), { do: 'put', key: ['tip'], value: bytesOf(seq) } as const]
            if (await store.write(ops, { durability: 'relaxed', expect: [{ key: ['tip'], value: tip }] })) count++
          }
        }
        const [left, right] = await Promise.all([disk.open(), disk.open()])
        await Promise.all([append(left, 1), append(right, 2)])
        const feed = await left.range({ prefix: ['feed'] })
        expect(feed.map(({ key }) => key[1])).toEqual(Array.from({ length: 400 }, (_, seq) => seq))
        for (const author of [1, 2]) {
          const counts = feed.filter(({ value }) => value[0] === author).map(({ value }) => value[1])
          expect(counts).toEqual(Array.from({ length: 200 }, (_, count) => count))
        }
      })

      test('one closes and the other goes on', async () => {
        const disk = await makeDisk()
        const [left, right] = await Promise.all([disk.open(), disk.open()])
        await left.close()
        expect(await right.write([put(['a'], [1])], strict)).toBe(true)
        await right.close()
        expect(await keysIn(await disk.open(), { prefix: [] })).toEqual([['a']])
      })
    })

    test('a closed store refuses everything with kind closed, and closing again is fine', async () => {
      const store = await openNew()
      await store.close()
      await store.close()
      const attempts = [
        store.get(['a']),
        store.getMany([['a']]),
        store.range({ prefix: [] }),
        store.write([put(['a'], [1])], strict),
        store.estimate(),
      ]
      const outcomes = await Promise.allSettled(attempts)
      for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: { kind: 'closed' } })
    })

    test('what was asked for before closing is still done', async () => {
      const disk = await makeDisk()
      const store = await disk.open()
      await store.write([put(['a'], [1])], relaxed)
      const pending = [
        store.write([put(['b'], [2])], { durability: 'strict', expect: [{ key: ['a'], value: Uint8Array.of(1) }] }),
        store.range({ prefix: [] }).then((found) => found.length > 0),
      ]
      await store.close()
      expect(await Promise.all(pending)).toEqual([true, true])
      expect(await (await disk.open()).get(['b'])).toEqual(Uint8Array.of(2))
    })

    test('whatever is done to it, it answers like a plain map', async () => {
      await checkAgainstModel(makeDisk, 60)
    })
  })
}

const strict = { durability: 'strict' } as const
const relaxed = { durability: 'relaxed' } as const

const put = (key: Key, value: readonly number[]): Op => ({ do: 'put', key, value: Uint8Array.from(value) })

const keysIn = async (store: Store, range: Range): Promise<Key[]> => (await store.range(range)).map(({ key }) => key)

const bytesOf = (number: number): Uint8Array => Uint8Array.of(number >>> 8, number & 0xff)
const numberOf = (bytes: Uint8Array): number => ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)
