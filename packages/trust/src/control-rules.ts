import { DeviceId, equalBytes, type ControlId, type GroupId, type MemberId } from '@auzolan/core'
import { isGoodBox } from './agree.ts'
import { ControlFacts, requestOf } from './control-facts.ts'
import { covers, type ControlGraph, type Node, type Position } from './control-graph.ts'
import { deviceMessage, foundingMessage, type Control } from './control.ts'
import { DecisionRules } from './decision-rules.ts'
import type { Entry } from './entry.ts'
import { EpochRules } from './epoch-rules.ts'
import type { Founding } from './founding.ts'
import { memberOfRequest, parseJoinRequest } from './join.ts'
import type { Reason } from './reason.ts'
import { isTooWeak, isWeakQuorum } from './rules.ts'
import { parseRecoveryRequest, provesRecovered, provesSheet } from './recovery.ts'
import { refusesSheet, sheetAt } from './sheets.ts'
import type { Verifier } from './verifier.ts'
import { endsOf } from './vouching.ts'
import type { View } from './view.ts'
import { Views } from './views.ts'

type Admit = Extract<Control, { kind: 'admit' }>

/** What a suspended member may still say: the vote stays, and so does the right to go or to lock out a lost device. */
const whileSuspended: ReadonlySet<Control['kind']> = new Set([
  'ballot',
  'ack',
  'commit',
  'reveal',
  'seal',
  'revokeDevice',
  'leave',
])

/** The rules of version 1 at a position: pure functions of the past, so that every verdict is final and equal everywhere. */
export class ControlRules {
  readonly facts = new ControlFacts()
  readonly views: Views
  readonly decisions: DecisionRules
  readonly epochs: EpochRules
  private readonly group: GroupId
  private readonly graph: ControlGraph
  private readonly verifier: Verifier

  constructor(group: GroupId, graph: ControlGraph, verifier: Verifier) {
    this.group = group
    this.graph = graph
    this.verifier = verifier
    this.views = new Views(graph, this.facts)
    this.decisions = new DecisionRules(graph, this.facts, this.views)
    this.epochs = new EpochRules(this.facts, this.views, (device, position) => !this.mayWrite(device, position))
  }

  /** The newest accepted control entry of a device, up to `last` where given. */
  newestOf(device: DeviceId, last = Number.MAX_SAFE_INTEGER): Node | undefined {
    const bySeq = this.facts.devices.get(device)?.bySeq ?? new Map<number, Node[]>()
    let newest = 0
    for (const seq of bySeq.keys()) if (seq > newest && seq <= last) newest = seq
    return bySeq.get(newest)?.[0]
  }

  /** Whether a device has signed several control entries for this place. */
  isDoubled({ device, seq }: Entry): boolean {
    return (this.facts.devices.get(device)?.bySeq.get(seq)?.length ?? 0) > 1
  }

  /** Whether this device may write with this past. */
  mayWrite(device: DeviceId, position: Position): Reason | undefined {
    const refusal = this.mayAct(device, position)
    if (refusal) return refusal
    const member = this.memberAt(device, position) as MemberId
    return this.views.at(position).isSuspended(member, position) ? { type: 'suspended' } : undefined
  }

  /** Whose device this is: by the entrances that stand, or, where none does, by those that were. Of several the one with the lowest id. */
  memberAt(device: DeviceId, position: Position): MemberId | undefined {
    const entrances = this.facts.devices.get(device)?.entrances ?? []
    const [only] = entrances
    if (!only || position.length === 0) return undefined
    if (entrances.length === 1) return covers(position, only.node) ? only.member : undefined
    const view = this.views.at(position)
    return (
      this.facts.memberOf(device, position, (node) => view.stands(node)) ??
      this.facts.memberOf(device, position, () => true)
    )
  }

