import { crc32, err, ok, type Result } from '@auzolan/core'
import { inflate } from './deflate.ts'

/** One part of a ZIP file, as the directory at its end says. */
export interface ZipPart {
  readonly name: string
  /** Bytes once read. */
  readonly size: number
  readonly deflated: boolean
  readonly crc: number
  readonly from: number
  readonly packed: number
}

export interface ZipFault {
  /** `damaged` also: made to look like something else. */
  readonly type: 'not a zip' | 'damaged' | 'too large'
}

/**
 * A ZIP file that is read by its directory alone, part by part. Refused before anything is read: names that lead elsewhere or come twice, parts
 * that share bytes, lock, or claim more than a part may hold; whatever is there need not have been written by this app.
 */
export class ZipReader {
  readonly #file: Blob
  readonly parts: ReadonlyMap<string, ZipPart>

  private constructor(file: Blob, parts: ReadonlyMap<string, ZipPart>) {
    this.#file = file
    this.parts = parts
  }

  static async open(file: Blob): Promise<Result<ZipReader, ZipFault>> {
    if (file.size > zipLimits.file) return err({ type: 'too large' })
    const end = await readEnd(file)
    if (!end.ok) return end
    const { count, length, from } = end.value
    if (count > zipLimits.parts || length > zipLimits.directory) return err({ type: 'too large' })
    const parts = readDirectory(await bytesOf(file, from, from + length), count, from)
    return parts.ok ? ok(new ZipReader(file, parts.value)) : parts
  }

  /** All of one part. Never more memory than it was allowed to claim. */
  async read({ name, size, deflated, crc, from, packed }: ZipPart): Promise<Result<Uint8Array, ZipFault>> {
    const header = await bytesOf(this.#file, from, from + LOCAL_LENGTH)
    if (header.length < LOCAL_LENGTH) return err({ type: 'damaged' })
    const view = viewOf(header)
    const nameLength = view.getUint16(26, true)
    const start = from + LOCAL_LENGTH + nameLength + view.getUint16(28, true)
    const body = await bytesOf(this.#file, from + LOCAL_LENGTH, start + packed)
    const isSame =
      view.getUint32(0, true) === LOCAL &&
      view.getUint16(8, true) === (deflated ? DEFLATED : STORED) &&
      readName(body.subarray(0, nameLength)) === name
    const data = body.subarray(start - from - LOCAL_LENGTH)
    if (!isSame || data.length !== packed) return err({ type: 'damaged' })
    const bytes = deflated ? await inflate(data, size) : data
    return bytes?.length === size && crc32(bytes) === crc ? ok(bytes) : err({ type: 'damaged' })
  }
}

const readEnd = async (
  file: Blob,
): Promise<Result<{ readonly count: number; readonly length: number; readonly from: number }, ZipFault>> => {
  const tail = await bytesOf(file, Math.max(0, file.size - END_LENGTH - MAX_COMMENT), file.size)
  const view = viewOf(tail)
  for (let at = tail.length - END_LENGTH; at >= 0; at--) {
    if (view.getUint32(at, true) !== END || at + END_LENGTH + view.getUint16(at + 20, true) !== tail.length) continue
    const count = view.getUint16(at + 10, true)
    const [length, from] = [view.getUint32(at + 12, true), view.getUint32(at + 16, true)]
    const isWhole = view.getUint16(at + 4, true) === 0 && view.getUint16(at + 8, true) === count
    if (count === 0xffff || from === 0xffffffff) return err({ type: 'too large' })
    if (!isWhole || from + length !== file.size - tail.length + at) return err({ type: 'damaged' })
    return ok({ count, length, from })
  }
  return err({ type: 'not a zip' })
}

const readDirectory = (
  bytes: Uint8Array,
  count: number,
  end: number,
): Result<ReadonlyMap<string, ZipPart>, ZipFault> => {
  const view = viewOf(bytes)
  const parts = new Map<string, ZipPart>()
  let all = 0
  let at = 0
  for (let number = 0; number < count; number++) {
    if (at + ENTRY_LENGTH > bytes.length || view.getUint32(at, true) !== ENTRY) return err({ type: 'damaged' })
    const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)]
    const [packed, size, from] = [
      view.getUint32(at + 20, true),
      view.getUint32(at + 24, true),
      view.getUint32(at + 42, true),
    ]
    const nameEnd = at + ENTRY_LENGTH + view.getUint16(at + 28, true)
    const name = readName(bytes.subarray(at + ENTRY_LENGTH, nameEnd))
    const next = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
    if (name === undefined || next > bytes.length || parts.has(name)) return err({ type: 'damaged' })
    if ((flags & LOCKED) !== 0 || (method !== STORED && method !== DEFLATED)) return err({ type: 'damaged' })
    if (method === STORED && packed !== size) return err({ type: 'damaged' })
    if (size > zipLimits.part || packed > zipLimits.part || (all += size) > zipLimits.all)
      return err({ type: 'too large' })
    // A folder on its own, as other programs write them.
    if (!name.endsWith('/'))
      parts.set(name, { name, size, deflated: method === DEFLATED, crc: view.getUint32(at + 16, true), from, packed })
    at = next
  }
  return at === bytes.length && areApart([...parts.values()], end) ? ok(parts) : err({ type: 'damaged' })
}

/** Parts that share bytes can stand for a thousand times what the file holds. */
const areApart = (parts: readonly ZipPart[], end: number): boolean => {
  const inOrder = [...parts].sort((left, right) => left.from - right.from)
  return inOrder.every(({ from, packed }, at) => from + LOCAL_LENGTH + packed <= (inOrder[at + 1]?.from ?? end))
}

/** `undefined`: leads out of its folder, or is no name that every system has. */
const readName = (bytes: Uint8Array): string | undefined => {
  if (bytes.length === 0 || bytes.length > zipLimits.name) return undefined
  try {
    const name = utf8.decode(bytes)
    const steps = (name.endsWith('/') ? name.slice(0, -1) : name).split('/')
    const isSafe = steps.every((step) => step !== '' && step !== '.' && step !== '..') && !/[\p{Cc}\\:]/u.test(name)
    return isSafe ? name : undefined
  } catch {
    return undefined
  }
}

const bytesOf = async (file: Blob, from: number, to: number): Promise<Uint8Array> =>
  new Uint8Array(await file.slice(from, to).arrayBuffer())
const viewOf = ({ buffer, byteOffset, length }: Uint8Array): DataView => new DataView(buffer, byteOffset, length)
const utf8 = new TextDecoder('utf-8', { fatal: true })

/** In bytes, unless said otherwise. Numbers of a ZIP file end at 4 GiB; forms beyond it are not read. */
export const zipLimits = {
  file: 0xffffffff,
  /** In number: initiatives of a group of size L with their talk, in twenty groups. */
  parts: 20_000,
  directory: 8 * 1024 * 1024,
  /** The largest text a group can write together is a hundredth of it. */
  part: 16 * 1024 * 1024,
  /** Of everything once read, one part after the other. */
  all: 8 * 1024 * 1024 * 1024,
  name: 300,
} as const

// PKWARE APPNOTE 6.3.10, 4.3
const LOCAL = 0x04034b50
const ENTRY = 0x02014b50
const END = 0x06054b50
const LOCAL_LENGTH = 30
const ENTRY_LENGTH = 46
const END_LENGTH = 22
const MAX_COMMENT = 0xffff
const STORED = 0
const DEFLATED = 8
const LOCKED = 1
