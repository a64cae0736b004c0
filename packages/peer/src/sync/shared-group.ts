import type { ControlId, DeviceId } from '@auzolan/core'
import type { DeviceKeys, SignedJoinRequest } from '@auzolan/trust'
import type { Endings } from './farewell.ts'
import type { Replica } from './replica.ts'

/** By what somebody comes in: an invitation, a link that one of a person's devices shows to another, or a recovery sheet. */
export type Entrance = ControlId | 'own device' | 'sheet'

/** Keys, 32 bytes each, by which devices of a group recognise each other (`TRUST.md` T11). */
export interface Presence {
  /** Those whose tags this peer is shown, the most telling first. */
  shown(peer: string): readonly Uint8Array[]
  /** Those by which somebody is recognised here. */
  readonly known: readonly Uint8Array[]
}

/** A group as a session needs it. */
export interface SharedGroup {
  readonly replica: Replica
  readonly keys: DeviceKeys
  readonly presence: Presence
  /** Ed25519 public keys of invitations, links and sheets that somebody may come by. */
  openInvitations(): readonly { readonly id: Entrance; readonly key: Uint8Array }[]
  /** Set while this device asks to be let in. `only`: the one device to ask; `null`: whoever is met. */
  readonly joining:
    { readonly inviteKey: Uint8Array; readonly proof: SignedJoinRequest; readonly only: DeviceId | null } | undefined
  /** Active member's device in the state as it is known here. */
  isActive(device: DeviceId): boolean
  readonly endings: Endings
  /** Writes the admission (any member may carry it). A reason when it cannot be; `asked`: a person has to answer first. */
  admit(
    invitation: Entrance,
    proof: SignedJoinRequest,
  ): Promise<'admitted' | 'asked' | 'refused' | 'ended' | 'cancelled' | 'used' | 'removed' | 'failed'>
  onFound(): void
  /** A person is asked whether to let this device in. */
  onAsked(): void
  onAdmitted(): void
  onRefused(why: string): void
  onMet(device: DeviceId, peer: string): void
  onParted(device: DeviceId): void
  onKnown(device: DeviceId, lines: ReadonlyMap<DeviceId, number>): void
  /** Whom this peer of the group would introduce. */
  onNear(peer: string, others: readonly string[]): void
  onProgress(have: number, of: number): void
}
