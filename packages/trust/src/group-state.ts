import type { ChangeHash, ControlId, DeviceId, DocumentId, GroupId, Instant, MemberId } from '@auzolan/core'
import type { ControlFacts } from './control-facts.ts'
import { entranceOf } from './entrances.ts'
import { sheetsOf, type SheetState } from './sheets.ts'
import type { Node, Position } from './control-graph.ts'
import type { Founding } from './founding.ts'
import {
  defaultQuorum,
  roles,
  ruleNames,
  type Admission,
  type Role,
  type Rule,
  type RuleName,
  type Share,
} from './rules.ts'
import type { View, Void } from './view.ts'
import type { Views } from './views.ts'

export interface Member {
  readonly id: MemberId
  readonly name: string
  /** `null`: a founder. */
  readonly via: null | { readonly invite: ControlId; readonly by: MemberId }
  readonly since: Instant
  readonly left: boolean
  /** By decision of the group. */
  readonly removed: boolean
  /** Writes nothing and moderates nothing until this ends; keeps the vote. */
  readonly suspended: boolean
  /** The suspensions in force; sorted. */
  readonly suspensions: readonly ControlId[]
  /** One of several who came by the last use of an invitation: reads only, until an elector confirms one. */
  readonly contested: boolean
  /** Sorted; revoked ones too. */
  readonly devices: readonly DeviceId[]
}

export interface DeviceState {
  readonly member: MemberId
  readonly box: Uint8Array
  readonly label: string
  /** By its own person, or because the group gave its person another device. */
  readonly revoked: boolean
  readonly admittedBy: ControlId
}

export interface InviteState {
  readonly key: Uint8Array
  readonly by: MemberId
  readonly uses: number
  /** Who came in by it; sorted. */
  readonly used: readonly MemberId[]
  readonly expires: Instant | null
  readonly note: string
  readonly cancelled: boolean
  readonly at: Instant
}

/** Who is in and what holds, resolved over everything known: the same for the same entries, whatever order they came in. Maps are sorted by id. */
export interface GroupState {
  readonly group: GroupId
  readonly founding: Founding
  readonly foundedAt: Instant
  /** By decision, or as founded. */
  readonly name: string
  readonly purpose: string
  /** Everybody who came in and whose admission stands, also who left or was removed. */
  readonly members: ReadonlyMap<MemberId, Member>
  readonly devices: ReadonlyMap<DeviceId, DeviceState>
  readonly sheets: ReadonlyMap<DeviceId, SheetState>
  readonly invites: ReadonlyMap<ControlId, InviteState>
  readonly removed: ReadonlySet<MemberId>
  readonly roles: ReadonlyMap<MemberId, ReadonlySet<Role>>
  /** Who has a vote by decision; counts from the next seal on. */
  readonly voters: ReadonlySet<MemberId>
  /** Whose ballots count now: the voters of the last seal who have not left. */
  readonly electorate: ReadonlySet<MemberId>
  readonly rules: ReadonlyMap<RuleName, Rule>
  readonly admission: Admission
  /** Who speaks for whom, as the admission rule may ask; by newcomer, sorted. */
  readonly sponsors: ReadonlyMap<MemberId, readonly MemberId[]>
  /** More than this share of the electorate seals. */
  readonly quorum: Share
  /** The last point a quorum has acknowledged; what lies in its past is final. The founding until the first seal. */
  readonly sealed: ControlId
  /** Who acknowledged two unrelated points, with the two entries that prove it. */
  readonly doubleSigners: ReadonlyMap<MemberId, readonly [ControlId, ControlId]>
  /** Devices that signed two control entries for one place, with two of them. */
  readonly equivocators: ReadonlyMap<DeviceId, readonly [ControlId, ControlId]>
  /** Proposals whose decision stands, and the enactment: of several the one with the lowest id. */
  readonly decided: ReadonlyMap<ControlId, ControlId>
  /** Accepted entries without effect, and why. */
  readonly voided: ReadonlyMap<ControlId, Void>
  /** Versions of documents the group agreed on. */
  readonly texts: ReadonlyMap<DocumentId, readonly ChangeHash[]>
  /** Groups that the group has noted as its forks; sorted. */
  readonly forks: readonly GroupId[]
}

