import type { Link } from '@auzolan/network'
import { checkNextRelay, checkRelay, decodeCbor, type Nonces, type PeerNames } from '@auzolan/trust'
import { MAX_OFFENCES } from './limits.ts'
import { decodeKeepMessage, encodeKeepMessage, type KeepMessage, NONCE_BYTES } from './messages.ts'
import type { Shelf, ShelfParts } from './shelf.ts'

export interface DeskSide {
  /** What is kept for those who sign with this relay key. */
  readonly shelf: (relay: Uint8Array) => Shelf | undefined
  readonly left: (shelf: Shelf) => void
  readonly count: (what: 'given' | 'taken' | 'refused') => void
}

interface Visitor {
  readonly shelf: Shelf
  /** The relay key it has proven to hold. */
  readonly relay: Uint8Array
}

/** The keeper's side of one link. */
export class Desk {
  readonly #link: Link
  readonly #self: string
  readonly #parts: ShelfParts
  readonly #side: DeskSide
  readonly #nonce: Uint8Array
  readonly #visitors = new Map<number, Visitor>()
  #theirNonce: Uint8Array | undefined
  #offences = 0

  constructor(link: Link, self: string, parts: ShelfParts, side: DeskSide) {
    this.#link = link
    this.#self = self
    this.#parts = parts
    this.#side = side
    this.#nonce = parts.entropy.bytes(NONCE_BYTES)
    link.onFrame(({ type, payload }) => {
      // Everything else is for members among themselves.
      if (type === 'proof') return this.#onNonce(payload)
      return type === 'keep' ? this.#onMessage(payload) : undefined
    })
    this.#say({ say: 'desk', nonce: this.#nonce })
  }

  /** Something was left on this shelf by another. */
  tell(shelf: Shelf): void {
    for (const [number, visitor] of this.#visitors) if (visitor.shelf === shelf) this.#say({ say: 'news', number })
  }

  /** Nothing is kept under this name any more. */
  leave(name: string): void {
    for (const [number, { shelf }] of this.#visitors) {
      if (shelf.name !== name) continue
      this.#visitors.delete(number)
      this.#say({ say: 'out', number })
    }
  }

  #onNonce(payload: Uint8Array): void {
    const decoded = decodeCbor(payload)
    const [say, nonce] = decoded.ok && Array.isArray(decoded.value) ? (decoded.value as readonly unknown[]) : []
    if (say === 'nonce' && nonce instanceof Uint8Array && nonce.length === NONCE_BYTES) this.#theirNonce ??= nonce
  }

  async #onMessage(payload: Uint8Array): Promise<void> {
    const read = decodeKeepMessage(payload)
    if (!read.ok) return this.#link.close({ type: 'protocol', detail: 'not said to a keeper' })
    const message = read.value
    if (message.say === 'enter') return this.#onEnter(message)
    if (!('number' in message)) return this.#offend()
    const visitor = this.#visitors.get(message.number)
    if (!visitor) return this.#offend()
    switch (message.say) {
      case 'next':
        return this.#onNext(visitor, message)
      case 'get':
        return this.#onGet(visitor, message)
      case 'put':
        return this.#onPut(visitor, message)
      default:
        return this.#offend()
    }
  }

  async #onEnter({ number, proofs }: Extract<KeepMessage, { say: 'enter' }>): Promise<void> {
    const theirs = this.#theirNonce
    if (!theirs) return this.#offend()
    const { opener, remote } = this.#link
    const nonces: Nonces = opener ? [this.#nonce, theirs] : [theirs, this.#nonce]
    const peers: PeerNames = opener ? [this.#self, remote] : [remote, this.#self]
    for (const [which, { relay, signature }] of proofs.entries()) {
      const shelf = this.#side.shelf(relay)
      if (!shelf) continue
      if (!(await checkRelay(this.#parts.verifier, relay, signature, nonces, peers))) return this.#refuse(number)
      this.#visitors.set(number, { shelf, relay })
      const handed = which === 0 && shelf.handed(relay)
      return this.#say({ say: 'in', number, which, shelf: shelf.id, handed })
    }
    this.#refuse(number)
  }

  #refuse(number: number): void {
    this.#side.count('refused')
    this.#say({ say: 'out', number })
    this.#offend()
  }

  async #onNext(visitor: Visitor, message: Extract<KeepMessage, { say: 'next' }>): Promise<void> {
    const { number, relay, signature } = message
    const { verifier } = this.#parts
    if (!(await checkNextRelay(verifier, visitor.relay, relay, signature))) return this.#offend()
    const why = await visitor.shelf.adopt(visitor.relay, relay)
    this.#say(why ? { say: 'refused', number, why } : { say: 'kept', number, at: 0 })
  }

  async #onGet({ shelf }: Visitor, { number, after }: Extract<KeepMessage, { say: 'get' }>): Promise<void> {
    const next = await shelf.next(after)
    if (next) this.#side.count('given')
    await this.#link
      .send({
        type: 'keep',
        payload: encodeKeepMessage(next ? { say: 'pack', number, ...next } : { say: 'end', number }),
      })
      .catch(() => undefined)
  }

  async #onPut({ shelf }: Visitor, { number, relay, bytes }: Extract<KeepMessage, { say: 'put' }>): Promise<void> {
    const at = await shelf.put(relay, bytes)
    if (typeof at === 'string') {
      this.#side.count('refused')
      return this.#say({ say: 'refused', number, why: at })
    }
    this.#side.count('taken')
    this.#say({ say: 'kept', number, at })
    this.#side.left(shelf)
  }

  /** One mistake may be a bug, or a group this keeper knows nothing of; more are not. */
  #offend(): void {
    this.#offences += 1
    if (this.#offences >= MAX_OFFENCES) this.#link.close({ type: 'protocol', detail: 'not said to a keeper' })
  }

  #say(message: KeepMessage): void {
    this.#link.send({ type: 'keep', payload: encodeKeepMessage(message) }).catch(() => undefined)
  }
}
