import type { ControlId, DeviceId, MemberId } from '@auzolan/core'
import { covers, type Node, type Position } from './control-graph.ts'
import { memberOfFounder, type Control } from './control.ts'
import { memberOfRequest, parseJoinRequest } from './join.ts'
import type { Enacted } from './decisions.ts'
import type { DeviceFacts, Entrance, InviteFacts, MemberFacts, ProposalFacts } from './fact-shapes.ts'
import { getOr } from './maps.ts'
import { parseRecoveryRequest } from './recovery.ts'
import { type SheetFacts, sheetAt } from './sheets.ts'

/** Everything accepted entries say, by what it is about. */
export class ControlFacts {
  readonly devices = new Map<DeviceId, DeviceFacts>()
  readonly members = new Map<MemberId, MemberFacts>()
  readonly sheets = new Map<DeviceId, SheetFacts>()
  readonly invites = new Map<ControlId, InviteFacts>()
  readonly proposals = new Map<ControlId, ProposalFacts>()
  readonly closes = new Map<ControlId, { readonly node: Node; readonly proposal: ProposalFacts }>()
  readonly enacts = new Map<Node, Enacted>()
  /** Entries that can void others: decisions, cancellations, confirmations, and admissions over an invitation's uses. */
  readonly causes = new Map<Node, number>()
  /** Single acts, in an order in which everything comes after its past. */
  readonly acts: Node[] = []
  readonly actAt = new Map<Node, number>()
  readonly epochs: Node[] = []
  /** By epoch: who handed its key on later, and who said that they cannot open it. */
  readonly rewraps = new Map<ControlId, Node[]>()
  readonly unread = new Map<ControlId, Node[]>()
  /** By what takes devices out: who vouched for what they wrote before. */
  readonly vouches = new Map<ControlId, Node[]>()
  founding: Node | undefined
  readonly founders: MemberId[] = []

  /** Whose device this is, by the entrances `counts` lets count: of several the one with the lowest id. */
  memberOf(device: DeviceId, position: Position, counts: (entrance: Node) => boolean): MemberId | undefined {
    let first: Entrance | undefined
    for (const entrance of this.devices.get(device)?.entrances ?? []) {
      if (first && first.node.id < entrance.node.id) continue
      if (covers(position, entrance.node) && counts(entrance.node)) first = entrance
    }
    return first?.member
  }

  hasLeft(member: MemberId, position: Position): boolean {
    return this.members.get(member)?.left.some((node) => covers(position, node)) ?? false
  }

  deviceFacts(device: DeviceId): DeviceFacts {
    return getOr(this.devices, device, () => ({ entrances: [], revoked: [], bySeq: new Map(), doubled: new Set() }))
  }

  private sheetFacts(sheet: DeviceId): SheetFacts {
    return getOr(this.sheets, sheet, () => ({ made: [], used: [] }))
  }

  memberFacts(member: MemberId): MemberFacts {
    return getOr(this.members, member, () => ({
      entrances: [],
      left: [],
      sponsored: [],
      suspended: [],
      unsuspended: [],
      confirmed: [],
    }))
  }

  /**
   * Takes in an accepted entry; of an enactment, with what was weighed. True: older entries became causes, so what was worked out for
   * positions has to be worked out again.
   */
  learn(node: Node, enacted: Enacted | undefined): boolean {
    const { control, author } = node
    this.learnPlace(node)
    if (singleActs.has(control.kind)) {
      this.actAt.set(node, this.acts.length)
      this.acts.push(node)
    }
    if (control.kind === 'enact' || control.kind === 'uninvite' || control.kind === 'confirm') this.addCause(node)
    switch (control.kind) {
      case 'found':
        this.founding = node
        for (const { device } of control.founders) {
          const member = memberOfFounder(device)
          this.founders.push(member)
          this.deviceFacts(device).entrances.push({ node, member })
          this.memberFacts(member).entrances.push(node)
        }
        return false
      case 'invite':
        this.invites.set(node.id, { node, uses: control.uses, cancelled: [], admitted: [], overused: false })
        return false
      case 'admit':
        return this.learnAdmission(node, control)
      case 'addDevice':
        this.deviceFacts(control.device).entrances.push({ node, member: author })
        return false
      case 'uninvite':
        this.invites.get(control.invite)?.cancelled.push(node)
        return false
      case 'sheet':
        this.sheetFacts(control.sheet).made.push({ node, member: author })
        return false
      case 'recover': {
        const { sheet, device } = recoveryOf(control)
        const made = sheetAt(this, sheet, node.parents)
        if (!made) throw new Error('an accepted recovery names a sheet')
        this.deviceFacts(device).entrances.push({ node, member: made.member })
        this.sheetFacts(sheet).used.push({ node, device })
        return false
      }
      case 'revokeDevice':
        this.deviceFacts(control.device).revoked.push(node)
        return false
      case 'leave':
        this.memberFacts(author).left.push(node)
        return false
      case 'sponsor':
        this.memberFacts(control.member).sponsored.push(node)
        return false
      case 'suspend':
        this.memberFacts(control.member).suspended.push(node)
        return false
      case 'unsuspend':
        this.memberFacts(control.member).unsuspended.push(node)
        return false
      case 'confirm':
        this.memberFacts(control.member).confirmed.push(node)
        return false
      case 'epoch':
        this.epochs.push(node)
        return false
      case 'rewrap':
        getOr(this.rewraps, control.epoch, () => []).push(node)
        return false
      case 'unread':
        getOr(this.unread, control.epoch, () => []).push(node)
        return false
      case 'vouch':
        getOr(this.vouches, control.end, () => []).push(node)
        return false
      case 'seal':
        return false
      case 'propose':
      case 'ballot':
      case 'close':
      case 'ack':
      case 'commit':
      case 'reveal':
      case 'enact':
        this.learnDecision(node, control, enacted)
        return false
    }
  }

