import { DeviceId, type GroupId } from '@auzolan/core'
import { encodeCbor, sha256 } from '@auzolan/trust'
import type { Parcel } from '../log/feed-store.ts'
import type { FrontierLine, Receipt } from '../log/group-log.ts'
import { sliceRun } from '../log/slice.ts'
import { reach, type Source } from '../workspace/ancestry.ts'

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
      }))
    return lines.sort((left, right) => (left.device < right.device ? -1 : 1))
  }

  /** Equal on two devices exactly when they hold the same entries. 32 bytes. */
  digest(): Uint8Array {
    return sha256(encodeCbor(this.frontier().map(({ device, seq, chain }) => [DeviceId.toBytes(device), seq, chain])))
  }

  get devices(): DeviceId[] {
    return this.#sources.flatMap((source) => [...source.log.devices].filter((device) => reach(source, device) > 0))
  }

  seqOf(device: DeviceId): number {
    const source = this.#sourceOf(device)
    return source ? reach(source, device) : 0
  }

  /** What to send next to someone who holds everything before `from`. */
  async parcelFrom(device: DeviceId, from: number): Promise<Parcel | undefined> {
    const source = this.#sourceOf(device)
    const to = source ? reach(source, device) : 0
    if (!source || from > to) return undefined
    const parcel = await source.log.parcelFrom(device, from)
    if (!parcel || parcel.run.from + parcel.run.count - 1 <= to) return parcel
    return { run: sliceRun(parcel.run, from, to) }
  }

  /** Hands each run to the log it belongs to. One receipt a parcel, in order. */
  async receive(parcels: readonly Parcel[]): Promise<Receipt[]> {
    const receipts: Receipt[] = parcels.map(({ run }) => ({ is: 'gap', have: this.seqOf(run.device) }))
    for (const source of this.#sources) {
      const mine = parcels.flatMap((parcel, at) => (this.#sourceOf(parcel.run.device) === source && within(source, parcel) ? [{ parcel, at }] : []))
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
