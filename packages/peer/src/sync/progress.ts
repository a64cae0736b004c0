import type { DeviceId } from '@auzolan/core'
import type { Replica } from './replica.ts'

/** How much of what the other side is known to have is here by now, whoever brought it. Counted in entries. */
export class Progress {
  readonly #replica: Replica
  readonly #tell: (have: number, of: number) => void
  readonly #goals = new Map<DeviceId, number>()
  #atFirst = 0
  #told = 0

  constructor(replica: Replica, tell: (have: number, of: number) => void) {
    this.#replica = replica
    this.#tell = tell
  }

  /** The other side has these feeds up to these numbers. */
  expect(lines: readonly { readonly device: DeviceId; readonly seq: number }[]): void {
    for (const { device, seq } of lines) if (seq > this.#replica.seqOf(device)) this.#goals.set(device, seq)
    this.#atFirst = this.#lacking()
    this.#say(this.#atFirst)
  }

  /** No more of this feed can be taken in here, however much of it they have. */
  giveUp(device: DeviceId): void {
    this.#goals.delete(device)
  }

  /** Something may have come. */
  look(): void {
    const lacking = this.#lacking()
    if (lacking !== this.#told) this.#say(lacking)
  }

  #say(lacking: number): void {
    this.#told = lacking
    this.#tell(this.#atFirst - lacking, this.#atFirst)
  }

  #lacking(): number {
    let lacking = 0
    const { frozen } = this.#replica
    for (const [device, goal] of this.#goals) {
      // Of a device that signed two for one place nothing comes from that place on, however much of it they have.
      const end = frozen.get(device)?.seq ?? goal + 1
      lacking += Math.max(0, Math.min(goal, end - 1) - this.#replica.seqOf(device))
    }
    return lacking
  }
}
