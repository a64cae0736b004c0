import {
  ActionId,
  type ChangeHash,
  type ControlId,
  createBoard,
  encodeStatement,
  DocumentId,
  type Instant,
  MemberId,
  type Statement,
  StatementId,
  toHex,
} from '@auzolan/core'
import {
  type Control,
  encodeCbor,
  encodeControl,
  encodeInvitation,
  encodeRun,
  headerBytes,
  itemTypes,
  makeJoinRequest,
  runOf,
  seededKeys,
  signEntry,
  startFeed,
} from '@auzolan/trust'
import { encodeGroupRecord } from '../../packages/peer/src/group/group-record.ts'
import { encodeControlRecord } from '../../packages/peer/src/log/control-record.ts'
import { evidenceOf } from '../../packages/peer/src/log/evidence.ts'
import { seal } from '../../packages/peer/src/log/sealed.ts'
import { encodeSegment } from '../../packages/peer/src/log/segment.ts'
import { encodeTipRecord } from '../../packages/peer/src/log/tip-record.ts'
import { encodeMessage, type Message } from '../../packages/peer/src/sync/messages.ts'
import { Positions } from '../../packages/peer/src/workspace/positions.ts'
import { encodeSnapshotRecord } from '../../packages/peer/src/workspace/snapshot-record.ts'
import { encodeViewRecord } from '../../packages/peer/src/workspace/view-record.ts'

const at = 1_800_000_000_000 as Instant
const filled = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill)

const initiative = DocumentId.fromBytes(filled(16, 1))
const action = ActionId.fromBytes(filled(8, 2))
const earlier = StatementId.fromBytes(filled(16, 3))
const member = MemberId.fromBytes(filled(32, 4))

/** One of every kind. */
const statements: readonly Statement[] = [
  { kind: 'card', name: 'Ada' },
  { kind: 'start', initiative, title: 'Repair café' },
  { kind: 'need', initiative, action, places: 2, replaces: [earlier] },
  { kind: 'take', initiative, action, starts: '2026-12-05T13:00Z' },
  { kind: 'giveBack', initiative, take: earlier },
  { kind: 'done', initiative, take: earlier, minutes: 90, note: 'On the shelf.' },
  { kind: 'doing', initiative, take: earlier },
  { kind: 'witness', initiative, take: earlier, saw: 'notDone' },
  { kind: 'close', initiative, result: 'handedOver', sentence: 'Oak Street goes on with it.', replaces: [earlier] },
  { kind: 'reopen', initiative, closings: [earlier] },
  { kind: 'message', thread: initiative, after: [earlier], replyTo: null, mentions: [] },
  { kind: 'retract', thread: initiative, message: earlier },
  { kind: 'revise', thread: initiative, message: earlier, mentions: [member] },
  { kind: 'react', thread: initiative, message: earlier, reaction: 'heart' },
  { kind: 'unreact', thread: initiative, reactions: [earlier] },
  {
    kind: 'became',
    thread: initiative,
    message: earlier,
    made: initiative,
    action,
    listing: null,
    title: 'Bring solder',
  },
  { kind: 'notYet', initiative, take: earlier },
  { kind: 'listing', place: initiative, side: 'need', what: 'Chairs', amount: 40, unit: '', when: '', where: 'Hall' },
  { kind: 'unlist', place: initiative, listing: earlier, stands: true },
  { kind: 'promise', place: initiative, listing: earlier, amount: 12, note: 'By van' },
  { kind: 'release', place: initiative, promises: [earlier] },
  { kind: 'handOver', place: initiative, promise: earlier, stands: true },
]

