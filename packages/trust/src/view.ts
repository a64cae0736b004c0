import type { ControlId, DeviceId, MemberId } from '@auzolan/core'
import { ruleNameOf } from './actions.ts'
import type { ControlFacts } from './control-facts.ts'
import { concurrent, covers, type Node, type Position } from './control-graph.ts'
import { passes, type Enacted } from './decisions.ts'
import { getOr } from './maps.ts'
import { type Decision, settle } from './settling.ts'
import {
  defaultRule,
  defaultSettings,
  type Admission,
  type Role,
  type Rule,
  type RuleName,
  type Share,
} from './rules.ts'
import type { Seal } from './seals.ts'
import { Standing } from './standing.ts'

/** Why an accepted entry has no effect, and the entry that took it. */
export interface Void {
  readonly type:
    | 'author removed'
    | 'author demoted'
    | 'author not in'
    | 'device replaced'
    | 'author contested'
    | 'inviter removed'
    | 'invitation cancelled'
    | 'invitation void'
    | 'sponsors void'
    | 'person removed'
    | 'sheet void'
    | 'rule changed'
    | 'against the seal'
  readonly by: ControlId
}

/**
 * What holds at a position, given the decisions, cancellations and confirmations in its past and the last seal there: the second verdict
 * (`TRUST.md` T2) over that past. Positions that know the same of these share one view. A pure function of the past.
 */
export class View {
  readonly facts: ControlFacts
  /** Entries in its past that can void others. */
  readonly covered: ReadonlySet<Node>
  readonly seal: Seal
  /** The view at an earlier position. */
  readonly viewAt: (position: Position) => View
  /** Those that hold, whether or not a later one has taken their place. */
  readonly decisions: readonly Decision[]
  /** Enactments that took members out, also of those who were taken back. */
  readonly removals = new Map<MemberId, Node[]>()
  readonly rebinds = new Map<MemberId, { readonly device: DeviceId; readonly node: Node }[]>()
  private readonly voidEnacts = new Map<Node, Void>()
  private readonly inForce = new Map<string, Decision>()
  private readonly standing: Standing

  constructor(facts: ControlFacts, covered: readonly Node[], seal: Seal, viewAt: (position: Position) => View) {
    this.facts = facts
    this.covered = new Set(covered)
    this.seal = seal
    this.viewAt = viewAt
    const enacted = covered.flatMap((node) => facts.enacts.get(node) ?? [])
    this.decisions = this.resolve(enacted.sort((left, right) => (left.node.id < right.node.id ? -1 : 1)))
    for (const { action, enacts } of this.decisions) {
      for (const { node } of enacts) {
        if (action.kind === 'remove') getOr(this.removals, action.member, () => []).push(node)
        if (action.kind === 'rebind') getOr(this.rebinds, action.member, () => []).push({ device: action.device, node })
      }
    }
    this.standing = new Standing(this)
  }

  /** Why an entry of this view's past has no effect; `undefined`: it stands. */
  voidOf(node: Node): Void | undefined {
    if (node.control.kind === 'enact') {
      const { point } = this.seal
      return covers(point.self, node) ? this.viewAt(point.self).voidEnacts.get(node) : this.voidEnacts.get(node)
    }
    return this.standing.voidOf(node)
  }

  /** Everything void of what `includes` takes in. */
  allVoid(includes: (node: Node) => boolean): ReadonlyMap<ControlId, Void> {
    const found = new Map<ControlId, Void>()
    for (const node of [...this.standing.voids(), ...this.facts.enacts.keys()]) {
      const reason = includes(node) ? this.voidOf(node) : undefined
      if (reason) found.set(node.id, reason)
    }
    return found
  }

  stands(node: Node): boolean {
    return this.voidOf(node) === undefined
  }

  /** Whether `member`, by the admissions in `position`, is one of several newcomers over an invitation's uses, not confirmed by an elector. */
  isContested(member: MemberId, position: Position): boolean {
    return this.standing.isContested(member, position)
  }

  isSuspended(member: MemberId, position: Position): boolean {
    return this.suspensions(member, position).length > 0
  }

  /** Moderators' suspensions of a member known at `position` that stand, and that neither a moderator nor the group has ended. */
  suspensions(member: MemberId, position: Position): readonly Node[] {
    const facts = this.facts.members.get(member)
    return (facts?.suspended ?? []).filter((suspension) => {
      if (!covers(position, suspension) || !this.stands(suspension)) return false
      const ended = facts?.unsuspended.some(
        (end) => covers(position, end) && covers(end.self, suspension) && this.stands(end),
      )
      const readmitted = this.decisions.some(
        ({ action, enacts }) =>
          action.kind === 'readmit' &&
          action.member === member &&
          enacts.some(({ node }) => covers(node.self, suspension)),
      )
      return !ended && !readmitted
    })
  }

  /** Whether a device of somebody who is in may still act at `position`: neither it nor they are out, gone, replaced or suspended. */
  isEnabled(device: DeviceId, member: MemberId, position: Position): boolean {
    return (
      !this.isOut(member) &&
      !this.facts.hasLeft(member, position) &&
      !this.facts.devices.get(device)?.revoked.some((node) => covers(position, node)) &&
      !this.isReplaced(device, member) &&
      !this.isSuspended(member, position)
    )
  }

  /** Whether somebody is a member at `position` in good standing: in, not out, not gone, not contested. */
  isActive(member: MemberId, position: Position): boolean {
    const entrances = this.facts.members.get(member)?.entrances ?? []
    return (
      entrances.some((entrance) => covers(position, entrance) && this.stands(entrance)) &&
      !this.isOut(member) &&
      !this.facts.hasLeft(member, position) &&
      !this.isContested(member, position)
    )
  }

