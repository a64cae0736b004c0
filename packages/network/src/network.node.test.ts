import { afterEach, expect, test } from 'vitest'
import type { Frame, Link } from './network.ts'
import { type NodeNetwork, type NodeNetworkInit, openNodeNetwork, passingIdentity } from './node.ts'

const entropy = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) }
const opened: NodeNetwork[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((network) => network.stop()))
})

const open = async (init: Partial<NodeNetworkInit> = {}) => {
  const network = await openNodeNetwork({
    identity: await passingIdentity(entropy),
    listen: { host: '127.0.0.1', tcpPort: 0 },
    relay: false,
    ...init,
  })
  opened.push(network)
  return network
}

test('two nodes link over TCP', async () => {
  const a = await open()
  const b = await open()
  const atA = new Promise<Link>((resolve) => void a.start(resolve))
  await new Promise<void>((resolve) => void b.start(() => {}).then(resolve))
  console.log(a.state(), b.state())
  b.want([{ peer: a.self, addresses: a.state().addresses }])
  const link = await atA
  const got = new Promise<Frame>((resolve) => link.onFrame(resolve))
  console.log(link.remote, link.path)
  void got
})