  /** Whether `control` is allowed at `position`, as far as no signature has to be checked. */
  allows(entry: Entry, control: Control, position: Position): Reason | undefined {
    if (control.kind === 'found') return allowsFounding(entry, control, position)
    if (position.length === 0) return { type: 'bad founding' }
    const refusal = whileSuspended.has(control.kind)
      ? this.mayAct(entry.device, position)
      : this.mayWrite(entry.device, position)
    if (refusal) return refusal
    const author = this.memberAt(entry.device, position) as MemberId
    const view = this.views.at(position)
    switch (control.kind) {
      case 'invite':
      case 'leave':
      case 'sponsor':
        return undefined
      case 'uninvite':
        return this.inviteAt(control.invite, position) ? undefined : { type: 'unknown invitation' }
      case 'admit':
        return this.allowsAdmission(control, position, view)
      case 'addDevice':
        return this.isNew(control.device, position)
      case 'sheet':
        return this.isNew(control.sheet, position)
      case 'recover':
        return this.allowsRecovery(control.request, position, view)
      case 'revokeDevice':
        return this.ownersOf(control.device, position).includes(author) ? undefined : { type: 'not an own device' }
      case 'suspend':
      case 'unsuspend':
        if (!view.hasRole(author, 'moderator')) return { type: 'not a moderator' }
        return this.decisions.isMember(control.member, position) ? undefined : { type: 'unknown member' }
      case 'epoch':
      case 'rewrap':
      case 'unread':
        return this.epochs.allows(control, position)
      case 'vouch':
        return control.held.every(({ device }) =>
          endsOf(this.facts, view, device, position).some(({ id }) => id === control.end),
        )
          ? undefined
          : { type: 'unknown end' }
      case 'confirm':
        return this.allowsConfirmation(control.member, author, position, view)
      case 'propose':
      case 'ballot':
      case 'close':
      case 'ack':
      case 'commit':
      case 'reveal':
      case 'enact':
      case 'seal':
        return this.decisions.allows(control, author, position)
    }
  }

  /** Checks the keys and signatures inside `control`. Costs milliseconds, so it comes last. */
  async proves(entry: Entry, control: Control, position: Position): Promise<Reason | undefined> {
    switch (control.kind) {
      case 'found':
        return this.provesFounding(control)
      case 'invite':
        return this.verifier.goodKey(control.key) ? undefined : { type: 'bad key' }
      case 'admit':
        return this.provesAdmission(control)
      case 'addDevice':
        return this.provesDevice(this.memberAt(entry.device, position) as MemberId, control)
      case 'sheet':
        return provesSheet(this.group, this.memberAt(entry.device, position) as MemberId, control, this.verifier)
      case 'recover':
        return provesRecovered(control, this.verifier)
      case 'propose':
        return control.action.kind === 'rebind' ? this.provesDevice(control.action.member, control.action) : undefined
      default:
        return undefined
    }
  }

  /** Takes in an accepted entry. */
  learn(node: Node): void {
    const enacted = this.decisions.weighed(node)
    this.views.seals.learn(node)
    if (this.facts.learn(node, enacted)) this.views.renew()
  }

  private mayAct(device: DeviceId, position: Position): Reason | undefined {
    const facts = this.facts.devices.get(device)
    const member = this.memberAt(device, position)
    if (!facts || member === undefined) return { type: 'unknown device' }
    if (facts.revoked.some((node) => covers(position, node))) return { type: 'revoked device' }
    for (const nodes of facts.doubled) {
      if (nodes.filter((node) => covers(position, node)).length > 1) return { type: 'frozen device' }
    }
    const view = this.views.at(position)
    if (view.isOut(member)) return { type: 'removed' }
    if (this.facts.hasLeft(member, position)) return { type: 'left' }
    if (view.isReplaced(device, member)) return { type: 'revoked device', detail: 'the member goes on with another' }
    if (!facts.entrances.some(({ node }) => covers(position, node) && view.stands(node))) return { type: 'not in' }
    return view.isContested(member, position) ? { type: 'contested' } : undefined
  }

  private allowsAdmission(control: Admit, position: Position, view: View): Reason | undefined {
    const invite = this.inviteAt(control.invite, position)
    const facts = this.facts.invites.get(control.invite)
    if (!invite || !facts) return { type: 'unknown invitation' }
    const isCancelled =
      facts.cancelled.some((node) => covers(position, node) && view.stands(node)) ||
      view.removals.has(facts.node.author) ||
      !view.stands(facts.node)
    if (isCancelled) return { type: 'invitation cancelled' }
    const used = facts.admitted.filter(({ node }) => covers(position, node) && view.stands(node))
    if (new Set(used.map(({ member }) => member)).size >= invite.uses) return { type: 'invitation used up' }
    const request = parseJoinRequest(control.request)
    if (!request.ok) return { type: 'malformed', detail: request.error.detail }
    if (request.value.group !== this.group) return { type: 'foreign group' }
    if (!equalBytes(request.value.inviteKey, invite.key))
      return { type: 'unknown invitation', detail: 'asks by another one' }
    if (this.memberAt(request.value.device, position)) return { type: 'device known' }
    return this.isSupported(memberOfRequest(control.request), facts.node.author, position, view)
  }

  /** Whose key this is: a device's, or a recovery sheet's. */
  private ownersOf(key: DeviceId, position: Position): readonly MemberId[] {
    const owners = [this.memberAt(key, position), sheetAt(this.facts, key, position)?.member]
    return owners.flatMap((owner) => owner ?? [])
  }

