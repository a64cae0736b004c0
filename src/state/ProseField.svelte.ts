import type { Heads, Prose, Result } from '@auzolan/core'
import type { Refusal } from '@auzolan/peer'
import { mapCaret, type Selection } from './caret.ts'

/** How long typing is gathered before it is handed over, in ms: others see it while it is being typed, four times a second at most. */
const GATHER_MS = 200

/** Where the text is typed: a textarea, or a stand-in for it. */
export interface Surface {
  readonly text: string
  readonly selection: Selection
  show(text: string, selection: Selection): void
}

export interface ProseSource {
  /** The full text as its author saw it at `from`; answers the heads that hold exactly this text. */
  write(from: Heads, text: string): Promise<Result<{ readonly heads: Heads }, Refusal>>
  /** The text with everything that has arrived, as of now. */
  fresh(): Promise<Prose>
}

/** Runs something later, once; returns its undo. */
export type Later = (run: () => void, ms: number) => () => void

/**
 * A long text that several people type in at once. What is on the surface belongs to the person typing: it is changed from
 * outside only while nothing typed is unsent or unanswered. Every write names the heads at which its text was exactly
 * `#base.text`, so the engine merges it letter by letter and nothing typed is lost, however writes and arrivals interleave.
 */
export class ProseField {
  readonly #source: ProseSource
  readonly #later: Later
  #typings = 0
  #surface: Surface | undefined
  #base: Prose
  #text: string
  #typed = false
  #sending = false
  #composing = false
  #missed = false
  #asking = false
  #undoTimer: (() => void) | undefined
  #refusal = $state.raw<Refusal>()
  #waiting = $state(false)

  constructor(source: ProseSource, start: Prose, later: Later = laterByTimer) {
    this.#source = source
    this.#later = later
    this.#base = start
    this.#text = start.text
  }

  /** Why the last hand-over was refused; the text stays on the surface. */
  get refusal(): Refusal | undefined {
    return this.#refusal
  }

  /** Something typed is not yet stored. */
  get waiting(): boolean {
    return this.#waiting
  }

  /** Puts the text on a surface; returns its undo, which hands over what is left. */
  show(surface: Surface): () => void {
    this.#surface = surface
    surface.show(this.#text, { start: this.#text.length, end: this.#text.length })
    return () => {
      this.flush()
      this.#surface = undefined
    }
  }

  typed(): void {
    if (!this.#surface) return
    this.#text = this.#surface.text
    this.#typed = true
    this.#typings++
    this.#waiting = true
    if (!this.#sending) this.#undoTimer ??= this.#later(() => this.flush(), GATHER_MS)
  }

  /** An input method is choosing letters: its half-made word must not be replaced under it. */
  compose(going: boolean): void {
    this.#composing = going
    if (going) return
    if (this.#typed) this.flush()
    else this.#catchUp()
  }

  /** A state of the document that was told. It may be from before our last write, so it is only a reason to ask. */
  heed(prose: Prose): void {
    if (sameHeads(prose.heads, this.#base.heads)) return
    this.#missed = true
    this.#catchUp()
  }

  /** Hands over what was typed: at once, or as soon as the hand-over under way is answered. */
  flush(): void {
    this.#undoTimer?.()
    this.#undoTimer = undefined
    if (this.#typed && !this.#sending) void this.#send()
  }

  get #busy(): boolean {
    return this.#typed || this.#sending || this.#composing
  }

  async #send(): Promise<void> {
    const text = this.#text
    this.#typed = false
    this.#sending = true
    try {
      const written = await this.#source.write(this.#base.heads, text)
      this.#refusal = written.ok ? undefined : written.error
      if (written.ok) this.#base = { text, heads: written.value.heads }
      // Kept as typed, so that the next key or "try again" hands it over once more.
      else this.#typed = true
    } finally {
      this.#sending = false
    }
    if (this.#refusal) return
    if (this.#typed) return this.#send()
    this.#waiting = false
    this.#catchUp()
  }

  #catchUp(): void {
    if (this.#missed && !this.#busy && !this.#asking) void this.#ask()
  }

  /** Only an answer to a question asked after our last write is sure to hold that write. */
  async #ask(): Promise<void> {
    this.#missed = false
    this.#asking = true
    const asked = this.#typings
    try {
      const prose = await this.#source.fresh()
      if (asked === this.#typings && !this.#busy) this.#adopt(prose)
      else this.#missed = true
    } finally {
      this.#asking = false
    }
    this.#catchUp()
  }

  #adopt(prose: Prose): void {
    const before = this.#text
    this.#base = prose
    this.#text = prose.text
    const surface = this.#surface
    if (!surface || before === prose.text) return
    const { start, end } = surface.selection
    surface.show(prose.text, { start: mapCaret(before, prose.text, start), end: mapCaret(before, prose.text, end) })
  }
}

const sameHeads = (one: Heads, other: Heads): boolean =>
  one.length === other.length && one.every((head) => other.includes(head))

const laterByTimer: Later = (run, ms) => {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}
