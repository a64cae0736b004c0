import type { ControlId, DeviceId } from '@auzolan/core'
import type { Op, Store } from '@auzolan/storage'
import { certificateLimits, ControlLog, type Entry, parseHeader, type Verifier } from '@auzolan/trust'
import { decodeControlRecord, encodeControlRecord } from './control-record.ts'
import { endingOf, pastOf, readAlone, type Shown } from './ending.ts'
import type { GroupLog } from './group-log.ts'
import { toldKey, toldsKey } from './layout.ts'
import { Queue } from './queue.ts'
import { writeSpare } from './spare.ts'

/** What became of a proof. `nothing new`: all of it is known, or it ends nothing. `false`: it does not hold. */
export type Hearing = 'told' | 'nothing new' | 'false'

/**
 * What this device was told of its own end in a group: control entries that stand alone, since nobody sends it feeds any more. They are kept
 * apart from the log, which they leave as it is: what was written before stays what it was, and may be written on in a group of one's own.
 */
export class Told {
  readonly #store: Store
  readonly #log: GroupLog
  readonly #verifier: Verifier
  readonly #device: DeviceId
  readonly #queue = new Queue()
  readonly #listeners = new Set<() => void>()
  readonly #stop: () => void
  #entries: readonly Entry[] = []
  #control: ControlLog | undefined

  private constructor(store: Store, log: GroupLog, verifier: Verifier, device: DeviceId) {
    this.#store = store
    this.#log = log
    this.#verifier = verifier
    this.#device = device
    this.#stop = log.onAccepted((entries) => {
      if (this.#entries.length > 0 && entries.some(({ id }) => id))
        void this.#queue.run(() => this.#renew(this.#entries))
    })
  }

  /** `device`: whose end is told of, this one. */
  static async open(store: Store, log: GroupLog, verifier: Verifier, device: DeviceId): Promise<Told> {
    const told = new Told(store, log, verifier, device)
    await told.refresh()
    return told
  }

  /** The group's control log with what was told, where something was: who is in, as far as is known here. Never to be named by own entries. */
  get control(): ControlLog {
    return this.#control ?? this.#log.control
  }

  /** Calls back when `control` has changed by what was told. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener)
  }

  close(): void {
    this.#stop()
    this.#listeners.clear()
  }

  /** Reads what this tab, or another one, stored. */
  refresh(): Promise<void> {
    return this.#queue.run(async () => {
      const records = await this.#store.range({ prefix: toldsKey(this.#log.group) })
      if (records.length === this.#entries.length) return
      const entries = records.flatMap(({ value }) => decodeControlRecord(this.#log.group, value) ?? [])
      await this.#renew(entries)
    })
  }

  /** Checks a proof, each entry after what it builds on. Keeps it if it shows that this device's part has ended; nothing of it otherwise. */
  hear(proof: readonly Shown[]): Promise<Hearing> {
    return this.#queue.run(async () => {
      const fresh: Entry[] = []
      let bytes = 0
      let control: ControlLog | undefined
      for (const shown of proof) {
        const named = parseHeader(shown.header)
        if (named.ok && (control ?? this.control).has(named.value.id)) continue
        const entry = await readAlone(shown, this.#log.group, this.#verifier)
        if (!entry) return 'false'
        control ??= await this.#together(this.#entries)
        if (!(await this.#follows(entry, shown, control))) return 'false'
        if ((await control.judge(entry)).is !== 'accepted') return 'false'
        fresh.push(entry)
        bytes += shown.item.length
      }
      if (!control || !endingOf(control, this.#device)) return 'nothing new'
      if (this.#entries.length + fresh.length > certificateLimits.entries || bytes > certificateLimits.bytes)
        return 'false'
      const ops = fresh.map((entry): Op => ({
        do: 'put',
        key: toldKey(this.#log.group, entry.device, entry.seq),
        value: encodeControlRecord(entry, entry.id as ControlId),
      }))
      await this.#store.write(ops, { durability: 'strict' })
      this.#entries = [...this.#entries, ...fresh]
      this.#become(control)
      return 'told'
    })
  }

  /**
   * Whether an entry fits what is known of its feed. One for a place that is taken here proves two; one that names a moment before its
   * device's last is refused as it would be in its feed: whoever has left could otherwise go on as if they had not.
   */
  async #follows(entry: Entry, { header, signature }: Shown, control: ControlLog): Promise<boolean> {
    if (entry.seq <= this.#log.seqOf(entry.device)) {
      await this.#log.confront({ header, signature })
      return false
    }
    const seen = await this.#log.lastSeenBy(entry.device)
    const last = control.newestOf(entry.device)
    return control.covers(entry.heads, last && !seen.includes(last) ? [...seen, last] : seen)
  }

  /** What was told is worth something only together with the log: an entry that the feeds have overtaken with another one is none. */
  async #renew(entries: readonly Entry[]): Promise<void> {
    const { control } = this.#log
    this.#entries = entries
    if (entries.every(({ id }) => id && control.has(id))) return this.#become(undefined)
    const contradicted = entries.some(({ id, device, seq }) => id && !control.has(id) && seq <= this.#log.seqOf(device))
    if (!contradicted) return this.#become(await this.#together(entries))
    this.#entries = []
    await writeSpare(this.#store, [{ do: 'removeRange', prefix: toldsKey(this.#log.group) }])
    this.#become(undefined)
  }

  #become(control: ControlLog | undefined): void {
    if (!control && !this.#control) return
    this.#control = control
    for (const listener of this.#listeners) listener()
  }

  async #together(told: readonly Entry[]): Promise<ControlLog> {
    const { control } = this.#log
    const together = new ControlLog(this.#log.group, this.#verifier)
    for (const entry of pastOf(control, control.heads).values()) await together.judge(entry, { trusted: true })
    let waiting = told
    for (let before = -1; waiting.length !== before && waiting.length > 0;) {
      before = waiting.length
      const left: Entry[] = []
      for (const entry of waiting)
        if ((await together.judge(entry, { trusted: true })).is === 'waiting') left.push(entry)
      waiting = left
    }
    return together
  }
}
