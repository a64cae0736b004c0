import type { ControlId, DeviceId } from '@auzolan/core'
import { StoreError } from '@auzolan/storage'
import type { Run } from '@auzolan/trust'
import type { Parcel } from '../log/feed-store.ts'
import type { Shown } from '../log/ending.ts'
import type { SignedHeader } from '../log/evidence.ts'
import type { FrontierLine } from '../log/feeds.ts'
import type { Receipt, Stop } from '../log/admission.ts'
import { bytesOf } from '../log/slice.ts'
import { Doubled } from './doubled.ts'
import { sizeOf } from './farewell.ts'
import type { Message } from './messages.ts'
import { Outgoing } from './outgoing.ts'
import { Progress } from './progress.ts'
import type { Replica } from './replica.ts'

/** What one exchange tells its surroundings. */
export interface ExchangeEvents {
  /** The other device is known to hold these feeds up to these numbers. */
  readonly known: (lines: ReadonlyMap<DeviceId, number>) => void
  /** Entries still to come from the other side, of all it is known to have that we had not. */
  readonly progress: (have: number, of: number) => void
  /** The other side sent what no honest peer sends. */
  readonly offence: (detail: string) => void
  /** This device cannot take in any more for now. */
  readonly failed: () => void
}

/**
 * The exchange of one group with one other device: a digest first, frontiers where they differ, then each side sends what the other lacks
 * and goes on sending what is new.
 */
export class Exchange {
  readonly replica: Replica
  /** The number we gave the group on this link, and the one they gave it. */
  readonly mine: number
  readonly theirs: number
  readonly #send: (message: Message) => Promise<void>
  readonly #events: ExchangeEvents
  readonly #outgoing: Outgoing
  #linesSent = false
  #on = true
  readonly #inbox: Parcel[] = []
  #working: Promise<void> | undefined
  #takenBytes = 0
  readonly #progress: Progress
  /** Feeds to be asked for again, after these numbers, once something else has moved; and where all stood when the last was put off. */
  readonly #later = new Map<DeviceId, number>()
  #standing = ''
  /** Where a feed was asked for again and has not gone on since. */
  readonly #gaps = new Map<DeviceId, number>()
  /** Holes asked for, once on this link. */
  readonly #asked = new Set<string>()
  readonly #doubled: Doubled

