import type { FieldChange } from './difference.ts'
import type { DocumentId, GroupId, Instant, StatementId } from './ids.ts'
import type { Seen, StatementKind, Taken } from './statement.ts'
import type { DecidedThing, RuleView } from './decision-views.ts'
import type { Totals } from './totals.ts'
import type { Lineage, Person } from './views.ts'

/** What is brought in or left together: the texts of an initiative merge whole, the rest are records of one kind. */
export const bringParts = ['texts', 'work', 'end', 'talk'] as const
export type BringPart = (typeof bringParts)[number]

/** Something said elsewhere, in as many words as a list has room for. */
export interface SaidLine {
  readonly id: StatementId
  readonly by: string
  readonly at: Instant
  readonly kind: StatementKind
  /** Title of the action it is about; empty: of none, or not known. */
  readonly action: string
  /** What was written with it. */
  readonly text: string
  readonly minutes: number | null
  readonly saw: Seen | null
}

/** One thing to tick. */
export interface BringUnit {
  /** The same on each device for the same records. */
  readonly key: string
  readonly about: DocumentId
  readonly part: BringPart
  /** Of the initiative; empty: the group's own talk. */
  readonly title: string
  /** The initiative is not known here: its texts come along with whatever is picked of it. */
  readonly isNew: boolean
  readonly records: number
  readonly by: readonly string[]
  /** What reads otherwise once it is here. */
  readonly fields: readonly FieldChange[]
  /** The first of what was said. */
  readonly lines: readonly SaidLine[]
}

/** What another group has that this one does not. */
export interface NewsView {
  readonly from: GroupId
  readonly name: string
  readonly units: readonly BringUnit[]
  /** Left out before, and unchanged since. */
  readonly skipped: readonly BringUnit[]
}

/** Another group on this device that shares history with this one. */
export interface Relative {
  readonly id: GroupId
  readonly name: string
  readonly is: 'original' | 'copy' | 'sibling'
  /** Units that it has and this group does not, nor left out. */
  readonly news: number
  /** Units that this group has and it does not. */
  readonly ahead: number
  /** This person may write there. */
  readonly writes: boolean
}

export interface OfferRow {
  readonly id: StatementId
  readonly from: GroupId
  readonly name: string
  readonly why: string
  readonly by: Person
  readonly at: Instant
  readonly records: number
  /** `null`: nobody has answered yet. */
  readonly answer: { readonly taken: Taken; readonly by: Person; readonly at: Instant; readonly thanks: string } | null
}

export interface OfferView extends OfferRow {
  /** What of it is not here yet. */
  readonly units: readonly BringUnit[]
  /** Records of it that are here. */
  readonly here: number
}

/** Where a group comes from, who shares its history on this device, and what it was offered. */
export interface FamilyView {
  /** The group it continues, the one that continued, and so on. */
  readonly line: readonly (Lineage & { readonly reason: string; readonly tookPart: number; readonly here: boolean })[]
  readonly relatives: readonly Relative[]
  /** Newest first. */
  readonly offers: readonly OfferRow[]
}

/** How two groups of one family differ: `here` is the group that asks. Or two moments of one: `here` is what was then, `there` what is now. */
export interface DifferenceView {
  readonly group: GroupId
  readonly name: string
  readonly initiatives: readonly InitiativeDifference[]
  /** Rules and ways of coming in that are not the same. */
  readonly rules: readonly { readonly thing: DecidedThing; readonly here: RuleView; readonly there: RuleView }[]
  /** People by what they are called: nobody has one key in two groups. */
  readonly people: { readonly both: number; readonly here: readonly string[]; readonly there: readonly string[] }
  readonly totals: { readonly here: Totals; readonly there: Totals }
}

export interface InitiativeDifference {
  readonly id: DocumentId
  readonly title: string
  readonly is: 'here' | 'there' | 'both'
  /** From how it reads here to how it reads there. */
  readonly fields: readonly FieldChange[]
  /** Records of work, ends and talk that one of them alone has. */
  readonly saidHere: number
  readonly saidThere: number
}
