import type { ControlId, DeviceId } from '@auzolan/core'
import { certificateLimits } from '@auzolan/trust'
import type { Ending, Shown } from '../log/ending.ts'
import type { Hearing } from '../log/told.ts'
import type { Message } from './messages.ts'

/** Whose part in a group has ended, and what shows it. */
export interface Endings {
  /** `undefined`: the device is in, or was never let in, as far as is known here. */
  of(device: DeviceId): Ending | undefined
  /** Newest control entries known here. */
  readonly heads: readonly ControlId[]
  has(id: ControlId): boolean
  /** What shows an ending to a device that holds `known`. `undefined`: it cannot be shown, or was too often. */
  prove(device: DeviceId, at: readonly ControlId[], known: readonly ControlId[]): readonly Shown[] | undefined
  /** This device's own end, as others show it. */
  hear(proof: readonly Shown[]): Promise<Hearing>
  /** The device knows of its end: nobody needs to look for it any more. */
  heardBy(device: DeviceId): void
}

export interface FarewellParts {
  readonly endings: Endings
  readonly device: DeviceId
  /** The number we gave the group on this link. */
  readonly index: number
  readonly say: (message: Message) => Promise<void>
  readonly offence: (detail: string) => void
}

/**
 * What two devices say of a group in which the part of one has ended as the other knows it: that it has and which entries show it; then, only
 * if those are not known there, they and their past. Nothing of what came after is said. Each may have ended for the other.
 */
export class Farewell {
  readonly #parts: FarewellParts
  #said: string | undefined
  #answered = false
  #proven = false
  #heard: Shown[] | undefined
  #bytes = 0
  /** They no longer take part in this with us. */
  theirs = false

  constructor(parts: FarewellParts) {
    this.#parts = parts
  }

  /** It has ended for them, and they were told so on this link. */
  get mine(): boolean {
    return this.#said !== undefined
  }

  /** It has ended for them, they know it, and have nothing more to show of an end of ours. */
  get over(): boolean {
    return this.#answered && this.#heard === undefined
  }

  async say(ending: Ending): Promise<void> {
    const { index, say } = this.#parts
    const said = ending.at.join()
    if (this.#said === said) return
    this.#said = said
    this.#answered = false
    await say({ say: 'ending', index, why: ending.why, at: ending.at })
  }

  /** What ended for them here has not: they are in again. */
  takeBack(): void {
    this.#said = undefined
    this.#answered = false
  }

  /** They say that our part has ended. */
  async onEnding(at: readonly ControlId[]): Promise<void> {
    const { index, say, endings } = this.#parts
    this.theirs = true
    const known = at.every((id) => endings.has(id))
    if (!known) this.#heard ??= []
    await say({ say: 'heard', index, known: known ? null : endings.heads })
  }

  /** They know of their end, or ask for what shows it. */
  async onHeard(known: readonly ControlId[] | null): Promise<void> {
    const { endings, device, index, say, offence } = this.#parts
    const ending = endings.of(device)
    if (!this.mine || !ending) return
    if (known === null) {
      this.#answered = true
      return endings.heardBy(device)
    }
    // Once on a link: who asks again has not lost it meanwhile.
    if (this.#proven) return offence('asks for the same proof again')
    this.#proven = true
    this.#answered = true
    const proof = endings.prove(device, ending.at, known)
    for (const part of inFrames(proof ?? [])) await say({ say: 'shown', index, ...part })
  }

  async onShown(proof: readonly Shown[], more: boolean): Promise<void> {
    const { endings, index, say, offence } = this.#parts
    if (!this.#heard) return offence('proves what nobody asked for')
    this.#heard.push(...proof)
    this.#bytes += proof.reduce((bytes, { item }) => bytes + item.length, 0)
    if (this.#heard.length > certificateLimits.entries || this.#bytes > certificateLimits.bytes) {
      this.#heard = undefined
      return offence('a proof too large to be one')
    }
    if (more) return
    const whole = this.#heard
    this.#heard = undefined
    const hearing = whole.length > 0 ? await endings.hear(whole) : 'nothing new'
    if (hearing === 'false') return offence('a proof that does not hold')
    if (hearing === 'told') await say({ say: 'heard', index, known: null })
  }
}

/** One part at least: who asked is told that nothing can be shown. */
export const inFrames = (proof: readonly Shown[]): { readonly proof: readonly Shown[]; readonly more: boolean }[] => {
  const parts: Shown[][] = [[]]
  let bytes = 0
  for (const shown of proof) {
    const size = sizeOf(shown)
    const last = parts.at(-1) as Shown[]
    if (last.length > 0 && bytes + size > PROOF_FRAME_BYTES) {
      parts.push([shown])
      bytes = size
    } else {
      last.push(shown)
      bytes += size
    }
  }
  return parts.map((part, at) => ({ proof: part, more: at + 1 < parts.length }))
}

/** Bytes. */
export const sizeOf = ({ header, item, signature }: Shown): number => header.length + item.length + signature.length

/** So that other groups on the link are not kept waiting, in bytes. A founding entry, the largest, fits. */
const PROOF_FRAME_BYTES = 128 * 1024
