import { readFileSync } from 'node:fs'
import {
  encodeStatement,
  fromHex,
  type GroupId,
  hasText,
  parseStatement,
  readCode,
  toHex,
  writeCode,
} from '@auzolan/core'
import {
  checkPack,
  checkPackKeys,
  decodeCbor,
  decodeEvidence,
  decodeRun,
  encodeCbor,
  encodeControl,
  encodeDeviceLink,
  encodeEvidence,
  encodeInvitation,
  encodeKeeperInvitation,
  encodeRun,
  encodeSheet,
  EpochKeys,
  openPack,
  openPackKeys,
  openVerifier,
  parseControl,
  parseDeviceLink,
  parseDeviceRequest,
  parseInvitation,
  parseKeeperInvitation,
  parseRecoveryRequest,
  parseSheet,
  seededKeys,
  verifyCertificate,
} from '@auzolan/trust'
import { describe, expect, test } from 'vitest'
import { decodeGroupRecord, encodeGroupRecord } from '../../packages/peer/src/group/group-record.ts'
import { decodeKeepMessage, encodeKeepMessage } from '../../packages/peer/src/keeper/messages.ts'
import { decodeControlRecord, encodeControlRecord } from '../../packages/peer/src/log/control-record.ts'
import { seal, unseal } from '../../packages/peer/src/log/sealed.ts'
import { decodeSegment } from '../../packages/peer/src/log/segment.ts'
import { decodeTipRecord, encodeTipRecord } from '../../packages/peer/src/log/tip-record.ts'
import { decodeContent, encodeContent } from '../../packages/peer/src/pack/content.ts'
import { decodeMessage, encodeMessage } from '../../packages/peer/src/sync/messages.ts'
import { decodeSnapshotRecord, encodeSnapshotRecord } from '../../packages/peer/src/workspace/snapshot-record.ts'
import { decodeViewRecord, encodeViewRecord } from '../../packages/peer/src/workspace/view-record.ts'
import { makeVersion1 } from './make.ts'

const written = JSON.parse(readFileSync(new URL('version1.json', import.meta.url), 'utf8')) as Awaited<
  ReturnType<typeof makeVersion1>
>
const bytes = (hex: string): Uint8Array => must(fromHex(hex))
const must = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('does not read')
  return value
}
const ok = <T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown },
): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

describe('what version 1 wrote is read, and written again byte for byte', () => {
  test.each([
    ['run', (from: Uint8Array) => encodeRun(ok(decodeRun(from)))],
    ['tail', (from: Uint8Array) => seal(encodeRun(ok(decodeRun(must(unseal(from))))))],
    ['tip', (from: Uint8Array) => encodeTipRecord(ok(decodeTipRecord(from)))],
    ['view', (from: Uint8Array) => encodeViewRecord(must(decodeViewRecord(from)))],
    ['snapshot', (from: Uint8Array) => encodeSnapshotRecord(must(decodeSnapshotRecord(from)))],
    ['member', (from: Uint8Array) => encodeGroupRecord(must(decodeGroupRecord(from)))],
    ['joining', (from: Uint8Array) => encodeGroupRecord(must(decodeGroupRecord(from)))],
    ['evidence', (from: Uint8Array) => seal(encodeEvidence(ok(decodeEvidence(must(unseal(from))))))],
    [
      'control',
      (from: Uint8Array) => {
        const entry = must(decodeControlRecord(written.group as GroupId, from))
        return encodeControlRecord(entry, must(entry.id ?? undefined))
      },
    ],
  ] as const)('%s', (name, again) => {
    expect(toHex(again(bytes(written[name])))).toBe(written[name])
  })

  test.each(written.frames)('frame: $say', ({ type, payload }) => {
    const frame = encodeMessage(ok(decodeMessage({ type: type, payload: bytes(payload) })))
    expect({ type: frame.type, payload: toHex(frame.payload) }).toEqual({ type, payload })
  })

  test.each(written.statements)('statement: $kind', ({ kind, bytes: said }) => {
    const read = ok(parseStatement(ok(decodeCbor(bytes(said))), hasText(kind)))
    expect(toHex(encodeCbor(encodeStatement(read)))).toBe(said)
  })

  test.each(written.controls)('control item: $kind', ({ bytes: said }) => {
    expect(toHex(encodeControl(ok(parseControl(bytes(said)))))).toBe(said)
  })

  test.each(written.kept)('to or by a keeper: $say', ({ bytes: said }) => {
    expect(toHex(encodeKeepMessage(ok(decodeKeepMessage(bytes(said)))))).toBe(said)
  })

  test('links for devices, recovery and keepers', () => {
    const { ownDevice, lostDevice, sheet, sheetLines, keeper, content } = written.carried
    for (const link of [ownDevice, lostDevice]) expect(encodeDeviceLink(ok(parseDeviceLink(link)))).toBe(link)
    expect(encodeSheet(ok(parseSheet(sheet)))).toBe(sheet)
    const { group, secret } = ok(parseSheet(sheet))
    expect(ok(parseSheet(sheetLines.join('\n')))).toMatchObject({ group, secret })
    expect(encodeKeeperInvitation(ok(parseKeeperInvitation(keeper)))).toBe(keeper)
    expect(toHex(encodeContent(must(decodeContent(bytes(content)))))).toBe(content)
  })

  test('packs and their keys, requests, codes and the file of a decision', async () => {
    const { pack, packKeys, content, deviceRequest, recoveryRequest, codes, certificate } = written.carried
    const verifier = await openVerifier()
    const read = ok(await checkPack(bytes(pack), verifier))
    const handed = must(await checkPackKeys(bytes(packKeys), read.relay, verifier))
    const key = must(await openPackKeys(written.group as GroupId, handed, await seededKeys(new Uint8Array(32).fill(2))))
    expect(toHex(ok(openPack(read, new EpochKeys(handed.epoch, key))))).toBe(content)
    expect(ok(parseDeviceRequest(bytes(deviceRequest)))).toMatchObject({ group: written.group, label: 'phone' })
    expect(ok(parseRecoveryRequest(bytes(recoveryRequest)))).toMatchObject({ group: written.group, label: 'phone' })
    expect(codes.map((code) => writeCode(ok(readCode(code))))).toEqual(codes)
    expect(ok(await verifyCertificate(bytes(certificate), verifier)).proven).toBeDefined()
  })

  test('an invitation', () => {
    expect(encodeInvitation(ok(parseInvitation(written.invitation)))).toBe(written.invitation)
  })

  test('a segment, on disk and in a frame, holds the run', () => {
    expect(toHex(encodeRun(ok(decodeSegment(bytes(written.segment)))))).toBe(written.run)
    const message = ok(decodeMessage({ type: 'entries', payload: bytes(written.segmentFrame) }))
    expect(message.say === 'entries' && toHex(encodeRun(message.parcel.run))).toBe(written.run)
  })

  test('the same keys and words make the same bytes today', async () => {
    const { segment, segmentFrame, ...today } = await makeVersion1()
    expect([segment.length > 0, segmentFrame.length > 0]).toEqual([true, true])
    expect(written).toMatchObject(today)
  })
})

test.each(['tip', 'tail', 'control', 'view', 'snapshot', 'member', 'joining', 'evidence'] as const)(
  'a record with any bit turned does not read: %s',
  (name) => {
    const record = bytes(written[name])
    for (let bit = 0; bit < record.length * 8; bit++) {
      record[bit >> 3]! ^= 1 << (bit & 7)
      expect(unseal(record)).toBeUndefined()
      record[bit >> 3]! ^= 1 << (bit & 7)
    }
  },
)
