import type { ControlId, DeviceId, GroupId } from '@auzolan/core'
import { type ControlLog, type Entry, type Judged, parseHeader, type Verifier } from '@auzolan/trust'
import { pastOf, readAlone, showAlone, type Shown, type StandsAlone } from './ending.ts'
import type { Frozen } from './evidence.ts'

export interface StraysParts {
  readonly group: GroupId
  readonly verifier: Verifier
  readonly frozen: Frozen
  readonly control: () => ControlLog
  /** Control entries that runs wait for. */
  readonly missing: () => readonly ControlId[]
}

/**
 * Control entries of devices that signed two for one place, taken in without their feeds (`docs/decisions/0023-two-branches.md`): a feed brings
 * one of the two, others have built on either.
 */
export class Strays {
  readonly #parts: StraysParts
  #known = new Map<ControlId, DeviceId>()
  #unplaced: readonly Entry[] = []

  constructor(parts: StraysParts) {
    this.#parts = parts
  }

  /** As they lie on disk. `unplaced`: entries that build on one whose record no longer reads. */
  restore(known: ReadonlyMap<ControlId, DeviceId>, unplaced: readonly Entry[]): void {
    this.#known = new Map(known)
    this.#unplaced = unplaced
  }

  /** They are on disk. True: who is in has to be read again, as something there may build on them. */
  keep(accepted: readonly StandsAlone[]): boolean {
    for (const { id, device } of accepted) this.#known.set(id, device)
    return accepted.length > 0 && this.#unplaced.length > 0
  }

  get size(): number {
    return this.#known.size
  }

  /** Control entries that something here, or what is `held` back, builds on and that are not here. None where every device has one feed. */
  lacking(held: readonly StandsAlone[]): readonly ControlId[] {
    const { control, frozen, missing } = this.#parts
    if (frozen.all.size === 0) return []
    const named = [...missing(), ...[...this.#unplaced, ...held].flatMap(({ heads }) => heads)]
    return named.filter((id) => !control().hasJudged(id))
  }

  /** Those of the newest control entries that a feed may not bring to others. */
  get loose(): readonly ControlId[] {
    return this.#parts.control().heads.filter((id) => this.#entryOf(id))
  }

  /** Of these entries, and of what they build on, those that a feed may not bring to others, each after its past. */
  shown(ids: Iterable<ControlId>): readonly Shown[] {
    const found = new Map<ControlId, Entry>()
    const find = (id: ControlId): void => {
      const entry = this.#entryOf(id)
      if (entry) found.set(id, entry)
    }
    for (const id of ids) find(id)
    for (const { heads } of found.values()) for (const head of heads) if (found.size < MOST_SHOWN) find(head)
    return [...found.values()].reverse().flatMap((entry) => showAlone(entry) ?? [])
  }

  /** All of them that these entries build on, each after its past: for a file, of which nobody can ask for more. */
  before(ids: readonly ControlId[]): readonly Shown[] {
    const { control, frozen } = this.#parts
    if (frozen.all.size === 0) return []
    const past = [...pastOf(control(), ids).values()]
    return past.flatMap((entry) => (frozen.all.has(entry.device) ? (showAlone(entry) ?? []) : []))
  }

  /** `undefined`: not of this group, not signed, or of a device that has one feed like any other. */
  async read(shown: Shown): Promise<StandsAlone | undefined> {
    const { group, verifier, frozen } = this.#parts
    const named = parseHeader(shown.header)
    return named.ok && frozen.all.has(named.value.device) ? readAlone(shown, group, verifier) : undefined
  }

  /** Judges some, each after its past; of those that are not `needed` only the first few of a device. Answers what is to be stored. */
  async judge(
    entries: readonly StandsAlone[],
    needed: ReadonlySet<ControlId>,
  ): Promise<{ readonly accepted: readonly StandsAlone[]; readonly waiting: readonly StandsAlone[] }> {
    const accepted: StandsAlone[] = []
    const waiting: StandsAlone[] = []
    const counts = new Map<DeviceId, number>()
    for (const device of this.#known.values()) counts.set(device, (counts.get(device) ?? 0) + 1)
    for (const entry of entries) {
      const { device, id } = entry
      const count = counts.get(device) ?? 0
      if (this.#parts.control().hasJudged(id) || (!needed.has(id) && count >= MOST_TOLD)) continue
      const verdict = await this.#parts.control().judge(entry)
      if (verdict.is === 'waiting' && verdict.newer === undefined) waiting.push(entry)
      if (verdict.is !== 'accepted') continue
      accepted.push(entry)
      counts.set(device, count + 1)
    }
    return { accepted, waiting }
  }

  #entryOf(id: ControlId): Entry | undefined {
    const known: Judged | undefined = this.#parts.control().get(id)
    return known && this.#parts.frozen.all.has(known.entry.device) ? known.entry : undefined
  }
}

/** Entries shown for one question: a branch of a device that was away for a day, in one answer. */
const MOST_SHOWN = 64
/**
 * Entries of one device that are taken in without its feed where nothing here builds on them yet: each device of a small group may have met
 * another branch. Whoever signs thousands for one place gets no further; what somebody builds on is taken in however many there are.
 */
export const MOST_TOLD = 64
