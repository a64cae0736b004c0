/** Bytes of a value as IndexedDB gets it: exact for bytes and text, JSON for the rest. */
export const sizeOf = (value: unknown): number => {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength
  if (value instanceof Blob) return value.size
  if (typeof value === 'string') return new TextEncoder().encode(value).length
  if (Array.isArray(value)) return value.reduce((total: number, part) => total + sizeOf(part), 0)
  if (value instanceof Map) return [...value].reduce((total, [key, part]) => total + sizeOf(key) + sizeOf(part), 0)
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).reduce((total, [key, part]) => total + key.length + sizeOf(part), 0)
  return value === undefined ? 0 : 8
}

const pending = new Set<Promise<void>>()
export const writes = { transactions: 0, bytes: 0 }

/** Counts every read-write transaction and every record of this page, whoever makes them. */
export const countWrites = (): void => {
  const begin = Object.getOwnPropertyDescriptor(IDBDatabase.prototype, 'transaction')
    ?.value as IDBDatabase['transaction']
  IDBDatabase.prototype.transaction = function (...args) {
    const transaction = begin.apply(this, args)
    if (transaction.mode === 'readwrite') {
      writes.transactions += 1
      const ended = new Promise<void>((resolve) => {
        for (const end of ['complete', 'abort', 'error']) transaction.addEventListener(end, () => resolve())
      })
      pending.add(ended)
      void ended.then(() => pending.delete(ended))
    }
    return transaction
  }
  for (const name of ['put', 'add'] as const) {
    const write = Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, name)?.value as IDBObjectStore['put']
    IDBObjectStore.prototype[name] = function (...args) {
      writes.bytes += args.reduce((total: number, part: unknown) => total + sizeOf(part), 0)
      return write.apply(this, args)
    }
  }
}

/** Resolves when every write begun so far is complete. Lets those begin first that a finished promise would start. */
export const written = async (): Promise<void> => {
  await new Promise((resolve) => {
    const channel = new MessageChannel()
    channel.port1.onmessage = resolve
    channel.port2.postMessage(0)
  })
  while (pending.size > 0) await Promise.all(pending)
}

const answer = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('IndexedDB failed'))
  })

/** Bytes of all keys and values of this origin. */
export const storedBytes = async (): Promise<number> => {
  let total = 0
  for (const { name } of await indexedDB.databases()) {
    if (name === undefined) continue
    const database = await answer(indexedDB.open(name))
    for (const store of database.objectStoreNames) {
      const records = database.transaction(store, 'readonly').objectStore(store)
      const [keys, values] = await Promise.all([
        answer(records.getAllKeys()),
        answer(records.getAll() as IDBRequest<unknown[]>),
      ])
      total += sizeOf(keys) + sizeOf(values)
    }
    database.close()
  }
  return total
}
