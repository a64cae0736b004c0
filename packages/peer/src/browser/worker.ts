import { wasmUrl } from '../documents/wasm.ts'
import type { Instant } from '@auzolan/core'
import { StoreError } from '@auzolan/storage'
import { openIndexedDbSecrets, openIndexedDbStore } from '@auzolan/storage/browser'
import { expose } from 'comlink'
import { openPeer } from '../open-peer.ts'
import type { Peer, Query, Siblings } from '../peer.ts'
import { PortNetwork } from './port-network.ts'
import { Teller, type Told } from './port-answers.ts'

/** Why this device's storage cannot be used, as plain data: an error's own fields do not cross to the page. */
export interface StorageFault {
  readonly kind: StoreError['kind']
  readonly message: string
}

/** Acts and their arguments and answers are plain data; `watch` is not, and `nearby` is the page's own. */
type Act = Exclude<keyof Peer, 'watch' | 'nearby'>

let peer: Peer | undefined
const watches = new Map<number, () => void>()
let lastWatch = 0

const opened = (): Peer => {
  if (!peer) throw new Error('the peer is not open')
  return peer
}

/** What the page may ask of the worker. */
const door = {
  open: async (
    {
      port,
      profile,
      appAddress,
    }: { readonly port: MessagePort; readonly profile: string; readonly appAddress: string },
    persist: () => Promise<'yes' | 'no' | 'unknown'>,
  ): Promise<StorageFault | null> => {
    try {
      peer = await openPeer({
        store: await openIndexedDbStore(profile),
        secrets: await openIndexedDbSecrets(`${profile}-secrets`),
        network: new PortNetwork(port),
        clock: { now: () => Date.now() as Instant },
        entropy: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
        siblings: siblingsOn(new BroadcastChannel(profile)),
        engine: new URL(wasmUrl, self.location.href),
        persist,
        appAddress,
      })
      return null
    } catch (error) {
      if (error instanceof StoreError) return { kind: error.kind, message: error.message }
      throw error
    }
  },
  act: (name: Act, args: readonly unknown[]): Promise<unknown> =>
    (opened()[name] as (...args: readonly unknown[]) => Promise<unknown>)(...args),
  watch: (query: Query, tell: (told: Told) => void): number => {
    const teller = new Teller()
    watches.set(
      ++lastWatch,
      opened().watch(query, (answer) => tell(teller.tell(answer))),
    )
    return lastWatch
  },
  unwatch: (watch: number): void => {
    watches.get(watch)?.()
    watches.delete(watch)
  },
}
export type WorkerDoor = typeof door

const siblingsOn = (channel: BroadcastChannel): Siblings => ({
  tell: (message) => channel.postMessage(message),
  hear: (take) => {
    const listener = ({ data }: MessageEvent<unknown>) => take(data)
    channel.addEventListener('message', listener)
    return () => channel.removeEventListener('message', listener)
  },
})

expose(door)
