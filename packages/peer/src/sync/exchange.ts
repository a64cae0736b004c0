import type { DeviceId } from '@auzolan/core'
import type { Parcel } from '../log/feed-store.ts'
import type { FrontierLine, Receipt } from '../log/group-log.ts'
import type { Message } from './messages.ts'
import type { Replica } from './replica.ts'

/** What one exchange tells its surroundings. */
export interface ExchangeEvents {
  /** The other device is known to hold these feeds up to these numbers. */
  readonly known: (lines: ReadonlyMap<DeviceId, number>) => void
  /** Entries still to come from the other side, of all it is known to have that we had not. */
  readonly progress: (have: number, of: number) => void
  /** The other side sent what no honest peer sends. */
  readonly offence: (detail: string) => void
}

/**
 * The exchange of one group with one other device: a digest first, frontiers where they differ, then each side sends what the other lacks
 * and goes on sending what is new. At most `WINDOW_BYTES` are on their way unconfirmed.
 */
export class Exchange {
  readonly replica: Replica
  /** The number we gave the group on this link, and the one they gave it. */
  readonly mine: number
  readonly theirs: number
  readonly #send: (message: Message) => Promise<void>
  readonly #events: ExchangeEvents
  /** What they confirmed to hold, and what we sent on top. `undefined` until their frontier is known. */
  #have: Map<DeviceId, number> | undefined
  readonly #sent = new Map<DeviceId, number>()
  #linesSent = false
  #on = true
  #mayPush = false
  #pushing = false
  #again = false
  #sentBytes = 0
  #confirmedBytes = 0
  #room: (() => void) | undefined
  #inbox: Parcel[] = []
  #working: Promise<void> | undefined
  #takenBytes = 0
  readonly #goals = new Map<DeviceId, number>()
  #lackedAtFirst = 0

  constructor(replica: Replica, numbers: { readonly mine: number; readonly theirs: number }, send: (message: Message) => Promise<void>, events: ExchangeEvents) {
    this.replica = replica
    this.mine = numbers.mine
    this.theirs = numbers.theirs
    this.#send = send
    this.#events = events
  }

  /** `mayPush`: the other device is an active member here. Otherwise it may bring entries (its own admission) but gets none. */
  async open(mayPush: boolean): Promise<void> {
    this.#mayPush = mayPush
    await this.#send({ say: 'frontier', index: this.mine, digest: this.replica.digest(), lines: null })
  }

  /** Entries were added here: send on what they lack, if the other device is an active member still. */
  mayPush(may: boolean): void {
    this.#mayPush = may
    this.#push()
  }

  close(): void {
    this.#on = false
    this.#room?.()
  }

  #push(): void {
    this.#again = true
    if (!this.#pushing && this.#have && this.#mayPush) void this.#pushAll()
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
    if (this.#inbox.reduce((bytes, { run }) => bytes + run.packed.length, 0) > INBOX_BYTES) await this.#working
  }

  onHave(taken: number, lines: readonly { readonly device: DeviceId; readonly seq: number }[]): void {
    this.#confirmedBytes = Math.min(this.#sentBytes, Math.max(this.#confirmedBytes, taken))
    this.#room?.()
    this.#raise(lines)
    this.#push()
  }

  /** They ask for a feed again from here: what we sent did not fit. */
  onWant(device: DeviceId, from: number): void {
    if (from > (this.#sent.get(device) ?? 0)) return
    this.#sent.set(device, from - 1)
    this.#push()
  }

  /** Feeds of which they are known to hold everything we do. */
  holds(device: DeviceId): number {
    return this.#have?.get(device) ?? 0
  }

  #heard(lines: readonly FrontierLine[]): void {
    this.#have ??= new Map()
    for (const { device, seq } of lines) if (seq > this.replica.seqOf(device)) this.#goals.set(device, seq)
    this.#lackedAtFirst = this.#lacking()
    this.#raise(lines)
    this.#tellProgress()
    this.#push()
  }

  #raise(lines: readonly { readonly device: DeviceId; readonly seq: number }[]): void {
    if (!this.#have) return
    for (const { device, seq } of lines) {
      if (seq > (this.#have.get(device) ?? 0)) this.#have.set(device, seq)
      if (seq > (this.#sent.get(device) ?? 0)) this.#sent.set(device, seq)
    }
    this.#events.known(this.#have)
  }

  async #pushAll(): Promise<void> {
    this.#pushing = true
    try {
      while (this.#again && this.#on && this.#mayPush) {
        this.#again = false
        for (let moved = true; moved && this.#on; ) {
          moved = false
          for (const device of this.replica.devices) if (await this.#pushOne(device)) moved = true
        }
      }
    } finally {
      this.#pushing = false
    }
  }

  async #pushOne(device: DeviceId): Promise<boolean> {
    const from = (this.#sent.get(device) ?? 0) + 1
    if (!this.#on || from > this.replica.seqOf(device)) return false
    const parcel = await this.replica.parcelFrom(device, from)
    if (!parcel) return false
    while (this.#on && this.#sentBytes - this.#confirmedBytes > WINDOW_BYTES) await new Promise<void>((resolve) => { this.#room = resolve })
    if (!this.#on || from !== (this.#sent.get(device) ?? 0) + 1) return false
    this.#sent.set(device, from + parcel.run.count - 1)
    this.#sentBytes += parcel.run.packed.length
    await this.#send({ say: 'entries', index: this.mine, parcel }).catch(() => this.close())
    return this.#on
  }

  /** Works through what arrived, as much at once as there is. */
  async #work(): Promise<void> {
    while (this.#inbox.length > 0 && this.#on) {
      const parcels = this.#inbox
      this.#inbox = []
      const receipts = await this.replica.receive(parcels)
      await this.#answer(parcels, receipts)
    }
    this.#working = undefined
  }

  async #answer(parcels: readonly Parcel[], receipts: readonly Receipt[]): Promise<void> {
    const moved = new Set<DeviceId>()
    for (const [at, { run }] of parcels.entries()) {
      this.#takenBytes += run.packed.length
      const receipt = receipts[at] as Receipt
      if (receipt.is === 'refused') this.#events.offence(`${receipt.reason.type} in feed ${run.device} at ${run.from}`)
      else if (receipt.is === 'gap') await this.#send({ say: 'want', index: this.mine, device: run.device, from: receipt.have + 1 }).catch(() => this.close())
      else moved.add(run.device)
    }
    const lines = [...moved].map((device) => ({ device, seq: this.replica.seqOf(device) }))
    this.#raise(lines)
    this.#tellProgress()
    await this.#send({ say: 'have', index: this.mine, taken: this.#takenBytes, lines }).catch(() => this.close())
  }

  #lacking(): number {
    let lacking = 0
    for (const [device, seq] of this.#goals) lacking += Math.max(0, seq - this.replica.seqOf(device))
    return lacking
  }

  #tellProgress(): void {
    this.#events.progress(this.#lackedAtFirst - this.#lacking(), this.#lackedAtFirst)
  }
}

/** Unconfirmed bytes on their way to one peer (`NETWORK.md` 7.5). */
const WINDOW_BYTES = 4 * 1024 * 1024
/** Bytes taken in before the next frame waits for the work to be done. */
const INBOX_BYTES = 4 * 1024 * 1024
