export interface Notice {
  readonly id: number
  readonly text: string
  readonly undo?: () => unknown
}

/** What the toasts say. They are painted by a part of the app that loads with the first one. */
export class Notices {
  #latest = $state.raw<Notice>()
  #count = 0

  get latest(): Notice | undefined {
    return this.#latest
  }

  say(text: string, undo?: () => unknown): void {
    this.#count += 1
    this.#latest = undo ? { id: this.#count, text, undo } : { id: this.#count, text }
  }
}
