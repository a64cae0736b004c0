import type { Cbor } from './cbor-writer.ts'
import { Fields, mustHold, newerKind } from './fields.ts'
import { type Field, integer, kindsOf, orNull } from './layout.ts'

/** What a member may be trusted with beyond writing. A moderator may suspend; the group decides what follows. */
export const roles = ['moderator'] as const
export type Role = (typeof roles)[number]

/** A share of the electorate: `num` of `den`. */
export interface Share {
  readonly num: number
  readonly den: number
}

/** How a group decides one kind of thing (`TRUST.md` G1). */
export type Rule =
  /** More yes than this share of the electorate. Needs no close. */
  | ({ readonly kind: 'threshold' } & Share)
  /** Yes from every elector. Needs no close. */
  | { readonly kind: 'unanimous' }
  /** More yes than no, and at least this share took part. Needs a close. */
  | ({ readonly kind: 'majority' } & Share)
  /** At most `objections` objections, and at least this share took part. Needs a close. */
  | ({ readonly kind: 'consent'; readonly objections: number } & Share)
  /** The proposer decides once `least` others have answered: electors, or holders of `from`. */
  | { readonly kind: 'advice'; readonly least: number; readonly from: Role | null }
  /** The inner rule over a panel of `size` electors drawn by lot. */
  | { readonly kind: 'sortition'; readonly size: number; readonly inner: Rule }

/** What decisions are about; each has its own rule. */
export const ruleNames = [
  'remove',
  'readmit',
  'voters',
  'role',
  'rule',
  'rebind',
  'admit',
  'rename',
  'text',
  'forkNotice',
] as const
export type RuleName = (typeof ruleNames)[number]

/** Decisions that could be used to take a group over. Only rules that need no clock and no close, and at least half, may decide them. */
const critical: ReadonlySet<RuleName> = new Set(['remove', 'readmit', 'voters', 'role', 'rule', 'rebind'])

/** How newcomers come in, besides holding an invitation. */
export type Admission =
  | { readonly kind: 'invitation' }
  /** This many members other than the inviter speak for the newcomer. */
  | { readonly kind: 'sponsors'; readonly count: number }
  /** The group decides to admit the newcomer. */
  | { readonly kind: 'decision' }

/** What a founding lays down besides who is in. Rules that are not named are the default. */
export interface Settings {
  readonly rules: ReadonlyMap<RuleName, Rule>
  readonly admission: Admission
  /** More than this share of the electorate seals; `null`: by size (`defaultQuorum`). */
  readonly quorum: Share | null
}

export const ruleLimits = {
  /** Of a share: finer than any group's size. */
  den: 1000,
  /** Members asked, drawn or objecting: more than one group's voters. */
  members: 1000,
  /** Sponsors: more would be a decision. */
  sponsors: 16,
} as const

/** More than half, for everything. */
export const defaultRule: Rule = { kind: 'threshold', num: 1, den: 2 }
export const defaultSettings: Settings = { rules: new Map(), admission: { kind: 'invitation' }, quorum: null }

/** From this size on two contradicting seals shall need more than a third of double-signers (`TRUST.md` T5). */
const LARGE_GROUP = 10
export const defaultQuorum = (electors: number): Share =>
  electors >= LARGE_GROUP ? { num: 2, den: 3 } : { num: 1, den: 2 }

export const isMoreThan = (count: number, { num, den }: Share, of: number): boolean => count * den > num * of
export const isAtLeast = (count: number, { num, den }: Share, of: number): boolean => count * den >= num * of

/** Whether a rule is too weak for what it decides. Asked at the founding and wherever a rule is proposed. */
export const isTooWeak = (name: RuleName, rule: Rule): boolean =>
  critical.has(name) && rule.kind !== 'unanimous' && !(rule.kind === 'threshold' && atLeastHalf(rule))

/** A quorum of half or less would let two halves of a group seal against each other. */
export const isWeakQuorum = (quorum: Share | null): boolean => quorum !== null && !atLeastHalf(quorum)