interface Draft<T> {
  readonly from: ControlId
  readonly value: T
}

/** What lies in the past of the position that is asked about. */
export type Includes = 'all' | ((node: Node) => boolean)

/** The second verdict (`TRUST.md` T2) over what `includes` takes in at `position`: what stands once concurrent entries are known. */
export const resolveState = (
  group: GroupId,
  facts: ControlFacts,
  views: Views,
  position: Position,
  scope: Includes,
): GroupState => {
  const includes = scope === 'all' ? () => true : scope
  const { founding: node } = facts
  if (node?.control.kind !== 'found') throw new Error('a group has no state before its founding entry')
  const view = views.at(position)
  const { seal } = view
  const people = peopleOf(facts, view, position, includes)
  const rename = view.decided('rename')?.action
  const electorate = views.seals.electorsAt(position)
  return {
    group,
    founding: node.control,
    foundedAt: node.entry.at,
    name: rename?.kind === 'rename' ? rename.name : node.control.name,
    purpose: rename?.kind === 'rename' ? rename.purpose : node.control.purpose,
    ...people,
    sheets: sheetsOf(facts, view, position),
    invites: invitesOf(facts, view, includes),
    removed: membersWhere(people.members, ({ removed }) => removed),
    roles: new Map(
      [...people.members.keys()].flatMap((id) => {
        const held = roles.filter((role) => view.hasRole(id, role))
        return held.length > 0 ? [[id, new Set(held)] as const] : []
      }),
    ),
    voters: new Set([...view.voters()].filter((member) => view.isActive(member, position)).sort()),
    electorate: new Set([...electorate].sort()),
    rules: new Map(ruleNames.map((name) => [name, view.rule(name)])),
    admission: view.admission,
    sponsors: sponsorsOf(facts, view, includes),
    quorum: views.at(seal.point.self).quorum ?? defaultQuorum(electorate.size),
    sealed: seal.point.id,
    doubleSigners: new Map(sorted(views.seals.doubleSigners(scope))),
    equivocators: equivocatorsOf(facts, includes),
    decided: decidedOf(view),
    voided: new Map(sorted(view.allVoid(includes))),
    ...notesOf(view),
  }
}

const peopleOf = (
  facts: ControlFacts,
  view: View,
  position: Position,
  includes: (node: Node) => boolean,
): Pick<GroupState, 'members' | 'devices'> => {
  const members = new Map<MemberId, Draft<Pick<Member, 'id' | 'name' | 'via' | 'since'>>>()
  const devices = new Map<DeviceId, Draft<Omit<DeviceState, 'revoked' | 'admittedBy'>>>()
  for (const [device, { entrances }] of facts.devices) {
    for (const { node, member } of entrances) {
      if (!includes(node) || !view.stands(node)) continue
      const { box, label, name, via } = entranceOf(node, device, facts)
      keepLower(devices, device, { from: node.id, value: { member, box, label } })
      if (name !== undefined)
        keepLower(members, member, { from: node.id, value: { id: member, name, via, since: node.entry.at } })
    }
  }
  const devicesOf = new Map<MemberId, DeviceId[]>()
  for (const [device, { value }] of sorted(devices))
    devicesOf.set(value.member, [...(devicesOf.get(value.member) ?? []), device])
  return {
    members: mapSorted(members, ({ value }, id) => ({
      ...value,
      left: facts.hasLeft(id, position),
      removed: view.isOut(id),
      suspended: view.isSuspended(id, position),
      suspensions: view
        .suspensions(id, position)
        .map((suspension) => suspension.id)
        .sort(),
      contested: view.isContested(id, position),
      devices: devicesOf.get(id) ?? [],
    })),
    devices: mapSorted(devices, ({ from, value }, id) => ({
      ...value,
      revoked: (facts.devices.get(id)?.revoked.some(includes) ?? false) || view.isReplaced(id, value.member),
      admittedBy: from,
    })),
  }
}

