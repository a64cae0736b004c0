import type { ControlId, MemberId } from '@auzolan/core'
import { concurrent, covers, type Node, type Position } from './control-graph.ts'
import type { Control } from './control.ts'
import { recoveryOf } from './control-facts.ts'
import type { Entrance } from './fact-shapes.ts'
import { memberOfRequest } from './join.ts'
import { refusesSheet, sheetAt } from './sheets.ts'
import type { View, Void } from './view.ts'

type Admit = Extract<Control, { kind: 'admit' }>
type Recover = Extract<Control, { kind: 'recover' }>

/**
 * Which single acts stand under the decisions of a view (`TRUST.md` T3: strong removal). Worked out in an order in which everything comes
 * after its past, so that no chain of people who brought in one another, however long, is followed by recursion.
 */
export class Standing {
  private readonly view: View
  private readonly known = new Map<Node, Void | null>()
  private readonly found = new Set<Node>()
  private upTo = 0

  constructor(view: View) {
    this.view = view
  }

  voidOf(node: Node): Void | undefined {
    this.goOn((this.view.facts.actAt.get(node) ?? -1) + 1)
    return this.known.get(node) ?? undefined
  }

  /** Acts that do not stand. */
  voids(): Iterable<Node> {
    this.goOn(this.view.facts.acts.length)
    return this.found
  }

  private goOn(end: number): void {
    for (; this.upTo < end; this.upTo++) this.evaluate(this.view.facts.acts[this.upTo] as Node)
  }

  /**
   * Newcomers over an invitation's uses are those who, by some order of what was done apart, would have come after the last use. What a
   * seal has settled stays.
   */
  isContested(member: MemberId, position: Position): boolean {
    const { facts, seal } = this.view
    const people = facts.members.get(member)
    const admitted = (people?.entrances ?? []).filter((entrance) => covers(position, entrance))
    const isOver = (entrance: Node) =>
      entrance.control.kind === 'admit' && facts.invites.get(entrance.control.invite)?.overused
    if (admitted.length === 0 || !admitted.every(isOver)) return false
    if (people?.confirmed.some((confirmation) => this.has(confirmation) && !this.evaluate(confirmation))) return false
    return admitted.every((entrance) =>
      covers(seal.point.self, entrance)
        ? this.view.viewAt(seal.point.self).isContested(member, seal.point.self)
        : this.isBeyondUses(member, entrance.control as Admit),
    )
  }

  private isBeyondUses(member: MemberId, { invite }: Admit): boolean {
    const facts = this.view.facts.invites.get(invite)
    const standing = (facts?.admitted ?? []).filter(({ node }) => this.has(node) && !this.evaluate(node))
    const own = standing.filter((entrance) => entrance.member === member)
    const isAfter = (other: MemberId): boolean =>
      standing.every(
        (entrance) => entrance.member !== other || own.some(({ node }) => covers(entrance.node.self, node)),
      )
    const others = new Set(standing.map((entrance) => entrance.member).filter((other) => other !== member))
    return [...others].filter((other) => !isAfter(other)).length >= (facts?.uses ?? 0)
  }

  /** Whether an entry that can void others lies in this view's past. */
  private has(node: Node): boolean {
    return this.view.covered.has(node)
  }

  private evaluate(node: Node): Void | null {
    const known = this.known.get(node)
    if (known !== undefined) return known
    const { point } = this.view.seal
    const reason = covers(point.self, node)
      ? (this.view.viewAt(point.self).voidOf(node) ?? null)
      : (this.byDecision(node) ?? this.bySeal(node) ?? this.byOthers(node) ?? null)
    this.known.set(node, reason)
    if (reason) this.found.add(node)
    return reason
  }

  /** A decision made apart that takes the author, or the author's power, away. Carrying an admission is no power. */
  private byDecision(node: Node): Void | undefined {
    const { view } = this
    const { author, entry, control } = node
    if (control.kind === 'admit') return undefined
    if (control.kind === 'recover') return this.ofRemovedPerson(node, control)
    const removal = view.removals.get(author)?.find((other) => concurrent(other, node))
    if (removal) return { type: 'author removed', by: removal.id }
    const rebind = view.rebinds.get(author)?.find((other) => concurrent(other.node, node))
    if (rebind && view.isReplaced(entry.device, author)) return { type: 'device replaced', by: rebind.node.id }
    const demotes = (action: (typeof view.decisions)[number]['action']): boolean =>
      control.kind === 'confirm'
        ? action.kind === 'voters' && !action.members.includes(author)
        : (control.kind === 'suspend' || control.kind === 'unsuspend') &&
          action.kind === 'role' &&
          action.member === author &&
          !action.on
    for (const { action, enacts } of view.decisions) {
      const demotion = demotes(action) ? enacts.find((enacted) => concurrent(enacted.node, node)) : undefined
      if (demotion) return { type: 'author demoted', by: demotion.node.id }
    }
    return undefined
  }

