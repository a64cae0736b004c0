import type { ControlId } from '@auzolan/core'
import { openMemoryStore } from '@auzolan/storage'
import {
  type Control,
  encodeCbor,
  invitationKeys,
  makeJoinRequest,
  openVerifier,
  runOf,
  seededKeys,
} from '@auzolan/trust'
import { expect, test } from 'vitest'
import { GroupLog } from './group-log.ts'
import { Author, bytes, control, statement } from './testing/author.ts'

const card = (name: string) => statement(encodeCbor(['card', name]))

const neighbours = async () => {
  const [ada, ben] = [new Author(await seededKeys(bytes(32, 1))), new Author(await seededKeys(bytes(32, 2)))]
  const founder = { device: ada.keys.device, box: ada.keys.box, name: 'Ada', cosign: null }
  const found: Control = {
    kind: 'found',
    name: 'Elm',
    purpose: '',
    founders: [founder],
    continues: null,
    nonce: bytes(16, 3),
  }
  const { group, entry: founding } = await ada.sign('founding', [], control(found))
  const secret = bytes(16, 4)
  const { publicKey: key } = await invitationKeys(secret)
  const invite = await ada.sign(
    group,
    [founding.id as ControlId],
    control({
      kind: 'invite',
      key,
      uses: 1,
      expires: null,
      note: '',
    }),
  )
  const proof = await makeJoinRequest({ group, secret }, ben.keys, 'Ben', { bytes: (length) => bytes(length, 5) })
  const invited = invite.entry.id as ControlId
  const admit = await ada.sign(group, [invited], control({ kind: 'admit', invite: invited, ...proof }))
  const log = await GroupLog.open(openMemoryStore(), group, await openVerifier())
  await log.receive([{ run: runOf(ada.entries) }])
  return { ada, ben, group, log, admitted: [admit.entry.id as ControlId] }
}

test('who has left does not go on by naming the moment before', async () => {
  const { ben, group, log, admitted } = await neighbours()
  await ben.sign(group, admitted, card('Ben'))
  await ben.sign(group, admitted, control({ kind: 'leave' }))
  await ben.sign(group, admitted, card('Still here'))
  expect(await log.receive([{ run: runOf(ben.entries) }])).toEqual([{ is: 'accepted', entries: 2 }])
  expect(log.seqOf(ben.keys.device)).toBe(2)
  expect(log.stoppedAt(ben.keys.device)).toMatchObject({ seq: 3, reason: { type: 'heads' } })
})

test('a feed does not go back behind what it has named', async () => {
  const { ada, ben, group, log, admitted } = await neighbours()
  const { publicKey: key } = await invitationKeys(bytes(16, 6))
  const later = await ada.sign(group, admitted, control({ kind: 'invite', key, uses: 1, expires: null, note: '' }))
  await log.receive([{ run: runOf(ada.entries) }])
  await ben.sign(group, [later.entry.id as ControlId], card('Ben'))
  await ben.sign(group, admitted, card('Ben again'))
  await log.receive([{ run: runOf(ben.entries) }])
  expect(log.seqOf(ben.keys.device)).toBe(1)
  expect(log.stoppedAt(ben.keys.device)).toMatchObject({ reason: { type: 'heads' } })
})
