import { DeviceId, equalBytes, fromHex, type Instant, toHex } from '@auzolan/core'
import { decodeCbor, encodeCbor, sha256 } from '@auzolan/trust'
import { seal, unseal } from '../log/sealed.ts'

/** What this device knows of what lies with one keeper, for one group. Losing it costs reading everything there once more. */
export class KeptRecord {
  /** As the keeper named it; another one is another start. */
  #shelf: Uint8Array
  /** Read up to there. */
  after: number
  /** How far each feed has been left there, by anybody. */
  readonly marks: Map<DeviceId, number>
  /** Digests of what lies there beside the feeds. */
  readonly #aside = new Set<string>()
  /** When all that was here last lay there. */
  whole: Instant | null = null

  private constructor(shelf: Uint8Array, after: number, marks: Map<DeviceId, number>) {
    this.#shelf = shelf
    this.after = after
    this.marks = marks
  }

  static decode(bytes: Uint8Array | undefined): KeptRecord {
    const value = bytes && unseal(bytes)
    const decoded = value && decodeCbor(value)
    const [version, shelf, after, list, whole, aside] =
      decoded?.ok && Array.isArray(decoded.value) ? (decoded.value as readonly unknown[]) : []
    if (version !== 1 || !(shelf instanceof Uint8Array) || typeof after !== 'number' || !Array.isArray(list))
      return new KeptRecord(new Uint8Array(), 0, new Map())
    const marks = (list as readonly unknown[]).flatMap((line) => {
      const [device, seq] = Array.isArray(line) ? (line as readonly unknown[]) : []
      return device instanceof Uint8Array && device.length === 32 && typeof seq === 'number'
        ? [[DeviceId.fromBytes(device), seq] as const]
        : []
    })
    const record = new KeptRecord(shelf, after, new Map(marks))
    // Left out by earlier versions.
    record.whole = typeof whole === 'number' && Number.isSafeInteger(whole) ? (whole as Instant) : null
    for (const digest of Array.isArray(aside) ? (aside as readonly unknown[]) : [])
      if (digest instanceof Uint8Array) record.#aside.add(toHex(digest))
    return record
  }

  encode(): Uint8Array {
    const marks = [...this.marks].map(([device, seq]) => [DeviceId.toBytes(device), seq])
    const aside = [...this.#aside].flatMap((digest) => fromHex(digest) ?? [])
    return seal(encodeCbor([1, this.#shelf, this.after, marks, this.whole, aside]))
  }

  begin(shelf: Uint8Array): void {
    if (equalBytes(shelf, this.#shelf)) return
    this.#shelf = shelf
    this.after = 0
    this.whole = null
    this.marks.clear()
    this.#aside.clear()
  }

  /** A run lies there. What is missing before it leaves a gap that is still to be filled. */
  has(device: DeviceId, from: number, last: number): void {
    const mark = this.marks.get(device) ?? 0
    if (from <= mark + 1 && last > mark) this.marks.set(device, last)
  }
  /** A proof, or an entry that stands alone, lies there. */
  hasAside(held: Uint8Array): boolean {
    return this.#aside.has(digestOf(held))
  }
  keepAside(held: Uint8Array): void {
    this.#aside.add(digestOf(held))
  }
}

/** SHA-256 as hex. */
export const digestOf = (bytes: Uint8Array): string => toHex(sha256(bytes))
