import { ControlId, DeviceId, type Instant } from '@auzolan/core'
import { decodeCbor, encodeCbor } from '@auzolan/trust'
import { seal, unseal } from '../log/sealed.ts'

/** What one other device is known to hold of this device's feed. */
export interface KnownCopy {
  readonly seq: number
  /** This device's clock when it said so. */
  readonly asOf: Instant
  /** Its peer id as text, to find it again. Empty: never met. */
  readonly peer: string
  /** Of the decisions that took somebody out, those it is known to hold. */
  readonly told: readonly ControlId[]
}

/** Who else holds what this device wrote: only what they confirmed themselves counts. */
export class KnownCopies {
  readonly #copies = new Map<DeviceId, KnownCopy>()
  readonly connected = new Map<DeviceId, number>()
  /** Peers whose link stands and does not answer at the moment. */
  quiet: ReadonlySet<string> = new Set()
  changed = false

  get all(): ReadonlyMap<DeviceId, KnownCopy> {
    return this.#copies
  }

  /** Connected, and answering as far as is known: what is shown as being in reach. */
  isHere(device: DeviceId): boolean {
    return this.connected.has(device) && !this.quiet.has(this.#copies.get(device)?.peer ?? '')
  }

  get here(): DeviceId[] {
    return [...this.connected.keys()].filter((device) => this.isHere(device))
  }

  /** `told`: of the decisions that matter, those it holds now. Answers whether one of them is news. */
  note(device: DeviceId, seq: number, asOf: Instant, told: readonly ControlId[]): boolean {
    const before = this.#copies.get(device)
    this.#copies.set(device, { seq: Math.max(seq, before?.seq ?? 0), asOf, peer: before?.peer ?? '', told })
    this.changed = true
    return told.some((id) => before?.told.includes(id) !== true)
  }

  met(device: DeviceId, peer: string, asOf: Instant): void {
    this.connected.set(device, (this.connected.get(device) ?? 0) + 1)
    const before = this.#copies.get(device)
    this.#copies.set(device, { seq: before?.seq ?? 0, asOf, peer, told: before?.told ?? [] })
    this.changed = true
  }

  parted(device: DeviceId): void {
    const links = (this.connected.get(device) ?? 1) - 1
    if (links > 0) this.connected.set(device, links)
    else this.connected.delete(device)
  }

  /** Takes over what the tab that holds the network knows. */
  adopt(bytes: Uint8Array, connected: readonly DeviceId[]): void {
    for (const [device, copy] of KnownCopies.decode(bytes).all) this.#copies.set(device, copy)
    this.connected.clear()
    for (const device of connected) this.connected.set(device, 1)
  }

  encode(): Uint8Array {
    return seal(
      encodeCbor([
        1,
        [...this.#copies].map(([device, { seq, asOf, peer, told }]) => [
          DeviceId.toBytes(device),
          seq,
          asOf,
          peer,
          told.map(ControlId.toBytes),
        ]),
      ]),
    )
  }

  /** A damaged record is as good as none: others tell again. */
  static decode(bytes: Uint8Array | undefined): KnownCopies {
    const known = new KnownCopies()
    const sealed = bytes && unseal(bytes)
    const value = sealed && decodeCbor(sealed)
    if (!value?.ok || !Array.isArray(value.value) || value.value[0] !== 1 || !Array.isArray(value.value[1]))
      return known
    for (const line of value.value[1] as readonly unknown[]) {
      if (!Array.isArray(line)) continue
      const [device, seq, asOf, peer, told] = line as unknown[]
      if (
        device instanceof Uint8Array &&
        device.length === 32 &&
        Number.isSafeInteger(seq) &&
        Number.isSafeInteger(asOf) &&
        typeof peer === 'string'
      )
        known.#copies.set(DeviceId.fromBytes(device), {
          seq: seq as number,
          asOf: asOf as Instant,
          peer,
          told: readIds(told),
        })
    }
    return known
  }
}

/** Left out by earlier versions. */
const readIds = (ids: unknown): readonly ControlId[] =>
  Array.isArray(ids)
    ? ids.flatMap((id: unknown) =>
        id instanceof Uint8Array && id.length === ControlId.length ? ControlId.fromBytes(id) : [],
      )
    : []
