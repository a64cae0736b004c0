import type { MemberId } from '@auzolan/core'
import type { Node } from './control-graph.ts'
import type { Control } from './control.ts'
import type { Enacted } from './decisions.ts'

/** An entry that lets a device in: a founding, an admission, a further device, a recovery, or a decision to go on with it. */
export interface Entrance {
  readonly node: Node
  readonly member: MemberId
}

/** What accepted entries say of one thing. Every question is asked at a position: only entries in its past answer. */
export interface DeviceFacts {
  readonly entrances: Entrance[]
  readonly revoked: Node[]
  readonly bySeq: Map<number, Node[]>
  /** Several entries with one seq: proof that the key signs for two. */
  readonly doubled: Set<Node[]>
}

export interface InviteFacts {
  readonly node: Node
  readonly uses: number
  readonly cancelled: Node[]
  readonly admitted: Entrance[]
  /** More people than uses, made apart. */
  overused: boolean
}

export interface MemberFacts {
  /** Foundings and admissions. */
  readonly entrances: Node[]
  readonly left: Node[]
  readonly sponsored: Node[]
  readonly suspended: Node[]
  readonly unsuspended: Node[]
  readonly confirmed: Node[]
}

export interface ProposalFacts {
  readonly node: Node
  readonly control: Extract<Control, { kind: 'propose' }>
  readonly ballots: Map<MemberId, Node[]>
  readonly closes: Node[]
  readonly acks: Node[]
  readonly commits: Node[]
  readonly reveals: Node[]
  readonly enacts: Enacted[]
}
