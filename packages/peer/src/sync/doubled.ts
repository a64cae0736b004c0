import type { ControlId, DeviceId } from '@auzolan/core'
import type { Shown } from '../log/ending.ts'
import type { SignedHeader } from '../log/evidence.ts'
import { Alone } from './alone.ts'
import { CHAIN_PREFIX_BYTES, type Message } from './messages.ts'
import type { Outgoing } from './outgoing.ts'
import type { Replica } from './replica.ts'

interface Parts {
  readonly replica: Replica
  /** The number we gave the group on this link. */
  readonly index: number
  readonly outgoing: Outgoing
  readonly say: (message: Message) => Promise<void>
  readonly offence: (detail: string) => void
}

/** What is said on one link of devices that signed two entries for one place: claims, proofs, and entries that no feed may bring. */
export class Doubled {
  readonly #parts: Parts
  readonly #alone: Alone
  /** Devices whose entry at the end was shown, or whose proof was sent, once on this link. */
  readonly #claimed = new Set<DeviceId>()
  readonly #proofsSent = new Set<DeviceId>()
  #heard = 0

  constructor(parts: Parts) {
    this.#parts = parts
    this.#alone = new Alone(parts)
  }

  /** Shows the newest entry we hold of a feed that goes on differently with them. */
  async claim(device: DeviceId): Promise<void> {
    const { replica, say, index } = this.#parts
    if (this.#claimed.has(device) || replica.frozen.has(device)) return
    this.#claimed.add(device)
    const mine = await replica.signedHeader(device, replica.seqOf(device))
    if (mine) await say({ say: 'claim', index, ...mine })
  }

  hasClaimed(device: DeviceId): boolean {
    return this.#claimed.has(device)
  }

  /** Whether their feed ends as ours does. */
  isOurs(device: DeviceId, prefix: Uint8Array): boolean {
    const chain = this.#parts.replica.chainOf(device)
    return chain === undefined || prefix.subarray(0, CHAIN_PREFIX_BYTES).every((byte, at) => byte === chain[at])
  }

  /** They hold another entry than expected. Where it proves two for one place, they get the proof. */
  async onClaim(claim: SignedHeader): Promise<void> {
    if ((this.#heard += 1) > MAX_CLAIMS) return this.#parts.offence('too many claims')
    if (await this.#parts.replica.confront(claim)) await this.tell()
  }

  async onEvidence(evidence: Uint8Array): Promise<void> {
    if ((this.#heard += 1) > MAX_CLAIMS) return this.#parts.offence('too many proofs')
    await this.#parts.replica.freeze(evidence)
  }

  onLacks(ids: readonly ControlId[]): void {
    this.#parts.outgoing.show(this.#parts.replica.standingAlone(ids))
  }

  onAlone(entries: readonly Shown[]): Promise<void> {
    return this.#alone.hear(entries)
  }

  /** Tells of every device known to have done it, and what goes with that. */
  async tell(): Promise<void> {
    const { replica, say, index } = this.#parts
    for (const [device, { bytes }] of replica.frozen) {
      if (this.#proofsSent.has(device)) continue
      this.#proofsSent.add(device)
      await say({ say: 'evidence', index, evidence: bytes })
    }
    await this.look()
  }

  /** What no feed may bring: asks for what is lacking here, and tells what nothing builds on yet. */
  async look(): Promise<void> {
    await this.#alone.look()
    this.#parts.outgoing.show(this.#alone.untold())
  }
}

/** Claims and proofs listened to on one link: each costs reading a feed. A group has tens of devices. */
const MAX_CLAIMS = 64
