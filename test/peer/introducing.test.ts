import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type NodePeer, openNodePeer } from '@auzolan/peer/node'
import { expect, test } from 'vitest'
import { until, value } from '../support/participant.ts'

/** A device that nobody can dial, as a phone is. */
const unreachable = { host: '127.0.0.1' }

test('a member introduces those it is connected to: they meet with no machine between them but that member', async () => {
  const folders = await Promise.all(['a', 'b', 'c'].map((name) => mkdtemp(join(tmpdir(), `auzolan-room-${name}-`))))
  const [inA = '', inB = '', inC = ''] = folders
  const a = await openNodePeer({ folder: inA, listen: unreachable })
  const b = await openNodePeer({ folder: inB, listen: { ...unreachable, tcpPort: 0 } })
  const c = await openNodePeer({ folder: inC, listen: unreachable })
  const [where = ''] = b.network.state().addresses
  for (const { peer } of [a, c]) await peer.addHelper(where)
  const group = value(await b.peer.createGroup({ name: 'Elm Street', myName: 'Ben' }))
  const { link } = value(await b.peer.invite(group, { uses: 2 }))
  for (const [who, name] of [[a, 'Ada'] as const, [c, 'Cleo'] as const]) {
    value(await who.peer.join(link, { name }))
    await until(who.peer, { view: 'join', group }, ({ step }) => step === 'done')
  }

  const met = (who: NodePeer, name: string) =>
    until(who.peer, { view: 'reach', group }, ({ connections }) =>
      connections.some(({ by, path, via }) => by?.name === name && path === 'relayed' && via?.name === 'Ben'),
    )
  const [, { connections }] = await Promise.all([met(c, 'Ada'), met(a, 'Cleo')])
  expect(connections.map(({ by }) => by?.name).sort()).toEqual(['Ben', 'Cleo'])

  await Promise.all([a, b, c].map(({ peer }) => peer.close()))
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })))
})
