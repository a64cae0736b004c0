import type { WorkStep } from './peer.ts'

/** How far something long has come, and the wish to stop it. One at a time. */
export class LongWork {
  readonly #tell: () => void
  #now: WorkStep = { step: 'none', have: 0, of: 0 }
  #stopped = false

  constructor(tell: () => void) {
    this.#tell = tell
  }

  get now(): WorkStep {
    return this.#now
  }

  get stopped(): boolean {
    return this.#stopped
  }

  begin(): void {
    this.#stopped = false
    this.#is({ step: 'working', have: 0, of: 0 })
  }

  did(have: number, of: number): void {
    this.#is({ step: 'working', have, of })
  }

  /** `done`: to its end. */
  end(done: boolean): void {
    const { have, of } = this.#now
    this.#is(done ? { step: 'done', have, of } : { step: 'none', have: 0, of: 0 })
  }

  /** Heeded after the batch being written. */
  stop(): void {
    if (this.#now.step === 'working') this.#stopped = true
  }

  #is(step: WorkStep): void {
    this.#now = step
    this.#tell()
  }
}
