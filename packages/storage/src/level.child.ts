import { writeSync } from 'node:fs'
import { openLevelStore } from './level.ts'
import { type Op, type Store, StoreError } from './store.ts'

/** Records in each batch a child process writes. */
export const BATCH_SIZE = 10

/**
 * What a second process does in the tests of the LevelDB store. It says each batch's number on standard output once the batch is
 * acknowledged: `hold` opens the store and stays, `write` writes until it is killed, `fill` writes until there is no room, makes
 * some and goes on.
 */
export const run = async (what: 'hold' | 'write' | 'fill', folder: string): Promise<void> => {
  const store = await openLevelStore(folder)
  if (what === 'hold') {
    say('open')
    await new Promise<never>(() => setInterval(() => undefined, 60_000))
  }
  try {
    for (let batch = 0; ; batch++) await writeBatch(store, batch)
  } catch (cause) {
    if (!(cause instanceof StoreError)) throw cause
    say(cause.kind)
  }
  await store.write([{ do: 'put', key: ['after'], value: Uint8Array.of(1) }], { durability: 'strict' })
  say('wrote after')
  await store.close()
}

const writeBatch = async (store: Store, batch: number): Promise<void> => {
  const ops = Array.from({ length: BATCH_SIZE }, (_, at): Op => ({
    do: 'put',
    key: ['batch', batch, at],
    value: new Uint8Array(100 * at).fill(batch),
  }))
  await store.write(ops, { durability: batch % 8 === 0 ? 'strict' : 'relaxed' })
  say(String(batch))
}

/** Written at once: what the system has, a killed process does not lose. */
const say = (line: string): void => {
  writeSync(1, `${line}\n`)
}
