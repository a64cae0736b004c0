import { DeviceId, equalBytes, type ControlId, type GroupId, type MemberId } from '@auzolan/core'
import { covers, type ControlGraph, type Node, type Position } from './control-graph.ts'
import { deviceMessage, foundingMessage, memberOfFounder, type Control, type Founding } from './control.ts'
import type { Entry } from './entry.ts'
import { memberOfRequest, parseJoinRequest } from './join.ts'
import type { Verifier } from './verifier.ts'

/** Why a control entry, or writing at a position, is refused. */
export interface Reason {
  readonly type:
    | 'foreign group'
    | 'not a control entry'
    | 'malformed'
    | 'builds on a refused entry'
    | 'redundant heads'
    | 'bad founding'
    | 'unknown device'
    | 'revoked device'
    | 'frozen device'
    | 'left'
    | 'unknown invitation'
    | 'invitation cancelled'
    | 'invitation used up'
    | 'bad proof'
    | 'bad key'
    | 'device known'
    | 'not an own device'
  readonly detail?: string
}

/** What accepted entries say of one thing. Every question is asked at a position: only entries in its past answer. */
interface DeviceFacts {
  readonly admitted: { readonly node: Node; readonly member: MemberId }[]
  readonly revoked: Node[]
  readonly bySeq: Map<number, Node[]>
  /** Several entries with one seq: proof that the key signs for two. */
  readonly doubled: Set<Node[]>
}

interface InviteFacts {
  readonly cancelled: Node[]
  readonly admitted: { readonly node: Node; readonly member: MemberId }[]
}

/** The rules of version 1 at a position: pure functions of the past, so that every verdict is final and equal everywhere. */
export class ControlRules {
  private readonly group: GroupId
  private readonly graph: ControlGraph
  private readonly verifier: Verifier
  private readonly devices = new Map<DeviceId, DeviceFacts>()
  private readonly left = new Map<MemberId, Node[]>()
  private readonly invites = new Map<ControlId, InviteFacts>()

  constructor(group: GroupId, graph: ControlGraph, verifier: Verifier) {
    this.group = group
    this.graph = graph
    this.verifier = verifier
  }

  /** The newest accepted control entry of a device. */
  newestOf(device: DeviceId): Node | undefined {
    const bySeq = this.devices.get(device)?.bySeq
    return bySeq && bySeq.size > 0 ? bySeq.get(Math.max(...bySeq.keys()))?.[0] : undefined
  }

  /** Whether this device may write with this past. */
  mayWrite(device: DeviceId, position: Position): Reason | undefined {
    const facts = this.devices.get(device)
    const member = this.memberAt(device, position)
    if (!facts || member === undefined) return { type: 'unknown device' }
    if (facts.revoked.some((node) => covers(position, node))) return { type: 'revoked device' }
    for (const nodes of facts.doubled) {
      if (nodes.filter((node) => covers(position, node)).length > 1) return { type: 'frozen device' }
    }
    if (this.left.get(member)?.some((node) => covers(position, node))) return { type: 'left' }
    return undefined
  }

  /** Whose device this is. Two admissions of one device, made apart: the lower id. */
  memberAt(device: DeviceId, position: Position): MemberId | undefined {
    let first: { readonly node: Node; readonly member: MemberId } | undefined
    for (const admission of this.devices.get(device)?.admitted ?? []) {
      if (covers(position, admission.node) && (!first || admission.node.id < first.node.id)) first = admission
    }
    return first?.member
  }

  /** Whether `control` is allowed at `position`, as far as no signature has to be checked. */
  allows(entry: Entry, control: Control, position: Position): Reason | undefined {
    if (control.kind === 'found') {
      return position.length === 0 && control.founders[0]?.device === entry.device
        ? undefined
        : { type: 'bad founding' }
    }
    if (position.length === 0) return { type: 'bad founding' }
    const refusal = this.mayWrite(entry.device, position)
    if (refusal) return refusal
    switch (control.kind) {
      case 'invite':
      case 'leave':
        return undefined
      case 'uninvite':
        return this.inviteAt(control.invite, position) ? undefined : { type: 'unknown invitation' }
      case 'admit':
        return this.allowsAdmission(control, position)
      case 'addDevice':
        return this.memberAt(control.device, position) ? { type: 'device known' } : undefined
      case 'revokeDevice':
        return this.memberAt(control.device, position) === this.memberAt(entry.device, position)
          ? undefined
          : { type: 'not an own device' }
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
      case 'addDevice': {
        const { device, box, proof } = control
        if (!this.verifier.goodKey(DeviceId.toBytes(device))) return { type: 'bad key' }
        const member = this.memberAt(entry.device, position) as MemberId
        const valid = await this.verifier.verify(
          proof,
          'auzolan/sign/device/1',
          deviceMessage(this.group, member, device, box),
          device,
        )
        return valid ? undefined : { type: 'bad proof' }
      }
      case 'uninvite':
      case 'revokeDevice':
      case 'leave':
        return undefined
    }
  }

