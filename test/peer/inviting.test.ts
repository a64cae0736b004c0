import { type Network, peerIdText } from '@auzolan/network'
import { openPeer } from '@auzolan/peer'
import { MemoryDisk, openMemorySecrets, openMemoryStore, type Store } from '@auzolan/storage'
import { parseInvitation } from '@auzolan/trust'
import { expect, test } from 'vitest'
import { introduce, PortNetwork } from '../../packages/peer/src/browser/port-network.ts'
import { seededEntropy, steppedClock, until, value } from '../support/participant.ts'

/** A peer in a worker, and the end of its port that the page has. */
const setup = async (around: (store: Store) => Store = (store) => store) => {
  const { port1, port2 } = new MessageChannel()
  const network: Network = new PortNetwork(port2)
  const peer = await openPeer({
    store: around(openMemoryStore(new MemoryDisk())),
    secrets: openMemorySecrets(new MemoryDisk()),
    network,
    clock: steppedClock(),
    entropy: seededEntropy(1),
  })
  const group = value(await peer.createGroup({ name: 'Elm Street', myName: 'Ada' }))
  const close = async () => {
    await peer.close()
    port1.close()
  }
  return { peer, group, page: port1, close }
}

/** A multihash, as every peer id is. */
const me = Uint8Array.of(0x12, 32, ...new Uint8Array(32).fill(7))

test('a link asked for before the page has said who this installation is names it all the same', async () => {
  const { peer, group, page, close } = await setup()
  const making = peer.invite(group, { uses: 1 })
  await until(peer, { view: 'people', group }, ({ invitations }) => invitations.length === 1)
  value(await peer.startInitiative(group, { title: 'Repair café' }))
  introduce(page, peerIdText(me) as string)
  expect(value(parseInvitation(value(await making).link)).peers).toEqual([me])
  await close()
})

test('where the page cannot say who this installation is, an invitation is made without', async () => {
  const { peer, group, page, close } = await setup()
  introduce(page, '')
  expect(value(parseInvitation(value(await peer.invite(group, { uses: 1 })).link)).peers).toEqual([])
  await close()
})

/** What was read of the links reaches its reader only when it is let go. */
const holdingLinks = (held: (() => void)[]) => (store: Store) =>
  new Proxy(store, {
    get: (of, name) => {
      const own: unknown = Reflect.get(of, name)
      if (name !== 'get') return typeof own === 'function' ? (own.bind(of) as unknown) : own
      return async (key: readonly unknown[]) => {
        const read = await of.get(key as never)
        if (key.at(-1) === 'links') await new Promise<void>((resolve) => held.push(resolve))
        return read
      }
    },
  })

test('a link made while the links of before are being read is not forgotten', async () => {
  const held: (() => void)[] = []
  const { peer, group, page, close } = await setup(holdingLinks(held))
  introduce(page, peerIdText(me) as string)
  const links = until(peer, { view: 'people', group })
  await until(peer, { view: 'home', group })
  expect(held).toHaveLength(1)
  const making = peer.invite(group, { uses: 1 })
  // Decided, and waiting for the links like whoever looks at the people.
  await until(peer, { view: 'status', group }, ({ onlyHere, state }) => onlyHere === 2 && state.is !== 'writing')
  await new Promise(setImmediate)
  const rest = held.splice(1)
  for (const go of rest) go()
  if (rest.length > 0) await making
  for (const go of held.splice(0)) go()
  const { link } = value(await making)
  await links
  const shown = until(peer, { view: 'people', group }, ({ invitations }) => invitations.length === 1)
  expect((await shown).invitations.map((invitation) => invitation.link)).toEqual([link])
  await close()
})
