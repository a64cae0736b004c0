import type { Timers } from '../timers.ts'

/** Time that passes only when told to. */
export class ManualTimers implements Timers {
  #now = 0
  #next = 0
  readonly #calls = new Map<number, { readonly at: number; readonly call: () => void }>()

  readonly now = (): number => this.#now

  readonly set = (call: () => void, milliseconds: number): number => {
    this.#calls.set(++this.#next, { at: this.#now + milliseconds, call })
    return this.#next
  }

  readonly clear = (handle: unknown): void => {
    this.#calls.delete(handle as number)
  }

  /** Calls everything due in the next `milliseconds`, in order, letting promises run in between. */
  async pass(milliseconds: number): Promise<void> {
    const until = this.#now + milliseconds
    for (;;) {
      await settled()
      const due = [...this.#calls]
        .filter(([, { at }]) => at <= until)
        .sort(([a, one], [b, other]) => one.at - other.at || a - b)[0]
      if (!due) break
      const [handle, { at, call }] = due
      this.#calls.delete(handle)
      this.#now = Math.max(this.#now, at)
      call()
    }
    this.#now = until
    await settled()
  }

  /** Jumps, as a device that slept does: what was due is called late, once. */
  async oversleep(milliseconds: number): Promise<void> {
    this.#now += milliseconds
    await this.pass(0)
  }
}

/** Lets every promise that can settle do so. */
export const settled = async (): Promise<void> => {
  for (let round = 0; round < 200; round++) await Promise.resolve()
}
