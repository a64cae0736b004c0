import { proxy, type Remote, transfer, wrap } from 'comlink'
import { err } from '@auzolan/core'
import type { Nearby } from '@auzolan/network'
import { askToPersist } from '@auzolan/storage/browser'
import type { Answer, Peer, Query } from './peer.ts'
import { Hearer, type Told } from './browser/port-answers.ts'
import { introduce } from './browser/port-network.ts'
import { originAddress } from './origin-address.ts'
import type { WorkerDoor } from './browser/worker.ts'

export interface BrowserPeerOptions {
  /** Name of the databases on this origin. One profile is one device. */
  readonly profile?: string
  /** Where to reach others through; multiaddr texts. Default: the machine this page came from. */
  readonly helpers?: readonly string[]
}

/** The device's storage cannot be used: `kind` as in `StoreError`. */
export class StorageBlocked extends Error {
  readonly kind: string
  constructor(kind: string, message: string) {
    super(message)
    this.name = 'StorageBlocked'
    this.kind = kind
  }
}

/** Starts the peer in a worker of its own. The network follows once the peer is open. */
export const openBrowserPeer = async (options: BrowserPeerOptions = {}): Promise<Peer> => {
  const { profile = 'auzolan', helpers = [originAddress(location)] } = options
  const worker = new Worker(new URL('./browser/worker.ts', import.meta.url), { type: 'module', name: 'auzolan-peer' })
  const failed = new Promise<never>((_, reject) => {
    worker.addEventListener('error', ({ message }) => reject(new Error(message || 'the worker could not be started')), {
      once: true,
    })
  })
  const { port1, port2 } = new MessageChannel()
  const door = wrap<WorkerDoor>(worker)
  const fault = await Promise.race([
    door.open(
      transfer({ port: port2, profile, appAddress: location.origin + location.pathname }, [port2]),
      proxy(askToPersist),
    ),
    failed,
  ])
  if (fault) throw new StorageBlocked(fault.kind, fault.message)
  let nearby!: (nearby: Nearby) => void
  const started = new Promise<Nearby>((resolve) => (nearby = resolve))
  void import('./browser/network-page.ts')
    .then(({ runNetwork }) => runNetwork(port1, profile, helpers, (network) => nearby(network.nearby)))
    .catch((error: unknown) => {
      introduce(port1, '')
      console.error('The network did not start.', error)
    })
  return pagePeer(door, nearbyOnce(started))
}

/** The network starts after the peer; where it does not, another tab of this profile holds it. */
const nearbyOnce = (started: Promise<Nearby>): Nearby => ({
  begin: async () => {
    const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), STARTED_WITHIN_MS))
    const nearby = await Promise.race([started, late])
    return nearby ? nearby.begin() : err({ type: 'other tab' })
  },
})
/** libp2p is loaded and begun well within it, in milliseconds. */
const STARTED_WITHIN_MS = 5_000

/** Acts go over as they are named; a watch is a callback, and its undo has to work before the worker has answered. */
const pagePeer = (door: Remote<WorkerDoor>, nearby: Nearby): Peer => {
  const watch = (query: Query, tell: (answer: Answer<Query>) => void): (() => void) => {
    let on = true
    const hearer = new Hearer()
    const watching = door.watch(
      query,
      proxy((told: Told) => {
        if (on) tell(hearer.hear(told) as Answer<Query>)
      }),
    )
    return () => {
      on = false
      void watching.then((number) => door.unwatch(number))
    }
  }
  const own: Record<string, unknown> = { watch, nearby }
  return new Proxy(own, {
    get: (target, name) => {
      if (typeof name !== 'string' || name === 'then') return undefined
      return (target[name] ??= (...args: readonly unknown[]) =>
        door.act(name as Parameters<WorkerDoor['act']>[0], args))
    },
  }) as unknown as Peer
}
