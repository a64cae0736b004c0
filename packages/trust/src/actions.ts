import { ChangeHash, DeviceId, DocumentId, GroupId, MemberId } from '@auzolan/core'
import type { Cbor } from './cbor-writer.ts'
import { Fields, mustHold, newerKind } from './fields.ts'
import {
  admissionFields,
  readAdmission,
  readRole,
  readRule,
  readRuleName,
  readWholeShare,
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

export const actionFields = (action: Action): Cbor => {
  const { kind } = action
  switch (kind) {
    case 'remove':
    case 'readmit':
    case 'admit':
      return [kind, MemberId.toBytes(action.member)]
    case 'voters':
      return [kind, action.members.map(MemberId.toBytes)]
    case 'role':
      return [kind, MemberId.toBytes(action.member), action.role, action.on]
    case 'rule':
      return [kind, action.name, ruleFields(action.rule)]
    case 'admission':
      return [kind, admissionFields(action.admission)]
    case 'quorum':
      return [kind, [action.quorum.num, action.quorum.den]]
    case 'rename':
      return [kind, action.name, action.purpose]
    case 'rebind':
      return [kind, MemberId.toBytes(action.member), DeviceId.toBytes(action.device), action.box, action.proof]
    case 'forkNotice':
      return [kind, GroupId.toBytes(action.fork)]
    case 'text':
      return [kind, DocumentId.toBytes(action.document), action.heads.map(ChangeHash.toBytes)]
  }
}

/** `text`: longest name and purpose of a group, in characters. */
export const readAction = (
  value: Cbor | undefined,
  text: { readonly name: number; readonly purpose: number },
): Action => {
  const fields = new Fields(value, 'an action')
  const action = readActionKind(fields, text)
  fields.end()
  return action
}

const readActionKind = (fields: Fields, text: { readonly name: number; readonly purpose: number }): Action => {
  const kind = fields.text('action', 1, 32)
  switch (kind) {
    case 'remove':
    case 'readmit':
    case 'admit':
      return { kind, member: fields.member('member') }
    case 'voters': {
      const members = fields
        .several('members', 1, actionLimits.voters)
        .map((member) => new Fields([member], 'members').member('member'))
      mustHold(isSorted(members), 'voters are sorted, each once')
      return { kind, members }
    }
    case 'role':
      return { kind, member: fields.member('member'), role: readRole(fields), on: fields.flag('on') }
    case 'rule':
      return { kind, name: readRuleName(fields), rule: readRule(fields.next()) }
    case 'admission':
      return { kind, admission: readAdmission(fields.next()) }
    case 'quorum':
      return { kind, quorum: readWholeShare(fields.next()) }
    case 'rename':
      return { kind, name: fields.text('name', 1, text.name), purpose: fields.text('purpose', 0, text.purpose) }
    case 'rebind':
      return {
        kind,
        member: fields.member('member'),
        device: fields.device('device'),
        box: fields.bytes('box', 32),
        proof: fields.bytes('proof', 64),
      }
    case 'forkNotice':
      return { kind, fork: fields.group('fork') }
    case 'text': {
      const document = DocumentId.fromBytes(fields.bytes('document', DocumentId.length))
      const heads = fields
        .several('heads', 1, actionLimits.heads)
        .map((head) => ChangeHash.fromBytes(new Fields([head], 'heads').bytes('head', ChangeHash.length)))
      mustHold(isSorted(heads), 'heads are sorted, each once')
      return { kind, document, heads }
    }
    default:
      return newerKind(`action ${kind}`)
  }
}

export const isSorted = (ids: readonly string[]): boolean =>
  ids.every((id, at) => at === 0 || (ids[at - 1] as string) < id)
