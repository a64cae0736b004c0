import type { ExampleStep } from '../peer.ts'

/** How far writing the example has come, and the wish to stop it. One at a time. */
export class ExampleWriting {
  readonly #tell: () => void
  #now: ExampleStep = { step: 'none', have: 0, of: 0 }
  #stopped = false

  constructor(tell: () => void) {
    this.#tell = tell
  }

  get now(): ExampleStep {
    return this.#now
  }

  get stopped(): boolean {
    return this.#stopped
  }

  begin(): void {
    this.#stopped = false
    this.#is({ step: 'writing', have: 0, of: 0 })
  }

  wrote(have: number, of: number): void {
    this.#is({ step: 'writing', have, of })
  }

  /** `done`: whether it is listed now. */
  end(done: boolean): void {
    const { have, of } = this.#now
    this.#is(done ? { step: 'done', have, of } : { step: 'none', have: 0, of: 0 })
  }

  /** Heeded after the batch being written. */
  stop(): void {
    if (this.#now.step === 'writing') this.#stopped = true
  }

  #is(step: ExampleStep): void {
    this.#now = step
    this.#tell()
  }
}
