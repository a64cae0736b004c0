import { type Clock, type Entropy, fromHex, toHex } from '@auzolan/core'
import type { Key, Op, Store } from '@auzolan/storage'
import { checkPack, checkPackKeys, decodeCbor, encodeCbor, sha256, type Verifier } from '@auzolan/trust'
import { Queue } from '../log/queue.ts'
import { KEPT_MS, MAX_RELAYS, MAX_SHELF_BYTES, MAX_SHELF_PACKS, MAX_SUCCESSORS } from './limits.ts'
import { SHELF_BYTES } from './messages.ts'

export interface ShelfParts {
  readonly store: Store
  readonly verifier: Verifier
  readonly clock: Clock
  readonly entropy: Entropy
}

/** What is known of one pack without reading it. */
interface Kept {
  /** Relay key it was signed with, as hex. */
  readonly relay: string
  /** It hands the keys of that relay key's epoch, and is no pack. */
  readonly hands: boolean
  readonly digest: string
  readonly size: number
  /** This keeper's clock. */
  readonly since: number
}

export interface Taken {
  readonly at: number
  readonly relay: Uint8Array | null
  readonly bytes: Uint8Array
}

/** Why something is not kept, in a word that is sent. */
export type NotKept = 'stranger' | 'not signed' | 'too many keys'

/** What is kept for one group whose members sign with known relay keys. Who they are, and what of, is not known here. */
export class Shelf {
  /** Another one is another start: who reads begins anew. */
  readonly id: Uint8Array
  readonly name: string
  readonly #parts: ShelfParts
  /** Relay keys as hex, and the one that named each. */
  readonly #relays: Map<string, string>
  readonly #kept = new Map<number, Kept>()
  readonly #queue = new Queue()
  #last = 0

  private constructor(parts: ShelfParts, name: string, id: Uint8Array, relays: Map<string, string>) {
    this.#parts = parts
    this.name = name
    this.id = id
    this.#relays = relays
  }

  static async make(parts: ShelfParts, relays: readonly Uint8Array[]): Promise<Shelf> {
    const id = parts.entropy.bytes(SHELF_BYTES)
    const shelf = new Shelf(parts, toHex(id), id, new Map(relays.map((relay) => [toHex(relay), INVITED])))
    await shelf.#write([])
    return shelf
  }

