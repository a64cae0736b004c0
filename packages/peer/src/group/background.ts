import { StoreError } from '@auzolan/storage'

/** Jobs nobody waits for. They end before the store they read is closed; what fails with the store is done again after the next start. */
export class Background {
  readonly #running = new Set<Promise<void>>()
  #over = false

  run(job: () => Promise<unknown>): void {
    if (this.#over) return
    const running = this.#carryOut(job)
    this.#running.add(running)
    void running.finally(() => this.#running.delete(running))
  }

  async #carryOut(job: () => Promise<unknown>): Promise<void> {
    try {
      await job()
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
    }
  }

  /** Takes on no more, and resolves once nothing runs. */
  async end(): Promise<void> {
    this.#over = true
    await Promise.allSettled(this.#running)
  }
}
