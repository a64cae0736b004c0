import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { ClassicLevel } from 'classic-level'
import { afterAll, expect, test, vi } from 'vitest'
import { describeStore } from './contract.ts'
import { BATCH_SIZE } from './level.child.ts'
import { openFileSecrets, openLevelStore } from './level.ts'

const folders: string[] = []
const newFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'auzolan-storage-'))
  folders.push(folder)
  return folder
}

afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

describeStore('LevelDB', async () => {
  const folder = await newFolder()
  return {
    open: () => openLevelStore(folder),
    fillUp: () => {
      vi.spyOn(ClassicLevel.prototype, 'batch').mockImplementationOnce((() =>
        Promise.reject(
          Object.assign(new Error('IO error: 000005.log: No space left on device'), { code: 'LEVEL_IO_ERROR' }),
        )) as never)
    },
  }
})

/** Another process that does `what` with the store in `folder`; `shell` runs before it. */
const startChild = (what: 'hold' | 'write' | 'fill', folder: string, shell = '') => {
  const script = `const { runnerImport } = await import('vite')
    const { module } = await runnerImport(${JSON.stringify(join(import.meta.dirname, 'level.child.ts'))}, { configFile: false, logLevel: 'error' })
    await module.run(${JSON.stringify(what)}, ${JSON.stringify(folder)})`
  const child = spawn('sh', ['-c', `${shell} exec "$0" --input-type=module -e "$1"`, process.execPath, script], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return { child, lines: createInterface({ input: child.stdout }) }
}

/** The batches a child left: how many records of each are there. */
const batchesIn = async (folder: string): Promise<Map<number, number>> => {
  const store = await openLevelStore(folder)
  const sizes = new Map<number, number>()
  for (const { key } of await store.range({ prefix: ['batch'] })) {
    const batch = key[1] as number
    sizes.set(batch, (sizes.get(batch) ?? 0) + 1)
  }
  await store.close()
  return sizes
}

test('a process killed while writing leaves every acknowledged batch whole and none in part', async () => {
  const folder = await newFolder()
  const { child, lines } = startChild('write', folder)
  const acknowledged: number[] = []
  for await (const line of lines) {
    acknowledged.push(Number(line))
    if (acknowledged.length === 300) child.kill('SIGKILL')
  }
  const sizes = await batchesIn(folder)
  expect(acknowledged.length).toBeGreaterThanOrEqual(300)
  for (const batch of acknowledged) expect(sizes.get(batch)).toBe(BATCH_SIZE)
  for (const size of sizes.values()) expect(size).toBe(BATCH_SIZE)
})

test('a disk that is really full loses nothing acknowledged, and the store goes on when there is room', async () => {
  const folder = await newFolder()
  // A limit of 128 blocks of 512 bytes on every file: the log fills up long before LevelDB would start a new one.
  const { lines } = startChild('fill', folder, "trap '' XFSZ; ulimit -f 128;")
  const told: string[] = []
  for await (const line of lines) told.push(line)
  const acknowledged = told.filter((line) => /^[0-9]+$/.test(line)).map(Number)
  expect(told).toContain('quota')
  expect(told.at(-1)).toBe('wrote after')
  const sizes = await batchesIn(folder)
  for (const batch of acknowledged) expect(sizes.get(batch)).toBe(BATCH_SIZE)
  for (const size of sizes.values()) expect(size).toBe(BATCH_SIZE)
})

test('a second process is told that the folder is taken and what to do', async () => {
  const folder = await newFolder()
  const { child, lines } = startChild('hold', folder)
  await once(lines, 'line')
  await expect(openLevelStore(folder)).rejects.toMatchObject({
    kind: 'blocked',
    message: expect.stringContaining('stop it') as string,
  })
  child.kill('SIGKILL')
  await once(child, 'exit')
  await (await openLevelStore(folder)).close()
})

/** Flips every bit of `count` bytes in the middle of the largest file of this kind. */
const damage = async (folder: string, kind: RegExp, count: number): Promise<void> => {
  const names = (await readdir(folder)).filter((name) => kind.test(name))
  const sized = await Promise.all(names.map(async (name) => ({ name, size: (await stat(join(folder, name))).size })))
  const largest = sized.sort((left, right) => right.size - left.size)[0]
  if (largest === undefined) throw new Error('nothing to damage')
  const file = await open(join(folder, largest.name), 'r+')
  const at = Math.floor((largest.size - count) / 2)
  const { buffer } = await file.read(Buffer.alloc(count), 0, count, at)
  await file.write(Buffer.from(buffer.map((byte) => byte ^ 0xff)), 0, count, at)
  await file.close()
}

const written = async (folder: string): Promise<void> => {
  const store = await openLevelStore(folder)
  const value = new TextEncoder().encode('said over and over '.repeat(50))
  for (let batch = 0; batch < 20; batch++) {
    await store.write(
      Array.from({ length: 50 }, (_, at) => ({ do: 'put' as const, key: ['r', batch, at], value })),
      { durability: 'relaxed' },
    )
  }
  await store.close()
  // On opening, LevelDB moves its log into a table.
  await (await openLevelStore(folder)).close()
}

test('a damaged block fails with kind failed and everything else is still there', async () => {
  const folder = await newFolder()
  await written(folder)
  await damage(folder, /\.ldb$/, 40)
  const store = await openLevelStore(folder)
  const outcomes = await Promise.allSettled(
    Array.from({ length: 1000 }, (_, n) => store.get(['r', Math.floor(n / 50), n % 50])),
  )
  const failed = outcomes.filter((outcome) => outcome.status === 'rejected')
  expect(failed.length).toBeGreaterThan(0)
  expect(failed.length).toBeLessThan(100)
  for (const { reason } of failed) expect(reason).toMatchObject({ name: 'StoreError', kind: 'failed' })
  expect(outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value?.length === 950)).toHaveLength(
    1000 - failed.length,
  )
  await expect(store.range({ prefix: ['r'] })).rejects.toMatchObject({ kind: 'failed' })
  expect(await store.range({ prefix: ['r', 0] })).toHaveLength(50)
  expect(await store.write([{ do: 'put', key: ['new'], value: Uint8Array.of(1) }], { durability: 'strict' })).toBe(true)
  await store.close()
})