/** What version 1 writes to disks and links, made from fixed keys: hex, but for the invitation. */
export const makeVersion1 = async () => {
  const [ada, ben] = await Promise.all([seededKeys(filled(32, 1)), seededKeys(filled(32, 2))])
  const founders = [{ device: ada.device, box: ada.box, name: 'Ada', cosign: null }]
  const found: Control = {
    kind: 'found',
    name: 'Elm Street Garden',
    purpose: 'Share tools',
    founders,
    continues: null,
    nonce: filled(16, 4),
  }
  const founding = await signEntry(startFeed(ada.device), 'founding', ada, {
    at,
    heads: [],
    items: [{ type: itemTypes.control, bytes: encodeControl(found) }],
  })
  const { group } = founding
  const heads = [founding.entry.id as ControlId]
  const say = (body: string) => [
    { type: itemTypes.statement, bytes: filled(20, 6) },
    { type: itemTypes.text, bytes: new TextEncoder().encode(body) },
  ]
  const said = await signEntry(founding.tip, group, ada, { at, heads, items: say('Who brings the solder?') })
  const otherwise = await signEntry(founding.tip, group, ada, { at, heads, items: say('Nobody') })
  const run = runOf([founding.entry, said.entry])
  const secret = filled(16, 3)
  const asked = await makeJoinRequest({ group, secret }, ben, 'Ben', { bytes: (length) => filled(length, 5) })
  const signed = ({ entry }: typeof said) => ({ header: headerBytes(entry), signature: entry.signature as Uint8Array })
  const evidence = evidenceOf(signed(said), signed(otherwise))
  const document = toHex(filled(16, 9)) as DocumentId
  const positions = new Positions()
  positions.add(document, { device: ada.device, seq: 2 })
  const chain = said.tip.chain.subarray(0, 8)
  const tag = filled(16, 7)
  const messages: readonly Message[] = [
    { say: 'nonce', nonce: filled(32, 1) },
    { say: 'tags', tags: [tag, filled(16, 8)] },
    { say: 'member', tag, index: 1, device: ada.device, signature: filled(64, 2) },
    { say: 'join', tag, ...asked },
    { say: 'admitted', tag },
    { say: 'refused', tag, why: 'used' },
    { say: 'frontier', index: 1, digest: filled(32, 3), lines: null },
    { say: 'frontier', index: 1, digest: filled(32, 3), lines: [{ device: ada.device, seq: 2, chain }] },
    { say: 'entries', index: 1, parcel: { run } },
    { say: 'have', index: 1, taken: 1000, lines: [{ device: ada.device, seq: 2 }] },
    { say: 'want', index: 1, device: ada.device, from: 2, to: null },
    { say: 'want', index: 1, device: ada.device, from: 2, to: 2 },
    { say: 'claim', index: 1, ...signed(said) },
    { say: 'evidence', index: 1, evidence },
  ]
  const record = {
    group,
    standing: 'member',
    device: ada.device,
    name: 'Elm',
    since: at,
    example: false,
    joining: null,
  } as const
  const { seq, start, blockBytes } = said.tip
  return {
    group: group as string,
    device: ada.device as string,
    run: toHex(encodeRun(run)),
    segment: toHex(encodeSegment(run)),
    tail: toHex(seal(encodeRun(run))),
    tip: toHex(
      encodeTipRecord({
        seq,
        chain: said.tip.chain,
        start,
        blockBytes,
        heads: said.tip.heads,
        tailFrom: 1,
        tailBytes: 500,
      }),
    ),
    control: toHex(encodeControlRecord(founding.entry, heads[0] as ControlId)),
    view: toHex(
      encodeViewRecord({
        applied: new Map([[ada.device, 2]]),
        authors: new Map([[ada.device, toHex(filled(32, 1)) as MemberId]]),
        board: createBoard().toData(),
        changes: positions.toData(),
        messages: positions.toData(),
        facts: new Map([
          [
            document,
            {
              title: 'Repair café',
              when: '',
              where: '',
              checkOn: '',
              actions: [toHex(filled(16, 2)) as ActionId],
              unsettled: 0,
            },
          ],
        ]),
        tips: new Map([[document, toHex(filled(32, 5)) as ChangeHash]]),
        stale: new Set([document]),
        late: new Set([toHex(filled(16, 3)) as StatementId]),
        shown: new Map([[document, at]]),
        setAside: 0,
      }),
    ),
    snapshot: toHex(
      encodeSnapshotRecord({
        document: filled(12, 1),
        covered: new Map([[ada.device, 2]]),
        authors: new Map([[toHex(filled(16, 4)), ada.device]]),
      }),
    ),
    member: toHex(encodeGroupRecord(record)),
    joining: toHex(
      encodeGroupRecord({
        ...record,
        standing: 'joining',
        joining: {
          secret,
          proof: asked,
          peers: ['12D3KooW'],
          addresses: ['/ip4/192.168.1.20/tcp/4001/ws'],
          from: null,
        },
      }),
    ),
    statements: statements.map((said) => ({ kind: said.kind, bytes: toHex(encodeCbor(encodeStatement(said))) })),
    evidence: toHex(seal(evidence)),
    frames: messages.map((message) => {
      const { type, payload } = encodeMessage(message)
      return { say: message.say, type: type, payload: toHex(payload) }
    }),
    segmentFrame: toHex(
      encodeMessage({ say: 'entries', index: 1, parcel: { run, segment: encodeSegment(run) } }).payload,
    ),
    invitation: encodeInvitation({
      group,
      secret,
      groupName: 'Elm',
      inviterName: 'Ada',
      expires: at,
      peers: [filled(38, 8)],
      hints: ['/ip4/192.168.1.20/tcp/4001/ws'],
    }),
  }
}
