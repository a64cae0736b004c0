import type { Link, NetworkState } from '../network.ts'
import { type NodeNetwork, type NodeNetworkInit, openNodeNetwork, passingIdentity } from '../node.ts'
import { systemTimers, type Timers } from '../timers.ts'

/** Real time, but what would be tried again in ten seconds or more is tried again at once. */
export const hurried: Timers = {
  ...systemTimers,
  set: (call, milliseconds) => systemTimers.set(call, milliseconds >= 10_000 ? 100 : milliseconds),
}

export interface RunningNode {
  readonly network: NodeNetwork
  readonly links: readonly Link[]
  /** The next link to come, or the one after those already there. */
  readonly nextLink: () => Promise<Link>
  /** Resolves once the state is as asked for. */
  readonly until: (test: (state: NetworkState) => boolean) => Promise<NetworkState>
}

/** Nodes of one test on this machine, stopped together. */
export class Nodes {
  readonly #running: NodeNetwork[] = []

  async start(seed: number, init: Partial<NodeNetworkInit> = {}): Promise<RunningNode> {
    const network = await openNodeNetwork({
      identity: await passingIdentity({ bytes: (length) => new Uint8Array(length).fill(seed) }),
      listen: { host: '127.0.0.1' },
      relay: false,
      ...init,
    })
    this.#running.push(network)
    const links: Link[] = []
    const waiting: ((link: Link) => void)[] = []
    await network.start((link) => {
      links.push(link)
      waiting.shift()?.(link)
    })
    return {
      network,
      links,
      nextLink: () => new Promise((resolve) => waiting.push(resolve)),
      until: (test) =>
        new Promise((resolve) => {
          const forget = network.onState((state) => {
            if (!test(state)) return
            forget()
            resolve(state)
          })
          if (!test(network.state())) return
          forget()
          resolve(network.state())
        }),
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#running.splice(0).map((network) => network.stop()))
  }
}

/** What one side sends, the other gets. */
export const exchange = async (from: Link, to: Link): Promise<boolean> => {
  const payload = Uint8Array.of(1, 2, 3)
  const arrived = new Promise<Uint8Array>((resolve) => to.onFrame((frame) => resolve(frame.payload)))
  await from.send({ type: 'entries', payload })
  return (await arrived).every((byte, at) => byte === payload[at])
}
