import type { ChangeHash, Heads } from '@auzolan/core'

/** One admitted change without its operations. */
export interface Step {
  readonly hash: ChangeHash
  readonly actor: string
  readonly seq: number
  readonly startOp: number
  readonly ops: number
  readonly deps: readonly ChangeHash[]
  /** Seconds since 1970, as its author says. */
  readonly time: number
}

/** For each actor, how many of its changes are in some past. */
export type Extent = ReadonlyMap<string, number>

/** The graph of a document's changes: who built on what. Plain data; knows nothing of Automerge. */
export class History {
  readonly #steps = new Map<ChangeHash, Step>()
  readonly #byActor = new Map<string, Step[]>()
  readonly #whole = new Map<string, number>()
  readonly #heads = new Set<ChangeHash>()
  readonly #extents = new Map<ChangeHash, Extent>()

  get size(): number {
    return this.#steps.size
  }

  get heads(): Heads {
    return [...this.#heads].sort()
  }

  get(hash: ChangeHash): Step | undefined {
    return this.#steps.get(hash)
  }

  has(hash: ChangeHash): boolean {
    return this.#steps.has(hash)
  }

  all(): IterableIterator<Step> {
    return this.#steps.values()
  }

  /** How many changes of `actor` are held. */
  lastSeq(actor: string): number {
    return this.#whole.get(actor) ?? 0
  }

  atSeq(actor: string, seq: number): Step | undefined {
    return this.#byActor.get(actor)?.[seq - 1]
  }

  /** The counter of the newest operation in the past of `moment`; 0 before everything. */
  maxOp(moment: Heads): number {
    return moment.reduce((highest, hash) => Math.max(highest, lastOp(this.#known(hash))), 0)
  }

  /** The change of `actor` that holds the operation with this counter. */
  holding(actor: string, counter: number): Step | undefined {
    const steps = this.#byActor.get(actor) ?? []
    let low = 0
    let high = steps.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((steps[middle] as Step).startOp <= counter) low = middle + 1
      else high = middle
    }
    const found = steps[low - 1]
    return found !== undefined && counter <= lastOp(found) ? found : undefined
  }

  /** What lies in the past of `moment`, itself included. All of it must be held. */
  extent(moment: Heads): Extent {
    if (this.isNow(moment)) return this.#whole
    const extent = new Map<string, number>()
    const seen = new Set<ChangeHash>()
    const open = [...moment]
    for (let hash = open.pop(); hash !== undefined; hash = open.pop()) {
      if (seen.has(hash)) continue
      seen.add(hash)
      const kept = this.#extents.get(hash)
      const step = this.#known(hash)
      if (kept === undefined) {
        raise(extent, step.actor, step.seq)
        open.push(...step.deps)
      } else {
        for (const [actor, seq] of kept) raise(extent, actor, seq)
      }
    }
    if (moment.length === 1) this.#keep(moment[0] as ChangeHash, extent)
    return extent
  }

  isNow(moment: Heads): boolean {
    return moment.length === this.#heads.size && moment.every((hash) => this.#heads.has(hash))
  }

  /** Adds a change whose deps and earlier changes of its actor are held. */
  add(step: Step): void {
    if (step.seq !== this.lastSeq(step.actor) + 1) throw new Error('a change out of its turn in the history')
    const linear = this.isNow(step.deps)
    if (!linear) this.#keep(step.hash, new Map(this.extent(step.deps)).set(step.actor, step.seq))
    this.#steps.set(step.hash, step)
    this.#whole.set(step.actor, step.seq)
    for (const dep of step.deps) this.#heads.delete(dep)
    this.#heads.add(step.hash)
    const own = this.#byActor.get(step.actor)
    if (own === undefined) this.#byActor.set(step.actor, [step])
    else own.push(step)
  }

  /** This history without `roots` and all that was built on them, and what was left out. */
  without(roots: ReadonlySet<ChangeHash>): { readonly kept: History; readonly dropped: readonly ChangeHash[] } {
    const kept = new History()
    const dropped: ChangeHash[] = []
    for (const step of this.#steps.values()) {
      if (roots.has(step.hash) || step.deps.some((dep) => !kept.has(dep))) dropped.push(step.hash)
      else kept.add(step)
    }
    return { kept, dropped }
  }

  #known(hash: ChangeHash): Step {
    const step = this.#steps.get(hash)
    if (step === undefined) throw new Error(`${hash} is not in this history`)
    return step
  }

  #keep(hash: ChangeHash, extent: Extent): void {
    this.#extents.delete(hash)
    this.#extents.set(hash, extent)
    if (this.#extents.size <= keptExtents) return
    for (const oldest of this.#extents.keys()) {
      this.#extents.delete(oldest)
      return
    }
  }
}

/** Extents kept for the next question: as many lines of concurrent work as one batch usually brings. */
const keptExtents = 64

export const lastOp = (step: Pick<Step, 'startOp' | 'ops'>): number => step.startOp + step.ops - 1

const raise = (extent: Map<string, number>, actor: string, seq: number): void => {
  if ((extent.get(actor) ?? 0) < seq) extent.set(actor, seq)
}
