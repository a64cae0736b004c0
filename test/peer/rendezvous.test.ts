import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openNodeNetwork, passingIdentity } from '@auzolan/network/node'
import { openNodePeer } from '@auzolan/peer/node'
import { expect, test } from 'vitest'
import { seededEntropy, until, value } from '../support/participant.ts'

test('members who never met, and whom nobody introduces, find each other at a relay that knows nothing of them', async () => {
  const folders = await Promise.all(['a', 'b', 'c'].map((name) => mkdtemp(join(tmpdir(), `auzolan-meet-${name}-`))))
  const [inA = '', inB = '', inC = ''] = folders
  const relay = await openNodeNetwork({
    identity: await passingIdentity(seededEntropy(3)),
    listen: { host: '127.0.0.1', tcpPort: 0 },
    relay: true,
  })
  await relay.start((link) => link.close({ type: 'bye' }))
  const [address = ''] = relay.state().addresses
  const open = (folder: string) => openNodePeer({ folder, listen: { host: '127.0.0.1' } })
  const host = await openNodePeer({ folder: inA, listen: { host: '127.0.0.1', tcpPort: 0 } })
  const [where = ''] = host.network.state().addresses
  const group = value(await host.peer.createGroup({ name: 'Elm Street', myName: 'Ada' }))
  const { link } = value(await host.peer.invite(group, { uses: 2 }))
  // One after the other, so that they never see each other.
  for (const [folder, name] of [[inB, 'Ben'] as const, [inC, 'Cleo'] as const]) {
    const guest = await open(folder)
    await guest.peer.addHelper(where)
    value(await guest.peer.join(link, { name }))
    await until(guest.peer, { view: 'join', group }, ({ step }) => step === 'done')
    await until(guest.peer, { view: 'status', group }, ({ copies }) => copies.some(({ behind }) => behind === 0))
    await guest.peer.removeHelper(where)
    await guest.peer.close()
  }
  const { document } = await until(host.peer, { view: 'home', group })
  await host.peer.close()

  const [b, c] = [await open(inB), await open(inC)]
  for (const { peer } of [b, c]) await peer.addHelper(address)
  const { connections } = await until(c.peer, { view: 'reach', group }, (reach) =>
    reach.connections.some(({ peer }) => peer === b.network.self),
  )
  expect(connections.find(({ peer }) => peer === b.network.self)).toMatchObject({ path: 'relayed', via: null })
  value(await b.peer.sendMessage(group, document, 'We found each other'))
  await until(c.peer, { view: 'thread', group, thread: document }, ({ messages }) =>
    messages.some(({ text }) => text === 'We found each other'),
  )
  await Promise.all([b, c].map(({ peer }) => peer.close()))
  await relay.stop()
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })))
})
