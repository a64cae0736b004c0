import { ChangeHash, ControlId, DeviceId, DocumentId, GroupId, type Instant, MemberId } from '@auzolan/core'
import type { Action, Admission, Control, Founding, Rule } from '@auzolan/trust'

const filled = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill)

const entry = ControlId.fromBytes(filled(32, 1))
const later = ControlId.fromBytes(filled(32, 2))
const member = MemberId.fromBytes(filled(32, 3))
const device = DeviceId.fromBytes(filled(32, 4))
const other = DeviceId.fromBytes(filled(32, 5))
const group = GroupId.fromBytes(filled(32, 6))
const box = filled(32, 7)
const proof = filled(64, 8)
const chain = filled(32, 9)
const signed = { request: filled(120, 10), byInvite: filled(64, 11), byDevice: filled(64, 12) }
const held = [{ device, seq: 1, chain }]

const rules: { readonly [Kind in Rule['kind']]: Extract<Rule, { readonly kind: Kind }> } = {
  threshold: { kind: 'threshold', num: 2, den: 3 },
  unanimous: { kind: 'unanimous' },
  majority: { kind: 'majority', num: 1, den: 2 },
  consent: { kind: 'consent', num: 1, den: 2, objections: 1 },
  advice: { kind: 'advice', least: 2, from: 'moderator' },
  sortition: { kind: 'sortition', size: 5, inner: { kind: 'majority', num: 0, den: 1 } },
}

const admissions: { readonly [Kind in Admission['kind']]: Extract<Admission, { readonly kind: Kind }> } = {
  invitation: { kind: 'invitation' },
  sponsors: { kind: 'sponsors', count: 2 },
  decision: { kind: 'decision' },
}

const actions: { readonly [Kind in Action['kind']]: Extract<Action, { readonly kind: Kind }> } = {
  remove: { kind: 'remove', member },
  readmit: { kind: 'readmit', member },
  voters: { kind: 'voters', members: [member, MemberId.fromBytes(filled(32, 13))] },
  role: { kind: 'role', member, role: 'moderator', on: true },
  rule: { kind: 'rule', name: 'text', rule: rules.threshold },
  admission: { kind: 'admission', admission: admissions.invitation },
  quorum: { kind: 'quorum', quorum: { num: 2, den: 3 } },
  rename: { kind: 'rename', name: 'Elm', purpose: 'Tools' },
  rebind: { kind: 'rebind', member, device, box, proof },
  admit: { kind: 'admit', member },
  forkNotice: { kind: 'forkNotice', fork: group },
  text: {
    kind: 'text',
    document: DocumentId.fromBytes(filled(16, 14)),
    heads: [ChangeHash.fromBytes(filled(32, 15))],
  },
}

const founding: Founding = {
  kind: 'found',
  name: 'Elm',
  purpose: '',
  founders: [
    { device, box, name: 'Ada', cosign: null },
    { device: other, box, name: 'Ben', cosign: proof },
  ],
  continues: null,
  nonce: filled(16, 16),
}
const continues = { group, heads: [entry], frontier: held, name: 'Elm', members: 12, reason: 'Two gardens' }

/** One of every kind: a kind without one is a fault of types. */
const byKind: { readonly [Kind in Control['kind']]: Extract<Control, { readonly kind: Kind }> } = {
  found: founding,
  invite: { kind: 'invite', key: box, uses: 3, expires: 1_800_000_000_000 as Instant, note: 'for the street' },
  uninvite: { kind: 'uninvite', invite: entry },
  admit: { kind: 'admit', invite: entry, ...signed },
  addDevice: { kind: 'addDevice', device, box, label: 'phone', proof },
  sheet: { kind: 'sheet', sheet: device, proof },
  recover: { kind: 'recover', ...signed },
  revokeDevice: { kind: 'revokeDevice', device },
  leave: { kind: 'leave' },
  sponsor: { kind: 'sponsor', member },
  suspend: { kind: 'suspend', member, reason: 'noise' },
  unsuspend: { kind: 'unsuspend', member },
  confirm: { kind: 'confirm', member },
  propose: { kind: 'propose', action: actions.remove, reason: 'gone' },
  ballot: { kind: 'ballot', proposal: entry, vote: 'object' },
  close: { kind: 'close', proposal: entry },
  ack: { kind: 'ack', close: entry },
  enact: { kind: 'enact', proposal: entry, close: later },
  vouch: { kind: 'vouch', end: entry, held: [...held, { device: other, seq: 70_000, chain }] },
  commit: { kind: 'commit', proposal: entry, digest: chain },
  reveal: { kind: 'reveal', proposal: entry, secret: filled(16, 17) },
  epoch: {
    kind: 'epoch',
    commitment: chain,
    ephemeral: box,
    wraps: filled(96, 18),
    before: [{ epoch: entry, wrap: filled(48, 19) }],
  },
  rewrap: { kind: 'rewrap', epoch: entry, ephemeral: box, wraps: [{ device, wrap: filled(48, 20) }] },
  unread: { kind: 'unread', epoch: entry },
  seal: { kind: 'seal', at: entry },
}

const propose = (action: Action): Control => ({ kind: 'propose', action, reason: '' })

/** Every kind of control item, action, rule and admission, and each field that may be left out once there and once not. */
export const controls: readonly Control[] = [
  ...Object.values(byKind),
  ...Object.values(actions).map(propose),
  ...Object.values(rules).map((rule) => propose({ kind: 'rule', name: 'rename', rule })),
  ...Object.values(admissions).map((admission) => propose({ kind: 'admission', admission })),
  { ...byKind.invite, expires: null },
  { ...byKind.revokeDevice, held },
  { ...byKind.enact, close: null, held },
  {
    ...founding,
    settings: { rules: new Map([['rename', rules.consent]]), admission: admissions.sponsors, quorum: null },
  },
  { ...founding, continues },
  {
    ...founding,
    continues: { ...continues, counted: [{ device, seq: 0 }] },
    settings: { rules: new Map(), admission: admissions.decision, quorum: { num: 3, den: 4 } },
  },
]
