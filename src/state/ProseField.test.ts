import type { ChangeHash, Heads, Prose } from '@auzolan/core'
import { err, ok } from '@auzolan/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Selection } from './caret.ts'
import { ProseField, type ProseSource, type Surface } from './ProseField.svelte.ts'

/** One letter that stays: where it was put, and which change put it there. */
interface Letter {
  readonly id: string
  readonly letter: string
  readonly after: string
  readonly change: string
}

/** A document as the engine keeps it, small: letters hang on the letter they were typed after; changes know their past. */
class ModelDocument {
  readonly #letters: Letter[] = []
  readonly #removed = new Map<string, Set<string>>()
  readonly #past = new Map<string, ReadonlySet<string>>()
  #count = 0

  write(from: Heads, text: string): Heads {
    const seen = this.#ancestors(from)
    const before = this.#visible(seen)
    const change = `change${String(this.#count++).padStart(4, '0')}`
    const old = before.map(({ letter }) => letter)
    const now = [...text]
    let head = 0
    while (head < Math.min(old.length, now.length) && old[head] === now[head]) head++
    let tail = 0
    while (tail < Math.min(old.length, now.length) - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++
    for (const letter of before.slice(head, before.length - tail)) {
      this.#removed.set(letter.id, (this.#removed.get(letter.id) ?? new Set()).add(change))
    }
    let after = before[head - 1]?.id ?? ''
    now.slice(head, now.length - tail).forEach((letter, index) => {
      const id = `${change}.${String(index).padStart(4, '0')}`
      this.#letters.push({ id, letter, after, change })
      after = id
    })
    this.#past.set(change, new Set([...seen, change]))
    return [change as ChangeHash]
  }

  get now(): Prose {
    const all = new Set(this.#past.keys())
    const heads = [...all].filter((change) =>
      [...this.#past].every(([other, past]) => other === change || !past.has(change)),
    )
    return {
      text: this.#visible(all)
        .map(({ letter }) => letter)
        .join(''),
      heads: heads as ChangeHash[],
    }
  }

  textAt(heads: Heads): string {
    return this.#visible(this.#ancestors(heads))
      .map(({ letter }) => letter)
      .join('')
  }

  #ancestors(heads: Heads): Set<string> {
    return new Set(heads.flatMap((head) => [...(this.#past.get(head) ?? [])]))
  }

  #visible(seen: ReadonlySet<string>): Letter[] {
    const ordered: Letter[] = []
    const place = (after: string): void => {
      const next = this.#letters.filter((letter) => letter.after === after && seen.has(letter.change))
      for (const letter of next.toSorted((left, right) => (left.id < right.id ? 1 : -1))) {
        ordered.push(letter)
        place(letter.id)
      }
    }
    place('')
    return ordered.filter(({ id }) => ![...(this.#removed.get(id) ?? [])].some((change) => seen.has(change)))
  }
}

class Page implements Surface {
  text = ''
  selection: Selection = { start: 0, end: 0 }
  show(text: string, selection: Selection): void {
    this.text = text
    this.selection = selection
  }
}

/** A page and a document with nothing moving between them but by a step. */
class World {
  readonly document = new ModelDocument()
  readonly page = new Page()
  readonly field: ProseField
  /** Calls on their way to the peer, oldest first. */
  readonly calls: (() => void)[] = []
  /** The peer's answers on their way back. What it tells may overtake them. */
  readonly replies: (() => void)[] = []
  /** Answers of the watch that are under way. */
  readonly told: Prose[] = []
  timer: (() => void) | undefined
  refusing = false

  constructor() {
    const source: ProseSource = {
      write: (from, text) =>
        this.#later(() =>
          this.refusing
            ? err({ type: 'not saved', why: 'quota' } as const)
            : ok({ heads: this.document.write(from, text) }),
        ),
      fresh: () => this.#later(() => this.document.now),
    }
    this.field = new ProseField(source, this.document.now, (run) => {
      this.timer = run
      return () => {
        this.timer = undefined
      }
    })
    this.field.show(this.page)
  }

  type(at: number, letters: string): void {
    const caret = Math.min(at, this.page.text.length)
    this.page.text = this.page.text.slice(0, caret) + letters + this.page.text.slice(caret)
    this.page.selection = { start: caret + letters.length, end: caret + letters.length }
    this.field.typed()
  }

  /** Somebody else's letters, in the document at once, seen here when told. */
  other(at: number, letters: string): void {
    const { text, heads } = this.document.now
    const place = Math.min(at, text.length)
    this.document.write(heads, text.slice(0, place) + letters + text.slice(place))
    this.told.push(this.document.now)
  }

  hear(): void {
    const prose = this.told.shift()
    if (prose) this.field.heed(prose)
  }

  receive(): void {
    this.calls.shift()?.()
  }

  /** Nothing typed here goes off the page again, and the caret stays behind the last of it. */
  keeps(typedHere: readonly string[]): void {
    for (const letter of typedHere) expect(this.page.text).toContain(letter)
    const last = typedHere.at(-1)
    if (last) expect(this.page.text[this.page.selection.start - 1]).toBe(last)
  }

  async answer(): Promise<void> {
    if (this.replies.length === 0) this.receive()
    this.replies.shift()?.()
    await new Promise(setImmediate)
  }

  /** What the peer tells arrives before its answers, so the last state of all may come while the page waits for an answer. */
  async settle(): Promise<void> {
    this.field.flush()
    while (this.calls.length + this.replies.length + this.told.length > 0) {
      this.receive()
      while (this.told.length > 0) this.hear()
      await this.answer()
    }
  }

  #later<T>(answer: () => T): Promise<T> {
    return new Promise((resolve) => {
      this.calls.push(() => {
        const value = answer()
        this.told.push(this.document.now)
        this.replies.push(() => resolve(value))
      })
    })
  }
}

const LETTERS = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789']
const anyStep = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('type' as const), at: fc.nat(30) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('other' as const), at: fc.nat(30) }) },
  fc.record({
    do: fc.constantFrom('hear' as const, 'receive' as const, 'answer' as const, 'gather' as const, 'blur' as const),
  }),
)

describe('a long text typed by several people', () => {
  test('nothing typed is lost, whatever interleaves', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 50 }), async (steps) => {
        const world = new World()
        const typed: string[] = []
        const typedHere: string[] = []
        for (const step of steps) {
          const letter = LETTERS[typed.length]
          if ((step.do === 'type' || step.do === 'other') && letter) {
            typed.push(letter)
            if (step.do === 'type') typedHere.push(letter)
            world[step.do](step.at, letter)
          } else if (step.do === 'hear') world.hear()
          else if (step.do === 'receive') world.receive()
          else if (step.do === 'answer') await world.answer()
          else if (step.do === 'gather') world.timer?.()
          else world.field.flush()
          world.keeps(typedHere)
        }
        await world.settle()
        expect([...world.document.now.text].toSorted()).toEqual(typed.toSorted())
        expect(world.page.text).toBe(world.document.now.text)
        world.keeps(typedHere)
        expect(world.field.waiting).toBe(false)
      }),
      { numRuns: 600 },
    )
  })

  test('text arriving while typing waits until the typing is stored', async () => {
    const world = new World()
    world.type(0, 'tea')
    world.other(0, 'cake ')
    world.hear()
    expect(world.page.text).toBe('tea')
    await world.settle()
    expect(world.page.text).toContain('tea')
    expect(world.page.text).toContain('cake ')
  })

  test('a state told from before the last write takes nothing off the page again', async () => {
    const world = new World()
    world.type(0, 'is')
    world.field.flush()
    world.other(0, 'This ')
    await world.answer()
    world.hear()
    expect(world.page.text).toBe('is')
    expect(world.page.selection).toEqual({ start: 2, end: 2 })
    await world.settle()
    expect(world.page.text.slice(0, world.page.selection.start)).toMatch(/is$/)
  })

  test('the caret stays between the same letters when others write before it', async () => {
    const world = new World()
    world.type(0, 'tea at four')
    await world.settle()
    world.page.selection = { start: 3, end: 3 }
    world.other(0, 'cake and ')
    await world.settle()
    expect(world.page.text).toBe('cake and tea at four')
    expect(world.page.selection).toEqual({ start: 12, end: 12 })
  })

  test('each write names the heads at which its text was the whole truth', async () => {
    const world = new World()
    world.type(0, 'one')
    world.field.flush()
    world.type(3, ' two')
    await world.answer()
    await world.answer()
    const { heads, text } = world.document.now
    expect(world.document.textAt(heads)).toBe(text)
    expect(text).toBe('one two')
  })

  test('a refused text stays on the page and is handed over again', async () => {
    const world = new World()
    world.refusing = true
    world.type(0, 'kept')
    world.field.flush()
    await world.answer()
    expect(world.field.refusal).toEqual({ type: 'not saved', why: 'quota' })
    world.refusing = false
    await world.settle()
    expect(world.field.refusal).toBeUndefined()
    expect(world.document.now.text).toBe('kept')
  })

  test('a word being composed is not replaced under the fingers', async () => {
    const world = new World()
    world.field.compose(true)
    world.other(0, 'xyz')
    world.hear()
    expect(world.page.text).toBe('')
    world.field.compose(false)
    await world.settle()
    expect(world.page.text).toBe('xyz')
  })
})
