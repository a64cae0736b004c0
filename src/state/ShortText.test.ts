import { describe, expect, test } from 'vitest'
import { ShortText } from './ShortText.svelte.ts'

/** A text kept elsewhere: nothing is stored, answered or told but by a step. */
class World {
  stored = 'Repair day'
  told = 'Repair day'
  refusing = false
  readonly written: string[] = []
  readonly #answers: (() => void)[] = []
  readonly text = new ShortText({
    told: () => this.told,
    write: (value) => {
      this.written.push(value)
      return this.#later(() => {
        if (!this.refusing) this.stored = value
        return !this.refusing
      })
    },
    caughtUp: () => this.#later(() => (this.told = this.stored)),
  })

  /** Answers the oldest call that waits. */
  async answer(): Promise<void> {
    this.#answers.shift()?.()
    await new Promise(setImmediate)
  }

  async settle(): Promise<void> {
    while (this.#answers.length > 0) await this.answer()
  }

  #later<T>(work: () => T): Promise<T> {
    return new Promise((resolve) => this.#answers.push(() => resolve(work())))
  }
}

describe('a short text', () => {
  test('stays as typed until it is told back, and never shows what was there before in between', async () => {
    const world = new World()
    world.text.type('Repair  café ')
    world.text.leave()
    expect(world.text.shown).toBe('Repair  café ')
    await world.answer()
    expect(world.stored).toBe('Repair café')
    expect(world.told).toBe('Repair day')
    expect(world.text.shown).toBe('Repair  café ')
    await world.answer()
    expect(world.text.shown).toBe('Repair café')
    world.told = 'Repair café on Saturday'
    expect(world.text.shown).toBe('Repair café on Saturday')
  })

  test('what is typed while it is being saved stays, and is saved when it is left', async () => {
    const world = new World()
    world.text.type('Repair café')
    world.text.leave()
    world.text.type('Repair café on Saturday')
    await world.settle()
    expect(world.text.shown).toBe('Repair café on Saturday')
    expect(world.stored).toBe('Repair café')
    world.text.leave()
    await world.settle()
    expect(world.stored).toBe('Repair café on Saturday')
  })

  test('typed back to what it was while it is being saved, it is saved once more', async () => {
    const world = new World()
    world.text.type('Repair café')
    world.text.leave()
    world.text.type('Repair day')
    world.text.leave()
    await world.settle()
    expect(world.written).toEqual(['Repair café', 'Repair day'])
    expect(world.text.shown).toBe('Repair day')
    expect(world.stored).toBe('Repair day')
  })

  test('left twice while it is being saved, it is saved once', async () => {
    const world = new World()
    world.text.type('Repair café')
    world.text.leave()
    world.text.leave()
    await world.settle()
    expect(world.written).toEqual(['Repair café'])
  })

  test('what was refused stays for another try', async () => {
    const world = new World()
    world.refusing = true
    world.text.type('Repair café')
    world.text.leave()
    await world.settle()
    expect(world.text.shown).toBe('Repair café')
    world.refusing = false
    world.text.leave()
    await world.settle()
    expect(world.stored).toBe('Repair café')
  })

  test('what was dropped is not saved', async () => {
    const world = new World()
    world.text.type('Repair café')
    world.text.drop()
    world.text.leave()
    await world.settle()
    expect(world.text.shown).toBe('Repair day')
    expect(world.written).toEqual([])
  })
})
