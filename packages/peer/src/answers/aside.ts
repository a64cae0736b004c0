import type {
  ControlId,
  DeviceId,
  Instant,
  MemberId,
  Person,
  SetAsideCause,
  SetAsideReason,
  SetAsideThing,
  SetAsideView,
} from '@auzolan/core'
import {
  type Control,
  type Judged,
  memberOfRequest,
  parseJoinRequest,
  type ProposalView,
  type Void,
} from '@auzolan/trust'
import type { Group } from '../group/group.ts'
import type { Stop } from '../log/admission.ts'

type Named = (id: MemberId) => Person

/** Everything of a group that is here and does not count, besides answers to proposals: the one place where a verdict becomes a reason. */
export const setAside = (group: Group, personOf: Named): readonly SetAsideView[] => {
  const { control } = group.endings
  const { log } = group.workspace
  const rows = [...voided(group, personOf)]
  for (const device of [...log.frozen.keys()].sort())
    rows.push(writing(group, device, personOf, { state: 'refused', because: 'two at one place', count: null }))
  for (const device of control.state().devices.keys()) {
    const stopped = log.stoppedAt(device)
    if (!stopped || log.frozen.has(device)) continue
    const because = causeOf(stopped.reason)
    rows.push(
      writing(group, device, personOf, {
        state: because === 'newer app' ? 'waiting' : 'refused',
        because,
        count: null,
      }),
    )
  }
  const ended = control.endedDevices()
  for (const [device, counted] of log.counted) {
    const count = log.seqOf(device) - counted
    if (count <= 0) continue
    const row = writing(group, device, personOf, { state: 'waiting', because: 'after the end', count })
    const end = ended.get(device)?.by[0]
    rows.push({ ...row, why: { ...row.why, at: (end && control.get(end)?.entry.at) ?? null } })
  }
  if (log.heldBack > 0)
    rows.push({
      id: 'waiting',
      what: { is: 'writing', count: log.heldBack },
      by: null,
      at: null,
      state: 'waiting',
      why: { because: 'not seen yet', person: null, at: null },
    })
  return rows.sort((left, right) => (right.at ?? Infinity) - (left.at ?? Infinity) || (left.id < right.id ? -1 : 1))
}

/** Answers to one proposal that do not count, and its enactments that do not. */
export const answersAside = (group: Group, proposal: ProposalView, personOf: Named): readonly SetAsideView[] => {
  const { control } = group.endings
  const rows = new Map<string, SetAsideView>()
  for (const id of proposal.ballots) {
    const ballot = control.get(id)
    const because = ballot && answerCause(group, proposal, id, ballot)
    if (!because || ballot.control.kind !== 'ballot') continue
    const { vote } = ballot.control
    const key = `${ballot.author} ${because === 'two answers' ? `${because} ${vote}` : because}`
    const before = rows.get(key)
    if (before?.at && before.at > ballot.entry.at) continue
    rows.set(key, { ...signed(id, ballot, personOf), what: { is: 'answer', answer: vote }, ...fixed(because, 'void') })
  }
  const witnesses = new Set(proposal.closes.flatMap((close) => close.witnesses))
  for (const member of proposal.closes[0]?.said ?? [])
    if (proposal.closes.length > 1 && !witnesses.has(member))
      rows.set(`${member} twice`, {
        id: `${proposal.id} ${member}`,
        what: { is: 'confirmations' },
        by: personOf(member),
        at: null,
        ...fixed('two confirmations', 'void'),
      })
  return [...rows.values(), ...enactsAside(group, proposal, personOf)].sort((left, right) =>
    left.id < right.id ? -1 : 1,
  )
}

const answerCause = (
  { endings: { control } }: Group,
  { late, electors, panel, votes, closes, phase }: ProposalView,
  id: ControlId,
  { author }: Judged,
): SetAsideCause | undefined => {
  if (late.includes(id)) return 'came late'
  if (phase === 'closing' && closes[0] && !control.covers([closes[0].id], [id])) return 'came late'
  if (!electors.has(author)) return panel && control.state().electorate.has(author) ? 'not drawn' : 'no vote'
  const vote = votes.get(author)
  if (vote === undefined) return 'out before'
  return vote === 'spoiled' ? 'two answers' : undefined
}

