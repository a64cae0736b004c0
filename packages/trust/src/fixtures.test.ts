import { fromHex, toHex, type DeviceId, type GroupId } from '@auzolan/core'
import { expect, test } from 'vitest'
import { checkRun } from './check-run.ts'
import { ControlLog } from './control-log.ts'
import { startFeed } from './feed.ts'
import { makeFixture } from './fixtures/make.ts'
import v1 from './fixtures/v1.json' with { type: 'json' }
import { parseInvitation } from './invitation.ts'
import { memberOfRequest, parseJoinRequest } from './join.ts'
import { decodeRun } from './run.ts'
import { openVerifier } from './verifier.ts'

test('version 1 is still written byte for byte', async () => {
  expect(await makeFixture()).toEqual(v1)
})

test('version 1 is still read', async () => {
  const group = v1.group as GroupId
  const verifier = await openVerifier()
  const log = new ControlLog(group, verifier)
  let tip = startFeed(v1.device as DeviceId)
  for (const hex of [v1.founding, v1.invite, v1.admit, v1.statements]) {
    const run = decodeRun(fromHex(hex) as Uint8Array)
    if (!run.ok) throw new Error(run.error.detail)
    const checked = await checkRun(tip, group, run.value, verifier)
    if (!checked.ok) throw new Error(checked.error.detail)
    tip = checked.value.tip
    for (const entry of checked.value.entries) if (entry.id) expect(await log.judge(entry)).toEqual({ is: 'accepted' })
  }
  expect([tip.seq, toHex(tip.chain)]).toEqual([5, v1.chain])
  const request = fromHex(v1.joinRequest) as Uint8Array
  expect(log.state().members.get(memberOfRequest(request))?.name).toBe('Beñat')
  expect(parseJoinRequest(request)).toMatchObject({ ok: true, value: { group, name: 'Beñat' } })
  expect(parseInvitation(v1.invitation)).toMatchObject({ ok: true, value: { group, groupName: 'Repair café' } })
})
