import { ActionId, ControlId, DeviceId, DocumentId, GroupId, MemberId, StatementId } from './ids.ts'
import { momentOf } from './moment.ts'
import { err, ok, type Result } from './result.ts'
import {
  bookers,
  closeResults,
  reactions,
  type RecordProof,
  sides,
  sights,
  takings,
  type Statement,
  type StatementKind,
} from './statement.ts'
import {
  checkName,
  checkPerson,
  checkSentence,
  checkText,
  checkTitle,
  NAME_LIMIT,
  TEXT_LIMIT,
  TITLE_LIMIT,
  type TextFault,
} from './text.ts'

/** Most people one action can ask for: a large crowd is several actions. */
export const PLACES_LIMIT = 999
/** Most minutes one "done" can report: 100 hours, more is a typing mistake. */
export const MINUTES_LIMIT = 6_000
/** Most messages one message says it comes after: more branches than that never meet in one person's reach. */
export const AFTER_LIMIT = 4
/** Most earlier needs one need replaces: as many as control heads, for the same reason. */
export const REPLACES_LIMIT = 16
/** Most of anything that is needed or offered: beyond that a larger unit says it better. */
export const AMOUNT_LIMIT = 1_000_000
/** Most addresses at which one keeper is told to be: in the house, from outside, by name, and one to spare. */
export const KEEPER_ADDRESSES_LIMIT = 4
/** Most people one message calls by name: who means more means everyone. */
export const MENTIONS_LIMIT = 16
/** Longest that a thing is booked, or asked for before, in minutes: a leap year. For longer it has another keeper. */
export const BOOKING_LIMIT = 366 * 24 * 60
/** Most people that a thing is kept for: for more it is open to everyone. */
export const BOOKERS_LIMIT = 64
/** Most signatures on paper that are confirmed at once: several sheets. */
export const PAPERS_LIMIT = 256
/** Most names that are entered from paper at once: more than a sheet has lines, fewer than an entry has room for. */
export const SHEET_LINES = 60

/** Most that one statement takes back: what was brought in together. */
export const UNADOPT_LIMIT = 256
/** As in `docs/formats/entry.md`: a header names 256 items and 16 heads; the largest item is a change. */
const HEADER_BYTES = 16 * 1024
const ITEM_BYTES = 512 * 1024
const SIGNATURE_BYTES = 64
const ITEMS = 256

/** What the canonical CBOR of an entry can hold of a statement. */
export type Encoded = number | string | boolean | null | Uint8Array | readonly Encoded[]

export type StatementFault =
  | { readonly type: 'not a statement' }
  /** Made by a newer app: the entry is kept and counted, nothing of it is shown. */
  | { readonly type: 'unknown kind'; readonly kind: string }
  | { readonly type: 'bad field'; readonly kind: StatementKind; readonly field: string }
  | { readonly type: 'text missing' }
  | { readonly type: 'text not expected'; readonly kind: StatementKind }

/** How one field travels. `read` answers `undefined` for what it refuses. */
interface FieldCodec<T> {
  readonly write: (value: T) => Encoded
  readonly read: (value: unknown) => T | undefined
  /** Of a last field: not written when it says nothing, so that what has always been said keeps its bytes. */
  readonly isLeftOut?: (value: T) => boolean
}

interface IdKind<Id> {
  readonly length: number
  readonly fromBytes: (bytes: Uint8Array) => Id
  readonly toBytes: (id: Id) => Uint8Array
}

const id = <Id>(kind: IdKind<Id>): FieldCodec<Id> => ({
  write: kind.toBytes,
  read: (value) => (value instanceof Uint8Array && value.length === kind.length ? kind.fromBytes(value) : undefined),
})

const orNull = <T>(inner: FieldCodec<T>): FieldCodec<T | null> => ({
  write: (value) => (value === null ? null : inner.write(value)),
  read: (value) => (value === null ? null : inner.read(value)),
})

const distinct = <T>(inner: FieldCodec<T>, limit: number): FieldCodec<readonly T[]> => ({
  write: (values) => values.map(inner.write),
  read: (value) => {
    if (!Array.isArray(value) || value.length > limit) return undefined
    const values = new Set<T>()
    for (const each of value as readonly unknown[]) {
      const read = inner.read(each)
      if (read === undefined || values.has(read)) return undefined
      values.add(read)
    }
    return [...values]
  },
})

