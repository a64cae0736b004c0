import type {
  AdmissionView,
  DecidedThing,
  DeviceId,
  GroupId,
  Instant,
  MemberId,
  RuleView,
  StatementId,
} from '@auzolan/core'

/** What a link says by itself, before any network is used. */
export interface InvitationPreview {
  readonly group: GroupId
  readonly groupName: string
  readonly inviterName: string
  readonly expires: Instant | null
}

/** What a link for a further device, or a recovery sheet, says by itself. Of a sheet that was typed the names are empty. */
export interface DeviceLinkPreview {
  readonly group: GroupId
  readonly groupName: string
  readonly myName: string
  /** Of a link: it is for somebody who has lost every device, and the group decides. */
  readonly lost?: boolean
}

/** A recovery sheet, for its person to keep on paper. This is the only time its secret is told. */
export interface MadeSheet {
  readonly id: DeviceId
  readonly link: string
  /** The same to type by hand, as far as that goes: who it is for, but not where to look. */
  readonly lines: readonly string[]
}

/** What a file brought. */
export interface BroughtIn {
  readonly group: GroupId
  /** Entries that were not here before. */
  readonly entries: number
  /** Nothing that its author knew of who is in is missing here. */
  readonly whole: boolean
  /** The person stopped it; what had been taken in stays. */
  readonly stopped: boolean
}

/** What was taken in from another group. */
export interface BroughtRecords {
  readonly records: number
  /** The statements that brought them in, to be taken back by. */
  readonly adopts: readonly StatementId[]
}

/** A backup of everything on this device. */
export interface MadeBackup {
  /** `null`: its bytes went where the caller wanted them. */
  readonly file: Blob | null
  /** Six words that open the way back in that lies in it; told this once. `null`: there is none in it. */
  readonly words: string | null
}

export interface OpenedLink {
  readonly link: string
  /** From then on it takes no request. */
  readonly until: Instant
}

/** What a group may be asked to decide. `reason`: in the proposer's words. */
export type Proposable =
  | { readonly is: 'remove'; readonly person: MemberId; readonly reason?: string }
  | {
      readonly is: 'votes'
      readonly give: readonly MemberId[]
      readonly take: readonly MemberId[]
      readonly reason?: string
    }
  | { readonly is: 'rename'; readonly name: string; readonly reason?: string }
  /** Takes back who was removed, or ends a pause. */
  | { readonly is: 'readmit'; readonly person: MemberId; readonly reason?: string }
  | { readonly is: 'moderator'; readonly person: MemberId; readonly on: boolean; readonly reason?: string }
  | {
      readonly is: 'rule'
      readonly thing: DecidedThing
      readonly rule: RuleView
      readonly reason?: string
    }
  | { readonly is: 'admission'; readonly admission: AdmissionView; readonly reason?: string }