/** Where a proposal was decided and does not hold: by what. */
const enactsAside = (group: Group, { id, enact }: ProposalView, personOf: Named): readonly SetAsideView[] => {
  const { control } = group.endings
  const state = control.state()
  if (state.decided.has(id)) return []
  const lost = enact ? control.get(enact) : undefined
  if (enact && lost)
    return [{ ...signed(enact, lost, personOf), what: { is: 'decision' }, ...fixed('other holds', 'void') }]
  return [...state.voided].flatMap(([voided, reason]) => {
    const said = control.get(voided)
    if (said?.control.kind !== 'enact' || said.control.proposal !== id) return []
    return [
      {
        ...signed(voided, said, personOf),
        what: { is: 'decision' },
        state: 'void',
        why: whyVoid(group, said, reason, personOf),
      },
    ]
  })
}

/** Single acts that had no effect. Decisions say so themselves. */
const voided = (group: Group, personOf: Named): readonly SetAsideView[] => {
  const { control } = group.endings
  return [...control.state().voided].flatMap(([id, reason]) => {
    const said = control.get(id)
    const what = said && thingOf(said.control, personOf)
    if (!said || !what) return []
    return [{ ...signed(id, said, personOf), what, state: 'void', why: whyVoid(group, said, reason, personOf) }]
  })
}

const thingOf = (control: Control, personOf: Named): SetAsideThing | undefined => {
  switch (control.kind) {
    case 'admit': {
      const request = parseJoinRequest(control.request)
      const { name } = personOf(memberOfRequest(control.request))
      return { is: 'admission', name: request.ok ? request.value.name : name }
    }
    case 'suspend':
      return { is: 'pause', person: personOf(control.member) }
    case 'unsuspend':
      return { is: 'endPause', person: personOf(control.member) }
    case 'confirm':
      return { is: 'confirm', person: personOf(control.member) }
    case 'addDevice':
      return { is: 'device' }
    case 'recover':
      return { is: 'recovery' }
    case 'invite':
    case 'uninvite':
    case 'sheet':
    case 'sponsor':
    case 'vouch':
      return { is: control.kind }
    default:
      return undefined
  }
}

/** By what was done apart, and whom it is about. */
const whyVoid = (group: Group, said: Judged, { type, by }: Void, personOf: Named): SetAsideReason => {
  const { control } = group.endings
  const cause = control.get(by)
  const invite = said.control.kind === 'admit' ? control.get(said.control.invite) : undefined
  const member = type === 'inviter removed' || type === 'invitation void' ? invite?.author : said.author
  return { because: type, person: member ? personOf(member) : null, at: cause?.entry.at ?? null }
}

/** Why nothing more of a feed is taken in. */
const causeOf = ({ type }: Stop): SetAsideCause => {
  switch (type) {
    case 'newer':
    case 'version':
      return 'newer app'
    case 'frozen device':
      return 'two at one place'
    case 'suspended':
      return 'paused'
    case 'heads':
      return 'went back'
    case 'revoked device':
      return 'locked out'
    case 'not in':
      return 'author not in'
    case 'not a voter':
      return 'no vote'
    case 'contested':
    case 'left':
    case 'removed':
    case 'not decided':
      return type
    case 'not a moderator':
    case 'not contested':
    case 'weak rule':
    case 'enacted before':
    case 'goes back':
    case 'too early':
    case 'not committed':
    case 'invitation cancelled':
    case 'invitation used up':
    case 'needs sponsors':
    case 'needs a decision':
    case 'sheet cancelled':
    case 'sheet used':
    case 'wrong recipients':
      return 'not allowed'
    default:
      return 'broken'
  }
}

const writing = (
  { endings: { control } }: Group,
  device: DeviceId,
  personOf: Named,
  {
    state,
    because,
    count,
  }: Pick<SetAsideView, 'state'> & { readonly because: SetAsideCause; readonly count: number | null },
): SetAsideView => {
  const member = control.state().devices.get(device)?.member
  const by = member ? personOf(member) : null
  return {
    id: `${because} ${device}`,
    what: { is: 'writing', count },
    by,
    at: null,
    state,
    why: { because, person: by, at: null },
  }
}

const signed = (
  id: ControlId,
  { author, entry }: Judged,
  personOf: Named,
): { readonly id: string; readonly by: Person; readonly at: Instant } => ({ id, by: personOf(author), at: entry.at })

const fixed = (because: SetAsideCause, state: SetAsideView['state']): Pick<SetAsideView, 'state' | 'why'> => ({
  state,
  why: { because, person: null, at: null },
})
