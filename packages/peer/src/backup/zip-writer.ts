import type { Instant } from '@auzolan/core'
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate'

/** Takes bytes in order; the next ones are made when it has resolved. */
export type ByteSink = (bytes: Uint8Array) => void | Promise<void>

/** A ZIP file, written part by part: only one part is in memory at a time. */
export class ZipWriter {
  readonly #sink: ByteSink
  readonly #at: Instant
  readonly #zip: Zip
  #ready: Uint8Array[] = []

  constructor(sink: ByteSink, at: Instant) {
    this.#sink = sink
    this.#at = at
    this.#zip = new Zip((error, bytes) => {
      if (error) throw error
      this.#ready.push(bytes)
    })
  }

  /** `packed`: its bytes do not compress any further. */
  async add(name: string, bytes: Uint8Array, how: 'packed' | 'plain'): Promise<void> {
    const part = how === 'packed' ? new ZipPassThrough(name) : new ZipDeflate(name, { level: LEVEL })
    part.mtime = new Date(Math.min(Math.max(this.#at, FIRST_TIME), LAST_TIME))
    this.#zip.add(part)
    part.push(bytes, true)
    await this.#hand()
  }

  async end(): Promise<void> {
    this.#zip.end()
    await this.#hand()
  }

  async #hand(): Promise<void> {
    const ready = this.#ready
    this.#ready = []
    for (const bytes of ready) if (bytes.length > 0) await this.#sink(bytes)
  }
}

/** What a ZIP file can say of a time, with a day of room for where one is. */
const FIRST_TIME = Date.UTC(1980, 0, 2)
const LAST_TIME = Date.UTC(2099, 11, 30)
/** Text: the next level takes half as long again and gains 2 %. */
const LEVEL = 5
