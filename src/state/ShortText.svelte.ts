export interface ShortSource {
  /** The text as it was last told. */
  told(): string
  /** Replaces it; resolves to whether that was saved. */
  write(value: string): Promise<boolean>
  /** Resolves once everything saved before was told. */
  caughtUp(): Promise<unknown>
}

/**
 * A short text typed in one place, saved when it is left. What was typed stays until the text that is told is sure to hold it: the
 * answer to a write may come before the new text is told, and what was there before must not come back for that moment.
 */
export class ShortText {
  readonly #source: ShortSource
  #typed = $state<string>()
  #left = false
  #saving = false

  constructor(source: ShortSource) {
    this.#source = source
  }

  get shown(): string {
    return this.#typed ?? this.#source.told()
  }

  type(text: string): void {
    this.#typed = text
  }

  /** Forgets what was typed and not saved. */
  drop(): void {
    this.#typed = undefined
  }

  /** Saves what was typed: at once, or as soon as the saving under way has ended. */
  leave(): void {
    this.#left = true
    if (!this.#saving) void this.#save()
  }

  async #save(): Promise<void> {
    this.#saving = true
    try {
      while (this.#left) {
        this.#left = false
        await this.#saveOnce()
      }
    } finally {
      this.#saving = false
    }
  }

  async #saveOnce(): Promise<void> {
    const typed = this.#typed
    if (typed === undefined) return
    const value = typed.replace(/\s+/g, ' ').trim()
    if (value !== this.#source.told()) {
      // Refused: it stays as typed, for another try.
      if (!(await this.#source.write(value))) return
      await this.#source.caughtUp()
    }
    if (this.#typed === typed) this.#typed = undefined
  }
}
