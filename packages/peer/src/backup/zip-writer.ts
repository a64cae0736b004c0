import { crc32, type Instant } from '@auzolan/core'
import { Zip, type ZipInputFile } from 'fflate'
import { deflate } from './deflate.ts'

/** Takes bytes in order; the next ones are made when it has resolved. */
export type ByteSink = (bytes: Uint8Array) => void | Promise<void>

/** A ZIP file, written part by part: while one is packed and handed on, the next may be made, and no more are in memory. */
export class ZipWriter {
  readonly #sink: ByteSink
  readonly #mtime: Date
  readonly #zip: Zip
  #ready: Uint8Array[] = []
  #before: Promise<void> = Promise.resolve()

  constructor(sink: ByteSink, at: Instant) {
    this.#sink = sink
    this.#mtime = new Date(Math.min(Math.max(at, FIRST_TIME), LAST_TIME))
    this.#zip = new Zip((error, bytes) => {
      if (error) throw error
      this.#ready.push(bytes)
    })
  }

  /** Resolves when the part before it was handed on; a sink that fails is told of by the next call. `packed`: its bytes do not compress any further. */
  async add(name: string, bytes: Uint8Array, how: 'packed' | 'plain'): Promise<void> {
    const data = how === 'packed' ? Promise.resolve(bytes) : deflate(bytes)
    const crc = crc32(bytes)
    await this.#before
    this.#before = this.#write(
      { name, size: bytes.length, crc, compression: how === 'packed' ? STORED : DEFLATED },
      data,
    )
    this.#before.catch(() => undefined)
  }

  async end(): Promise<void> {
    await this.#before
    this.#zip.end()
    await this.#hand()
  }

  async #write(
    { name, size, crc, compression }: { name: string; size: number; crc: number; compression: number },
    data: Promise<Uint8Array>,
  ): Promise<void> {
    // Nothing of a part stays behind in it but what the directory at the end says.
    const part: ZipInputFile = { filename: name, size, crc, compression, mtime: this.#mtime }
    this.#zip.add(part)
    part.ondata?.(null, new Uint8Array(await data), true)
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
// PKWARE APPNOTE 6.3.10, 4.4.5
const STORED = 0
const DEFLATED = 8
