/** Parts are compared as whole parts; numbers are safe integers ≥ 0 and sort before strings. At most 8 parts. */
export type Key = readonly (string | number)[]

export type Op =
  | { readonly do: 'put'; readonly key: Key; readonly value: Uint8Array }
  | { readonly do: 'remove'; readonly key: Key }
  /** Everything below this prefix of whole parts. */
  | { readonly do: 'removeRange'; readonly prefix: Key }

/** What a key must hold for a write to happen: exactly these bytes, or nothing at all. */
export interface Expectation {
  readonly key: Key
  readonly value: Uint8Array | undefined
}

export interface WriteOptions {
  /** Checked inside the same transaction; when one fails nothing is written and the answer is `false`. */
  readonly expect?: readonly Expectation[]
  /** `strict` for what only this device has, `relaxed` for what others still hold. */
  readonly durability: 'strict' | 'relaxed'
}

export interface Range {
  /** Whole key parts: `['doc1']` never matches `['doc10']`. */
  readonly prefix: Key
  /** Only keys whose part after the prefix is ≥ this. */
  readonly from?: string | number
  readonly reverse?: boolean
  readonly limit?: number
}

/** What went wrong on this device. `kind` decides the words on screen. */
export class StoreError extends Error {
  readonly kind: 'quota' | 'blocked' | 'closed' | 'failed'
  constructor(kind: StoreError['kind'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StoreError'
    this.kind = kind
  }
}

/** One device's bytes. Every write is one transaction: all of it or nothing. */
export interface Store {
  get(key: Key): Promise<Uint8Array | undefined>
  getMany(keys: readonly Key[]): Promise<(Uint8Array | undefined)[]>
  /** In key order. */
  range(range: Range): Promise<{ readonly key: Key; readonly value: Uint8Array }[]>
  /** Resolves once the transaction has completed. `false`: an expectation did not hold, nothing was written. Rejects with `StoreError`. */
  write(ops: readonly Op[], options: WriteOptions): Promise<boolean>
  /** Bytes used and allowed, where the platform says. */
  estimate(): Promise<{ readonly used: number | undefined; readonly allowed: number | undefined }>
  close(): Promise<void>
}

/**
 * Secrets live in a database of their own. A value is whatever the platform can keep without exporting it: a non-extractable
 * `CryptoKeyPair` in the browser, bytes elsewhere.
 */
export interface Secrets {
  /** `keys`: any structured-clonable value, a non-extractable `CryptoKey` too. `bytes`: `Uint8Array` only. */
  readonly keeps: 'keys' | 'bytes'
  get(name: string): Promise<unknown>
  put(name: string, value: unknown): Promise<void>
  remove(name: string): Promise<void>
  close(): Promise<void>
}
