import { type IDBPDatabase, type IDBPObjectStore, openDB } from 'idb'
import { StoreError } from './store.ts'

/**
 * An open IndexedDB database with one object store, `records`, without a key path. Everything that goes wrong in it
 * comes out as a `StoreError`. Works on a page and in a worker.
 */
export class Database {
  readonly #connection: IDBPDatabase
  #closed: string | undefined

  private constructor(connection: IDBPDatabase) {
    this.#connection = connection
  }

  /**
   * Opens or makes the database. Rejects with kind `blocked` when another tab holds an older version open and will not
   * let go, or when the database was made by a newer version of the app; `failed` when the browser offers none.
   */
  static async open(name: string, version: number): Promise<Database> {
    return new Promise((resolve, reject) => {
      let refused = false
      let database: Database | undefined
      openDB(name, version, {
        upgrade: (connection) => {
          if (!connection.objectStoreNames.contains(RECORDS)) connection.createObjectStore(RECORDS)
        },
        blocked: () => {
          refused = true
          reject(
            new StoreError('blocked', 'another tab still runs an older version of this app: close it, then reload'),
          )
        },
        blocking: () => database?.close('another tab needs a newer version of this database: reload'),
        terminated: () => database?.close('the browser closed this database'),
      }).then(
        (connection) => {
          database = new Database(connection)
          if (refused) database.close('refused while opening')
          else resolve(database)
        },
        (cause: unknown) => {
          reject(storeErrorOf(cause))
        },
      )
    })
  }

  /**
   * One transaction. `work` awaits nothing but its own requests. Resolves with its result once the transaction has
   * completed; when `work` throws or any request fails, everything is undone.
   */
  async transact<Mode extends IDBTransactionMode, T>(
    mode: Mode,
    durability: IDBTransactionDurability,
    work: (records: Records<Mode>) => Promise<T>,
  ): Promise<T> {
    try {
      this.checkOpen()
      const transaction = this.#connection.transaction(RECORDS, mode, { durability })
      try {
        // Both are awaited: a request can fail while the transaction goes on, and a commit can fail after every request succeeded.
        const [result] = await Promise.all([work(transaction.store), transaction.done])
        return result
      } catch (cause) {
        await undo(transaction)
        throw transaction.error ?? cause
      }
    } catch (cause) {
      throw this.#closed === undefined ? storeErrorOf(cause) : new StoreError('closed', this.#closed, { cause })
    }
  }

  checkOpen(): void {
    if (this.#closed !== undefined) throw new StoreError('closed', this.#closed)
  }

  close(why = 'this store is closed'): void {
    this.#closed ??= why
    this.#connection.close()
  }
}

/** The object store inside one transaction of `Database.transact`. */
export type Records<Mode extends IDBTransactionMode> = IDBPObjectStore<unknown, [typeof RECORDS], typeof RECORDS, Mode>

const RECORDS = 'records'

/** Waits until the transaction is over, so that nobody sees it half undone. */
const undo = async (transaction: { abort(): void; readonly done: Promise<void> }): Promise<void> => {
  try {
    transaction.abort()
  } catch {
    // Already over: a failed request has aborted it.
  }
  await transaction.done.catch(() => undefined)
}

/** Names from Web IDL and the Indexed Database API 3.0; what is not listed there counts as `failed`. */
const storeErrorOf = (cause: unknown): Error => {
  if (cause instanceof StoreError || cause instanceof RangeError) return cause
  const name = cause instanceof Error || cause instanceof DOMException ? cause.name : ''
  const message = cause instanceof Error || cause instanceof DOMException ? cause.message : String(cause)
  switch (name) {
    case 'QuotaExceededError':
      return new StoreError('quota', 'no room left on this device', { cause })
    case 'InvalidStateError':
      return new StoreError('closed', 'the browser closed this database', { cause })
    case 'VersionError':
      return new StoreError('blocked', 'this database was made by a newer version of this app: reload', { cause })
    default:
      return new StoreError('failed', `the browser's database failed: ${name} ${message}`, { cause })
  }
}