  constructor(
    replica: Replica,
    numbers: { readonly mine: number; readonly theirs: number },
    send: (message: Message) => Promise<void>,
    events: ExchangeEvents,
  ) {
    this.replica = replica
    this.mine = numbers.mine
    this.theirs = numbers.theirs
    this.#send = send
    this.#events = events
    this.#progress = new Progress(replica, events.progress)
    this.#outgoing = new Outgoing({
      replica,
      index: numbers.mine,
      say: (message) => this.#say(message),
      failed: (error) => this.#stop(error),
    })
    this.#doubled = new Doubled({
      replica,
      index: numbers.mine,
      outgoing: this.#outgoing,
      say: (message) => this.#say(message),
      offence: events.offence,
    })
  }

  /** `mayPush`: the other device is an active member here. Otherwise it may bring entries (its own admission) but gets none. */
  async open(mayPush: boolean): Promise<void> {
    this.#outgoing.may = mayPush
    await this.#send({ say: 'frontier', index: this.mine, digest: this.replica.digest(), lines: null })
  }

  /** Entries were added here, whoever brought them: send on what they lack, if the other device is an active member still. */
  mayPush(may: boolean): void {
    this.#outgoing.may = may
    this.#outgoing.push()
    if (!this.#outgoing.have) return
    this.#progress.look()
    void this.#try(this.#doubled.tell())
    void this.#try(this.#askForHoles())
    if (this.#later.size > 0 && this.#standing !== this.replica.standing) void this.#try(this.#askAgain())
  }

  close(): void {
    this.#on = false
    this.#outgoing.close()
  }

  async onFrontier(digest: Uint8Array, lines: readonly FrontierLine[] | null): Promise<void> {
    const own = this.replica.digest()
    if (lines === null && digest.every((byte, at) => byte === own[at])) {
      this.#heard(this.replica.frontier())
      return
    }
    if (lines) this.#heard(lines)
    if (!this.#linesSent) {
      this.#linesSent = true
      await this.#send({ say: 'frontier', index: this.mine, digest: own, lines: this.replica.frontier() })
    }
  }

  /** Takes a parcel in; resolves when there is room for the next. */
  async onEntries(parcel: Parcel): Promise<void> {
    this.#inbox.push(parcel)
    this.#working ??= this.#work()
    if (this.#inbox.reduce((bytes, { run }) => bytes + bytesOf(run), 0) > INBOX_BYTES) await this.#working
  }

  onHave(taken: number, lines: readonly { readonly device: DeviceId; readonly seq: number }[]): void {
    this.#outgoing.confirm(taken)
    this.#raise(lines)
    this.#outgoing.push()
  }

  /** They ask for a feed again from here: what we sent did not fit. With `to`: for a part they cannot read any more. */
  onWant(device: DeviceId, from: number, to: number | null): void {
    this.#outgoing.want(device, from, to)
  }

  /** They hold another entry than expected. */
  onClaim(claim: SignedHeader): Promise<void> {
    return this.#try(this.#doubled.onClaim(claim))
  }

  onEvidence(evidence: Uint8Array): Promise<void> {
    return this.#try(this.#doubled.onEvidence(evidence))
  }

  /** They lack entries that no feed may bring. */
  onLacks(ids: readonly ControlId[]): void {
    this.#doubled.onLacks(ids)
  }

  onAlone(entries: readonly Shown[]): Promise<void> {
    return this.#try(this.#takeAlone(entries))
  }

  async #takeAlone(entries: readonly Shown[]): Promise<void> {
    await this.#doubled.onAlone(entries)
    this.#takenBytes += entries.reduce((bytes, shown) => bytes + sizeOf(shown), 0)
    await this.#say({ say: 'have', index: this.mine, taken: this.#takenBytes, lines: [] })
  }

  /** How far the other side is known to have a feed. */
  holds(device: DeviceId): number {
    return this.#outgoing.have?.get(device) ?? 0
  }

  #heard(lines: readonly FrontierLine[]): void {
    this.#outgoing.begin(lines)
    this.#known()
    this.#progress.expect(lines)
    this.#outgoing.push()
    void this.#try(this.#doubled.tell())
    void this.#try(this.#askForHoles())
    for (const { device, seq, chain } of lines)
      if (seq === this.replica.seqOf(device) && !this.#doubled.isOurs(device, chain))
        void this.#try(this.#doubled.claim(device))
  }

  /** What is not there to be read any more ends the exchange, not the device. */
  async #try(job: Promise<void>): Promise<void> {
    try {
      await job
    } catch (error) {
      this.#stop(error)
    }
  }

  async #askForHoles(): Promise<void> {
    for (const { device, from, to } of this.replica.holes) {
      if (this.holds(device) < from || this.#asked.has(`${device} ${from}`)) continue
      this.#asked.add(`${device} ${from}`)
      await this.#say({ say: 'want', index: this.mine, device, from, to })
    }
  }

  /** What is here cannot be read or written any more, most often because this device is going away. */
  #stop(error: unknown): void {
    this.close()
    if (!(error instanceof StoreError)) throw error
    this.#events.failed()
  }

  async #say(message: Message): Promise<void> {
    await this.#send(message).catch(() => this.close())
  }

  #raise(lines: readonly { readonly device: DeviceId; readonly seq: number }[]): void {
    this.#outgoing.raise(lines)
    this.#known()
  }

  #known(): void {
    if (this.#outgoing.have) this.#events.known(this.#outgoing.have)
  }

  /** Works through what arrived, as much at once as there is. */
  async #work(): Promise<void> {
    try {
      while (this.#inbox.length > 0 && this.#on) {
        const parcels = this.#takeBatch()
        const receipts = await this.replica.receive(parcels)
        await this.#answer(parcels, receipts)
      }
    } catch (error) {
      this.#stop(error)
    } finally {
      this.#working = undefined
    }
  }

  /** What is taken in at once: enough that a transaction pays, little enough that others get their turn in between. */
  #takeBatch(): Parcel[] {
    let bytes = 0
    const end = this.#inbox.findIndex(({ run }) => (bytes += bytesOf(run)) >= BATCH_BYTES)
    return this.#inbox.splice(0, end < 0 ? this.#inbox.length : end + 1)
  }

  async #answer(parcels: readonly Parcel[], receipts: readonly Receipt[]): Promise<void> {
    const moved = new Set<DeviceId>()
    const shown: { readonly device: DeviceId; readonly seq: number }[] = []
    let accepted = false
    for (const [at, { run }] of parcels.entries()) {
      this.#takenBytes += bytesOf(run)
      const receipt = receipts[at] as Receipt
      if (receipt.is === 'refused') await this.#onRefused(run, receipt.reason)
      else if (receipt.is === 'gap') await this.#onGap(run.device, receipt.have + 1)
      else if (receipt.is === 'later') this.#putOff(run.device, receipt.have)
      else {
        moved.add(run.device)
        this.#gaps.delete(run.device)
        // They hold what they sent, and no more than that: what else is here may have come from others.
        shown.push({ device: run.device, seq: run.from + run.count - 1 })
      }
      if (receipt.is === 'accepted') accepted = true
    }
    this.#raise(shown)
    this.#progress.look()
    const lines = [...moved].map((device) => ({ device, seq: this.replica.seqOf(device) }))
    await this.#say({ say: 'have', index: this.mine, taken: this.#takenBytes, lines })
    if (accepted && this.#later.size > 0) await this.#askAgain()
    await this.#doubled.look()
  }

  async #onRefused({ device, from }: Run, reason: Stop): Promise<void> {
    this.#progress.giveUp(device)
    // What belongs to the group that this one continues is taken in once that one's log is open.
    if (this.replica.missesOrigin) return
    // What only a newer app understands, or came before its sender knew the device to be frozen, is nobody's fault.
    if (reason.type === 'newer' || reason.type === 'version' || reason.type === 'frozen device') return
    if (reason.type === 'signature' && !this.#doubled.hasClaimed(device) && this.replica.seqOf(device) > 0)
      return this.#doubled.claim(device)
    this.#events.offence(`${reason.type} in feed ${device} at ${from}`)
  }

  /** One question for all that is on its way behind the gap, and none for what comes after a run that was put off. */
  async #onGap(device: DeviceId, from: number): Promise<void> {
    if (this.#later.has(device) || this.#gaps.get(device) === from) return
    this.#gaps.set(device, from)
    await this.#say({ say: 'want', index: this.mine, device, from, to: null })
  }

  #putOff(device: DeviceId, have: number): void {
    this.#gaps.delete(device)
    this.#later.set(device, have)
    this.#standing = this.replica.standing
  }

  async #askAgain(): Promise<void> {
    const feeds = [...this.#later]
    this.#later.clear()
    for (const [device, have] of feeds) {
      const from = Math.max(have, this.replica.seqOf(device)) + 1
      this.#gaps.set(device, from)
      await this.#say({ say: 'want', index: this.mine, device, from, to: null })
    }
  }
}

/** Bytes taken in before the next frame waits for the work to be done. */
const INBOX_BYTES = 4 * 1024 * 1024
/** About 2,000 entries, which take a tenth of a second. */
export const BATCH_BYTES = 256 * 1024
