import { DocumentId, type GroupId, type HomeView, type InitiativeRow, type MemberId, type Person } from '@auzolan/core'
import { seal, unseal } from '../log/sealed.ts'

/**
 * The home screen as it was last worked out, so that a start shows it before anything else is read: one record, whatever the
 * history. A cache: damaged, of another group or made by another version, it is as good as none.
 */
export const encodeKeptHome = (home: HomeView): Uint8Array => {
  const people = new Map<MemberId, number>()
  const known: Person[] = []
  const numberOf = (person: Person): number => {
    const number = people.get(person.id) ?? known.push(person) - 1
    people.set(person.id, number)
    return number
  }
  const initiatives = home.initiatives.map((row): KeptRow => ({ ...row, startedBy: numberOf(row.startedBy) }))
  return seal(new TextEncoder().encode(JSON.stringify([KEPT_VERSION, known, { ...home, initiatives }])))
}

export const decodeKeptHome = (group: GroupId, record: Uint8Array): HomeView | undefined => {
  const bytes = unseal(record)
  if (!bytes) return undefined
  try {
    const [version, people, home] = JSON.parse(new TextDecoder().decode(bytes)) as readonly unknown[]
    if (version !== KEPT_VERSION || !Array.isArray(people) || !isKept(home, people.length)) return undefined
    const known = people as readonly Person[]
    const initiatives = home.initiatives.map((row) => ({ ...row, startedBy: known[row.startedBy] as Person }))
    return home.id === group ? { ...home, initiatives } : undefined
  } catch {
    return undefined
  }
}

/** A row names who started it by number: of thousands of rows a few people started all. */
type KeptRow = Omit<InitiativeRow, 'startedBy'> & { readonly startedBy: number }
type KeptHome = Omit<HomeView, 'initiatives'> & { readonly initiatives: readonly KeptRow[] }

/** The seal vouches that these are the bytes we wrote; this, that what we wrote was a home screen. */
const isKept = (value: unknown, people: number): value is KeptHome => {
  if (typeof value !== 'object' || value === null) return false
  const { name, purpose, me, initiatives, members, messages } = value as Partial<Record<keyof HomeView, unknown>>
  const parts = [name, purpose, me].every((part) => typeof part === 'object' && part !== null)
  return (
    parts &&
    Number.isInteger(members) &&
    Number.isInteger(messages) &&
    Array.isArray(initiatives) &&
    initiatives.every((row) => isRow(row, people))
  )
}

const isRow = (row: unknown, people: number): boolean => {
  if (typeof row !== 'object' || row === null) return false
  const { id, startedBy } = row as { readonly id?: unknown; readonly startedBy?: unknown }
  return DocumentId.parse(id) !== undefined && Number.isInteger(startedBy) && (startedBy as number) < people
}

/** Raised when the home screen's fields change. */
const KEPT_VERSION = 3
