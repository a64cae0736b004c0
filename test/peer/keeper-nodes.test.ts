import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openNodeNetwork, passingIdentity } from '@auzolan/network/node'
import { type NodePeer, openNodePeer } from '@auzolan/peer/node'
import { MemoryDisk, openMemoryStore } from '@auzolan/storage'
import { openVerifier } from '@auzolan/trust'
import { expect, test } from 'vitest'
import { Keeper } from '../../packages/peer/src/keeper/keeper.ts'
import { seededEntropy, steppedClock, until, value } from '../support/participant.ts'

test('two that are never there together meet by a keeper, over real connections', async () => {
  const folders = await Promise.all(['a', 'b'].map((name) => mkdtemp(join(tmpdir(), `auzolan-keeper-${name}-`))))
  const entropy = seededEntropy(5)
  const store = openMemoryStore(new MemoryDisk())
  const keeper = await Keeper.open({ store, verifier: await openVerifier(), clock: steppedClock(), entropy })
  const listen = { host: '127.0.0.1', tcpPort: 0 }
  const network = await openNodeNetwork({ identity: await passingIdentity(entropy), listen, relay: true })
  await network.start((link) => keeper.serve(link, network.self))
  const address = network.state().addresses.find((each) => each.includes('/tcp/')) ?? ''
  const open = (folder: string): Promise<NodePeer> => openNodePeer({ folder, listen })
  const [inA = '', inB = ''] = folders

  const a = await open(inA)
  let b = await open(inB)
  const group = value(await a.peer.createGroup({ name: 'Elm Street', myName: 'Ada' }))
  const { link } = value(await a.peer.invite(group, { uses: 1 }))
  const [where = ''] = a.network.state().addresses
  await b.peer.addHelper(where)
  value(await b.peer.join(link, { name: 'Ben' }))
  await until(b.peer, { view: 'join', group }, ({ step }) => step === 'done')
  await b.peer.removeHelper(where)
  await b.peer.close()

  const { document } = await until(a.peer, { view: 'home', group })
  value(await a.peer.sendMessage(group, document, 'The hall is free'))
  value(await keeper.invite(value(await a.peer.askKeeper(group))))
  value(await a.peer.addKeeper(group, address))
  await until(a.peer, { view: 'reach', group }, ({ keepers }) => keepers[0]?.is === 'kept')
  // The group's key, and a pack with all there is.
  while ((keeper.shelves[0]?.packs ?? 0) < 2) await new Promise((resolve) => setImmediate(resolve))
  await a.peer.close()

  b = await open(inB)
  value(await b.peer.addKeeper(group, address))
  await until(b.peer, { view: 'thread', group, thread: document }, ({ messages }) =>
    messages.some(({ text }) => text === 'The hall is free'),
  )
  const { connections } = await until(b.peer, { view: 'reach', group }, (reach) => reach.connections.length > 0)
  expect(connections).toMatchObject([{ peer: network.self, path: 'direct', by: null, keeper: true }])
  await b.peer.close()
  await network.stop()
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })))
})
