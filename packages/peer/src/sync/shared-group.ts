import type { ControlId, DeviceId } from '@auzolan/core'
import type { DeviceKeys, SignedJoinRequest } from '@auzolan/trust'
import type { Replica } from './replica.ts'

/** A group as a session needs it. */
export interface SharedGroup {
  readonly replica: Replica
  readonly keys: DeviceKeys
  /** Ed25519 public keys of invitations that are open now. */
  openInvitations(): readonly { readonly id: ControlId; readonly key: Uint8Array }[]
  /** Set while this device asks to be let in. */
  readonly joining: { readonly inviteKey: Uint8Array; readonly proof: SignedJoinRequest } | undefined
  /** Active member's device in the state as it is known here. */
  isActive(device: DeviceId): boolean
  /** Writes the admission (any member may carry it). A reason when it cannot be. */
  admit(
    invitation: ControlId,
    proof: SignedJoinRequest,
  ): Promise<'admitted' | 'ended' | 'cancelled' | 'used' | 'failed'>
  onFound(): void
  onAdmitted(): void
  onRefused(why: string): void
  onMet(device: DeviceId, peer: string): void
  onParted(device: DeviceId): void
  onKnown(device: DeviceId, lines: ReadonlyMap<DeviceId, number>): void
  onProgress(have: number, of: number): void
}
