import type { ControlId, DeviceId } from '@auzolan/core'
import { certificateLimits, type ControlLog } from '@auzolan/trust'
import { type Ending, endingOf, proofOf, type Shown } from '../log/ending.ts'
import type { Hearing, Told } from '../log/told.ts'
import type { Endings } from '../sync/farewell.ts'

/** Whose part in a group has ended, this device's too, and who has been told. */
export class GroupEndings implements Endings {
  readonly #told: Told
  readonly #tell: () => void
  readonly #known = new Map<DeviceId, Ending | undefined>()
  /** What `#known` was worked out from: that log, when it held as many entries. */
  #of: ControlLog | undefined
  #size = 0
  readonly #proofs = new Map<DeviceId, number>()
  readonly #heard = new Set<DeviceId>()

  /** `tell`: somebody need not be looked for any more. */
  constructor(told: Told, tell: () => void) {
    this.#told = told
    this.#tell = tell
  }

  /** Who is in, as far as is known here: the log, and what this device was told of its own end. */
  get control(): ControlLog {
    return this.#told.control
  }

  of(device: DeviceId): Ending | undefined {
    const { control } = this
    if (this.#of !== control || this.#size !== control.size) this.#known.clear()
    this.#of = control
    this.#size = control.size
    if (!this.#known.has(device)) {
      if (this.#known.size >= MAX_KNOWN) this.#known.clear()
      this.#known.set(device, endingOf(control, device))
    }
    return this.#known.get(device)
  }

  get heads(): readonly ControlId[] {
    return this.control.heads
  }

  has(id: ControlId): boolean {
    return this.control.has(id)
  }

  prove(device: DeviceId, at: readonly ControlId[], known: readonly ControlId[]): readonly Shown[] | undefined {
    const times = this.#proofs.get(device) ?? 0
    if (times >= MAX_PROOFS) return undefined
    this.#proofs.set(device, times + 1)
    const proof = proofOf(
      this.control,
      at,
      known.filter((id) => this.has(id)),
    )
    const bytes = proof?.reduce((sum, { item }) => sum + item.length, 0) ?? 0
    return (proof?.length ?? 0) > certificateLimits.entries || bytes > certificateLimits.bytes ? undefined : proof
  }

  hear(proof: readonly Shown[]): Promise<Hearing> {
    return this.#told.hear(proof)
  }

  heardBy(device: DeviceId): void {
    if (this.#heard.has(device)) return
    this.#heard.add(device)
    this.#tell()
  }

  /** Whether a device still has something to get or to be told here. */
  isWanted(device: DeviceId): boolean {
    return !this.#heard.has(device) || this.of(device) === undefined
  }
}

/** Proofs of its end that one device gets until the next start: it may have lost the first ones, but not all of them. */
const MAX_PROOFS = 8
/** Devices whose standing is remembered. Strangers prove keys made for it: those must not fill the memory. */
const MAX_KNOWN = 4096
