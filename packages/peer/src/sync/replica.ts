import { type ControlId, DeviceId, type GroupId } from '@auzolan/core'
import { encodeCbor, sha256 } from '@auzolan/trust'
import type { Parcel } from '../log/feed-store.ts'
import type { FrontierLine } from '../log/feeds.ts'
import type { Receipt } from '../log/admission.ts'
import type { Freeze, SignedHeader } from '../log/evidence.ts'
import type { Shown, StandsAlone } from '../log/ending.ts'
import type { Hole } from '../log/holes.ts'
import { continuesOf, headsOf, lastCounted, MAX_GENERATIONS, reach, type Source } from '../workspace/ancestry.ts'

/** All feeds of one group as they are exchanged: its own, and those it continues up to the point of departure. */
export class Replica {
  readonly group: GroupId
  readonly #sources: readonly Source[]

  constructor(group: GroupId, sources: readonly Source[]) {
    this.group = group
    this.#sources = sources
  }

  frontier(): FrontierLine[] {
    const lines = this.#sources.flatMap((source) =>
      source.log.frontier().flatMap((line) => {
        const seq = reach(source, line.device)
        if (seq === 0) return []
        return [seq === line.seq ? line : { ...line, seq, chain: source.chainAt?.(line.device) ?? line.chain }]
      }),
    )
    return lines.sort((left, right) => (left.device < right.device ? -1 : 1))
  }

  /** Equal on two devices exactly when they hold the same entries; of a frozen device it is enough that both know it. 32 bytes. */
  digest(): Uint8Array {
    const { frozen } = this
    const lines = this.frontier().filter(({ device }) => !frozen.has(device))
    return sha256(
      encodeCbor([
        lines.map(({ device, seq, chain }) => [DeviceId.toBytes(device), seq, chain]),
        [...frozen.keys()].sort().map(DeviceId.toBytes),
      ]),
    )
  }

  /** The chain value this device has at the end of a feed. */
  chainOf(device: DeviceId): Uint8Array | undefined {
    return this.frontier().find((line) => line.device === device)?.chain
  }

  /** Devices proven to have signed two entries for one place, with the proof. */
  get frozen(): ReadonlyMap<DeviceId, Freeze> {
    return new Map(this.#sources.flatMap(({ log }) => [...log.frozen]))
  }

  /** What was here once and cannot be read any more, as far as it belongs to this group. */
  get holes(): readonly (Hole & { readonly device: DeviceId })[] {
    return this.#sources.flatMap((source) =>
      source.log.holes.filter(({ device, from }) => from <= reach(source, device)),
    )
  }

  /** The group continues another whose log is not open yet. */
  get missesOrigin(): boolean {
    const last = this.#sources.at(-1)
    return last !== undefined && this.#sources.length < MAX_GENERATIONS && continuesOf(last.log) !== undefined
  }

  /** Changes whenever a run that had to be put off may be taken in: somebody's standing moved, or room was made. */
  get standing(): string {
    return this.#sources.map(({ log }) => `${log.control.heads.join()} ${log.heldBack}`).join()
  }

  signedHeader(device: DeviceId, seq: number): Promise<SignedHeader | undefined> {
    return this.#sourceOf(device)?.log.signedHeader(device, seq) ?? Promise.resolve(undefined)
  }

  /** Compares an entry somebody holds with what lies here at its place. Answers the proof where they differ. */
  async confront(claim: SignedHeader): Promise<Uint8Array | undefined> {
    for (const { log } of this.#sources) {
      const proof = await log.confront(claim)
      if (proof) return proof
    }
    return undefined
  }

  async freeze(evidence: Uint8Array): Promise<void> {
    for (const { log } of this.#sources) await log.freeze(evidence)
  }

  /** Control entries that something here, or what is `held` back, builds on and that are not here. */
  lacking(held: readonly StandsAlone[]): ReadonlySet<ControlId> {
    return new Set(
      this.#sources.flatMap(({ log }) => log.strays.lacking(held.filter(({ group }) => group === log.group))),
    )
  }
  hasJudged(id: ControlId): boolean {
    return this.#sources.some(({ log }) => log.control.hasJudged(id))
  }
  /** Newest control entries by devices that signed two for one place. */
  get loose(): readonly ControlId[] {
    return this.#sources.flatMap(({ log }) => log.strays.loose)
  }
  standingAlone(ids: Iterable<ControlId>): readonly Shown[] {
    const wanted = [...ids]
    return this.#sources.flatMap(({ log }) => log.strays.shown(wanted))
  }
  /** All that a feed may not bring to others, each after its past. */
  get allAlone(): readonly Shown[] {
    return this.#sources.flatMap((source, at) => source.log.strays.before(headsOf(this.#sources, at)))
  }
  async readAlone(shown: Shown): Promise<StandsAlone | undefined> {
    for (const { log } of this.#sources) {
      const entry = await log.strays.read(shown)
      if (entry) return entry
    }
    return undefined
  }
  /** Answers those that wait for their past. */
  async takeAlone(entries: readonly StandsAlone[], needed: ReadonlySet<ControlId>): Promise<readonly StandsAlone[]> {
    const waiting: StandsAlone[] = []
    for (const { log } of this.#sources) {
      const own = entries.filter(({ group }) => group === log.group)
      if (own.length > 0) waiting.push(...(await log.takeAlone(own, needed)))
    }
    return waiting
  }

  /** Those that are out come last, so that whoever is told of everything at once knows it when their feeds come. */
  get devices(): DeviceId[] {
    return this.#sources.flatMap((source) => {
      const all = [...source.log.devices].filter((device) => reach(source, device) > 0)
      const isOut = (device: DeviceId): boolean => source.log.counted.has(device)
      return [...all.filter((device) => !isOut(device)), ...all.filter(isOut)]
    })
  }

  /** Up to where a feed is needed: to be shown, or as others name control entries in it. What comes after nobody vouched for. */
  lastNeeded(device: DeviceId): number {
    const source = this.#sourceOf(device)
    if (!source) return 0
    const { control } = source.log
    const newest = control.newestOf(device)
    return Math.max(lastCounted(source, device), (newest && control.get(newest)?.entry.seq) ?? 0)
  }

  seqOf(device: DeviceId): number {
    const source = this.#sourceOf(device)
    return source ? reach(source, device) : 0
  }

  /** What to send next to someone who holds everything before `from`. */
  async parcelFrom(device: DeviceId, from: number, last = Number.MAX_SAFE_INTEGER): Promise<Parcel | undefined> {
    const source = this.#sourceOf(device)
    const to = source ? Math.min(last, reach(source, device)) : 0
    return source && from <= to ? source.log.parcelFrom(device, from, to) : undefined
  }

  /** Hands each run to the log it belongs to. One receipt a parcel, in order. */
  async receive(parcels: readonly Parcel[]): Promise<Receipt[]> {
    const receipts: Receipt[] = parcels.map(({ run }) => ({ is: 'gap', have: this.seqOf(run.device) }))
    for (const source of this.#sources) {
      const mine = parcels.flatMap((parcel, at) =>
        this.#sourceOf(parcel.run.device) === source && within(source, parcel) ? [{ parcel, at }] : [],
      )
      if (mine.length === 0) continue
      const answers = await source.log.receive(mine.map(({ parcel }) => parcel))
      for (const [index, { at }] of mine.entries()) receipts[at] = answers[index] as Receipt
    }
    return receipts
  }

  /** Inherited feeds are named in the founding entry; every other feed is the group's own. */
  #sourceOf(device: DeviceId): Source | undefined {
    return this.#sources.find(({ frontier }) => frontier?.has(device)) ?? this.#sources[0]
  }
}

const within = ({ frontier }: Source, { run }: Parcel): boolean =>
  frontier === undefined || run.from + run.count - 1 <= (frontier.get(run.device) ?? 0)