test('a damaged table of contents is rebuilt from what is there', async () => {
  const folder = await newFolder()
  await written(folder)
  await damage(folder, /^MANIFEST/, 20)
  const store = await openLevelStore(folder)
  expect(await store.range({ prefix: ['r'] })).toHaveLength(1000)
  await store.close()
})

test('a long range asked for before closing is still read to its end', async () => {
  const folder = await newFolder()
  await written(folder)
  const store = await openLevelStore(folder)
  const pending = store.range({ prefix: ['r'] })
  await store.close()
  expect(await pending).toHaveLength(1000)
})

test('a store says what it takes on the disk and what the disk allows', async () => {
  const folder = await newFolder()
  await written(folder)
  const store = await openLevelStore(folder)
  const { used = 0, allowed = 0 } = await store.estimate()
  expect(used).toBeGreaterThan(10_000)
  expect(allowed).toBeGreaterThan(used)
  await store.close()
})

test('secrets stay in a folder only this account may enter', async () => {
  const folder = join(await newFolder(), 'secrets')
  const secrets = await openFileSecrets(folder)
  expect((await stat(folder)).mode & 0o777).toBe(0o700)
  expect(secrets.keeps).toBe('bytes')
  await secrets.put('device', Uint8Array.of(1, 2))
  await expect(secrets.put('device', { not: 'bytes' })).rejects.toThrow(TypeError)
  await secrets.close()
  await expect(secrets.get('device')).rejects.toMatchObject({ kind: 'closed' })
  const again = await openFileSecrets(folder)
  expect(await again.get('device')).toEqual(Uint8Array.of(1, 2))
  await again.remove('device')
  expect(await again.get('device')).toBeUndefined()
  await again.close()
})