  private isNew(key: DeviceId, position: Position): Reason | undefined {
    return this.ownersOf(key, position).length > 0 ? { type: 'device known' } : undefined
  }

  private allowsRecovery(bytes: Uint8Array, position: Position, view: View): Reason | undefined {
    const request = parseRecoveryRequest(bytes)
    if (!request.ok) return { type: 'malformed', detail: request.error.detail }
    const { group, device, sheet } = request.value
    if (group !== this.group) return { type: 'foreign group' }
    return this.isNew(device, position) ?? refusesSheet(this.facts, view, sheet, position)
  }

  private isSupported(member: MemberId, inviter: MemberId, position: Position, view: View): Reason | undefined {
    const { admission } = view
    if (admission.kind === 'invitation') return undefined
    if (admission.kind === 'decision') return view.decided(`admit ${member}`) ? undefined : { type: 'needs a decision' }
    const sponsors = (this.facts.members.get(member)?.sponsored ?? []).filter(
      (node) => node.author !== inviter && covers(position, node) && view.stands(node),
    )
    return new Set(sponsors.map(({ author }) => author)).size >= admission.count
      ? undefined
      : { type: 'needs sponsors', detail: `${admission.count}` }
  }

  private allowsConfirmation(member: MemberId, author: MemberId, position: Position, view: View): Reason | undefined {
    if (!this.views.seals.electorsAt(position).has(author)) return { type: 'not a voter' }
    if (!view.isContested(member, position)) return { type: 'not contested' }
    const invites = (this.facts.members.get(member)?.entrances ?? []).flatMap(({ control }) =>
      control.kind === 'admit' ? (this.facts.invites.get(control.invite) ?? []) : [],
    )
    const hasUse = invites.some(({ admitted, uses }) => {
      const inside = admitted.filter(
        (other) => covers(position, other.node) && view.stands(other.node) && !view.isContested(other.member, position),
      )
      return new Set(inside.map((other) => other.member)).size < uses
    })
    return hasUse ? undefined : { type: 'no use left' }
  }

  private async provesAdmission(control: Admit): Promise<Reason | undefined> {
    const { device, box, inviteKey } = requestOf(control)
    if (!(await this.hasGoodKeys(device, box))) return { type: 'bad key' }
    const { request, byInvite, byDevice } = control
    const valid =
      (await this.verifier.verify(byInvite, 'auzolan/sign/join/invitation/1', request, inviteKey)) &&
      (await this.verifier.verify(byDevice, 'auzolan/sign/join/device/1', request, device))
    return valid ? undefined : { type: 'bad proof' }
  }

  private async provesDevice(
    member: MemberId,
    { device, box, proof }: { readonly device: DeviceId; readonly box: Uint8Array; readonly proof: Uint8Array },
  ): Promise<Reason | undefined> {
    if (!(await this.hasGoodKeys(device, box))) return { type: 'bad key' }
    const message = deviceMessage(this.group, member, device, box)
    const valid = await this.verifier.verify(proof, 'auzolan/sign/device/1', message, device)
    return valid ? undefined : { type: 'bad proof' }
  }

  private async provesFounding(founding: Founding): Promise<Reason | undefined> {
    const message = foundingMessage(founding)
    // All at once: what WebCrypto is asked is answered while the next key is looked at here.
    const faults = await Promise.all(
      founding.founders.map(async ({ device, box, cosign }): Promise<Reason | undefined> => {
        if (!(await this.hasGoodKeys(device, box))) return { type: 'bad key' }
        const isSigned = !cosign || (await this.verifier.verify(cosign, 'auzolan/sign/found/1', message, device))
        return isSigned ? undefined : { type: 'bad proof' }
      }),
    )
    return faults.find((fault) => fault !== undefined)
  }

  private async hasGoodKeys(device: DeviceId, box: Uint8Array): Promise<boolean> {
    return this.verifier.goodKey(DeviceId.toBytes(device)) && (await isGoodBox(box))
  }

  private inviteAt(id: ControlId, position: Position): Extract<Control, { kind: 'invite' }> | undefined {
    const node = this.graph.get(id)
    return node?.control.kind === 'invite' && covers(position, node) ? node.control : undefined
  }
}

const allowsFounding = (entry: Entry, founding: Founding, position: Position): Reason | undefined => {
  if (position.length > 0 || founding.founders[0]?.device !== entry.device) return { type: 'bad founding' }
  const weak = [...(founding.settings?.rules ?? [])].find(([name, rule]) => isTooWeak(name, rule))
  if (weak) return { type: 'weak rule', detail: weak[0] }
  return isWeakQuorum(founding.settings?.quorum ?? null) ? { type: 'weak rule', detail: 'quorum' } : undefined
}
