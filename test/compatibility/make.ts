import {
  type ActionId,
  type ChangeHash,
  type ControlId,
  createBoard,
  type DocumentId,
  encodeStatement,
  type Instant,
  type MemberId,
  type StatementId,
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
import { frameTypes } from '../../packages/network/src/network.ts'
import { encodeKeepMessage } from '../../packages/peer/src/keeper/messages.ts'
import { encodeGroupRecord } from '../../packages/peer/src/group/group-record.ts'
import { encodeControlRecord } from '../../packages/peer/src/log/control-record.ts'
import { evidenceOf } from '../../packages/peer/src/log/evidence.ts'
import { seal } from '../../packages/peer/src/log/sealed.ts'
import { encodeSegment } from '../../packages/peer/src/log/segment.ts'
import { encodeTipRecord } from '../../packages/peer/src/log/tip-record.ts'
import { encodeMessage } from '../../packages/peer/src/sync/messages.ts'
import { Positions } from '../../packages/peer/src/workspace/positions.ts'
import { encodeSnapshotRecord } from '../../packages/peer/src/workspace/snapshot-record.ts'
import { encodeViewRecord } from '../../packages/peer/src/workspace/view-record.ts'
import { carriedOf } from './carried.ts'
import { controls } from './controls.ts'
import { keepMessages, messagesOf } from './messages.ts'
import { statements } from './statements.ts'

const at = 1_800_000_000_000 as Instant
const filled = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill)

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
  const messages = messagesOf({ device: ada.device, chain, run, asked, signed: signed(said), evidence })
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
    controls: controls.map((control) => ({ kind: kindOf(control), bytes: toHex(encodeControl(control)) })),
    frameTypes,
    kept: keepMessages().map((message) => ({ say: message.say, bytes: toHex(encodeKeepMessage(message)) })),
    carried: await carriedOf(founding, ada, ben, run),
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

const kindOf = (control: Control): string => {
  if (control.kind !== 'propose') return control.kind
  const { action } = control
  if (action.kind === 'rule') return `propose rule ${action.rule.kind}`
  return action.kind === 'admission' ? `propose admission ${action.admission.kind}` : `propose ${action.kind}`
}
