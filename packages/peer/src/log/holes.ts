import type { DeviceId, GroupId } from '@auzolan/core'
import type { Key, Op } from '@auzolan/storage'
import { decodeCbor, encodeCbor } from '@auzolan/trust'
import { holeKey } from './layout.ts'
import { seal, unseal } from './sealed.ts'

/** Entries of one feed that this device had and can no longer read. Both ends belong to it. */
export interface Hole {
  readonly from: number
  readonly to: number
}

/** The unreadable ranges of one feed, kept on disk until somebody sends them again. */
export class Holes {
  readonly #group: GroupId
  readonly #device: DeviceId
  readonly #ends = new Map<number, number>()

  constructor(group: GroupId, device: DeviceId) {
    this.#group = group
    this.#device = device
  }

  /** In order. */
  get all(): readonly Hole[] {
    return [...this.#ends].map(([from, to]) => ({ from, to })).sort((left, right) => left.from - right.from)
  }

  /** The first that shares a seq with this range. */
  touching(from: number, to: number): Hole | undefined {
    return this.all.find((hole) => hole.from <= to && from <= hole.to)
  }

  /** What to write beside the removal of what could not be read. */
  add(hole: Hole): Op {
    this.#ends.set(hole.from, Math.max(hole.to, this.#ends.get(hole.from) ?? 0))
    return this.#put(hole.from, hole.to)
  }

  /** What to write once `hole` is filled up to `last`. */
  filled(hole: Hole, last: number): { readonly ops: readonly Op[]; readonly done: () => void } {
    const remove: Op = { do: 'remove', key: holeKey(this.#group, this.#device, hole.from) }
    const rest = last < hole.to
    return {
      ops: rest ? [remove, this.#put(last + 1, hole.to)] : [remove],
      done: () => {
        this.#ends.delete(hole.from)
        if (rest) this.#ends.set(last + 1, hole.to)
      },
    }
  }

  /** A hole as it was stored; one whose record is damaged is noticed again by who reads there. */
  restore(key: Key, record: Uint8Array): void {
    const bytes = unseal(record)
    const to = bytes && decodeCbor(bytes)
    const from = key.at(-1)
    if (to?.ok && typeof from === 'number' && typeof to.value === 'number' && to.value >= from)
      this.#ends.set(from, to.value)
  }

  #put(from: number, to: number): Op {
    return { do: 'put', key: holeKey(this.#group, this.#device, from), value: seal(encodeCbor(to)) }
  }
}