  /** Takes in an accepted entry. */
  learn(node: Node, position: Position): void {
    const { entry, control } = node
    const own = this.deviceFacts(entry.device)
    const sameSeq = own.bySeq.get(entry.seq)
    if (sameSeq) own.doubled.add(sameSeq)
    if (sameSeq) sameSeq.push(node)
    else own.bySeq.set(entry.seq, [node])
    switch (control.kind) {
      case 'found':
        for (const { device } of control.founders)
          this.deviceFacts(device).admitted.push({ node, member: memberOfFounder(device) })
        return
      case 'admit': {
        const { device } = requestOf(control)
        const admission = { node, member: memberOfRequest(control.request) }
        this.deviceFacts(device).admitted.push(admission)
        this.inviteFacts(control.invite).admitted.push(admission)
        return
      }
      case 'addDevice':
        this.deviceFacts(control.device).admitted.push({
          node,
          member: this.memberAt(entry.device, position) as MemberId,
        })
        return
      case 'uninvite':
        this.inviteFacts(control.invite).cancelled.push(node)
        return
      case 'revokeDevice':
        this.deviceFacts(control.device).revoked.push(node)
        return
      case 'leave': {
        const member = this.memberAt(entry.device, position) as MemberId
        this.left.set(member, [...(this.left.get(member) ?? []), node])
        return
      }
      case 'invite':
        return
    }
  }

  /** Entries that cancel this invitation, wherever they stand. */
  cancellations(invite: ControlId): readonly Node[] {
    return this.invites.get(invite)?.cancelled ?? []
  }

  private allowsAdmission(control: Extract<Control, { kind: 'admit' }>, position: Position): Reason | undefined {
    const invite = this.inviteAt(control.invite, position)
    if (!invite) return { type: 'unknown invitation' }
    const facts = this.inviteFacts(control.invite)
    if (facts.cancelled.some((node) => covers(position, node))) return { type: 'invitation cancelled' }
    const used = new Set(facts.admitted.filter(({ node }) => covers(position, node)).map(({ member }) => member))
    if (used.size >= invite.uses) return { type: 'invitation used up' }
    const request = parseJoinRequest(control.request)
    if (!request.ok) return { type: 'malformed', detail: request.error.detail }
    if (request.value.group !== this.group) return { type: 'foreign group' }
    if (!equalBytes(request.value.inviteKey, invite.key))
      return { type: 'unknown invitation', detail: 'asks by another one' }
    return this.memberAt(request.value.device, position) ? { type: 'device known' } : undefined
  }

  private async provesAdmission(control: Extract<Control, { kind: 'admit' }>): Promise<Reason | undefined> {
    const { device, inviteKey } = requestOf(control)
    if (!this.verifier.goodKey(DeviceId.toBytes(device))) return { type: 'bad key' }
    const { request, byInvite, byDevice } = control
    const valid =
      (await this.verifier.verify(byInvite, 'auzolan/sign/join/invitation/1', request, inviteKey)) &&
      (await this.verifier.verify(byDevice, 'auzolan/sign/join/device/1', request, device))
    return valid ? undefined : { type: 'bad proof' }
  }

  private async provesFounding(founding: Founding): Promise<Reason | undefined> {
    const message = foundingMessage(founding)
    for (const { device, cosign } of founding.founders) {
      if (!this.verifier.goodKey(DeviceId.toBytes(device))) return { type: 'bad key' }
      if (cosign && !(await this.verifier.verify(cosign, 'auzolan/sign/found/1', message, device)))
        return { type: 'bad proof' }
    }
    return undefined
  }

  private inviteAt(id: ControlId, position: Position): Extract<Control, { kind: 'invite' }> | undefined {
    const node = this.graph.get(id)
    return node?.control.kind === 'invite' && covers(position, node) ? node.control : undefined
  }

  private deviceFacts(device: DeviceId): DeviceFacts {
    const known = this.devices.get(device)
    if (known) return known
    const facts: DeviceFacts = { admitted: [], revoked: [], bySeq: new Map(), doubled: new Set() }
    this.devices.set(device, facts)
    return facts
  }

  private inviteFacts(invite: ControlId): InviteFacts {
    const known = this.invites.get(invite)
    if (known) return known
    const facts: InviteFacts = { cancelled: [], admitted: [] }
    this.invites.set(invite, facts)
    return facts
  }
}

/** The request inside an admission that was allowed, so it has been parsed before. */
export const requestOf = (control: Extract<Control, { kind: 'admit' }>) => {
  const request = parseJoinRequest(control.request)
  if (!request.ok) throw new Error('an allowed admission holds a join request')
  return request.value
}