const atLeastHalf = ({ num, den }: Share): boolean => 2 * num >= den

/** Rules whose outcome a late ballot can change: somebody has to say when it is over. */
export const needsClose = (rule: Rule): boolean =>
  rule.kind === 'majority' || rule.kind === 'consent' || (rule.kind === 'sortition' && needsClose(rule.inner))

const readRole = (fields: Fields, what: string): Role => {
  const role = fields.text(what, 1, 32)
  return roles.find((known) => known === role) ?? newerKind(`role ${role}`)
}
export const roleField: Field<Role> = { write: (role) => role, read: readRole }

const members = integer(1, ruleLimits.members)
const share = { num: integer(0, ruleLimits.den), den: integer(1, ruleLimits.den) }

const ruleKinds = kindsOf<Rule>(
  {
    threshold: share,
    unanimous: {},
    majority: share,
    consent: { ...share, objections: integer(0, ruleLimits.members) },
    advice: { least: members, from: orNull(roleField) },
    sortition: {
      size: members,
      inner: { write: (inner) => ruleFields(inner), read: (fields) => readPanelRule(fields) },
    },
  },
  (kind) => `rule ${kind}`,
)

export const ruleFields = (rule: Rule): Cbor => ruleKinds.write(rule)

export const readRule = (value: Cbor | undefined): Rule => {
  const fields = new Fields(value, 'a rule')
  const rule = ruleKinds.read(fields.text('rule', 1, 32), fields)
  fields.end()
  if ('den' in rule) mustBeLess(rule)
  return rule
}

const readPanelRule = (fields: Fields): Rule => {
  const inner = readRule(fields.next())
  mustHold(inner.kind !== 'sortition' && inner.kind !== 'advice', 'a panel decides by ballots of its own')
  return inner
}

/** "More than all" could never be met. */
const mustBeLess = ({ num, den }: Share): void => mustHold(num < den, 'a share is less than the whole')

export const readRuleName = (fields: Fields): RuleName => {
  const name = fields.text('what is decided', 1, 32)
  return ruleNames.find((known) => known === name) ?? newerKind(`rule for ${name}`)
}

const admissions = kindsOf<Admission>(
  { invitation: {}, sponsors: { count: integer(1, ruleLimits.sponsors) }, decision: {} },
  (kind) => `admission ${kind}`,
)

export const admissionFields = (admission: Admission): Cbor => admissions.write(admission)

export const readAdmission = (value: Cbor | undefined): Admission => {
  const fields = new Fields(value, 'an admission rule')
  const admission = admissions.read(fields.text('admission', 1, 32), fields)
  fields.end()
  return admission
}

export const settingsFields = ({ rules, admission, quorum }: Settings): Cbor => [
  [...rules].sort(([left], [right]) => (left < right ? -1 : 1)).map(([name, rule]) => [name, ruleFields(rule)]),
  admissionFields(admission),
  quorum && [quorum.num, quorum.den],
]

export const readSettings = (value: Cbor | undefined): Settings => {
  const fields = new Fields(value, 'settings')
  const pairs = fields.several('rules', 0, ruleNames.length).map((pair) => {
    const inner = new Fields(pair, 'a rule and what it decides')
    const name = readRuleName(inner)
    const rule = readRule(inner.next())
    inner.end()
    return [name, rule] as const
  })
  mustHold(
    pairs.every(([name], at) => at === 0 || (pairs[at - 1]?.[0] ?? '') < name),
    'rules are sorted, each once',
  )
  const admission = readAdmission(fields.next())
  const quorum = fields.optional((field) => readWholeShare(field.next()))
  fields.end()
  return { rules: new Map(pairs), admission, quorum }
}

export const readWholeShare = (value: Cbor | undefined): Share => {
  const fields = new Fields(value, 'a share')
  const whole = { num: share.num.read(fields, 'share'), den: share.den.read(fields, 'share') }
  fields.end()
  mustBeLess(whole)
  return whole
}
