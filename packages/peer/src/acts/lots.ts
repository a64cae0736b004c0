import type { ControlId, Entropy, Instant, MemberId } from '@auzolan/core'
import type { Store } from '@auzolan/storage'
import { type ControlLog, lotDigest, type ProposalView } from '@auzolan/trust'
import type { Group } from '../group/group.ts'
import { lotKey } from '../log/layout.ts'

/** When this device first had a proposal, by its own clock, and now. */
interface Since {
  readonly since: Instant
  readonly now: Instant
}

/**
 * This device's part in drawing by lot (`TRUST.md` G5): puts in a share for its person, and shows it once the group has confirmed who put in theirs. The
 * secret is on disk before anybody hears of it; whoever cannot show theirs is out of the draw.
 */
export const takePart = async (
  group: Group,
  proposal: ProposalView,
  at: Since,
  { store, entropy }: { readonly store: Store; readonly entropy: Entropy },
): Promise<void> => {
  const { me } = group
  const part = partOf(group, proposal, at)
  if (!me || !part) return
  const key = lotKey(group.id, proposal.id)
  const secret = part === 'share' ? entropy.bytes(SECRET_BYTES) : await store.get(key)
  if (secret?.length !== SECRET_BYTES) return
  if (part === 'share') await store.write([{ do: 'put', key, value: secret }], { durability: 'strict' })
  await group.decide(
    part === 'show' || part === 'show again'
      ? { kind: 'reveal', proposal: proposal.id, secret }
      : { kind: 'commit', proposal: proposal.id, digest: lotDigest(proposal.id, me, secret) },
  )
}

/** What there is for this person to put in or to show. What was said apart is covered by no one entry: the first of them says theirs again. */
export const partOf = (
  group: Group,
  proposal: ProposalView,
  at: Since,
): 'share' | 'share again' | 'show' | 'show again' | undefined => {
  const { me } = group
  const { control, state } = group.workspace.log
  const { lot } = proposal
  if (!me || !lot || !isDrawing(proposal) || !state.electorate.has(me)) return undefined
  if (!lot.committed.includes(me)) return 'share'
  const isSealed = (entry: ControlId): boolean => control.covers([state.sealed], [entry])
  const isOwnSealed = lot.entries.some((entry) => control.get(entry)?.author === me && isSealed(entry))
  if (isOwnSealed && !lot.revealed.includes(me)) return 'show'
  const open = toConfirm(proposal, control, at)
  if (open.length === 0 || control.heads.some((head) => control.covers([head], open))) return undefined
  const isShowing = lot.entries.some(isSealed)
  const [first] = (isShowing ? lot.revealed : lot.committed).filter((member) => state.electorate.has(member))
  if (first !== me) return undefined
  return isShowing ? 'show again' : 'share again'
}

/** What of a draw has to be confirmed before it goes on: once everybody has done their part, or enough have and the others had their time. */
export const toConfirm = (proposal: ProposalView, control: ControlLog, { since, now }: Since): readonly ControlId[] => {
  const { lot } = proposal
  if (!lot || !isDrawing(proposal)) return []
  const { electorate, sealed } = control.state()
  const open = lot.entries.filter((entry) => !control.covers([sealed], [entry]))
  const isShowing = open.length < lot.entries.length
  const among = (members: readonly MemberId[]) => members.filter((member) => electorate.has(member)).length
  const wanted = isShowing ? among(lot.committed) : electorate.size
  const have = among(isShowing ? lot.revealed : lot.committed)
  const isOver = now >= since + (isShowing ? 2 : 1) * SHARES_LAST_MS
  return have === wanted || (isOver && 2 * have > electorate.size) ? open : []
}

const isDrawing = ({ phase, panel, rule }: ProposalView): boolean =>
  phase === 'open' && rule.kind === 'sortition' && !panel

const SECRET_BYTES = 16
/** Devices put in shares by themselves: two days are enough for those that are used at all. */
const SHARES_LAST_MS = 2 * 24 * 60 * 60 * 1000
