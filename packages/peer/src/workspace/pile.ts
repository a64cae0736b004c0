import type { DeviceId, GroupId, Instant } from '@auzolan/core'
import type { ItemType } from '@auzolan/trust'
import type { PlainEntry } from './said.ts'

/** Entries kept as bytes until they are read: as objects they would take several times the memory, and the time to clear it up. */
export class Pile {
  readonly #authors: { readonly group: GroupId; readonly device: DeviceId }[] = []
  #bytes = new Uint8Array(FIRST_BYTES)
  #view = new DataView(this.#bytes.buffer)
  #length = 0

  add({ group, device, seq, at, items }: PlainEntry): void {
    const last = this.#authors.at(-1)
    if (last?.device !== device || last.group !== group) this.#authors.push({ group, device })
    this.#reserve(items.reduce((sum, { bytes }) => sum + ITEM_BYTES + (bytes?.length ?? 0), ENTRY_BYTES))
    this.#view.setUint32(this.#length, this.#authors.length - 1)
    this.#view.setFloat64(this.#length + 4, seq)
    this.#view.setFloat64(this.#length + 12, at)
    this.#view.setUint32(this.#length + 20, items.length)
    this.#length += ENTRY_BYTES
    for (const { type, bytes } of items) {
      this.#view.setUint8(this.#length, type)
      this.#view.setUint32(this.#length + 1, bytes?.length ?? NO_BYTES)
      this.#length += ITEM_BYTES
      if (bytes) this.#bytes.set(bytes, this.#length)
      this.#length += bytes?.length ?? 0
    }
  }

  /** In the order in which they were added. What they hold is good until the next one is added. */
  *entries(): Generator<PlainEntry> {
    for (let at = 0; at < this.#length;) {
      const author = this.#authors[this.#view.getUint32(at)]
      if (!author) throw new Error('an entry of nobody')
      const seq = this.#view.getFloat64(at + 4)
      const time = this.#view.getFloat64(at + 12) as Instant
      const count = this.#view.getUint32(at + 20)
      at += ENTRY_BYTES
      const items: { type: ItemType; bytes: Uint8Array | null }[] = []
      for (let number = 0; number < count; number++) {
        const type = this.#view.getUint8(at) as ItemType
        const length = this.#view.getUint32(at + 1)
        at += ITEM_BYTES
        const bytes = length === NO_BYTES ? null : this.#bytes.subarray(at, at + length)
        at += bytes?.length ?? 0
        items.push({ type, bytes })
      }
      yield { ...author, seq, at: time, items }
    }
  }

  #reserve(more: number): void {
    const needed = this.#length + more
    if (needed <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.length))
    grown.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = grown
    this.#view = new DataView(grown.buffer)
  }
}

const FIRST_BYTES = 1024
const ENTRY_BYTES = 24
const ITEM_BYTES = 5
const NO_BYTES = 0xffffffff
