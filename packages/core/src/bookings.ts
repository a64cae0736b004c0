import { DocumentId, MemberId, StatementId } from './ids.ts'
import { momentOf } from './moment.ts'
import { byTime, type Stamped } from './plan.ts'
import { bookers, type Said, type Statement } from './statement.ts'
import { BOOKING_LIMIT } from './statement-codec.ts'
import { everyId, everyRow, isCount, isInstant, stampOf } from './stored.ts'
import {
  type Booking,
  brokenRules,
  byBeginning,
  type Overlap,
  overlapsAmong,
  type Thing,
  type ThingState,
  type Used,
} from './things.ts'

export type BookingStatement = Extract<Statement, { kind: 'thing' | 'book' | 'unbook' | 'settle' | 'use' }>

type Word = Stamped & { readonly by: MemberId; readonly stands: boolean }
type UseWord = Used & Word

/**
 * Shared things and who has booked them, folded in any order. Nothing is judged on arrival: what refers to something unknown is kept, and counts once
 * that has arrived and was said by who may say it.
 */
export class Bookings {
  /** By thing, everything that was said of it. */
  readonly #versions = new Map<StatementId, Map<StatementId, Thing>>()
  /** By thing. */
  readonly #bookings = new Map<StatementId, Map<StatementId, Booking>>()
  readonly #thingOf = new Map<StatementId, StatementId>()
  /** By booking, who took it back, and for which others. */
  readonly #takenBack = new Map<StatementId, Map<MemberId, Set<StatementId>>>()
  /** By two bookings, whether they go together in the word of each. */
  readonly #settled = new Map<string, Map<MemberId, Word>>()
  readonly #uses = new Map<StatementId, Map<MemberId, UseWord>>()
  /** As they were last worked out. */
  readonly #states = new Map<StatementId, ThingState | undefined>()

