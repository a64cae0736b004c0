import { equalBytes } from '@auzolan/core'
import { checkKey, checkPrefix, checkRange, compareKeys, startsWith } from './key.ts'
import { type Expectation, type Key, type Op, type Secrets, type Store, StoreError } from './store.ts'

interface KeptRecord {
  readonly key: Key
  readonly value: Uint8Array
}

/** How a write on a `MemoryDisk` goes wrong. After a kill the handle that wrote is closed, like a tab that is gone. */
export type Fault =
  /** No room: nothing is written and the store stays usable. */
  | 'quota'
  /** Killed before the transaction completed: nothing of it is there on reopening. */
  | 'killed'
  /** Killed between completion and acknowledgement: all of it is there on reopening, though nobody was told. */
  | 'killed-unacknowledged'

/** What outlives a crash. Several stores over one disk are tabs over one database. */
export class MemoryDisk {
  /** In key order. */
  readonly #records: KeptRecord[] = []
  readonly #faults = new Map<number, Fault>()
  /** Kept by `openMemorySecrets`. */
  readonly secrets = new Map<string, Uint8Array>()
  /** Bytes of values this disk holds at most; `undefined`: no limit. */
  readonly allowed: number | undefined
  #used = 0
  #writes = 0

  constructor(options: { readonly allowed?: number } = {}) {
    this.allowed = options.allowed
  }

  /** Bytes of values held. */
  get used(): number {
    return this.#used
  }

  /** Writes that reached this disk so far, refused ones included. */
  get writes(): number {
    return this.#writes
  }

  /** Makes the `nth` write from now (1 is the next) go wrong. */
  failWrite(nth: number, fault: Fault): void {
    this.#faults.set(this.#writes + nth, fault)
  }

  read(key: Key): Uint8Array | undefined {
    const found = this.#records[this.#indexOf(key)]
    return found !== undefined && compareKeys(found.key, key) === 0 ? found.value : undefined
  }

  /** Records that start with `prefix`, from the part `from` on. */
  slice(prefix: Key, from: string | number | undefined): readonly KeptRecord[] {
    const start = this.#indexOf(from === undefined ? prefix : [...prefix, from])
    return this.#records.slice(start, this.#endOf(prefix, start))
  }

  /** One transaction. `undefined`: done; otherwise why it did not come to an acknowledgement. */
  write(ops: readonly Op[]): Fault | undefined {
    this.#writes++
    const fault = this.#faults.get(this.#writes)
    this.#faults.delete(this.#writes)
    if (fault === 'quota' || fault === 'killed') return fault
    if (this.allowed !== undefined && this.#used + addedBytes(ops) > this.allowed) return 'quota'
    for (const op of ops) this.#apply(op)
    return fault
  }

  #apply(op: Op): void {
    if (op.do === 'removeRange') {
      const start = this.#indexOf(op.prefix)
      this.#replace(start, this.#endOf(op.prefix, start) - start, [])
      return
    }
    const at = this.#indexOf(op.key)
    const found = this.#records[at]
    const held = found !== undefined && compareKeys(found.key, op.key) === 0 ? 1 : 0
    this.#replace(at, held, op.do === 'put' ? [{ key: [...op.key], value: op.value.slice() }] : [])
  }

  #replace(at: number, count: number, added: readonly KeptRecord[]): void {
    for (const { value } of this.#records.splice(at, count, ...added)) this.#used -= value.length
    for (const { value } of added) this.#used += value.length
  }

  /** Where `key` is, or would be. */
  #indexOf(key: Key): number {
    return this.#firstIndex(0, (record) => compareKeys(record.key, key) >= 0)
  }

  #endOf(prefix: Key, start: number): number {
    return this.#firstIndex(start, (record) => !startsWith(record.key, prefix))
  }

  #firstIndex(start: number, holds: (record: KeptRecord) => boolean): number {
    let low = start
    let high = this.#records.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (holds(this.#records[middle] as KeptRecord)) high = middle
      else low = middle + 1
    }
    return low
  }
}

/** A store in memory, for tests and simulations. Open it again over the same disk to restart, or twice for two tabs. */
export const openMemoryStore = (disk: MemoryDisk = new MemoryDisk()): Store => {
  let open = true
  const checkOpen = (): void => {
    if (!open) throw new StoreError('closed', 'this store is closed')
  }
  const holds = ({ key, value }: Expectation): boolean => {
    const held = disk.read(key)
    return held === undefined || value === undefined ? held === value : equalBytes(held, value)
  }

  // Every body runs without an await, so each call is a transaction of its own.
  return {
    get: async (key) => {
      checkOpen()
      checkKey(key)
      return disk.read(key)?.slice()
    },
    getMany: async (keys) => {
      checkOpen()
      keys.forEach(checkKey)
      return keys.map((key) => disk.read(key)?.slice())
    },
    range: async (range) => {
      checkOpen()
      checkRange(range)
      const found = disk.slice(range.prefix, range.from)
      const ordered = range.reverse === true ? found.toReversed() : found
      return ordered.slice(0, range.limit).map(({ key, value }) => ({ key: [...key], value: value.slice() }))
    },
    write: async (ops, { expect = [] }) => {
      checkOpen()
      for (const { key } of expect) checkKey(key)
      for (const op of ops) {
        if (op.do === 'removeRange') checkPrefix(op.prefix)
        else checkKey(op.key)
      }
      if (!expect.every(holds)) return false
      const fault = disk.write(ops)
      if (fault === 'quota') throw new StoreError('quota', 'no room left on this disk')
      if (fault !== undefined) {
        open = false
        throw new StoreError('closed', 'killed while writing')
      }
      return true
    },
    estimate: async () => {
      checkOpen()
      return { used: disk.used, allowed: disk.allowed }
    },
    close: async () => {
      open = false
    },
  }
}

/** Secrets in memory, for tests and simulations. Bytes only, as on Node. */
export const openMemorySecrets = (disk: MemoryDisk = new MemoryDisk()): Secrets => {
  let open = true
  const checkOpen = (): void => {
    if (!open) throw new StoreError('closed', 'these secrets are closed')
  }
  return {
    keeps: 'bytes',
    get: async (name) => {
      checkOpen()
      return disk.secrets.get(name)?.slice()
    },
    put: async (name, value) => {
      checkOpen()
      if (!(value instanceof Uint8Array)) throw new TypeError('only bytes can be kept here')
      disk.secrets.set(name, value.slice())
    },
    remove: async (name) => {
      checkOpen()
      disk.secrets.delete(name)
    },
    close: async () => {
      open = false
    },
  }
}

const addedBytes = (ops: readonly Op[]): number =>
  ops.reduce((sum, op) => (op.do === 'put' ? sum + op.value.length : sum), 0)
