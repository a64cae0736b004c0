import { type ControlId, DeviceId } from '@auzolan/core'
import { openMemoryStore } from '@auzolan/storage'
import { invitationKeys, makeJoinRequest, openVerifier, seededKeys, startFeed } from '@auzolan/trust'
import { describe, expect, test } from 'vitest'
import { GroupLog } from './group-log.ts'
import { Author, bytes, control, statement } from './testing/author.ts'
import { type Held, MAX_BYTES, MAX_BYTES_OF_ONE, Waiting } from './waiting.ts'

const unknown = 'ff'.repeat(32) as ControlId

/** A log that holds Ada's founding entry; Ben was let in by her third, which has not arrived. */
const street = async () => {
  const [ada, ben] = [new Author(await seededKeys(bytes(32, 1))), new Author(await seededKeys(bytes(32, 2)))]
  const founders = [{ device: ada.keys.device, box: ada.keys.box, name: 'Ada', cosign: null }]
  const found = { kind: 'found', name: 'Elm', purpose: '', founders, continues: null, nonce: bytes(16, 3) } as const
  const { group, entry: founding } = await ada.sign('founding', [], control(found))
  const secret = bytes(16, 4)
  const { publicKey: key } = await invitationKeys(secret)
  const invite = { kind: 'invite', key, uses: 5, expires: null, note: '' } as const
  const invited = (await ada.sign(group, [founding.id as ControlId], control(invite))).entry.id as ControlId
  const proof = await makeJoinRequest({ group, secret }, ben.keys, 'Ben', { bytes: (length) => bytes(length, 5) })
  const admit = await ada.sign(group, [invited], control({ kind: 'admit', invite: invited, ...proof }))
  const log = await GroupLog.open(openMemoryStore(), group, await openVerifier())
  await log.receive([ada.parcel(1)])
  return { ada, ben, group, log, admitted: [admit.entry.id as ControlId] }
}

describe('a run that waits', () => {
  test('is taken in with all that follows it once what it names is here', async () => {
    const { ada, ben, group, log, admitted } = await street()
    for (let entry = 0; entry < 6; entry++) await ben.sign(group, admitted, statement(bytes(20, entry)))
    expect(await log.receive([ben.parcel(1, 3), ben.parcel(4, 5)])).toEqual([{ is: 'waiting' }, { is: 'waiting' }])
    expect(await log.receive([ben.parcel(2, 4), ben.parcel(5, 6)])).toEqual([{ is: 'waiting' }, { is: 'waiting' }])
    expect(log.heldBack).toBe(6)
    await log.receive([ada.parcel(2, 3)])
    expect(log.seqOf(ben.keys.device)).toBe(6)
    expect(log.heldBack).toBe(0)
  })

  test('is followed by nothing else: a gap behind it is told, and holds nothing up', async () => {
    const { ada, ben, group, log, admitted } = await street()
    for (let entry = 0; entry < 9; entry++) await ben.sign(group, admitted, statement(bytes(20, entry)))
    await log.receive([ben.parcel(1, 3)])
    expect(await log.receive([ben.parcel(5), ben.parcel(7, 8)])).toEqual([
      { is: 'gap', have: 3 },
      { is: 'gap', have: 3 },
    ])
    await log.receive([ada.parcel(2, 3)])
    expect(log.seqOf(ben.keys.device)).toBe(3)
    expect(await log.receive([ben.parcel(4, 9)])).toEqual([{ is: 'accepted', entries: 6 }])
  })

  test('is followed only by what its device signed: what another put behind it takes no room and drops nothing', async () => {
    const { ada, ben, group, log, admitted } = await street()
    for (let entry = 0; entry < 4; entry++) await ben.sign(group, admitted, statement(bytes(20, entry)))
    await log.receive([ben.parcel(1, 2)])
    const forged = ben.parcel(3, 4).run
    const signatures = forged.signatures.map((byte) => byte ^ 1)
    expect(await log.receive([{ run: { ...forged, signatures } }])).toEqual([{ is: 'later', have: 2 }])
    expect(await log.receive([ben.parcel(3, 4)])).toEqual([{ is: 'waiting' }])
    await log.receive([ada.parcel(2, 3)])
    expect(log.seqOf(ben.keys.device)).toBe(4)
  })

  test('that names what will never be takes no more than its share, and nobody else waits for it', async () => {
    const { ada, ben, group, log, admitted } = await street()
    await log.receive([ada.parcel(2, 3)])
    const large = 500_000
    for (let entry = 0; entry * large < MAX_BYTES_OF_ONE + large; entry++)
      await ben.sign(group, [...admitted, unknown], statement(bytes(large, entry)))
    const receipts = []
    for (const { seq } of ben.entries) receipts.push(...(await log.receive([ben.parcel(seq)])))
    expect(receipts.slice(0, 8)).toEqual(Array.from({ length: 8 }, () => ({ is: 'waiting' })))
    expect(receipts.slice(8, 10)).toEqual([
      { is: 'later', have: 8 },
      { is: 'gap', have: 8 },
    ])
    await ada.sign(group, admitted, statement(bytes(20, 1)))
    expect(await log.receive([ada.parcel(4)])).toEqual([{ is: 'accepted', entries: 1 }])
  })
})

describe('what waits', () => {
  const held = (device: number, from: number, length: number, missing: readonly ControlId[] = [unknown]): Held => ({
    parcel: {
      run: {
        device: DeviceId.fromBytes(bytes(32, device)),
        from,
        count: 1,
        packed: new Uint8Array(length),
        signatures: new Uint8Array(64),
        bodies: [],
      },
    },
    missing,
    tip: { ...startFeed(DeviceId.fromBytes(bytes(32, device))), seq: from },
  })

  test('is bounded for one device and for all together, and every byte comes free again', () => {
    const waiting = new Waiting()
    const piece = 1024 * 1024
    const fill = (device: number) => {
      let from = 1
      while (waiting.add(held(device, from, piece))) from += 1
      return (from - 1) * piece
    }
    expect(fill(1)).toBeLessThanOrEqual(MAX_BYTES_OF_ONE)
    let sum = 0
    for (let device = 2; device < 40; device++) sum += fill(device)
    expect(sum).toBeLessThanOrEqual(MAX_BYTES)
    expect(waiting.add(held(50, 1, piece))).toBe(false)
    for (let device = 1; device < 20; device++) waiting.drop(DeviceId.fromBytes(bytes(32, device)))
    while (waiting.takeReady(() => true).length > 0);
    expect(waiting.entries).toBe(0)
    for (let device = 60; device < 67; device++) expect(fill(device)).toBeGreaterThan(MAX_BYTES_OF_ONE - 2 * piece)
  })

  test('counts what many tiny runs cost', () => {
    const waiting = new Waiting()
    let from = 1
    while (waiting.add(held(1, from, 1))) from += 1
    expect(from).toBeLessThan(MAX_BYTES_OF_ONE / 512)
  })
})