  add({ id, by, at, statement }: Pick<Said<BookingStatement>, 'id' | 'by' | 'at' | 'statement'>): void {
    this.#states.clear()
    switch (statement.kind) {
      case 'thing': {
        const { kind: _, thing, ...said } = statement
        inner(this.#versions, thing ?? id).set(id, { id, at, by, ...said })
        return
      }
      case 'book': {
        const { thing, place, note } = statement
        const [from, to] = [momentOf(statement.from), momentOf(statement.to)]
        if (from !== null && to !== null) this.#book(thing, { id, at, by, place, from, to, note })
        return
      }
      case 'unbook':
        return this.#takeBack(statement.booking, by, statement.for === null ? [] : [statement.for])
      case 'settle':
        return keepLatest(inner(this.#settled, pairOf(statement.one, statement.other)), {
          ...{ id, at, by, stands: statement.stands },
        })
      case 'use': {
        const { booking, minutes, note, stands } = statement
        keepLatest(inner(this.#uses, booking), { id, at, by, minutes, note, stands })
      }
    }
  }

  /** By name, then id. */
  get all(): readonly ThingState[] {
    return [...this.#versions.keys()]
      .flatMap((id) => this.of(id) ?? [])
      .sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : left.id < right.id ? -1 : 1))
  }

  of(id: StatementId): ThingState | undefined {
    if (!this.#states.has(id)) this.#states.set(id, this.#state(id))
    return this.#states.get(id)
  }

  /** The thing that was booked. */
  holding(booking: StatementId): ThingState | undefined {
    const thing = this.#thingOf.get(booking)
    return thing && this.of(thing)
  }

  #state(id: StatementId): ThingState | undefined {
    const said = this.#versions.get(id)
    const first = said?.get(id)
    if (said === undefined || first === undefined) return undefined
    const versions = [...said.values()].filter(({ by }) => by === first.by).sort(byTime)
    const booked = [...(this.#bookings.get(id)?.values() ?? [])]
    const isTakenBack = (booking: Booking) => this.#takenBack.get(booking.id)?.has(booking.by) === true
    const standing = booked.filter((booking) => !isTakenBack(booking)).sort(byBeginning)
    const overlaps = overlapsAmong(standing)
    const madeRoom = new Map<StatementId, MemberId[]>()
    for (const { id: booking, by } of booked.filter(isTakenBack).sort(byTime))
      for (const other of this.#takenBack.get(booking)?.get(by) ?? [])
        madeRoom.set(other, [...(madeRoom.get(other) ?? []), by])
    return {
      ...(versions.at(-1) ?? first),
      id,
      at: first.at,
      bookings: standing.map((booking) => ({
        ...booking,
        against: brokenRules(versions.findLast(({ at }) => at <= booking.at) ?? first, first.by, booking),
        overlaps: (overlaps.get(booking.id) ?? []).map((other) => this.#overlap(booking, other, first.by)),
        madeRoom: madeRoom.get(booking.id) ?? [],
        uses: [booking.by, ...(booking.by === first.by ? [] : [first.by])].flatMap((by) => {
          const word = this.#uses.get(booking.id)?.get(by)
          return word?.stands === true ? [{ id: word.id, at: word.at, by, minutes: word.minutes, note: word.note }] : []
        }),
      })),
    }
  }

  #overlap(one: Booking, other: Booking, keeper: MemberId): Overlap {
    const words = this.#settled.get(pairOf(one.id, other.id))
    const agreed = [...new Set([one.by, other.by, keeper])].filter((by) => words?.get(by)?.stands === true)
    const settled = agreed.includes(keeper) || [one.by, other.by].every((by) => agreed.includes(by))
    return { with: other.id, agreed, settled }
  }

  #book(thing: StatementId, booking: Booking): void {
    const minutes = (booking.to - booking.from) / 60_000
    if (minutes <= 0 || minutes > BOOKING_LIMIT) return
    inner(this.#bookings, thing).set(booking.id, booking)
    this.#thingOf.set(booking.id, thing)
  }

  #takeBack(booking: StatementId, by: MemberId, others: readonly StatementId[]): void {
    const members = inner(this.#takenBack, booking)
    members.set(by, new Set([...(members.get(by) ?? []), ...others].sort()))
  }

  toData(): readonly unknown[] {
    return [
      rowsOf(this.#versions, ({ id, at, by, place, name, where, rules, who, people, longest, notice, shared }) => [
        ...[id, at, by, place, name, where, rules, who, people, longest, notice, shared],
      ]),
      rowsOf(this.#bookings, ({ id, at, by, place, from, to, note }) => [id, at, by, place, from, to, note]),
      Array.from(this.#takenBack, ([booking, members]) =>
        Array.from(members, ([by, others]) => [booking, by, [...others]]),
      ).flat(),
      rowsOf(this.#settled, ({ id, at, by, stands }) => [id, at, by, stands]),
      rowsOf(this.#uses, ({ id, at, by, minutes, note, stands }) => [id, at, by, minutes, note, stands]),
    ]
  }

  /** Adds what `toData` gave; false where it is damaged. */
  restore(data: unknown): boolean {
    if (!Array.isArray(data)) return false
    const [versions, bookings, takenBack, settled, uses] = data as readonly unknown[]
    return (
      everyRow(versions, (row) => this.#restoreVersion(row)) &&
      everyRow(bookings, (row) => this.#restoreBooking(row)) &&
      everyRow(takenBack, ([id, by, others]) => {
        const [booking, member] = [StatementId.parse(id), MemberId.parse(by)]
        const all = everyId(others, StatementId.parse)
        if (booking === undefined || member === undefined || all === undefined) return false
        this.#takeBack(booking, member, all)
        return true
      }) &&
      everyRow(settled, ([pair, id, at, by, stands]) => {
        const said = stampOf(id, at, by)
        if (said === undefined || typeof stands !== 'boolean' || typeof pair !== 'string') return false
        const [one, other, ...rest] = pair.split(' ').map(StatementId.parse)
        if (one === undefined || other === undefined || rest.length > 0) return false
        keepLatest(inner(this.#settled, pair), { ...said, stands })
        return true
      }) &&
      everyRow(uses, ([about, id, at, by, minutes, note, stands]) => {
        const [said, booking] = [stampOf(id, at, by), StatementId.parse(about)]
        if (said === undefined || booking === undefined || !isCount(minutes)) return false
        if (typeof note !== 'string' || typeof stands !== 'boolean') return false
        keepLatest(inner(this.#uses, booking), { ...said, minutes, note, stands })
        return true
      })
    )
  }

  #restoreVersion([of, id, at, by, at2, ...said]: readonly unknown[]): boolean {
    const [read, thing, place] = [stampOf(id, at, by), StatementId.parse(of), DocumentId.parse(at2)]
    const [name, where, rules, whom, named, longest, notice, shared] = said
    const [who, people] = [bookers.find((each) => each === whom), everyId(named, MemberId.parse)]
    if (read === undefined || thing === undefined || place === undefined || !who || !people) return false
    if (typeof name !== 'string' || typeof where !== 'string' || typeof rules !== 'string') return false
    if (!isCount(longest) || !isCount(notice) || typeof shared !== 'boolean') return false
    inner(this.#versions, thing).set(read.id, {
      ...read,
      place,
      name,
      where,
      rules,
      who,
      people,
      longest,
      notice,
      shared,
    })
    return true
  }

  #restoreBooking([of, id, at, by, what, from, to, note]: readonly unknown[]): boolean {
    const [read, thing, place] = [stampOf(id, at, by), StatementId.parse(of), DocumentId.parse(what)]
    if (read === undefined || thing === undefined || place === undefined) return false
    if (!isInstant(from) || !isInstant(to) || typeof note !== 'string') return false
    this.#book(thing, { ...read, place, from, to, note })
    return true
  }
}

const inner = <Outer, Inner, Value>(map: Map<Outer, Map<Inner, Value>>, key: Outer): Map<Inner, Value> => {
  let known = map.get(key)
  if (known === undefined) map.set(key, (known = new Map<Inner, Value>()))
  return known
}

const keepLatest = <W extends Word>(words: Map<MemberId, W>, word: W): void => {
  const before = words.get(word.by)
  if (before === undefined || byTime(before, word) < 0) words.set(word.by, word)
}

/** The same for two bookings whichever is named first. */
const pairOf = (one: StatementId, other: StatementId): string => (one < other ? `${one} ${other}` : `${other} ${one}`)

const rowsOf = <Key, Value>(
  map: ReadonlyMap<Key, ReadonlyMap<unknown, Value>>,
  row: (value: Value) => readonly unknown[],
): unknown => Array.from(map, ([key, values]) => Array.from(values.values(), (value) => [key, ...row(value)])).flat()
