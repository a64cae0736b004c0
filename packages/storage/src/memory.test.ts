import { expect, test } from 'vitest'
import { describeStore } from './contract.ts'
import { MemoryDisk, openMemorySecrets, openMemoryStore } from './memory.ts'
import type { Op } from './store.ts'

describeStore('memory', async () => {
  const disk = new MemoryDisk()
  return { open: async () => openMemoryStore(disk), fillUp: () => disk.failWrite(1, 'quota') }
})

const ops: Op[] = [
  { do: 'put', key: ['a'], value: Uint8Array.of(1) },
  { do: 'put', key: ['b'], value: Uint8Array.of(2, 3) },
]
const relaxed = { durability: 'relaxed' } as const

test('of a write killed before it completed nothing is there, and its handle is gone', async () => {
  const disk = new MemoryDisk()
  const [killed, other] = [openMemoryStore(disk), openMemoryStore(disk)]
  disk.failWrite(2, 'killed')
  await killed.write([{ do: 'put', key: ['before'], value: Uint8Array.of(0) }], relaxed)
  await expect(killed.write(ops, relaxed)).rejects.toMatchObject({ kind: 'closed' })
  await expect(killed.get(['before'])).rejects.toMatchObject({ kind: 'closed' })
  expect((await other.range({ prefix: [] })).map(({ key }) => key)).toEqual([['before']])
  expect(await openMemoryStore(disk).write(ops, relaxed)).toBe(true)
})

test('of a write killed before its acknowledgement all is there', async () => {
  const disk = new MemoryDisk()
  disk.failWrite(1, 'killed-unacknowledged')
  await expect(openMemoryStore(disk).write(ops, relaxed)).rejects.toMatchObject({ kind: 'closed' })
  expect(await openMemoryStore(disk).getMany([['a'], ['b']])).toEqual([Uint8Array.of(1), Uint8Array.of(2, 3)])
})

test('a disk of limited size refuses what does not fit and takes it when room is made', async () => {
  const store = openMemoryStore(new MemoryDisk({ allowed: 4 }))
  await store.write(ops, relaxed)
  expect(await store.estimate()).toEqual({ used: 3, allowed: 4 })
  const more: Op = { do: 'put', key: ['c'], value: Uint8Array.of(4, 5) }
  await expect(store.write([more], relaxed)).rejects.toMatchObject({ kind: 'quota' })
  expect(await store.get(['c'])).toBeUndefined()
  await store.write([{ do: 'removeRange', prefix: ['b'] }], relaxed)
  await store.write([more], relaxed)
  expect(await store.estimate()).toEqual({ used: 3, allowed: 4 })
})

test('secrets survive a restart, are bytes only, and can be removed', async () => {
  const disk = new MemoryDisk()
  const secrets = openMemorySecrets(disk)
  await secrets.put('device', Uint8Array.of(1, 2))
  await expect(secrets.put('device', { not: 'bytes' })).rejects.toThrow(TypeError)
  await secrets.close()
  await expect(secrets.get('device')).rejects.toMatchObject({ kind: 'closed' })
  const again = openMemorySecrets(disk)
  expect(again.keeps).toBe('bytes')
  expect(await again.get('device')).toEqual(Uint8Array.of(1, 2))
  await again.remove('device')
  expect(await again.get('device')).toBeUndefined()
})