  /** The decision in force for a setting (`settingOf`). */
  decided(setting: string): Decision | undefined {
    return this.inForce.get(setting)
  }

  /** Decisions in force. */
  get settled(): Iterable<Decision> {
    return this.inForce.values()
  }

  isOut(member: MemberId): boolean {
    return this.inForce.get(`member ${member}`)?.action.kind === 'remove'
  }

  /** Who has a vote by decision, before it is asked who is still in. Being taken back does not give the vote back. */
  voters(): readonly MemberId[] {
    const decision = this.inForce.get('voters')
    const named = decision?.action.kind === 'voters' ? decision.action.members : this.facts.founders
    return named.filter((member) => this.isAfterRemovals(member, decision))
  }

  hasRole(member: MemberId, role: Role): boolean {
    const decision = this.inForce.get(`role ${role} ${member}`)
    return decision?.action.kind === 'role' && decision.action.on && this.isAfterRemovals(member, decision)
  }

  holders(role: Role): ReadonlySet<MemberId> {
    const members = [...this.inForce.values()].flatMap(({ action }) => (action.kind === 'role' ? [action.member] : []))
    return new Set(members.filter((member) => this.hasRole(member, role)))
  }

  rule(name: RuleName): Rule {
    const decision = this.inForce.get(`rule ${name}`)
    return decision?.action.kind === 'rule' ? decision.action.rule : (this.settings.rules.get(name) ?? defaultRule)
  }

  get admission(): Admission {
    const decision = this.inForce.get('admission')
    return decision?.action.kind === 'admission' ? decision.action.admission : this.settings.admission
  }

  /** `null`: by the electorate's size. */
  get quorum(): Share | null {
    const decision = this.inForce.get('quorum')
    return decision?.action.kind === 'quorum' ? decision.action.quorum : this.settings.quorum
  }

  /** Whether what a member says counts: said before everything that took them, or the device they said it with, out. */
  isInTime(node: Node): boolean {
    const { author, entry } = node
    if (this.isOut(author) && !this.removals.get(author)?.every((removal) => covers(removal.self, node))) return false
    return (this.rebinds.get(author) ?? []).every(
      (rebind) => covers(rebind.node.self, node) || this.isOfNewDevice(entry.device, rebind),
    )
  }

  /** Whether a decision gave the device's member another one, and this one was not added after it. */
  isReplaced(device: DeviceId, member: MemberId): boolean {
    return !(this.rebinds.get(member) ?? []).every((rebind) => this.isOfNewDevice(device, rebind))
  }

  /** Whether an entry was made where the last seal, or a later one, was known to be one: naming its point alone is naming an old moment. */
  knowsSeal(node: Node): boolean {
    return covers(this.viewAt(node.parents).seal.point.self, this.seal.point)
  }

  private isOfNewDevice(device: DeviceId, rebind: { readonly device: DeviceId; readonly node: Node }): boolean {
    const entrances = this.facts.devices.get(device)?.entrances ?? []
    return device === rebind.device || entrances.some(({ node }) => covers(node.self, rebind.node))
  }

  private isAfterRemovals(member: MemberId, decision: Decision | undefined): boolean {
    return (this.removals.get(member) ?? []).every((removal) =>
      decision?.enacts.every(({ node }) => covers(node.self, removal)),
    )
  }

  private get founding() {
    const control = this.facts.founding?.control
    if (control?.kind !== 'found') throw new Error('a group has no state before its founding entry')
    return control
  }

  private get settings() {
    return this.founding.settings ?? defaultSettings
  }

  /** Sets aside what is void or lost to another for the same setting; of the rest, what is in force is kept by setting. */
  private resolve(enacted: readonly Enacted[]): readonly Decision[] {
    const changes = enacted.filter(({ proposal }) => proposal.control.action.kind === 'rule')
    const standing = enacted.filter((one) => {
      const reason = this.voidEnact(one, changes)
      if (reason) this.voidEnacts.set(one.node, reason)
      return !reason
    })
    return settle(standing, this.inForce)
  }

  /** `TRUST.md` G4, T5: a concurrent change of the very rule must be satisfied too, and what passes the seal by must convince its voters. */
  private voidEnact(enacted: Enacted, changes: readonly Enacted[]): Void | undefined {
    const { point } = this.seal
    if (covers(point.self, enacted.node)) return this.viewAt(point.self).voidEnacts.get(enacted.node)
    if (!this.convincesSeal(enacted)) return { type: 'against the seal', by: point.id }
    const name = ruleNameOf(enacted.proposal.control.action)
    for (const change of changes) {
      const { action } = change.proposal.control
      if (action.kind !== 'rule' || action.name !== name || !concurrent(change.node, enacted.node)) continue
      const counts = covers(point.self, change.node)
        ? !this.viewAt(point.self).voidEnacts.has(change.node)
        : this.convincesSeal(change)
      if (counts && !enacted.electorates.every((electors) => passes(enacted, action.rule, electors)))
        return { type: 'rule changed', by: change.node.id }
    }
    return undefined
  }

  private convincesSeal(enacted: Enacted): boolean {
    const { point, electors } = this.seal
    if (this.knowsSeal(enacted.node)) return true
    return passes(enacted, this.viewAt(point.self).rule(ruleNameOf(enacted.proposal.control.action)), electors)
  }
}
