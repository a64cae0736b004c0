import { ChangeHash, toHex } from '@auzolan/core'
import { ByteReader } from './ByteReader.ts'
import { Booleans, Deltas, Numbers, Texts } from './columns.ts'
import { actorBytes, envelopeBytes } from './preparse.ts'
import type { NamedOperation } from './references.ts'

/** An operation with the text it sets, where it sets one whole. */
export interface Operation extends NamedOperation {
  readonly text?: string
}

/**
 * The operations of a change that passed `preparse`, read from its columns (Automerge binary format, version 1). Automerge's own decoder
 * builds every value, which takes ten times as long. `undefined`: a column says what no operation can be.
 */
export const readOperations = (bytes: Uint8Array): readonly Operation[] | undefined => {
  const reader = new ByteReader(bytes)
  const actors = readActors(reader)
  const columns = new Columns(reader)
  const idOf = (actor: number | undefined, counter: number): string | undefined => {
    const name = actors[actor ?? actors.length]
    return name === undefined ? undefined : `${counter}@${name}`
  }
  const operations: Operation[] = []
  while (columns.more) {
    const row = columns.next()
    const obj = row.objectCounter === undefined ? '_root' : idOf(row.objectActor, row.objectCounter)
    const place = placeOf(row, idOf)
    const value = columns.value(row.value)
    if (row.action === undefined || obj === undefined || place === undefined || value === undefined) return undefined
    const pred: string[] = []
    for (let left = row.predecessors; left > 0; left--) {
      const [actor, counter] = columns.predecessor()
      const id = counter === undefined ? undefined : idOf(actor, counter)
      if (id === undefined) return undefined
      pred.push(id)
    }
    operations.push({ action: row.action, obj, ...place, insert: row.insert, ...value, pred })
  }
  return reader.failed || columns.failed ? undefined : operations
}

/** The change's own actor, then the others its operations name. */
const readActors = (reader: ByteReader): readonly string[] => {
  reader.skip(envelopeBytes)
  reader.unsigned()
  reader.skip(reader.unsigned() * ChangeHash.length)
  const actor = () => (reader.skip(1), toHex(reader.take(actorBytes)))
  const own = actor()
  reader.unsigned()
  reader.unsigned()
  reader.signed()
  reader.skip(reader.unsigned())
  return [own, ...Array.from({ length: reader.unsigned() }, actor)]
}

interface Row {
  readonly action: string | undefined
  readonly objectActor: number | undefined
  readonly objectCounter: number | undefined
  readonly keyActor: number | undefined
  readonly keyCounter: number | undefined
  readonly key: string | undefined
  readonly insert: boolean
  readonly value: number
  readonly predecessors: number
}

/** A key of a map, or the element of a sequence that it is, or comes after. */
const placeOf = (
  { key, keyActor, keyCounter }: Row,
  idOf: (actor: number | undefined, counter: number) => string | undefined,
): { readonly key: string } | { readonly elemId: string } | undefined => {
  if (key !== undefined) return keyActor === undefined && keyCounter === undefined ? { key } : undefined
  if (keyCounter === undefined) return undefined
  if (keyActor === undefined) return keyCounter === 0 ? { elemId: '_head' } : undefined
  const elemId = idOf(keyActor, keyCounter)
  return elemId === undefined ? undefined : { elemId }
}

/** A change's columns, read side by side, operation by operation. A column that is missing or ends early says nothing from there on. */
class Columns {
  readonly #readers = new Map<number, ByteReader>()
  readonly #actions: Numbers
  readonly #objectActors: Numbers
  readonly #objectCounters: Numbers
  readonly #keyActors: Numbers
  readonly #keyCounters: Deltas
  readonly #keys: Texts
  readonly #inserts: Booleans
  readonly #values: Numbers
  readonly #content: ByteReader
  readonly #counts: Numbers
  readonly #predecessorActors: Numbers
  readonly #predecessorCounters: Deltas
  readonly #marks: Texts

  constructor(reader: ByteReader) {
    const laid = Array.from({ length: reader.unsigned() }, () => [reader.unsigned(), reader.unsigned()] as const)
    for (const [column, length] of laid) this.#readers.set(column, new ByteReader(reader.take(length)))
    this.#actions = new Numbers(this.#at(0x42))
    this.#objectActors = new Numbers(this.#at(0x01))
    this.#objectCounters = new Numbers(this.#at(0x02))
    this.#keyActors = new Numbers(this.#at(0x11))
    this.#keyCounters = new Deltas(this.#at(0x13))
    this.#keys = new Texts(this.#at(0x15))
    this.#inserts = new Booleans(this.#at(0x34))
    this.#values = new Numbers(this.#at(0x56))
    this.#content = this.#at(0x57)
    this.#counts = new Numbers(this.#at(0x70))
    this.#predecessorActors = new Numbers(this.#at(0x71))
    this.#predecessorCounters = new Deltas(this.#at(0x73))
    this.#marks = new Texts(this.#at(0xa5))
  }

  get more(): boolean {
    return this.#actions.more
  }
  get failed(): boolean {
    for (const reader of this.#readers.values()) if (reader.failed) return true
    return false
  }

  next(): Row {
    const code = this.#actions.next()
    const mark = this.#marks.next()
    return {
      action: code === markAction ? (mark === undefined ? 'markEnd' : 'markBegin') : actions[code ?? actions.length],
      objectActor: this.#objectActors.next(),
      objectCounter: this.#objectCounters.next(),
      keyActor: this.#keyActors.next(),
      keyCounter: this.#keyCounters.next(),
      key: this.#keys.next(),
      insert: this.#inserts.next(),
      value: this.#values.next() ?? 0,
      predecessors: this.#counts.next() ?? 0,
    }
  }

  /** What `meta` (type, and length × 16) stands for, as far as anybody asks. */
  value(meta: number): { readonly datatype?: string; readonly text?: string } | undefined {
    const type = meta % 16
    const bytes = this.#content.take(Math.floor(meta / 16))
    if (type === counterType) return { datatype: 'counter' }
    if (type > lastType) return undefined
    return type === textType ? { text: decoder.decode(bytes) } : {}
  }

  predecessor(): readonly [actor: number | undefined, counter: number | undefined] {
    return [this.#predecessorActors.next(), this.#predecessorCounters.next()]
  }

  #at(column: number): ByteReader {
    return this.#readers.get(column) ?? nothing
  }
}

const nothing = new ByteReader(new Uint8Array(0))
const decoder = new TextDecoder()
/** By their numbers; the eighth begins or ends a mark. */
const actions = ['makeMap', 'set', 'makeList', 'del', 'makeText', 'inc', 'makeTable'] as const
const markAction = 7
const textType = 6
const counterType = 8
/** Timestamps; beyond, no version of Automerge has given a type a meaning. */
const lastType = 9
