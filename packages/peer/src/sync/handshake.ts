import { type DeviceId, type Entropy, type GroupId, toHex } from '@auzolan/core'
import {
  checkProof,
  type DeviceKeys,
  handshakeTag,
  type HandshakeRole,
  makeProof,
  type Nonces,
  type PeerNames,
  type Verifier,
} from '@auzolan/trust'
import { MAX_TAGS, TAG_BYTES } from './messages.ts'

/** Two ends of one link, and who opened it. */
export interface Ends {
  readonly self: string
  readonly remote: string
  readonly opener: boolean
}

/** What binds tags and proofs to one link: who talks to whom, who opened it, and a nonce of each side (`TRUST.md` T11). */
export class Handshake {
  readonly nonce: Uint8Array
  readonly #ends: Ends
  readonly #entropy: Entropy
  #theirNonce: Uint8Array | undefined

  constructor(ends: Ends, entropy: Entropy) {
    this.#ends = ends
    this.#entropy = entropy
    this.nonce = entropy.bytes(32)
  }

  /** Their nonce is here: tags and proofs can be made. */
  get begun(): boolean {
    return this.#theirNonce !== undefined
  }

  /** False: they said one before. */
  begin(theirNonce: Uint8Array): boolean {
    if (this.begun) return false
    this.#theirNonce = theirNonce
    return true
  }

  /** The tag that one side shows, and by which the other recognises it, where both know this key. */
  tag(key: Uint8Array, whose: 'mine' | 'theirs'): Uint8Array {
    return handshakeTag(key, this.#role(whose), this.#nonces, this.#peers)
  }

  /** Mixed with random ones up to one of a few numbers, so that it tells nothing. */
  padded(tags: readonly Uint8Array[]): readonly Uint8Array[] {
    const shown = tags.slice(0, MAX_TAGS)
    const size = BUCKETS.find((bucket) => bucket >= shown.length) ?? MAX_TAGS
    while (shown.length < size) shown.push(this.#entropy.bytes(TAG_BYTES))
    return shown.sort((left, right) => (toHex(left) < toHex(right) ? -1 : 1))
  }

  prove(group: GroupId, keys: DeviceKeys): Promise<Uint8Array> {
    return makeProof(keys, group, this.#role('mine'), this.#nonces, this.#peers)
  }

  /** Whether the other side holds the key of `device`. */
  checks(group: GroupId, device: DeviceId, signature: Uint8Array, verifier: Verifier): Promise<boolean> {
    return checkProof(verifier, device, signature, group, this.#role('theirs'), this.#nonces, this.#peers)
  }

  #role(whose: 'mine' | 'theirs'): HandshakeRole {
    return this.#ends.opener === (whose === 'mine') ? 'opener' : 'accepter'
  }
  /** The opener's first, on both sides. */
  get #nonces(): Nonces {
    if (!this.#theirNonce) throw new Error('nothing is proven before the nonces')
    return this.#ends.opener ? [this.nonce, this.#theirNonce] : [this.#theirNonce, this.nonce]
  }
  get #peers(): PeerNames {
    const { self, remote, opener } = this.#ends
    return opener ? [self, remote] : [remote, self]
  }
}

/** Numbers of tags: one group looks like three, and few people are in more than a dozen. */
const BUCKETS = [16, 64, MAX_TAGS]
