import type { DocumentId, Instant, MemberId, StatementId } from './ids.ts'
import { byTime, type Stamped } from './plan.ts'
import { plainWords } from './search-view.ts'

/** What was asked of people at one time, as its author said it. */
export interface CallSaid extends Stamped {
  readonly by: MemberId
  readonly place: DocumentId
  readonly title: string
  readonly text: string
  readonly goal: number
  /** `null`: nobody said. */
  readonly until: Instant | null
  readonly open: boolean
}

/** A title and text that people were asked to sign, from when on. */
export interface CallVersion extends Stamped {
  readonly title: string
  readonly text: string
}

/** `now`: the text as it is. `earlier`: another that its author asked to sign before. `unknown`: a text that is not here. */
export type SignedText = 'now' | 'earlier' | 'unknown'

interface Signed extends Stamped {
  /** Place of the text it names among the versions; `null`: it is not here. */
  readonly version: number | null
  readonly signed: SignedText
  readonly withdrawn: boolean
  /** Said, by its author's clock, after the day until which people were asked. */
  readonly late: boolean
}

/** What one person said of a call: their newest signature that stands, else the newest they took back. */
export interface Signature extends Signed {
  readonly by: MemberId
  readonly name: string
  readonly comment: string
  /** All of theirs that stand: several, where two of their devices were apart. */
  readonly standing: readonly StatementId[]
}

/** Somebody's signature on paper, by the word of who entered it. */
export interface PaperSignature extends Signed {
  readonly by: MemberId
  readonly name: string
  readonly sheet: string
  /** Others who have seen it, too. It counts from the first on. */
  readonly seenBy: readonly MemberId[]
  /** Somebody of this name stands there already. Two people may be called the same. */
  readonly again: boolean
}

/** Who signed the text as it is, in time: what the bar shows. Nobody twice. */
export interface CallCount {
  readonly here: number
  readonly paper: number
}

export interface CallState extends Omit<CallSaid, 'id' | 'at'>, Stamped {
  /** By time; each differs from the one before. The last is the text as it is. */
  readonly versions: readonly CallVersion[]
  /** One for each person, by time. */
  readonly signatures: readonly Signature[]
  readonly papers: readonly PaperSignature[]
  readonly count: CallCount
}

export interface SignSaid extends Stamped {
  readonly by: MemberId
  readonly version: StatementId
  readonly name: string
  readonly comment: string
}
export interface PaperSaid extends Stamped {
  readonly by: MemberId
  readonly version: StatementId
  readonly name: string
  readonly sheet: string
}

/** Everything that was said of one call. */
export interface CallWords {
  readonly said: Iterable<CallSaid>
  readonly signatures: Iterable<SignSaid>
  readonly papers: Iterable<PaperSaid>
  /** Whether who said it took it back. */
  readonly isWithdrawn: (id: StatementId, by: MemberId) => boolean
  /** Who says that they saw a signature on paper. */
  readonly seenBy: (paper: StatementId) => readonly MemberId[]
}

/** A call as it stands; `undefined`: nobody here has heard the first of it. */
export const callState = (id: StatementId, words: CallWords): CallState | undefined => {
  const all = [...words.said].sort(byTime)
  const first = all.find((each) => each.id === id)
  if (first === undefined) return undefined
  const own = all.filter(({ by }) => by === first.by)
  const now = own.at(-1) ?? first
  const { versions, versionOf } = versionsOf(own)
  const signed = ({ id, at, by, version }: SignSaid | PaperSaid): Signed => {
    const of = versionOf.get(version)
    const text = of === undefined ? undefined : versions[of]
    const isNow = text !== undefined && text.title === now.title && text.text === now.text
    return {
      ...{ id, at, version: of ?? null, signed: isNow ? 'now' : text ? 'earlier' : 'unknown' },
      withdrawn: words.isWithdrawn(id, by),
      late: now.until !== null && at > now.until,
    }
  }
  const byPerson = new Map<MemberId, SignSaid[]>()
  for (const each of [...words.signatures].sort(byTime)) {
    const theirs = byPerson.get(each.by)
    if (theirs) theirs.push(each)
    else byPerson.set(each.by, [each])
  }
  const signatures = [...byPerson.values()]
    .map((theirs): Signature => {
      const standing = theirs.filter((each) => !words.isWithdrawn(each.id, each.by))
      const newest = (standing.at(-1) ?? theirs.at(-1)) as SignSaid
      const { by, name, comment } = newest
      return { ...signed(newest), by, name, comment, standing: standing.map((each) => each.id) }
    })
    .sort(byTime)
  const names = new Set(signatures.filter(({ withdrawn }) => !withdrawn).map(({ name }) => plainWords(name)))
  const papers = [...words.papers].sort(byTime).map((said): PaperSignature => {
    const { by, name, sheet } = said
    const entered = signed(said)
    const plain = plainWords(name)
    const again = names.has(plain)
    if (!entered.withdrawn) names.add(plain)
    const seenBy = words.seenBy(said.id).filter((member) => member !== by)
    return { ...entered, by, name, sheet, seenBy, again: again && !entered.withdrawn }
  })
  const counts = ({ signed, withdrawn, late }: Signed) => signed === 'now' && !withdrawn && !late
  return {
    ...now,
    ...{ id, at: first.at, by: first.by, place: first.place, versions, signatures, papers },
    count: {
      here: signatures.filter(counts).length,
      paper: papers.filter((paper) => counts(paper) && paper.seenBy.length > 0).length,
    },
  }
}

/** Whether people are asked to sign at a moment. */
export const isAsked = ({ open, until }: Pick<CallSaid, 'open' | 'until'>, now: number): boolean =>
  open && (until === null || until > now)

/** How many signed, of those that count. */
export const countOf = ({ here, paper }: CallCount): number => here + paper

/** Each text that differs from the one before, and which of them a statement says. */
const versionsOf = (
  own: readonly CallSaid[],
): { readonly versions: readonly CallVersion[]; readonly versionOf: ReadonlyMap<StatementId, number> } => {
  const versions: CallVersion[] = []
  const versionOf = new Map<StatementId, number>()
  for (const { id, at, title, text } of own) {
    const last = versions.at(-1)
    if (last?.title !== title || last.text !== text) versions.push({ id, at, title, text })
    versionOf.set(id, versions.length - 1)
  }
  return { versions, versionOf }
}
