import { ControlId, DeviceId, err, GroupId, MemberId, ok, type Instant, type Result } from '@auzolan/core'
import { decodeCbor, type CborLimits } from './cbor.ts'
import type { Cbor } from './cbor-writer.ts'

/** Thrown inside a parser of fields and turned into a value where the parser ends. */
class Malformed extends Error {}

/** Thrown where a kind is met that only a newer app knows: what bears it is neither malformed nor understood. */
export class NewerKind extends Error {}

export const newerKind = (kind: string): never => {
  throw new NewerKind(kind)
}

/** Reads the fields of one array in order; each method refuses what has another type or is out of bounds. */
export class Fields {
  private readonly list: readonly Cbor[]
  private at = 0

  constructor(value: Cbor | undefined, what: string) {
    if (!Array.isArray(value)) throw new Malformed(`${what} is a list`)
    this.list = value as readonly Cbor[]
  }

  next(): Cbor | undefined {
    return this.list[this.at++]
  }

  text(what: string, least: number, most: number): string {
    const value = this.next()
    if (typeof value !== 'string' || value.length < least || value.length > most)
      throw new Malformed(`${what}: text of ${least} to ${most}`)
    return value
  }

  integer(what: string, least: number, most: number): number {
    const value = this.next()
    if (typeof value !== 'number' || value < least || value > most) throw new Malformed(`${what}: ${least} to ${most}`)
    return value
  }

  bytes(what: string, length: number): Uint8Array {
    const value = this.next()
    if (!(value instanceof Uint8Array) || value.length !== length) throw new Malformed(`${what}: ${length} bytes`)
    return value
  }

  bytesUpTo(what: string, most: number): Uint8Array {
    const value = this.next()
    if (!(value instanceof Uint8Array) || value.length > most) throw new Malformed(`${what}: at most ${most} bytes`)
    return value
  }

  several(what: string, least: number, most: number): readonly Cbor[] {
    const value = this.next()
    if (!Array.isArray(value) || value.length < least || value.length > most)
      throw new Malformed(`${what}: ${least} to ${most} of them`)
    return value as readonly Cbor[]
  }

  /** `null`, or what `read` makes of the field. */
  optional<T>(read: (fields: Fields) => T): T | null {
    if (this.list[this.at] !== null) return read(this)
    this.at += 1
    return null
  }

  instant(what: string): Instant {
    return this.integer(what, 0, Number.MAX_SAFE_INTEGER) as Instant
  }

  flag(what: string): boolean {
    const value = this.next()
    if (typeof value !== 'boolean') throw new Malformed(`${what}: true or false`)
    return value
  }

  member(what: string): MemberId {
    return MemberId.fromBytes(this.bytes(what, MemberId.length))
  }

  device(what: string): DeviceId {
    return DeviceId.fromBytes(this.bytes(what, DeviceId.length))
  }

  group(what: string): GroupId {
    return GroupId.fromBytes(this.bytes(what, GroupId.length))
  }

  control(what: string): ControlId {
    return ControlId.fromBytes(this.bytes(what, ControlId.length))
  }

  /** Whether a further field is there: for what was added to a kind later and may be left out. */
  get hasMore(): boolean {
    return this.at < this.list.length
  }

  end(): void {
    if (this.at !== this.list.length) throw new Malformed(`${this.list.length} fields instead of ${this.at}`)
  }
}

/** For rules between fields. */
export const mustHold = (condition: boolean, detail: string): void => {
  if (!condition) throw new Malformed(detail)
}

/** Runs a parser of fields; a refusal becomes its reason. `NewerKind` is thrown on. */
export const parseFields = <T>(parse: () => T): Result<T, string> => {
  try {
    return ok(parse())
  } catch (error) {
    if (error instanceof Malformed) return err(error.message)
    throw error
  }
}

/** Reads one encoded list, all of it. */
export const parseList = <T>(
  bytes: Uint8Array,
  what: string,
  limits: CborLimits,
  read: (fields: Fields) => T,
): Result<T, string> => {
  const decoded = decodeCbor(bytes, limits)
  if (!decoded.ok) return err(decoded.error.type)
  return parseFields(() => {
    const fields = new Fields(decoded.value, what)
    const value = read(fields)
    fields.end()
    return value
  })
}
