/**
 * Answers on their way from the worker to the page. Of a long list of which one row changed, that row alone crosses, and
 * the page gets the very objects back that it had of the others: it need not look at them again.
 */

/** A field of an answer: as it is, or a list as places in the list told before, with the rows that are new in between. */
type Part = { readonly whole: unknown } | { readonly places: Int32Array<ArrayBuffer>; readonly fresh: readonly Row[] }

/** Plain data, as a structured clone carries it. */
export type Told = { readonly plain: unknown } | { readonly parts: Readonly<Record<string, Part>> }

/** What lists are made of that are told by their changes. */
interface Row {
  readonly id: string
}

type Fields = Readonly<Record<string, unknown>>

/** The worker's side of one watch. */
export class Teller {
  #before: Fields = {}

  tell(answer: unknown): Told {
    if (!isFields(answer)) return { plain: answer }
    const parts = Object.fromEntries(
      Object.entries(answer).map(([name, now]) => [name, partOf(now, this.#before[name])]),
    )
    this.#before = answer
    return { parts }
  }
}

/** The page's side of one watch. What it hears comes from our own worker, in order. */
export class Hearer {
  #before: Fields = {}

  hear(told: Told): unknown {
    if ('plain' in told) return told.plain
    const answer = Object.fromEntries(
      Object.entries(told.parts).map(([name, part]) => [name, 'whole' in part ? part.whole : this.#list(name, part)]),
    )
    this.#before = answer
    return answer
  }

  #list(name: string, { places, fresh }: Exclude<Part, { readonly whole: unknown }>): readonly unknown[] {
    const before = this.#before[name] as readonly unknown[]
    let next = 0
    return Array.from(places, (place) => (place === NEW ? fresh[next++] : before[place]))
  }
}

const NEW = -1

const partOf = (now: unknown, before: unknown): Part => {
  if (!isRows(now) || !isRows(before)) return { whole: now }
  const known = new Map(before.map(({ id }, place) => [id, place]))
  const fresh: Row[] = []
  const places = Int32Array.from(now, (row) => {
    const place = known.get(row.id)
    if (place !== undefined && sameData(row, before[place])) return place
    fresh.push(row)
    return NEW
  })
  return { places, fresh }
}

/** Equal as plain data: objects, lists and simple values. */
const sameData = (one: unknown, other: unknown): boolean => {
  if (Object.is(one, other)) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Object.getPrototypeOf(one) !== Object.getPrototypeOf(other)) return false
  // Of anything but plain data nothing is known: it is told again.
  if (!Array.isArray(one) && Object.getPrototypeOf(one) !== Object.prototype) return false
  const names = Object.keys(one)
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && sameData((one as Fields)[name], (other as Fields)[name]))
  )
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

const isRows = (value: unknown): value is readonly Row[] =>
  Array.isArray(value) && value.every((row) => isFields(row) && typeof row['id'] === 'string')
