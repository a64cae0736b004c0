import type { GroupId } from '@auzolan/core'
import type { Peer } from '@auzolan/peer'
import { firstAnswer, Screens } from '../models/auzolan.ts'
import type { BrowserWorkspace, FamilyWork, NodeSide, NodeWorkspace, Subject } from '../subject.ts'
import { ours } from '../subjects.ts'

/** Milliseconds after which two peers that stopped changing are taken to have told each other everything. */
const settled = 2_000

const node = async (): Promise<NodeSide> => {
  const { readFile, readdir, writeFile } = await import('node:fs/promises')
  const { openIdentity, openNodeNetwork } = await import('@auzolan/network/node')
  const { openPeer } = await import('@auzolan/peer')
  const { countedNetwork } = await import('../models/counted.ts')
  const { openFileSecrets, openLevelStore } = await import('@auzolan/storage/node')
  const { packDisk, realClock, realEntropy, seedStore } = await import('../models/auzolan.ts')
  const openIn = async (folder: string) => {
    const secrets = await openFileSecrets(`${folder}/secrets`)
    const identity = await openIdentity(secrets, realEntropy)
    const listen = { host: '127.0.0.1', tcpPort: 0 }
    const { network, bytes } = countedNetwork(await openNodeNetwork({ identity, listen, relay: false, helpers: [] }))
    const store = await openLevelStore(`${folder}/store`)
    const peer = await openPeer({ store, secrets, network, clock: realClock, entropy: realEntropy })
    return { peer, network, bytes }
  }
  const portOf = ({ network }: Awaited<ReturnType<typeof openIn>>): number => {
    const port = network
      .state()
      .addresses.flatMap((address) => /\/127\.0\.0\.1\/tcp\/(\d+)\/p2p\//.exec(address)?.[1] ?? [])[0]
    if (port === undefined) throw new Error('it listens nowhere')
    return Number(port)
  }
  const addressOf = (port: number) => `/ip4/127.0.0.1/tcp/${port}`
  return {
    seed: async (items, { host, member, newcomer }) => {
      const [store, secrets] = [await openLevelStore(`${host}/store`), await openFileSecrets(`${host}/secrets`)]
      const group = await seedStore(store, secrets, items)
      await store.close()
      await secrets.close()
      for (const folder of [host, member, newcomer]) await writeFile(`${folder}/group`, group)

      const [inviting, joining] = [await openIn(host), await openIn(member)]
      const invitation = await inviting.peer.invite(group, { uses: 1_000 })
      if (!invitation.ok) throw new Error(invitation.error.type)
      await writeFile(`${newcomer}/link`, invitation.value.link)
      await joining.peer.addHelper(addressOf(portOf(inviting)))
      const joined = await joining.peer.join(invitation.value.link, { name: 'Member' })
      if (!joined.ok) throw new Error(joined.error.type)
      const screens = new Screens(joining.peer, group)
      await new Promise<void>((resolve) => {
        const look = () => {
          if (items.every((item) => screens.isWhole(item))) resolve()
        }
        screens.onChange(look)
        look()
      })
      await new Promise((resolve) => setTimeout(resolve, settled))
      await joining.peer.close()
      await inviting.peer.close()
      const [disk, keys] = [await openLevelStore(`${host}/store`), await openFileSecrets(`${host}/secrets`)]
      await writeFile(`${host}/seed.bin`, await packDisk(disk, keys, group))
      await disk.close()
      await keys.close()
    },
    open: async (folder): Promise<NodeWorkspace> => {
      const opened = await openIn(folder)
      const group = (await readFile(`${folder}/group`, 'utf8')) as GroupId
      const screens = new Screens(opened.peer, group)
      const link = (await readdir(folder)).includes('link') ? await readFile(`${folder}/link`, 'utf8') : undefined
      return Object.assign(screens, {
        payloadBytes: opened.bytes,
        listen: async () => portOf(opened),
        dial: async (port: number) => {
          await opened.peer.addHelper(addressOf(port))
          if (link === undefined) return
          const joined = await opened.peer.join(link, { name: 'Newcomer' })
          if (!joined.ok) throw new Error(joined.error.type)
        },
      })
    },
  }
}

const family = async (what: FamilyWork) => (await import('../models/family.ts')).familyFigures[what]()

/** The first list comes from its own record; the group's talk is answered from the whole group. */
const talkAnswered = async (peer: Peer, group: GroupId): Promise<void> => {
  const { document } = await firstAnswer(peer, { view: 'home', group })
  await firstAnswer(peer, { view: 'thread', group, thread: document })
}

export const subject: Subject = {
  name: ours,
  settings:
    'this repository; eight authors, every step a signed entry; libp2p over TCP with Noise; strict durability for own entries; in the browser the peer runs on the page itself, so that its writes can be counted',
  searchSample: async (size) => (await import('../models/auzolan.ts')).searchSample(size),
  forkSample: async (size) => (await import('../models/auzolan.ts')).forkSample(size),
  verify: async () => (await import('../models/auzolan.ts')).verifySide(),
  trust: async (what, size) => {
    const { quickenDigests } = await import('../../../packages/peer/src/digest-engine.ts')
    await quickenDigests()
    return (await import('../models/trust.ts')).trustFigures[what](size)
  },
  document: async () => (await import('../models/auzolan-documents.ts')).auzolanDocument(),
  // The page's build must not even look at it: what libp2p needs of Node is not there.
  ...(import.meta.env.SSR ? { node, family } : {}),
  browser: async () => {
    const { MemoryHub } = await import('@auzolan/network')
    const { openPeer } = await import('@auzolan/peer')
    const { openIndexedDbSecrets, openIndexedDbStore } = await import('@auzolan/storage/browser')
    const { realClock, realEntropy, unpackDisk } = await import('../models/auzolan.ts')
    const open = async () => ({
      store: await openIndexedDbStore('workspace'),
      secrets: await openIndexedDbSecrets('workspace-secrets'),
    })
    return {
      seed: async (items, fromNode) => {
        if (!fromNode) throw new Error(`${items.length} items and no seed`)
        const { store, secrets } = await open()
        localStorage.setItem('group', await unpackDisk(fromNode, store, secrets))
        await store.close()
        await secrets.close()
      },
      open: async (): Promise<BrowserWorkspace> => {
        const group = localStorage.getItem('group') as GroupId
        const network = new MemoryHub().network('page')
        const peer = await openPeer({ ...(await open()), network, clock: realClock, entropy: realEntropy })
        return Object.assign(new Screens(peer, group), {
          ready: () => talkAnswered(peer, group),
          fork: async () => {
            const forked = await peer.fork(group, { name: 'Fork', myName: 'Host' })
            if (!forked.ok) throw new Error(forked.error.type)
          },
        })
      },
    }
  },
}