  private learnPlace(node: Node): void {
    const { entry } = node
    const own = this.deviceFacts(entry.device)
    const sameSeq = own.bySeq.get(entry.seq)
    if (sameSeq) own.doubled.add(sameSeq)
    if (sameSeq) sameSeq.push(node)
    else own.bySeq.set(entry.seq, [node])
  }

  private learnAdmission(node: Node, control: Extract<Control, { kind: 'admit' }>): boolean {
    const { device } = requestOf(control)
    const entrance = { node, member: memberOfRequest(control.request) }
    this.deviceFacts(device).entrances.push(entrance)
    this.memberFacts(entrance.member).entrances.push(node)
    const invite = this.invites.get(control.invite)
    if (!invite) throw new Error('an accepted admission names an invitation')
    invite.admitted.push(entrance)
    if (invite.overused) this.addCause(node)
    if (invite.overused || new Set(invite.admitted.map(({ member }) => member)).size <= invite.uses) return false
    invite.overused = true
    for (const admitted of invite.admitted) this.addCause(admitted.node)
    return true
  }

  private learnDecision(node: Node, control: DecisionStep, enacted: Enacted | undefined): void {
    switch (control.kind) {
      case 'propose':
        this.proposals.set(node.id, {
          node,
          control,
          ballots: new Map(),
          closes: [],
          acks: [],
          commits: [],
          reveals: [],
          enacts: [],
        })
        return
      case 'ballot':
        getOr(this.proposal(control.proposal).ballots, node.author, () => []).push(node)
        return
      case 'close': {
        const proposal = this.proposal(control.proposal)
        proposal.closes.push(node)
        this.closes.set(node.id, { node, proposal })
        return
      }
      case 'commit':
        this.proposal(control.proposal).commits.push(node)
        return
      case 'reveal':
        this.proposal(control.proposal).reveals.push(node)
        return
      case 'ack':
        this.closes.get(control.close)?.proposal.acks.push(node)
        return
      case 'enact': {
        if (!enacted) throw new Error('an accepted enactment was weighed')
        enacted.proposal.enacts.push(enacted)
        this.enacts.set(node, enacted)
        const { action } = enacted.proposal.control
        if (action.kind === 'rebind') this.deviceFacts(action.device).entrances.push({ node, member: action.member })
      }
    }
  }

  private proposal(id: ControlId): ProposalFacts {
    const proposal = this.proposals.get(id)
    if (!proposal) throw new Error('what is accepted of a proposal comes after it')
    return proposal
  }

  private addCause(node: Node): void {
    if (!this.causes.has(node)) this.causes.set(node, this.causes.size)
  }
}

type DecisionStep = Extract<Control, { kind: 'propose' | 'ballot' | 'close' | 'ack' | 'commit' | 'reveal' | 'enact' }>

/** Kinds that somebody does alone, and that a decision made apart may void (`TRUST.md` T3). Leaving and revoking stand whatever happens. */
const singleActs: ReadonlySet<Control['kind']> = new Set([
  'invite',
  'uninvite',
  'admit',
  'addDevice',
  'sheet',
  'recover',
  'sponsor',
  'suspend',
  'unsuspend',
  'confirm',
  'vouch',
])

/** The request inside an admission that was allowed, so it has been parsed before. */
export const requestOf = (control: Extract<Control, { kind: 'admit' }>) => {
  const request = parseJoinRequest(control.request)
  if (!request.ok) throw new Error('an allowed admission holds a join request')
  return request.value
}

/** The request inside a recovery that was allowed, so it has been parsed before. */
export const recoveryOf = (control: Extract<Control, { kind: 'recover' }>) => {
  const request = parseRecoveryRequest(control.request)
  if (!request.ok) throw new Error('an allowed recovery holds a recovery request')
  return request.value
}
