import { DeviceId, type Instant, type MemberId, type ReadMark, SinceTally, type SinceView } from '@auzolan/core'
import type { Store } from '@auzolan/storage'
import { decodeCbor, encodeCbor, readRun } from '@auzolan/trust'
import { lookedKey } from '../log/layout.ts'
import { seal, unseal } from '../log/sealed.ts'
import { writeSpare } from '../log/spare.ts'
import { memberOf } from '../workspace/ancestry.ts'
import type { News } from '../workspace/fold.ts'
import { readContents } from '../workspace/said.ts'
import type { Workspace } from '../workspace/workspace.ts'

/** Most entries read to say what is new, after which it is "and more": reading as many takes about a tenth of a second. */
const READ_ENTRIES = 2_000

/** What came to this device since its person last said that they have seen everything. Known here alone. */
export class Since {
  readonly #workspace: Workspace
  readonly #store: Store
  readonly #person: SincePerson
  #counting: Promise<Counting> | undefined
  #taking: Promise<void> = Promise.resolve()

  constructor(workspace: Workspace, store: Store, person: SincePerson) {
    this.#workspace = workspace
    this.#store = store
    this.#person = person
  }

  /** The first time it marks all as seen: to a newcomer everything is new. */
  async view(): Promise<SinceView> {
    await this.#taking
    const { at, tally, more } = await (this.#counting ??= this.#count())
    if (at === null && this.#person.isSettled) {
      await this.mark()
      return this.view()
    }
    return { at, places: tally.happened, more }
  }

  /** Everything that is here has been seen. */
  async mark(): Promise<void> {
    const now = this.#person.now()
    const upTo = this.#frontier()
    this.#counting = Promise.resolve({ at: now, upTo: new Map(upTo), tally: new SinceTally(), more: false })
    await writeSpare(this.#store, [{ do: 'put', key: lookedKey(this.#workspace.group), value: encode(now, upTo) }])
  }

  /** Counts on from what came in. */
  take(news: News): void {
    this.#taking = this.#taking.then(() => this.#take(news))
  }

  /** What no longer counts, or only now, is counted anew, as is all of it until there is a first mark. */
  async #take({ said, changes, anew }: News): Promise<void> {
    const counting = await this.#counting?.catch(() => undefined)
    if (anew || !counting || counting.at === null) {
      this.#counting = undefined
      return
    }
    const { upTo, tally } = counting
    // One entry may hold several things: how far each feed is counted moves on once all are.
    const last = new Map<DeviceId, number>()
    const isNew = ({ device, seq }: { readonly device: DeviceId; readonly seq: number }) => {
      if (seq <= (upTo.get(device) ?? 0)) return false
      last.set(device, Math.max(last.get(device) ?? 0, seq))
      return true
    }
    for (const each of said) if (isNew(each) && each.by !== this.#person.me) tally.add(each)
    for (const change of changes) {
      const by = memberOf(this.#workspace.sources, change.device)
      if (isNew(change) && by && by !== this.#person.me) tally.addWriting(change.document, by)
    }
    for (const [device, seq] of last) upTo.set(device, seq)
  }

  async #count(): Promise<Counting> {
    const record = await this.#store.get(lookedKey(this.#workspace.group))
    const looked = record && decode(record)
    const tally = new SinceTally()
    if (!looked) return { at: null, upTo: new Map(this.#frontier()), tally, more: false }
    const upTo = new Map(looked.upTo)
    let left = READ_ENTRIES
    for (const { log } of this.#workspace.sources)
      for (const device of log.devices) {
        const from = (looked.upTo.get(device) ?? 0) + 1
        const by = memberOf(this.#workspace.sources, device)
        const seq = log.seqOf(device)
        if (seq < from) continue
        upTo.set(device, seq)
        if (!by || by === this.#person.me || left <= 0) continue
        for await (const run of log.runs(device, from)) {
          const entries = readRun(log.group, run)
          for (const entry of entries.ok ? entries.value : []) {
            if (entry.seq < from || entry.seq > seq) continue
            left -= 1
            const { said, changes } = readContents(entry, by)
            for (const each of said) tally.add(each)
            for (const { document } of changes) tally.addWriting(document, by)
          }
          if (left <= 0) break
        }
      }
    return { at: looked.at, upTo, tally, more: left <= 0 }
  }

  #frontier(): ReadMark {
    const upTo = new Map<DeviceId, number>()
    for (const { log } of this.#workspace.sources) for (const device of log.devices) upTo.set(device, log.seqOf(device))
    return upTo
  }
}

/** Whose device it is, and whether the group has come here as far as others hold it. */
export interface SincePerson {
  readonly me: MemberId | undefined
  readonly isSettled: boolean
  readonly now: () => Instant
}

interface Counting {
  readonly at: Instant | null
  readonly upTo: Map<DeviceId, number>
  readonly tally: SinceTally
  readonly more: boolean
}

const VERSION = 1

const encode = (at: Instant, upTo: ReadMark): Uint8Array =>
  seal(encodeCbor([VERSION, at, Array.from(upTo, ([device, seq]) => [DeviceId.toBytes(device), seq])]))

const decode = (record: Uint8Array): { readonly at: Instant; readonly upTo: ReadMark } | undefined => {
  const bytes = unseal(record)
  const read = bytes && decodeCbor(bytes)
  if (!read?.ok || !Array.isArray(read.value)) return undefined
  const [version, at, upTo] = read.value as readonly unknown[]
  if (version !== VERSION || typeof at !== 'number' || !Array.isArray(upTo)) return undefined
  // The seal vouches that these are the bytes we wrote.
  const devices = (upTo as readonly [Uint8Array, number][]).map(
    ([device, seq]) => [DeviceId.fromBytes(device), seq] as const,
  )
  return { at: at as Instant, upTo: new Map(devices) }
}
