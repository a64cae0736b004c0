import { DocumentId, type GroupId, type HomeView } from '@auzolan/core'
import { seal, unseal } from '../log/sealed.ts'

/**
 * The home screen as it was last worked out, so that a start shows it before anything else is read: one record, whatever the
 * history. A cache: damaged, of another group or made by another version, it is as good as none.
 */
export const encodeKeptHome = (home: HomeView): Uint8Array =>
  seal(new TextEncoder().encode(JSON.stringify([KEPT_VERSION, home])))

export const decodeKeptHome = (group: GroupId, record: Uint8Array): HomeView | undefined => {
  const bytes = unseal(record)
  if (!bytes) return undefined
  try {
    const [version, home] = JSON.parse(new TextDecoder().decode(bytes)) as readonly unknown[]
    return version === KEPT_VERSION && isHome(home) && home.id === group ? home : undefined
  } catch {
    return undefined
  }
}

/** The seal vouches that these are the bytes we wrote; this, that what we wrote was a home screen. */
const isHome = (value: unknown): value is HomeView => {
  if (typeof value !== 'object' || value === null) return false
  const { name, purpose, me, initiatives, members, messages } = value as Partial<Record<keyof HomeView, unknown>>
  const parts = [name, purpose, me].every((part) => typeof part === 'object' && part !== null)
  return (
    parts &&
    Number.isInteger(members) &&
    Number.isInteger(messages) &&
    Array.isArray(initiatives) &&
    initiatives.every(isRow)
  )
}

const isRow = (row: unknown): boolean =>
  typeof row === 'object' && row !== null && DocumentId.parse((row as { id?: unknown }).id) !== undefined

/** Raised when the home screen's fields change. */
const KEPT_VERSION = 1