  static async openAll(parts: ShelfParts): Promise<Shelf[]> {
    const records = await parts.store.range({ prefix: ['shelf'] })
    return Promise.all(records.flatMap(({ key, value }) => Shelf.#open(parts, String(key[1]), value)))
  }

  static #open(parts: ShelfParts, name: string, record: Uint8Array): Promise<Shelf> | [] {
    const [relays, id] = [readRelays(record), fromHex(name)]
    if (!relays || !id) return []
    const shelf = new Shelf(parts, name, id, relays)
    return shelf.#readIndex().then(() => shelf)
  }

  has(relay: Uint8Array): boolean {
    return this.#relays.has(toHex(relay))
  }

  handed(relay: Uint8Array): boolean {
    const hex = toHex(relay)
    return [...this.#kept.values()].some((kept) => kept.hands && kept.relay === hex)
  }

  get packs(): number {
    return this.#kept.size
  }

  get bytes(): number {
    let sum = 0
    for (const { size } of this.#kept.values()) sum += size
    return sum
  }

  get since(): number | undefined {
    return this.#kept.values().next().value?.since
  }

  /** Who is invited again, with later keys, goes on with what is here. */
  invite(relays: readonly Uint8Array[]): Promise<void> {
    return this.#queue.run(async () => {
      for (const relay of relays) this.#relays.set(toHex(relay), INVITED)
      await this.#write([])
    })
  }

  /** `next` was named by `relay`, which is known. */
  adopt(relay: Uint8Array, next: Uint8Array): Promise<NotKept | undefined> {
    return this.#queue.run(async () => {
      const by = toHex(relay)
      if (!this.#relays.has(by)) return 'stranger'
      if (this.#relays.has(toHex(next))) return undefined
      const named = [...this.#relays.values()].filter((each) => each === by).length
      if (named >= MAX_SUCCESSORS || this.#relays.size >= MAX_RELAYS) return 'too many keys'
      this.#relays.set(toHex(next), by)
      await this.#write([])
      return undefined
    })
  }

  /** Keeps it if a member of a known epoch signed it. Answers where it lies; the same bytes lie there once. */
  async put(relay: Uint8Array | null, bytes: Uint8Array): Promise<number | NotKept> {
    const { verifier } = this.#parts
    const pack = relay ? undefined : await checkPack(bytes, verifier)
    const signer = pack?.ok ? pack.value.relay : relay
    if (!signer) return 'not signed'
    if (!this.has(signer)) return 'stranger'
    if (relay && !(await checkPackKeys(bytes, relay, verifier))) return 'not signed'
    return this.#queue.run(() => this.#keep(toHex(signer), relay !== null, bytes))
  }

  async #keep(relay: string, hands: boolean, bytes: Uint8Array): Promise<number> {
    const { clock } = this.#parts
    const digest = toHex(sha256(bytes))
    for (const [at, kept] of this.#kept) if (kept.digest === digest) return at
    const gone = this.#expired()
    const at = ++this.#last
    this.#kept.set(at, { relay, hands, digest, size: bytes.length, since: clock.now() })
    gone.push(...this.#tooMuch(at))
    await this.#write([
      { do: 'put', key: this.#packKey(at), value: bytes },
      { do: 'put', key: this.#indexKey(at), value: encodeKept(this.#kept.get(at) as Kept) },
      ...this.#drop(gone),
    ])
    return at
  }

  /** The next one after a place; `undefined`: there is none. */
  async next(after: number): Promise<Taken | undefined> {
    for (const [at, { relay, hands }] of this.#kept) {
      if (at <= after) continue
      const bytes = await this.#parts.store.get(this.#packKey(at))
      if (bytes) return { at, relay: hands ? bytesOf(relay) : null, bytes }
    }
    return undefined
  }

  /** Removes what has been here long enough. */
  expire(): Promise<void> {
    return this.#queue.run(async () => {
      const gone = this.#expired()
      if (gone.length > 0) await this.#write(this.#drop(gone))
    })
  }

  #expired(): number[] {
    const now = this.#parts.clock.now()
    const gone = [...this.#kept].flatMap(([at, { since }]) => (since + KEPT_MS < now ? [at] : []))
    for (const at of gone) this.#kept.delete(at)
    return gone
  }

  /** Where there is too much, the relay key that holds the most gives its oldest: nobody can crowd out the others. */
  #tooMuch(newest: number): number[] {
    const gone: number[] = []
    while (this.#kept.size > MAX_SHELF_PACKS || this.bytes > MAX_SHELF_BYTES) {
      const held = new Map<string, number>()
      for (const { relay, size } of this.#kept.values()) held.set(relay, (held.get(relay) ?? 0) + size)
      const [most] = [...held].reduce((one, other) => (other[1] > one[1] ? other : one))
      const oldest = [...this.#kept].find(([at, kept]) => kept.relay === most && at !== newest)
      if (!oldest) break
      this.#kept.delete(oldest[0])
      gone.push(oldest[0])
    }
    return gone
  }

  #drop(gone: readonly number[]): Op[] {
    return gone.flatMap((at) => [
      { do: 'remove', key: this.#packKey(at) } as const,
      { do: 'remove', key: this.#indexKey(at) } as const,
    ])
  }

  async #write(ops: readonly Op[]): Promise<void> {
    const record = encodeCbor([1, [...this.#relays].map(([relay, by]) => [bytesOf(relay), bytesOf(by)]), this.#last])
    await this.#parts.store.write([{ do: 'put', key: ['shelf', this.name], value: record }, ...ops], {
      durability: 'strict',
    })
  }

  async #readIndex(): Promise<void> {
    const record = decodeCbor((await this.#parts.store.get(['shelf', this.name])) ?? new Uint8Array())
    const [, , last] = record.ok && Array.isArray(record.value) ? (record.value as readonly unknown[]) : []
    for (const { key, value } of await this.#parts.store.range({ prefix: ['index', this.name] })) {
      const at = Number(key[2])
      const kept = decodeKept(value)
      if (kept) this.#kept.set(at, kept)
      this.#last = Math.max(this.#last, at)
    }
    if (typeof last === 'number') this.#last = Math.max(this.#last, last)
  }

  #packKey(at: number): Key {
    return ['pack', this.name, at]
  }
  #indexKey(at: number): Key {
    return ['index', this.name, at]
  }
}

const bytesOf = (hex: string): Uint8Array => {
  const bytes = fromHex(hex)
  if (!bytes) throw new Error('a key is kept as hex')
  return bytes
}

/** Named by the invitation, and by no key. */
const INVITED = ''

const readRelays = (record: Uint8Array): Map<string, string> | undefined => {
  const decoded = decodeCbor(record)
  const [version, list] = decoded.ok && Array.isArray(decoded.value) ? (decoded.value as readonly unknown[]) : []
  if (version !== 1 || !Array.isArray(list)) return undefined
  return new Map(
    (list as readonly unknown[]).flatMap((each) => {
      const [relay, by] = Array.isArray(each) ? (each as readonly unknown[]) : []
      return relay instanceof Uint8Array && by instanceof Uint8Array ? [[toHex(relay), toHex(by)] as const] : []
    }),
  )
}

const encodeKept = ({ relay, hands, digest, size, since }: Kept): Uint8Array =>
  encodeCbor([bytesOf(relay), hands, bytesOf(digest), size, since])

const decodeKept = (bytes: Uint8Array): Kept | undefined => {
  const decoded = decodeCbor(bytes)
  const [relay, hands, digest, size, since] =
    decoded.ok && Array.isArray(decoded.value) ? (decoded.value as readonly unknown[]) : []
  return relay instanceof Uint8Array &&
    digest instanceof Uint8Array &&
    typeof hands === 'boolean' &&
    typeof size === 'number' &&
    typeof since === 'number'
    ? { relay: toHex(relay), hands, digest: toHex(digest), size, since }
    : undefined
}
