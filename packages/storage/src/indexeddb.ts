import { equalBytes } from '@auzolan/core'
import { unwrap } from 'idb'
import { Database, type Records } from './database.ts'
import { checkKey, checkPrefix, checkRange } from './key.ts'
import { type Expectation, type Key, type Op, type Range, type Secrets, type Store, StoreError } from './store.ts'

/** Raised when the layout of the database changes; tabs with an older one then let go of it. */
const VERSION = 1

/**
 * The store of a browser, over the IndexedDB database `name`. Keys are native array keys, values are `Uint8Array`s. Rejects
 * with `StoreError`: `blocked` (an older tab will not let go, or a newer app made the database) or `failed`. When a newer tab
 * needs the database, this store closes and answers `closed` from then on.
 */
export const openIndexedDbStore = async (name: string): Promise<Store> => {
  const database = await Database.open(name, VERSION)
  return {
    get: (key) => read(database, async (records) => bytesOf(await records.get(nativeKey(key)))),
    getMany: (keys) =>
      read(database, async (records) => {
        const natives = keys.map(nativeKey)
        return (await Promise.all(natives.map((key) => records.get(key)))).map(bytesOf)
      }),
    range: (range) => read(database, (records) => readRange(records, range)),
    write: (ops, { expect = [], durability }) =>
      database.transact('readwrite', durability, async (records) => {
        if (!(await allHold(records, expect))) return false
        apply(records, ops)
        return true
      }),
    estimate: async () => {
      database.checkOpen()
      const { usage, quota } = (await globalThis.navigator?.storage?.estimate()) ?? {}
      return { used: usage, allowed: quota }
    },
    close: async () => {
      database.close()
    },
  }
}

/** Keeps whatever can be structured-cloned; a `CryptoKey` stays non-extractable. Every write is `strict`. */
export const openIndexedDbSecrets = async (name: string): Promise<Secrets> => {
  const database = await Database.open(name, VERSION)
  return {
    keeps: 'keys',
    get: (secret) => read(database, (records) => records.get(secret)),
    put: (secret, value) =>
      database.transact('readwrite', 'strict', async (records) => {
        await records.put(value, secret)
      }),
    remove: (secret) =>
      database.transact('readwrite', 'strict', async (records) => {
        await records.delete(secret)
      }),
    close: async () => {
      database.close()
    },
  }
}

const read = <T>(database: Database, work: (records: Records<'readonly'>) => Promise<T>): Promise<T> =>
  database.transact('readonly', 'default', work)

const allHold = async (records: Records<'readwrite'>, expect: readonly Expectation[]): Promise<boolean> => {
  if (expect.length === 0) return true
  const held = await Promise.all(expect.map(({ key }) => nativeKey(key)).map((key) => records.get(key)))
  return expect.every(({ value }, at) => {
    const found = bytesOf(held[at])
    return found === undefined || value === undefined ? found === value : equalBytes(found, value)
  })
}

/**
 * Issues requests on the bare object store: one that fails aborts the transaction, whose end is awaited anyway, and a promise for each
 * costs a tenth of the write.
 */
const apply = (records: Records<'readwrite'>, ops: readonly Op[]): void => {
  const bare = unwrap(records)
  for (const op of ops) issue(bare, op)
  // Saves the round trip the browser otherwise waits for, in case a further request comes.
  bare.transaction.commit()
}

const issue = (records: IDBObjectStore, op: Op): IDBRequest => {
  switch (op.do) {
    case 'put':
      return records.put(ownBytes(op.value), nativeKey(op.key))
    case 'remove':
      return records.delete(nativeKey(op.key))
    case 'removeRange':
      checkPrefix(op.prefix)
      return records.delete(nativeRange(op))
  }
}

const readRange = async (records: Records<'readonly'>, range: Range): Promise<{ key: Key; value: Uint8Array }[]> => {
  checkRange(range)
  // In IndexedDB a count of 0 asks for everything.
  if (range.limit === 0) return []
  const query = nativeRange(range)
  const found =
    range.reverse === true
      ? await readBackwards(records, query, range.limit)
      : await readForwards(records, query, range.limit)
  return found.map(({ key, value }) => {
    const bytes = bytesOf(value)
    if (bytes === undefined) throw unreadable()
    return { key: key as (string | number)[], value: bytes }
  })
}

interface NativeRecord {
  readonly key: IDBValidKey
  readonly value: unknown
}

/** `getAllRecords` of the Indexed Database API 3.0 draft; not in every browser. */
interface RecordReader {
  getAllRecords(options: { query: IDBKeyRange; count?: number; direction?: 'next' | 'prev' }): Promise<NativeRecord[]>
}

const readsRecords = (records: object): records is RecordReader => 'getAllRecords' in records

const readForwards = async (
  records: Records<'readonly'>,
  query: IDBKeyRange,
  count: number | undefined,
): Promise<NativeRecord[]> => {
  const [keys, values] = await Promise.all([records.getAllKeys(query, count), records.getAll(query, count)])
  return keys.map((key, at) => ({ key, value: values[at] as unknown }))
}

const readBackwards = async (
  records: Records<'readonly'>,
  query: IDBKeyRange,
  count: number | undefined,
): Promise<NativeRecord[]> => {
  if (readsRecords(records)) {
    return records.getAllRecords({ query, direction: 'prev', ...(count === undefined ? {} : { count }) })
  }
  if (count === undefined) return (await readForwards(records, query, count)).reverse()
  const found: NativeRecord[] = []
  for (let cursor = await records.openCursor(query, 'prev'); cursor !== null; cursor = await cursor.continue()) {
    found.push({ key: cursor.key, value: cursor.value as unknown })
    if (found.length === count) break
  }
  return found
}

const nativeKey = (key: Key): (string | number)[] => {
  checkKey(key)
  return [...key]
}

/** Arrays sort after strings and numbers, so `[…prefix, []]` comes after every key below the prefix. */
const nativeRange = ({ prefix, from }: { prefix: Key; from?: string | number }): IDBKeyRange =>
  IDBKeyRange.bound(from === undefined ? [...prefix] : [...prefix, from], [...prefix, []], false, true)

/** A view into a larger buffer would be stored with the whole buffer. */
const ownBytes = (value: Uint8Array): Uint8Array =>
  value.byteLength === value.buffer.byteLength ? value : value.slice()

const bytesOf = (value: unknown): Uint8Array | undefined => {
  if (value === undefined || value instanceof Uint8Array) return value
  throw unreadable()
}

const unreadable = () => new StoreError('failed', 'a record in this database is not bytes')
