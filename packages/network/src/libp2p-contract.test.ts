import { describeLinks, type LinkedPair } from './contract.ts'
import type { Link } from './network.ts'
import { type NodeNetwork, openNodeNetwork, passingIdentity } from './node.ts'

const seeded = (seed: number) => ({ bytes: (length: number) => new Uint8Array(length).fill(seed) })

const openPair = async (listen: { tcpPort?: number; wsPort?: number }): Promise<LinkedPair> => {
  const opened: NodeNetwork[] = []
  const open = async (seed: number) => {
    const identity = await passingIdentity(seeded(seed))
    const network = await openNodeNetwork({ identity, listen: { host: '127.0.0.1', ...listen }, relay: false })
    opened.push(network)
    return network
  }
  const seeds = [21, 22]
  const [first, second] = (await Promise.all(seeds.map(open))) as [NodeNetwork, NodeNetwork]
  const [a, b, seedOfB] = first.self < second.self ? [first, second, 22] : [second, first, 21]
  const waiting: ((link: Link) => void)[] = []
  const nextAtA = () => new Promise<Link>((resolve) => waiting.push(resolve))
  const dialFrom = async (network: NodeNetwork) => {
    const atA = nextAtA()
    const atB = new Promise<Link>(
      (resolve) =>
        void network.start(resolve).then(() => network.want([{ peer: a.self, addresses: a.state().addresses }])),
    )
    return { a: await atA, b: await atB }
  }
  await a.start((link) => waiting.shift()?.(link))
  return {
    ...(await dialFrom(b)),
    // The same device comes back while its first connection still looks alive: a page after a reload.
    again: async () => dialFrom(await open(seedOfB)),
    close: async () => {
      await Promise.all(opened.map((network) => network.stop()))
    },
  }
}

describeLinks('TCP', () => openPair({ tcpPort: 0 }))
describeLinks('WebSocket', () => openPair({ wsPort: 0 }))
