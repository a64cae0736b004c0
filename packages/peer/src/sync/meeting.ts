import type { DeviceId } from '@auzolan/core'
import { Exchange } from './exchange.ts'
import { Farewell } from './farewell.ts'
import type { Message } from './messages.ts'
import type { SharedGroup } from './shared-group.ts'

export interface MeetingParts {
  readonly group: SharedGroup
  /** Proven to be held by the other side. */
  readonly device: DeviceId
  readonly remote: string
  /** The number we gave the group on this link, and the one they gave it. */
  readonly numbers: { readonly mine: number; readonly theirs: number }
  readonly say: (message: Message) => Promise<void>
  readonly offence: (detail: string) => void
  readonly failed: () => void
  /** Their part has ended, and they know it. */
  readonly over: () => void
}

/** What is said of one group. */
export type GroupMessage = Extract<
  Message,
  {
    say:
      | 'frontier'
      | 'entries'
      | 'have'
      | 'want'
      | 'claim'
      | 'evidence'
      | 'lacks'
      | 'alone'
      | 'ending'
      | 'heard'
      | 'shown'
      | 'near'
  }
>

/**
 * One group with one device that has proven itself: exchanged as long as neither knows that the other's part has ended. When one does, nothing
 * goes either way any more but what shows that end.
 */
export class Meeting {
  readonly #parts: MeetingParts
  readonly #farewell: Farewell
  #exchange: Exchange | undefined
  #on = true
  /** Whom to introduce, and whether they listen yet: who has not said what they hold may not know yet that they are met. */
  #near: readonly string[] = []
  #listens = false

  constructor(parts: MeetingParts) {
    const { group, device, numbers, say, offence } = parts
    this.#parts = parts
    this.#farewell = new Farewell({ endings: group.endings, device, index: numbers.mine, say, offence })
  }

  get theirs(): number {
    return this.#parts.numbers.theirs
  }

  /** Nothing more will be said, unless who is in changes again. */
  get over(): boolean {
    return this.#farewell.over
  }

  /** To be called at the beginning, and whenever entries were added here: looks again at who may have what. */
  async look(): Promise<void> {
    const { group, device } = this.#parts
    if (!this.#on) return
    const ending = group.endings.of(device)
    if (ending) {
      this.#stop()
      return this.#farewell.say(ending)
    }
    if (this.#farewell.mine) this.#farewell.takeBack()
    if (this.#exchange) this.#exchange.mayPush(group.isActive(device))
    else if (!this.#farewell.theirs) await this.#begin().open(group.isActive(device))
  }

  /** Others of the group that are connected to this device now. */
  introduce(peers: readonly string[]): void {
    if (peers.join() === this.#near.join()) return
    this.#near = peers
    if (this.#listens) this.#sayNear()
  }

  async hear(message: GroupMessage): Promise<void> {
    switch (message.say) {
      case 'near':
        if (this.#exchange) this.#parts.group.onNear(this.#parts.remote, message.peers)
        return
      case 'frontier': {
        if (!this.#listens && this.#near.length > 0) this.#sayNear()
        this.#listens = true
        // They take us back.
        if (!this.#exchange && this.#on && this.#farewell.theirs && !this.#farewell.mine) {
          this.#farewell.theirs = false
          await this.look()
        }
        return this.#exchange?.onFrontier(message.digest, message.lines)
      }
      case 'entries':
        return this.#exchange?.onEntries(message.parcel)
      case 'have':
        return this.#exchange?.onHave(message.taken, message.lines)
      case 'want':
        return this.#exchange?.onWant(message.device, message.from, message.to)
      case 'claim':
        return this.#exchange?.onClaim(message)
      case 'evidence':
        return this.#exchange?.onEvidence(message.evidence)
      case 'lacks':
        return this.#exchange?.onLacks(message.ids)
      case 'alone':
        return this.#exchange?.onAlone(message.entries)
      case 'ending':
        this.#stop()
        return this.#farewell.onEnding(message.at)
      case 'heard':
        await this.#farewell.onHeard(message.known)
        break
      case 'shown':
        await this.#farewell.onShown(message.proof, message.more)
    }
    if (this.over) this.#parts.over()
  }

  close(): void {
    this.#on = false
    this.#stop()
  }

  #sayNear(): void {
    if (this.#exchange) void this.#parts.say({ say: 'near', index: this.#parts.numbers.mine, peers: this.#near })
  }

  #begin(): Exchange {
    const { group, device, remote, numbers, say, offence, failed } = this.#parts
    group.onMet(device, remote)
    this.#exchange = new Exchange(group.replica, numbers, say, {
      known: (lines) => group.onKnown(device, lines),
      progress: (have, of) => group.onProgress(have, of),
      offence,
      failed,
    })
    return this.#exchange
  }

  #stop(): void {
    if (!this.#exchange) return
    this.#exchange.close()
    this.#exchange = undefined
    this.#listens = false
    this.#parts.group.onParted(this.#parts.device)
  }
}