const invitesOf = (facts: ControlFacts, view: View, includes: (node: Node) => boolean): GroupState['invites'] => {
  const standing = [...facts.invites].filter(([, { node }]) => includes(node) && view.stands(node))
  return mapSorted(new Map(standing), ({ node, admitted, cancelled }) => {
    if (node.control.kind !== 'invite') throw new Error('an invitation is what its entry says')
    const { key, uses, expires, note } = node.control
    const used = admitted.filter(({ node: by }) => includes(by) && view.stands(by)).map(({ member }) => member)
    return {
      key,
      by: node.author,
      uses,
      used: [...new Set(used)].sort(),
      expires,
      note,
      cancelled: cancelled.some((end) => includes(end) && view.stands(end)) || view.removals.has(node.author),
      at: node.entry.at,
    }
  })
}

const sponsorsOf = (facts: ControlFacts, view: View, includes: (node: Node) => boolean): GroupState['sponsors'] => {
  const found = [...facts.members].map(([newcomer, { sponsored }]) => {
    const standing = sponsored.filter((node) => includes(node) && view.stands(node))
    return [newcomer, [...new Set(standing.map(({ author }) => author))].sort()] as const
  })
  return new Map(sorted(new Map(found.filter(([, sponsors]) => sponsors.length > 0))))
}

const equivocatorsOf = (facts: ControlFacts, includes: (node: Node) => boolean): GroupState['equivocators'] => {
  const found = new Map<DeviceId, readonly [ControlId, ControlId]>()
  for (const [device, { doubled }] of facts.devices) {
    const pairs = [...doubled]
      .map((nodes) =>
        nodes
          .filter(includes)
          .map(({ id }) => id)
          .sort(),
      )
      .filter(({ length }) => length > 1)
    const [first] = pairs.sort((left, right) => (left.join() < right.join() ? -1 : 1))
    if (first?.[0] && first[1]) found.set(device, [first[0], first[1]])
  }
  return new Map(sorted(found))
}

const decidedOf = (view: View): GroupState['decided'] =>
  mapSorted(
    new Map(view.decisions.map(({ proposal, enacts }) => [proposal.node.id, enacts])),
    (enacts) => enacts.map(({ node }) => node.id).sort()[0] as ControlId,
  )

const notesOf = (view: View): Pick<GroupState, 'texts' | 'forks'> => {
  const texts = new Map<DocumentId, readonly ChangeHash[]>()
  const forks: GroupId[] = []
  for (const { action } of view.settled) {
    if (action.kind === 'text') texts.set(action.document, action.heads)
    if (action.kind === 'forkNotice') forks.push(action.fork)
  }
  return { texts: new Map(sorted(texts)), forks: forks.sort() }
}

const membersWhere = (members: GroupState['members'], holds: (member: Member) => boolean): ReadonlySet<MemberId> =>
  new Set([...members.values()].filter(holds).map(({ id }) => id))

/** Of several entries that say the same of one thing, the one with the lowest id speaks, on every device. */
const keepLower = <K, T>(map: Map<K, Draft<T>>, key: K, draft: Draft<T>): void => {
  const known = map.get(key)
  if (!known || draft.from < known.from) map.set(key, draft)
}

const sorted = <K extends string, V>(map: ReadonlyMap<K, V>): readonly (readonly [K, V])[] =>
  [...map].sort(([left], [right]) => (left < right ? -1 : 1))

const mapSorted = <K extends string, V, W>(map: ReadonlyMap<K, V>, make: (value: V, key: K) => W): ReadonlyMap<K, W> =>
  new Map(sorted(map).map(([key, value]) => [key, make(value, key)]))
