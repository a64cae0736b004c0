import type { Instant } from './ids.ts'
import type { StatusState } from './views.ts'

/** What a device knows of its own group. Numbers about others are as of what was last heard. */
export interface StatusFacts {
  /** Something written is not stored yet. */
  readonly saving: boolean
  /** Why the last write failed; `null`: it did not. */
  readonly saveError: string | null
  /** Others write in a form only a newer app knows. */
  readonly newerVersion: boolean
  /** A device of this group is in reach. */
  readonly connected: boolean
  /** Nobody else has a device in this group, so that nobody can be missed. */
  readonly alone?: boolean
  /** Entries held, of those known to exist. */
  readonly have: number
  readonly of: number
  /** Other devices known to hold everything of mine. */
  readonly others: number
  /** Claimed time of the oldest entry that no other device is known to have. */
  readonly onlyHereSince: Instant | null
}

/**
 * The one state to show. What endangers work comes first: a failed save is told even while the next write is on its way. Nobody in
 * reach is told before what was last known of others; but where there are no others, what matters is that the only copy is here.
 */
export const statusState = (facts: StatusFacts): StatusState => {
  const { have, of, others, onlyHereSince } = facts
  if (facts.saveError !== null) return { is: 'not saved', why: facts.saveError }
  if (facts.saving) return { is: 'writing' }
  if (facts.newerVersion) return { is: 'update to edit' }
  if (facts.alone === true && onlyHereSince !== null) return { is: 'only here', since: onlyHereSince }
  if (!facts.connected) return { is: 'offline' }
  if (have < of) return { is: 'getting', have, of }
  if (others > 0) return { is: 'shared', others }
  return onlyHereSince === null ? { is: 'offline' } : { is: 'only here', since: onlyHereSince }
}
