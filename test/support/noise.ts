import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import type { Entropy } from '@auzolan/core'
import { seededEntropy } from './participant.ts'

/** Seeded delays: what takes no time in a test takes some turns of the event loop, so that things overtake each other as on a busy device. */
export class Noise {
  readonly #entropy: Entropy
  readonly #most: number
  #late = 0

  /** `most`: turns that one thing is late at most. */
  constructor(seed: number, most: number) {
    this.#entropy = seededEntropy(seed)
    this.#most = most
  }

  /** Something is late just now. */
  get busy(): boolean {
    return this.#late > 0
  }

  async #turns(): Promise<void> {
    const [chance = 0, count = 0] = this.#entropy.bytes(2)
    // Most things are on time: only what is late alone is overtaken.
    if (chance < 128) return
    for (let turn = count % (this.#most + 1); turn > 0; turn--) await new Promise((resolve) => setImmediate(resolve))
  }

  /** The same object, whose promises come late. */
  around<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (of, name) => {
        const value: unknown = Reflect.get(of, name)
        if (typeof value !== 'function') return value
        return (...args: unknown[]) => {
          const result: unknown = Reflect.apply(value, of, args)
          return result instanceof Promise ? this.#delay(result) : result
        }
      },
    })
  }

  async #delay<T>(result: Promise<T>): Promise<T> {
    this.#late += 1
    try {
      return await result
    } finally {
      await this.#turns()
      this.#late -= 1
    }
  }
}

/** What `run` answers. Throws when it is not there after more turns than anything in a test takes: then it never comes. */
export const inTime = async <T>(run: Promise<T>): Promise<T> => {
  let over = false
  const ended = run.finally(() => (over = true))
  ended.catch(() => undefined)
  for (let turn = 0; !over && turn < MOST_TURNS; turn++) await new Promise((resolve) => setImmediate(resolve))
  if (!over) throw new Error('waits for ever')
  return ended
}
/** A hundred times what the longest of these tests takes. */
const MOST_TURNS = 100_000

/** As much of WebCrypto as entries need, without the threads that make its timing the machine's: the same calls, the same order of answers. */
export const steadySubtle = (): SubtleCrypto => {
  const key = (format: string, bytes: Uint8Array): KeyObject =>
    format === 'pkcs8'
      ? createPrivateKey({ key: Buffer.from(bytes), format: 'der', type: 'pkcs8' })
      : createPublicKey({ key: Buffer.concat([SPKI_PREFIX, bytes]), format: 'der', type: 'spki' })
  const subtle = {
    importKey: async (format: string, bytes: Uint8Array) => key(format, bytes),
    sign: async (_: string, by: KeyObject, message: Uint8Array) => Uint8Array.from(sign(null, message, by)).buffer,
    verify: async (_: string, by: KeyObject, signature: Uint8Array, message: Uint8Array) =>
      verify(null, message, by, signature),
    digest: async (_: string, bytes: Uint8Array) => Uint8Array.from(createHash('sha256').update(bytes).digest()).buffer,
  }
  return subtle as unknown as SubtleCrypto
}

/** SubjectPublicKeyInfo of an Ed25519 key up to the key (RFC 8410 §4). */
const SPKI_PREFIX = Uint8Array.of(0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0)
