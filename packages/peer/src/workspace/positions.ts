import { DeviceId, type DocumentId } from '@auzolan/core'

/** Where in the feeds something lies that belongs to a document or thread. */
export interface Position {
  readonly device: DeviceId
  readonly seq: number
}

/**
 * For each document or thread, the entries that belong to it, so that one can be opened without reading the others.
 * A few bytes an entry: feeds are numbered, positions are flat lists of numbers.
 */
export class Positions {
  readonly #devices: DeviceId[] = []
  readonly #numbers = new Map<DeviceId, number>()
  readonly #lists = new Map<DocumentId, number[]>()

  add(subject: DocumentId, { device, seq }: Position): void {
    let number = this.#numbers.get(device)
    if (number === undefined) {
      number = this.#devices.push(device) - 1
      this.#numbers.set(device, number)
    }
    const list = this.#lists.get(subject)
    if (list) list.push(number, seq)
    else this.#lists.set(subject, [number, seq])
  }

  /** Sequence numbers by device, ascending, each once. */
  of(subject: DocumentId): Map<DeviceId, number[]> {
    const byDevice = new Map<DeviceId, number[]>()
    const list = this.#lists.get(subject) ?? []
    for (let at = 0; at < list.length; at += 2) {
      const device = this.#devices[list[at] as number] as DeviceId
      const seqs = byDevice.get(device)
      if (seqs) seqs.push(list[at + 1] as number)
      else byDevice.set(device, [list[at + 1] as number])
    }
    for (const [device, seqs] of byDevice)
      byDevice.set(
        device,
        [...new Set(seqs)].sort((left, right) => left - right),
      )
    return byDevice
  }

  /** How many there are, where an entry that says two things of it may count twice. */
  countOf(subject: DocumentId): number {
    return (this.#lists.get(subject)?.length ?? 0) / 2
  }

  /** Sequence numbers by device, of all subjects. */
  get everywhere(): ReadonlyMap<DeviceId, ReadonlySet<number>> {
    const seqs = this.#devices.map(() => new Set<number>())
    for (const list of this.#lists.values())
      for (let at = 0; at < list.length; at += 2) seqs[list[at] as number]?.add(list[at + 1] as number)
    return new Map(this.#devices.map((device, number) => [device, seqs[number] as Set<number>]))
  }

  get subjects(): Iterable<DocumentId> {
    return this.#lists.keys()
  }

  has(subject: DocumentId): boolean {
    return this.#lists.has(subject)
  }

  /** JSON-able. */
  toData(): unknown {
    return { devices: this.#devices, lists: [...this.#lists] }
  }

  /** Reads what `toData` gave; `undefined` when damaged. */
  static fromData(data: unknown): Positions | undefined {
    const { devices, lists } = (data ?? {}) as { devices?: unknown; lists?: unknown }
    if (!Array.isArray(devices) || !Array.isArray(lists)) return undefined
    const positions = new Positions()
    for (const device of devices) {
      const id = DeviceId.parse(device)
      if (!id) return undefined
      positions.#numbers.set(id, positions.#devices.push(id) - 1)
    }
    for (const line of lists as unknown[]) {
      if (!Array.isArray(line) || !Array.isArray(line[1]) || !line[1].every((number) => Number.isSafeInteger(number)))
        return undefined
      positions.#lists.set(line[0] as DocumentId, line[1] as number[])
    }
    return positions
  }
}