const integer = (least: number, most: number): FieldCodec<number> => ({
  write: (value) => value,
  read: (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most ? value : undefined,
})

/** A field that was added later: what was said before holds `before`. */
const added = <T>(inner: FieldCodec<T>, before: T): FieldCodec<T> => ({
  write: inner.write,
  read: (value) => (value === undefined ? before : inner.read(value)),
})

/** A list that was added later, at the end: an empty one is not written. */
const addedList = <T>(inner: FieldCodec<readonly T[]>): FieldCodec<readonly T[]> => ({
  ...added(inner, []),
  isLeftOut: (values) => values.length === 0,
})

const flag: FieldCodec<boolean> = {
  write: (value) => value,
  read: (value) => (typeof value === 'boolean' ? value : undefined),
}

const oneOf = <T extends string>(words: readonly T[]): FieldCodec<T> => ({
  write: (value) => value,
  read: (value) => words.find((word) => word === value),
})

/** Length is refused, invisible characters are only tidied away: every reader then shows the same. */
const line = (check: (text: string) => Result<string, TextFault>, limit: number): FieldCodec<string> => ({
  write: (value) => value,
  read: (value) => {
    if (typeof value !== 'string' || value.length > limit) return undefined
    const checked = check(value)
    return checked.ok ? checked.value : undefined
  },
})

const bytes = (least: number, most: number): FieldCodec<Uint8Array> => ({
  write: (value) => value,
  read: (value) => (value instanceof Uint8Array && value.length >= least && value.length <= most ? value : undefined),
})

const moment: FieldCodec<string> = {
  write: (value) => value,
  read: (value) => (typeof value === 'string' && (value === '' || momentOf(value) !== null) ? value : undefined),
}

/** Text of a network: no words, so nothing is tidied. */
const pattern = (allowed: RegExp): FieldCodec<string> => ({
  write: (value) => value,
  read: (value) => (typeof value === 'string' && allowed.test(value) ? value : undefined),
})

/** Of what happens at a time in any case. */
const time: FieldCodec<string> = {
  write: (value) => value,
  read: (value) => (typeof value === 'string' && momentOf(value) !== null ? value : undefined),
}

type Fields<S> = { readonly [Field in Exclude<keyof S, 'kind'>]: FieldCodec<S[Field]> }
type Layouts = { readonly [Kind in StatementKind]: Fields<Extract<Statement, { readonly kind: Kind }>> }

const initiative = id(DocumentId)
const statement = id(StatementId)
const thread = id(DocumentId)
const mentions = distinct(id(MemberId), MENTIONS_LIMIT)

const record: Fields<RecordProof> = {
  header: bytes(1, HEADER_BYTES),
  signature: bytes(SIGNATURE_BYTES, SIGNATURE_BYTES),
  index: integer(0, ITEMS - 1),
  item: bytes(1, ITEM_BYTES),
  name: line(checkName, NAME_LIMIT),
}

/** The order of a kind's fields here is their order in the array. Kinds only gain fields, at the end. */
const layouts: Layouts = {
  card: { name: line(checkName, NAME_LIMIT) },
  start: { initiative, title: line(checkTitle, TITLE_LIMIT) },
  need: {
    initiative,
    action: id(ActionId),
    places: integer(1, PLACES_LIMIT),
    replaces: distinct(statement, REPLACES_LIMIT),
  },
  take: { initiative, action: id(ActionId), starts: added(orNull(moment), null) },
  giveBack: { initiative, take: statement },
  doing: { initiative, take: statement },
  done: {
    initiative,
    take: statement,
    minutes: integer(0, MINUTES_LIMIT),
    note: added(line(checkSentence, TITLE_LIMIT), ''),
  },
  notYet: { initiative, take: statement },
  witness: { initiative, take: statement, saw: oneOf(sights) },
  close: {
    initiative,
    result: oneOf(closeResults),
    sentence: line(checkSentence, TITLE_LIMIT),
    replaces: distinct(statement, REPLACES_LIMIT),
  },
  reopen: { initiative, closings: distinct(statement, REPLACES_LIMIT) },
  device: { device: id(DeviceId), name: line(checkName, NAME_LIMIT) },
  askFirst: { key: id(DeviceId) },
  keeper: {
    peer: pattern(/^[1-9A-HJ-NP-Za-km-z]{1,90}$/),
    addresses: distinct(pattern(/^\/[!-~]{1,199}$/), KEEPER_ADDRESSES_LIMIT),
  },
  because: { proposal: id(ControlId), words: line(checkSentence, TITLE_LIMIT) },
  adopt: { offer: orNull(statement), ...record },
  unadopt: { adopts: distinct(statement, UNADOPT_LIMIT) },
  offer: { from: id(GroupId), name: line(checkName, NAME_LIMIT), why: line(checkSentence, TITLE_LIMIT) },
  offered: { offer: statement, ...record },
  answer: { offer: statement, taken: oneOf(takings), thanks: line(checkSentence, TITLE_LIMIT) },
  message: {
    thread,
    after: distinct(statement, AFTER_LIMIT),
    replyTo: orNull(statement),
    mentions: addedList(mentions),
  },
  retract: { thread, message: statement },
  revise: { thread, message: statement, mentions },
  react: { thread, message: statement, reaction: oneOf(reactions) },
  unreact: { thread, reactions: distinct(statement, REPLACES_LIMIT) },
  became: {
    thread,
    message: statement,
    made: initiative,
    action: orNull(id(ActionId)),
    listing: orNull(statement),
    title: line(checkSentence, TITLE_LIMIT),
  },
  listing: {
    place: initiative,
    side: oneOf(sides),
    what: line(checkTitle, TITLE_LIMIT),
    amount: integer(1, AMOUNT_LIMIT),
    unit: line(checkName, NAME_LIMIT),
    when: moment,
    where: line(checkSentence, TITLE_LIMIT),
  },
  unlist: { place: initiative, listing: statement, stands: flag },
  promise: {
    place: initiative,
    listing: statement,
    amount: integer(1, AMOUNT_LIMIT),
    note: line(checkSentence, TITLE_LIMIT),
  },
  release: { place: initiative, promises: distinct(statement, REPLACES_LIMIT) },
  handOver: { place: initiative, promise: statement, stands: flag },
  thing: {
    place: initiative,
    thing: orNull(statement),
    name: line(checkTitle, TITLE_LIMIT),
    where: line(checkSentence, TITLE_LIMIT),
    rules: line(checkSentence, TITLE_LIMIT),
    who: oneOf(bookers),
    people: distinct(id(MemberId), BOOKERS_LIMIT),
    longest: integer(0, BOOKING_LIMIT),
    notice: integer(0, BOOKING_LIMIT),
    shared: flag,
  },
  book: { place: initiative, thing: statement, from: time, to: time, note: line(checkSentence, TITLE_LIMIT) },
  unbook: { place: initiative, booking: statement, for: orNull(statement) },
  settle: { place: initiative, one: statement, other: statement, stands: flag },
  use: {
    place: initiative,
    booking: statement,
    minutes: integer(0, BOOKING_LIMIT),
    note: line(checkSentence, TITLE_LIMIT),
    stands: flag,
  },
  call: {
    place: initiative,
    call: orNull(statement),
    title: line(checkTitle, TITLE_LIMIT),
    text: line(checkText, TEXT_LIMIT),
    goal: integer(0, AMOUNT_LIMIT),
    until: moment,
    open: flag,
  },
  sign: {
    place: initiative,
    call: statement,
    version: statement,
    name: line(checkName, NAME_LIMIT),
    comment: line(checkSentence, TITLE_LIMIT),
  },
  unsign: { place: initiative, call: statement, signatures: distinct(statement, REPLACES_LIMIT) },
  paper: {
    place: initiative,
    call: statement,
    version: statement,
    name: line(checkPerson, NAME_LIMIT),
    sheet: line(checkSentence, TITLE_LIMIT),
  },
  sawPaper: { place: initiative, call: statement, papers: distinct(statement, PAPERS_LIMIT), stands: flag },
}

const layoutOf = (kind: StatementKind) => Object.entries(layouts[kind] as Readonly<Record<string, FieldCodec<unknown>>>)

const isKind = (kind: string): kind is StatementKind => Object.hasOwn(layouts, kind)

const mayHaveText: ReadonlySet<StatementKind> = new Set(['message', 'revise', 'adopt', 'offered'])

/** The array form `[kind, …fields]` that an entry carries; ids as bytes. Hand it tidied texts within their limits. */
export const encodeStatement = (said: Statement): readonly Encoded[] => {
  const values = said as unknown as Readonly<Record<string, unknown>>
  const fields = layoutOf(said.kind)
  const last = fields.at(-1)
  const written = last?.[1].isLeftOut?.(values[last[0]]) === true ? fields.slice(0, -1) : fields
  return [said.kind, ...written.map(([field, codec]) => codec.write(values[field]))]
}

/** Kinds whose text follows as an item of its own. */
export const hasText = (kind: string): boolean => kind === 'message' || kind === 'revise'

/**
 * Reads a decoded statement item. `withText`: a text item follows it in its entry, also when its body was erased since.
 * Fields after the known ones were added by a newer app and are ignored.
 */
export const parseStatement = (value: unknown, withText: boolean): Result<Statement, StatementFault> => {
  if (!Array.isArray(value)) return err({ type: 'not a statement' })
  const [kind, ...fields] = value as readonly unknown[]
  if (typeof kind !== 'string') return err({ type: 'not a statement' })
  if (!isKind(kind)) return err({ type: 'unknown kind', kind: kind.slice(0, NAME_LIMIT) })
  const said: Record<string, unknown> = { kind }
  for (const [at, [field, codec]] of layoutOf(kind).entries()) {
    const read = codec.read(fields[at])
    if (read === undefined) return err({ type: 'bad field', kind, field })
    said[field] = read
  }
  if (hasText(kind) && !withText) return err({ type: 'text missing' })
  if (!mayHaveText.has(kind) && withText) return err({ type: 'text not expected', kind })
  return ok(said as unknown as Statement)
}
