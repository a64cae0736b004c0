import { mkdir, realpath } from 'node:fs/promises'
import { ClassicLevel } from 'classic-level'
import { StoreError } from './store.ts'

export type Level = ClassicLevel<Uint8Array, Uint8Array>

/**
 * One LevelDB folder as this process has it open. LevelDB lets a folder be open once, so all handles of one process share
 * this, and their writes take turns: what one reads before it writes cannot change in between.
 */
export class LevelFolder {
  static readonly #open = new Map<string, LevelFolder>()
  /** Opening and closing take turns too, so that a folder is never opened while it is being closed. */
  static #turn: Promise<unknown> = Promise.resolve()

  readonly #path: string
  readonly #level: Level
  #handles = 0
  #tail: Promise<unknown> = Promise.resolve()
  #damaged = false
  #recovery: Promise<void> | undefined

  private constructor(path: string) {
    this.#path = path
    this.#level = new ClassicLevel(path, { keyEncoding: 'view', valueEncoding: 'view' })
  }

  /** Makes the folder, for this account only, when it is not there. Rejects with `StoreError`, `blocked` when another process has it. */
  static open(folder: string): Promise<LevelFolder> {
    return LevelFolder.#inTurn(async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const path = await realpath(folder)
      let found = LevelFolder.#open.get(path)
      if (found === undefined) {
        found = new LevelFolder(path)
        await found.#openOrRepair()
        LevelFolder.#open.set(path, found)
      }
      found.#handles++
      return found
    })
  }

  get path(): string {
    return this.#path
  }

  /** Closing waits for reads under way: abstract-level sees to that. */
  read<T>(work: (level: Level) => Promise<T>): Promise<T> {
    return withStoreErrors(async () => {
      await this.#healthy()
      return work(this.#level)
    })
  }

  /** One after the other, in the order of the calls. */
  write<T>(work: (level: Level) => Promise<T>): Promise<T> {
    const turn = this.#tail.then(() =>
      withStoreErrors(async () => {
        await this.#healthy()
        try {
          return await work(this.#level)
        } catch (cause) {
          this.#damaged = true
          throw cause
        }
      }),
    )
    this.#tail = turn.catch(() => undefined)
    return turn
  }

  /** The last handle closes the folder, after the writes already asked for. */
  release(): Promise<void> {
    return LevelFolder.#inTurn(async () => {
      this.#handles--
      if (this.#handles > 0) return
      LevelFolder.#open.delete(this.#path)
      await this.#tail
      await this.#level.close()
    })
  }

  /**
   * A write that failed may have left half a record at the end of LevelDB's log, and what is appended after that would be lost on
   * the next start. Opened again, LevelDB keeps what is whole and starts a new log.
   */
  async #healthy(): Promise<void> {
    if (!this.#damaged) return
    this.#recovery ??= this.#reopen().finally(() => {
      this.#recovery = undefined
    })
    await this.#recovery
  }

  async #reopen(): Promise<void> {
    await this.#level.close()
    await this.#level.open()
    this.#damaged = false
  }

  async #openOrRepair(): Promise<void> {
    try {
      await withStoreErrors(() => this.#level.open())
    } catch (cause) {
      if (!isCorruption(cause)) throw cause
      await withStoreErrors(async () => {
        await ClassicLevel.repair(this.#path)
        await this.#level.open()
      })
    }
  }

  static #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = LevelFolder.#turn.then(() => withStoreErrors(work))
    LevelFolder.#turn = turn.catch(() => undefined)
    return turn
  }
}

const withStoreErrors = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (cause) {
    throw storeErrorOf(cause)
  }
}

/** Codes from classic-level; a full disk has no code of its own there, only the system's words. */
const storeErrorOf = (cause: unknown): Error => {
  if (cause instanceof StoreError || cause instanceof RangeError) return cause
  const chain = causesOf(cause)
  if (chain.some(({ code }) => code === 'LEVEL_LOCKED')) {
    return new StoreError('blocked', 'another process has this folder open: stop it, or choose another folder', {
      cause,
    })
  }
  const full = /no space left|disk quota exceeded|file too large/i
  if (chain.some(({ code, message }) => code === 'ENOSPC' || code === 'EDQUOT' || full.test(message))) {
    return new StoreError('quota', 'no room left on this disk', { cause })
  }
  return new StoreError('failed', `the database failed: ${chain.map(({ message }) => message).join(': ')}`, { cause })
}

const isCorruption = (cause: unknown): boolean => causesOf(cause).some(({ code }) => code === 'LEVEL_CORRUPTION')

const causesOf = (cause: unknown): { code: unknown; message: string }[] =>
  cause instanceof Error
    ? [{ code: 'code' in cause ? cause.code : undefined, message: cause.message }, ...causesOf(cause.cause)]
    : []
