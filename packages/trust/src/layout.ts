import type { Cbor } from './cbor-writer.ts'
import { Fields, mustHold, newerKind } from './fields.ts'

/** How one field is written and read; `read` throws what `Fields` throws. */
export interface Field<T> {
  readonly write: (value: T) => Cbor
  readonly read: (fields: Fields, what: string) => T
  /** What does not have it ends before it: the last field of its kind, added later. */
  readonly mayBeLeftOut?: true
}

/** The fields of each kind, in the order in which they stand after its name. */
export type Layouts<T extends { readonly kind: string }> = {
  readonly [Kind in T['kind']]: Layout<Extract<T, { readonly kind: Kind }>>
}
type Layout<T> = { readonly [Name in Exclude<keyof T, 'kind'>]-?: Field<Exclude<T[Name], undefined>> }

/** Writes and reads what is one of several kinds by one table. `read` takes a kind that is not in it for a newer app's. */
export const kindsOf = <T extends { readonly kind: string }>(layouts: Layouts<T>, newer = (kind: string) => kind) => {
  const fieldsOf = new Map(Object.entries<object>(layouts).map(([kind, layout]) => [kind, entriesOf(layout)]))
  return {
    write: (value: T): readonly Cbor[] => {
      const values = value as unknown as Readonly<Record<string, unknown>>
      const written: Cbor[] = [value.kind]
      for (const [name, field] of fieldsOf.get(value.kind) as ReturnType<typeof entriesOf>)
        if (values[name] !== undefined) written.push(field.write(values[name]))
      return written
    },
    read: (kind: string, fields: Fields): T => {
      const value: Record<string, unknown> = { kind }
      for (const [name, field] of fieldsOf.get(kind) ?? newerKind(newer(kind)))
        if (!field.mayBeLeftOut || fields.hasMore) value[name] = field.read(fields, name)
      return value as unknown as T
    },
  }
}

const entriesOf = (layout: object): readonly (readonly [string, Field<unknown>])[] =>
  Object.entries(layout as Readonly<Record<string, Field<unknown>>>)

/** An id is its bytes. */
export const id = <Id extends string>(kind: {
  readonly length: number
  readonly toBytes: (value: Id) => Uint8Array
  readonly fromBytes: (bytes: Uint8Array) => Id
}): Field<Id> => ({
  write: kind.toBytes,
  read: (fields, what) => kind.fromBytes(fields.bytes(what, kind.length)),
})

export const bytes = (length: number): Field<Uint8Array> => ({
  write: (value) => value,
  read: (fields, what) => fields.bytes(what, length),
})

export const bytesUpTo = (most: number): Field<Uint8Array> => ({
  write: (value) => value,
  read: (fields, what) => fields.bytesUpTo(what, most),
})

export const text = (least: number, most: number): Field<string> => ({
  write: (value) => value,
  read: (fields, what) => fields.text(what, least, most),
})

export const integer = (least: number, most: number): Field<number> => ({
  write: (value) => value,
  read: (fields, what) => fields.integer(what, least, most),
})

export const flag: Field<boolean> = { write: (value) => value, read: (fields, what) => fields.flag(what) }

export const orNull = <T>(inner: Field<T>): Field<T | null> => ({
  write: (value) => (value === null ? null : inner.write(value)),
  read: (fields, what) => fields.optional((field) => inner.read(field, what)),
})

export const orLeftOut = <T>(inner: Field<T>): Field<T> => ({ ...inner, mayBeLeftOut: true })

/** Least to most of them, sorted by `by`, each once. */
export const sorted = <T>(
  inner: Field<T>,
  least: number,
  most: number,
  by: (value: T) => string,
): Field<readonly T[]> => ({
  write: (values) => values.map(inner.write),
  read: (fields, what) => {
    const values = fields.several(what, least, most).map((value) => inner.read(new Fields([value], what), what))
    mustHold(isSorted(values.map(by)), `${what} are sorted, each once`)
    return values
  },
})

/** A list of its own. */
export const list = <T>(write: (value: T) => Cbor, read: (fields: Fields) => T): Field<T> => ({
  write,
  read: (fields, what) => {
    const inner = new Fields(fields.next(), what)
    const value = read(inner)
    inner.end()
    return value
  },
})

export const isSorted = (ids: readonly string[]): boolean =>
  ids.every((each, at) => at === 0 || (ids[at - 1] as string) < each)
