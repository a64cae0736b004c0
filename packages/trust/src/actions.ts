import { ChangeHash, DeviceId, DocumentId, GroupId, MemberId } from '@auzolan/core'
import { controlLimits } from './control-limits.ts'
import { bytes, type Field, flag, id, kindsOf, list, sorted, text } from './layout.ts'
import {
  admissionFields,
  readAdmission,
  readRule,
  readRuleName,
  readWholeShare,
  roleField,
  ruleFields,
  type Admission,
  type Role,
  type Rule,
  type RuleName,
  type Share,
} from './rules.ts'

/** What a group can decide (`TRUST.md` T3, T4). */
export type Action =
  | { readonly kind: 'remove'; readonly member: MemberId }
  /** Takes a removed member back, or ends a suspension. Gives neither vote nor role back. */
  | { readonly kind: 'readmit'; readonly member: MemberId }
  /** Who has a vote, from the next seal on: exactly these; sorted, each once. */
  | { readonly kind: 'voters'; readonly members: readonly MemberId[] }
  | { readonly kind: 'role'; readonly member: MemberId; readonly role: Role; readonly on: boolean }
  | { readonly kind: 'rule'; readonly name: RuleName; readonly rule: Rule }
  | { readonly kind: 'admission'; readonly admission: Admission }
  | { readonly kind: 'quorum'; readonly quorum: Share }
  | { readonly kind: 'rename'; readonly name: string; readonly purpose: string }
  /** A member goes on with this device; every device they had before is out. `proof`: by the device, over `deviceMessage`. */
  | {
      readonly kind: 'rebind'
      readonly member: MemberId
      readonly device: DeviceId
      readonly box: Uint8Array
      readonly proof: Uint8Array
    }
  /** Lets in who asks by a join request with this digest (`memberOfRequest`), where admission is by decision. */
  | { readonly kind: 'admit'; readonly member: MemberId }
  | { readonly kind: 'forkNotice'; readonly fork: GroupId }
  /** This version of a document is what the group agreed on. */
  | { readonly kind: 'text'; readonly document: DocumentId; readonly heads: readonly ChangeHash[] }

export const actionLimits = {
  /** As many member ids as a control entry has room for, with the rest of it. */
  voters: 200,
  /** Heads of one document: as many as a control entry names. */
  heads: 16,
} as const

/** Whose rule decides an action: how newcomers come in and who seals are changed as rules are. */
export const ruleNameOf = (action: Action): RuleName =>
  action.kind === 'admission' || action.kind === 'quorum' ? 'rule' : action.kind

/** What an action sets. Of several decisions that set the same, one is in force. */
export const settingOf = (action: Action): string => {
  switch (action.kind) {
    case 'remove':
    case 'readmit':
      return `member ${action.member}`
    case 'role':
      return `role ${action.role} ${action.member}`
    case 'rule':
      return `rule ${action.name}`
    case 'rebind':
    case 'admit':
      return `${action.kind} ${action.member}`
    case 'forkNotice':
      return `fork ${action.fork}`
    case 'text':
      return `text ${action.document}`
    case 'voters':
    case 'admission':
    case 'quorum':
    case 'rename':
      return action.kind
  }
}

const member = id(MemberId)

const actions = kindsOf<Action>(
  {
    remove: { member },
    readmit: { member },
    admit: { member },
    voters: { members: sorted(member, 1, actionLimits.voters, (each) => each) },
    role: { member, role: roleField, on: flag },
    rule: {
      name: { write: (name) => name, read: readRuleName },
      rule: { write: ruleFields, read: (fields) => readRule(fields.next()) },
    },
    admission: { admission: { write: admissionFields, read: (fields) => readAdmission(fields.next()) } },
    quorum: { quorum: { write: ({ num, den }) => [num, den], read: (fields) => readWholeShare(fields.next()) } },
    rename: { name: text(1, controlLimits.name), purpose: text(0, controlLimits.purpose) },
    rebind: { member, device: id(DeviceId), box: bytes(32), proof: bytes(64) },
    forkNotice: { fork: id(GroupId) },
    text: { document: id(DocumentId), heads: sorted(id(ChangeHash), 1, actionLimits.heads, (each) => each) },
  },
  (kind) => `action ${kind}`,
)

export const actionField: Field<Action> = list(actions.write, (fields) =>
  actions.read(fields.text('action', 1, 32), fields),
)
