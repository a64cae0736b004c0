import {
  type DeviceId,
  encodeStatement,
  type Entropy,
  type GroupId,
  type Instant,
  type RecordProof,
} from '@auzolan/core'
import { openMemoryStore } from '@auzolan/storage'
import {
  encodeCbor,
  encodeControl,
  type FeedTip,
  headerBytes,
  type ItemDraft,
  itemTypes,
  openVerifier,
  runOf,
  seededKeys,
  signEntry,
  startFeed,
} from '@auzolan/trust'
import { describe, expect, test } from 'vitest'
import { openRecord, provesRecord } from '../../packages/peer/src/lineage/records.ts'
import { GroupLog } from '../../packages/peer/src/log/group-log.ts'

const at = 1_700_000_000_000 as Instant
const nonce: Entropy = { bytes: (length) => new Uint8Array(length).fill(5) }

/** A group of one, told in entries. */
const founded = async (seed: number, name: string) => {
  const keys = await seededKeys(new Uint8Array(32).fill(seed))
  const control = encodeControl({
    kind: 'found',
    name,
    purpose: '',
    founders: [{ device: keys.device, box: keys.box, name: 'Ada', cosign: null }],
    continues: null,
    nonce: nonce.bytes(16),
  })
  const items = [{ type: itemTypes.control, bytes: control }]
  const first = await signEntry(startFeed(keys.device), 'founding', keys, { at, heads: [], items })
  const { group } = first
  const say = async (tip: FeedTip, said: readonly ItemDraft[]) =>
    signEntry(tip, group, keys, { at, heads: [group as string as never], items: said })
  return { group, device: keys.device, first, say }
}
const statement = (value: Parameters<typeof encodeStatement>[0]): ItemDraft => ({
  type: itemTypes.statement,
  bytes: encodeCbor(encodeStatement(value)),
})

/** A message said in one group, as it is carried into another. */
const carried = async () => {
  const there = await founded(1, 'Elm')
  const text = new TextEncoder().encode('The oil has come')
  const message = statement({
    kind: 'message',
    thread: '11'.repeat(16) as never,
    after: [],
    replyTo: null,
    mentions: [],
  })
  const { entry } = await there.say(there.first.tip, [message, { type: itemTypes.text, bytes: text }])
  const proof: RecordProof = {
    header: headerBytes(entry),
    signature: entry.signature as Uint8Array,
    index: 0,
    item: message.bytes,
    name: 'Ada',
  }
  return { proof, text, there }
}

const flipped = (bytes: Uint8Array): Uint8Array => bytes.map((byte, at) => (at === bytes.length >> 1 ? byte ^ 1 : byte))

const receivedWith = async (proof: RecordProof, text: Uint8Array | undefined) => {
  const here = await founded(2, 'Oak')
  const items = [statement({ kind: 'adopt', offer: null, ...proof })]
  if (text) items.push({ type: itemTypes.text, bytes: text })
  const before = await here.say(here.first.tip, [statement({ kind: 'card', name: 'Ada' })])
  const adopting = await here.say(before.tip, items)
  const log = await GroupLog.open(openMemoryStore(), here.group, await openVerifier())
  const receipts = await log.receive([{ run: runOf([here.first.entry, before.entry, adopting.entry]) }])
  return { receipts, seq: log.seqOf(here.device), stopped: log.stoppedAt(here.device)?.reason.type }
}

describe('a record of another group', () => {
  test('is proven by its author alone, and has the id it has at home', async () => {
    const { proof, text, there } = await carried()
    expect(await provesRecord({ proof, text }, await openVerifier())).toBe(true)
    const opened = openRecord({ proof, text })
    expect(opened).toMatchObject({
      group: there.group satisfies GroupId,
      device: there.device satisfies DeviceId,
      seq: 2,
    })
    expect(await receivedWith(proof, text)).toMatchObject({ seq: 3, stopped: undefined })
  })

  test('that its author has not signed stops the feed that carries it, right before it', async () => {
    const { proof, text } = await carried()
    const other = await carried()
    const forged: readonly (readonly [RecordProof, Uint8Array | undefined])[] = [
      [{ ...proof, signature: flipped(proof.signature) }, text],
      [{ ...proof, header: flipped(proof.header) }, text],
      [{ ...proof, item: flipped(proof.item) }, text],
      [{ ...proof, index: 1 }, text],
      [{ ...proof, index: 7 }, text],
      [proof, flipped(text)],
      [proof, undefined],
      [{ ...proof, header: Uint8Array.of(0x80), signature: other.proof.signature }, text],
    ]
    for (const [bad, beside] of forged)
      expect(await receivedWith(bad, beside)).toMatchObject({ seq: 2, stopped: 'signature' })
  })
})