  /** What does not build on the last seal is judged against what was sealed. */
  private bySeal(node: Node): Void | undefined {
    const { view } = this
    const { point, electors } = view.seal
    if (view.knowsSeal(node)) return undefined
    const { author, entry, control } = node
    const sealed = view.viewAt(point.self)
    const stands =
      control.kind === 'admit'
        ? this.isAdmissibleAt(node, control, sealed, point.self)
        : control.kind === 'recover'
          ? this.isRecoverableAt(node, control, sealed, point.self)
          : sealed.isEnabled(entry.device, author, point.self) && (control.kind !== 'confirm' || electors.has(author))
    return stands ? undefined : { type: 'against the seal', by: point.id }
  }

  /** Whether there was a use left, and the admission rule is met. Cancellations and removals void it by themselves. */
  private isAdmissibleAt(node: Node, control: Admit, sealed: View, at: Position): boolean {
    const invite = sealed.facts.invites.get(control.invite)
    if (!invite) return false
    const others = invite.admitted.filter(
      ({ node: other, member }) =>
        covers(at, other) && sealed.stands(other) && member !== memberOfRequest(control.request),
    )
    const full = new Set(others.map(({ member }) => member)).size >= invite.uses
    return !full && this.isSupported(node, control, sealed)
  }

  /** Concurrent cancellations and removals of those an admission or act rests on. */
  private byOthers(node: Node): Void | undefined {
    const { control } = node
    if (control.kind === 'admit') return this.ofAdmission(node, control)
    if (control.kind === 'recover') {
      const { node: made } = this.sheetOf(node, control)
      return this.evaluate(made) ? { type: 'sheet void', by: made.id } : undefined
    }
    // That a cancellation's author falls does not bring an invitation back: no two could each undo the other.
    if (control.kind === 'uninvite' || control.kind === 'sponsor') return undefined
    const entrances = this.entrancesOf(node)
    if (!entrances.some((entrance) => this.lets(entrance))) return { type: 'author not in', by: lowestId(entrances) }
    return this.isContested(node.author, node.self) ? { type: 'author contested', by: lowestId(entrances) } : undefined
  }

  /** As further devices are void that somebody adds apart from their removal. Who carries it does not matter. */
  private ofRemovedPerson(node: Node, control: Recover): Void | undefined {
    const { member } = this.sheetOf(node, control)
    const removal = this.view.removals.get(member)?.find((other) => concurrent(other, node))
    return removal && { type: 'person removed', by: removal.id }
  }

  /** A sheet that was made after the seal, or apart from it, is judged for itself. */
  private isRecoverableAt(node: Node, control: Recover, sealed: View, at: Position): boolean {
    const { facts } = this.view
    const { member, node: made } = this.sheetOf(node, control)
    if (covers(at, made)) return !refusesSheet(facts, sealed, recoveryOf(control).sheet, at)
    return !sealed.isOut(member) && !facts.hasLeft(member, at)
  }

  private sheetOf(node: Node, control: Recover): Entrance {
    const sheet = sheetAt(this.view.facts, recoveryOf(control).sheet, node.parents)
    if (!sheet) throw new Error('an accepted recovery names a sheet')
    return sheet
  }

  private ofAdmission(node: Node, control: Admit): Void | undefined {
    const { view } = this
    const invite = view.facts.invites.get(control.invite)
    if (!invite || this.evaluate(invite.node)) return { type: 'invitation void', by: control.invite }
    const removal = view.removals.get(invite.node.author)?.find((other) => concurrent(other, node))
    if (removal) return { type: 'inviter removed', by: removal.id }
    const ends = invite.cancelled.filter((end) => this.has(end) && !covers(end.self, node) && !this.evaluate(end))
    if (ends.length > 0) return { type: 'invitation cancelled', by: lowestId(ends) }
    return this.isSupported(node, control, view.viewAt(node.parents))
      ? undefined
      : { type: 'sponsors void', by: node.id }
  }

  /** Whether sponsors or a decision that stand let a newcomer in, as the admission rule of `rules` asks. */
  private isSupported(node: Node, control: Admit, rules: View): boolean {
    const { admission } = rules
    const member = memberOfRequest(control.request)
    const { facts } = this.view
    if (admission.kind === 'invitation') return true
    if (admission.kind === 'decision') {
      const decisions = this.view.decisions.filter(({ action }) => action.kind === 'admit' && action.member === member)
      return decisions.some(({ enacts }) => enacts.some((enacted) => covers(node.parents, enacted.node)))
    }
    const inviter = facts.invites.get(control.invite)?.node.author
    const sponsors = (facts.members.get(member)?.sponsored ?? []).filter(
      (sponsor) => sponsor.author !== inviter && covers(node.parents, sponsor) && !this.evaluate(sponsor),
    )
    return new Set(sponsors.map(({ author }) => author)).size >= admission.count
  }

  private entrancesOf({ author, entry, parents }: Node): readonly Node[] {
    const entrances = this.view.facts.devices.get(entry.device)?.entrances ?? []
    return entrances.filter(({ node, member }) => member === author && covers(parents, node)).map(({ node }) => node)
  }

  private lets(entrance: Node): boolean {
    switch (entrance.control.kind) {
      case 'found':
        return true
      case 'enact':
        return this.view.stands(entrance)
      default:
        return !this.evaluate(entrance)
    }
  }
}

/** Of several that would each do, the same one on every device. */
const lowestId = (nodes: readonly Node[]): ControlId => nodes.map(({ id }) => id).sort()[0] as ControlId
