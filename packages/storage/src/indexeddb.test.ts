import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { expect, test, vi } from 'vitest'
import { describeStore } from './contract.ts'
import { Database } from './database.ts'
import { openIndexedDbSecrets, openIndexedDbStore } from './indexeddb.ts'

let databases = 0
const newName = () => `database ${String(databases++)}`

describeStore('IndexedDB', async () => {
  const name = newName()
  return {
    open: () => openIndexedDbStore(name),
    fillUp: () => {
      vi.spyOn(IDBObjectStore.prototype, 'put')
        .mockImplementationOnce(function (this: IDBObjectStore, value, key) {
          return this.add(value, key)
        })
        .mockImplementationOnce(() => {
          throw new DOMException('', 'QuotaExceededError')
        })
    },
  }
})

test('a tab with an older version lets go, and says closed from then on', async () => {
  const name = newName()
  const older = await openIndexedDbStore(name)
  await older.write([{ do: 'put', key: ['a'], value: Uint8Array.of(1) }], { durability: 'strict' })
  const newer = await Database.open(name, 2)
  await expect(older.get(['a'])).rejects.toMatchObject({
    kind: 'closed',
    message: expect.stringContaining('reload') as string,
  })
  expect(await newer.transact('readonly', 'default', (records) => records.get(['a']))).toEqual(Uint8Array.of(1))
  newer.close()
})

test('a tab that does not let go blocks a newer one, which says so and leaves nothing open', async () => {
  const name = newName()
  const stubborn = await openDB(name, 1)
  await expect(Database.open(name, 2)).rejects.toMatchObject({
    kind: 'blocked',
    message: expect.stringContaining('close it') as string,
  })
  stubborn.close()
  const third = await Database.open(name, 3)
  third.close()
})

test('a database made by a newer version is left alone', async () => {
  const name = newName()
  ;(await Database.open(name, 2)).close()
  await expect(openIndexedDbStore(name)).rejects.toMatchObject({
    kind: 'blocked',
    message: expect.stringContaining('newer') as string,
  })
})

test('a record that is not bytes fails alone', async () => {
  const name = newName()
  const raw = await Database.open(name, 1)
  await raw.transact('readwrite', 'default', async (records) => {
    await records.put('not bytes', ['bad', 1])
    await records.put(Uint8Array.of(1), ['good', 1])
  })
  raw.close()
  const store = await openIndexedDbStore(name)
  await expect(store.get(['bad', 1])).rejects.toMatchObject({ kind: 'failed' })
  await expect(store.range({ prefix: ['bad'] })).rejects.toMatchObject({ kind: 'failed' })
  expect(await store.range({ prefix: ['good'] })).toHaveLength(1)
})

test('a commit that fails after every request succeeded is no success', async () => {
  const store = await openIndexedDbStore(newName())
  vi.spyOn(IDBTransaction.prototype, 'commit').mockImplementationOnce(function (this: IDBTransaction) {
    this.abort()
  })
  const attempt = store.write([{ do: 'put', key: ['a'], value: Uint8Array.of(1) }], { durability: 'strict' })
  await expect(attempt).rejects.toMatchObject({ name: 'StoreError', kind: 'failed' })
  expect(await store.get(['a'])).toBeUndefined()
})

test('records run backwards the same way where the browser has no getAllRecords', async () => {
  const store = await openIndexedDbStore(newName())
  const ops = [1, 2, 3].map((at) => ({ do: 'put' as const, key: ['k', at], value: Uint8Array.of(at) }))
  await store.write(ops, { durability: 'strict' })
  const asked = [{}, { limit: 2 }, { limit: 9 }].map((rest) => ({ prefix: ['k'], reverse: true, ...rest }))
  const native = await Promise.all(asked.map((range) => store.range(range)))
  const { getAllRecords } = IDBObjectStore.prototype as unknown as Record<string, unknown>
  Reflect.deleteProperty(IDBObjectStore.prototype, 'getAllRecords')
  expect(await Promise.all(asked.map((range) => store.range(range)))).toEqual(native)
  Object.assign(IDBObjectStore.prototype, { getAllRecords })
})

test('secrets keep more than bytes and survive a restart', async () => {
  const name = newName()
  const secrets = await openIndexedDbSecrets(name)
  const value = { made: new Date(0), key: Uint8Array.of(1) }
  await secrets.put('device', value)
  await secrets.close()
  await expect(secrets.get('device')).rejects.toMatchObject({ kind: 'closed' })
  const again = await openIndexedDbSecrets(name)
  expect(again.keeps).toBe('keys')
  expect(await again.get('device')).toEqual(value)
  await again.remove('device')
  expect(await again.get('device')).toBeUndefined()
})
