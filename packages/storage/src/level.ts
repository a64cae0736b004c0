import { chmod, readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { equalBytes } from '@auzolan/core'
import { checkKey, checkPrefix, checkRange, startsWith } from './key.ts'
import { decodeKey, encodeEnd, encodeKey } from './level-key.ts'
import { type Level, LevelFolder } from './level-folder.ts'
import { type Expectation, type Key, type Op, type Range, type Secrets, type Store, StoreError } from './store.ts'

/**
 * The store of a Node process, a LevelDB in `folder`. May be opened several times in one process; a second process is
 * refused with kind `blocked`. A database whose table of contents is damaged is repaired on opening, which keeps every
 * record that can still be read.
 */
export const openLevelStore = async (folder: string): Promise<Store> => {
  const { shared, checkOpen, close } = await openHandle(folder, 'this store is closed')
  return {
    get: async (key) => {
      checkOpen()
      checkKey(key)
      return shared.read(async (level) => bytesOf(await level.get(encodeKey(key))))
    },
    getMany: async (keys) => {
      checkOpen()
      keys.forEach(checkKey)
      return shared.read(async (level) => (await level.getMany(keys.map(encodeKey))).map(bytesOf))
    },
    range: async (range) => {
      checkOpen()
      checkRange(range)
      return shared.read((level) => readRange(level, range))
    },
    write: async (ops, { expect = [], durability }) => {
      checkOpen()
      for (const { key } of expect) checkKey(key)
      for (const op of ops) {
        if (op.do === 'removeRange') checkPrefix(op.prefix)
        else checkKey(op.key)
      }
      return shared.write(async (level) => {
        if (!(await allHold(level, expect))) return false
        await level.batch(await batchOf(level, ops), { sync: durability === 'strict' })
        return true
      })
    },
    estimate: async () => {
      checkOpen()
      const [used, { bavail, bsize }] = await Promise.all([bytesIn(shared.path), statfs(shared.path)])
      return { used, allowed: used + bavail * bsize }
    },
    close,
  }
}

/** Secrets as bytes, in a LevelDB of their own that only this account may read. Every write is `strict`. */
export const openFileSecrets = async (folder: string): Promise<Secrets> => {
  const { shared, checkOpen, close } = await openHandle(folder, 'these secrets are closed')
  await chmod(shared.path, 0o700)
  return {
    keeps: 'bytes',
    get: async (name) => {
      checkOpen()
      return shared.read(async (level) => bytesOf(await level.get(encodeKey([name]))))
    },
    put: async (name, value) => {
      checkOpen()
      if (!(value instanceof Uint8Array)) throw new TypeError('only bytes can be kept here')
      await shared.write((level) => level.put(encodeKey([name]), value, { sync: true }))
    },
    remove: async (name) => {
      checkOpen()
      await shared.write((level) => level.del(encodeKey([name]), { sync: true }))
    },
    close,
  }
}

const openHandle = async (folder: string, whenClosed: string) => {
  const shared = await LevelFolder.open(folder)
  let open = true
  return {
    shared,
    checkOpen: (): void => {
      if (!open) throw new StoreError('closed', whenClosed)
    },
    close: async (): Promise<void> => {
      if (!open) return
      open = false
      await shared.release()
    },
  }
}

const allHold = async (level: Level, expect: readonly Expectation[]): Promise<boolean> => {
  if (expect.length === 0) return true
  const held = await level.getMany(expect.map(({ key }) => encodeKey(key)))
  return expect.every(({ value }, at) => {
    const found = held[at]
    return found === undefined || value === undefined ? found === value : equalBytes(found, value)
  })
}

type BatchOp = { type: 'put'; key: Uint8Array; value: Uint8Array } | { type: 'del'; key: Uint8Array }

/** LevelDB applies a batch in order; a range is written out as the keys it holds at that point of the batch. */
const batchOf = async (level: Level, ops: readonly Op[]): Promise<BatchOp[]> => {
  const batch: BatchOp[] = []
  const putSoFar: Key[] = []
  for (const op of ops) {
    if (op.do === 'put') {
      batch.push({ type: 'put', key: encodeKey(op.key), value: op.value })
      putSoFar.push(op.key)
    } else if (op.do === 'remove') {
      batch.push({ type: 'del', key: encodeKey(op.key) })
    } else {
      const onDisk = await level.keys(boundsOf(op)).all()
      const inBatch = putSoFar.filter((key) => startsWith(key, op.prefix)).map(encodeKey)
      for (const key of [...onDisk, ...inBatch]) batch.push({ type: 'del', key })
    }
  }
  return batch
}

const readRange = async (level: Level, range: Range): Promise<{ key: Key; value: Uint8Array }[]> => {
  const found = await level
    .iterator({ ...boundsOf(range), reverse: range.reverse ?? false, limit: range.limit ?? -1 })
    .all()
  return found.map(([bytes, value]) => {
    const key = decodeKey(bytes)
    if (key === undefined) throw new StoreError('failed', 'a key in this database cannot be read')
    return { key, value: plainBytes(value) }
  })
}

const boundsOf = ({ prefix, from }: { readonly prefix: Key; readonly from?: string | number }) => ({
  gte: encodeKey(from === undefined ? prefix : [...prefix, from]),
  lt: encodeEnd(prefix),
})

const bytesOf = (value: Uint8Array | undefined): Uint8Array | undefined =>
  value === undefined ? undefined : plainBytes(value)

/** classic-level hands out Node `Buffer`s, whose `slice` shares memory where a `Uint8Array`'s copies. */
const plainBytes = (value: Uint8Array): Uint8Array => new Uint8Array(value.buffer, value.byteOffset, value.byteLength)

/** Files come and go while LevelDB compacts: one that is gone counts nothing. */
const bytesIn = async (folder: string): Promise<number> => {
  const names = await readdir(folder)
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
