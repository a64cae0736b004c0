import { compareBytes, ControlId, MemberId } from '@auzolan/core'
import type { ProposalFacts } from './fact-shapes.ts'
import { covers, type Node } from './control-graph.ts'
import { labelled } from './digest.ts'
import { digestLabels } from './labels.ts'
import { isMoreThan } from './rules.ts'
import type { Seal } from './seals.ts'

/** What a member commits to for a proposal: 32 bytes. `secret`: 16 random bytes, kept until the commitment is sealed. */
export const lotDigest = (proposal: ControlId, member: MemberId, secret: Uint8Array): Uint8Array =>
  labelled(digestLabels.lot, ControlId.toBytes(proposal), MemberId.toBytes(member), secret)

/** Of half or less all could be one side's, who would then choose the lot. */
const ENOUGH = { num: 1, den: 2 }

/**
 * Electors by lot (`TRUST.md` G5): the shares of all who committed before one seal and revealed before a later one make the seed. Both seals
 * are the first for which more than half of the electors of the first did so. Who committed and did not reveal is out of the draw.
 */
export const drawOf = (proposal: ProposalFacts, last: Seal): readonly MemberId[] | undefined => {
  if (proposal.commits.length === 0) return undefined
  const seals = sealsUpTo(last)
  const first = seals.find((seal) => isEnough(authors(within(proposal.commits, seal)), seal))
  if (!first) return undefined
  const committed = commitments(within(proposal.commits, first), first)
  const second = seals.find((seal) => seal !== first && isEnough(authors(revealed(proposal, committed, seal)), first))
  if (!second) return undefined
  const shares = sharesOf(revealed(proposal, committed, second))
  const parts = [...shares].sort(([left], [right]) => (left < right ? -1 : 1))
  const seed = labelled(
    digestLabels.draw,
    ControlId.toBytes(proposal.node.id),
    ...parts.flatMap(([member, secret]) => [MemberId.toBytes(member), secret]),
  )
  return [...first.electors]
    .filter((member) => !committed.has(member) || shares.has(member))
    .map((member) => ({ member, place: labelled(digestLabels.panel, seed, MemberId.toBytes(member)) }))
    .sort((left, right) => compareBytes(left.place, right.place))
    .map(({ member }) => member)
}

const sealsUpTo = (last: Seal): readonly Seal[] => {
  const seals: Seal[] = []
  for (let seal: Seal | undefined = last; seal; seal = seal.before) seals.unshift(seal)
  return seals
}

const within = (nodes: readonly Node[], { point }: Seal): readonly Node[] =>
  nodes.filter((node) => covers(point.self, node))

const authors = (nodes: readonly Node[]): ReadonlySet<MemberId> => new Set(nodes.map(({ author }) => author))

const isEnough = (members: ReadonlySet<MemberId>, { electors }: Seal): boolean =>
  isMoreThan([...members].filter((member) => electors.has(member)).length, ENOUGH, electors.size)

/** What each elector committed to; who committed to several things committed to none that can be revealed. */
const commitments = (commits: readonly Node[], { electors }: Seal): ReadonlyMap<MemberId, Uint8Array | null> => {
  const found = new Map<MemberId, Uint8Array | null>()
  for (const { author, control } of commits) {
    if (control.kind !== 'commit' || !electors.has(author)) continue
    const before = found.get(author)
    found.set(
      author,
      before === undefined || (before && compareBytes(before, control.digest) === 0) ? control.digest : null,
    )
  }
  return found
}

const revealed = (
  { node, reveals }: ProposalFacts,
  committed: ReadonlyMap<MemberId, Uint8Array | null>,
  seal: Seal,
): readonly Node[] =>
  within(reveals, seal).filter(({ author, control }) => {
    const digest = committed.get(author)
    return control.kind === 'reveal' && digest && compareBytes(lotDigest(node.id, author, control.secret), digest) === 0
  })

const sharesOf = (reveals: readonly Node[]): ReadonlyMap<MemberId, Uint8Array> =>
  new Map(reveals.flatMap(({ author, control }) => (control.kind === 'reveal' ? [[author, control.secret]] : [])))
