import type { Link, Nearby } from '@auzolan/network'
import { openBrowserNetwork, type PageNetwork, passingIdentity } from '@auzolan/network/browser'
import type { Answer, Peer, Query } from '@auzolan/peer'
import { openBrowserPeer } from '@auzolan/peer/browser'
import type { GroupId } from '@auzolan/core'

declare global {
  interface Window {
    reaching: Reaching
  }
}

const entropy = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) }
const FRAME_BYTES = 1024 * 1024

let network: PageNetwork | undefined
let peer: Promise<Peer> | undefined
let links: Link[] = []
let onLink: (link: Link) => void = () => undefined
let frames = 0
let bytes = 0
let onBytes: () => void = () => undefined
let pairing: Awaited<ReturnType<Nearby['begin']>> | undefined

const opened = () => {
  if (!network) throw new Error('no network')
  return network
}
const linkTo = (self: string): Promise<Link> =>
  new Promise((resolve) => {
    const look = () => {
      const link = links.findLast(({ remote, path }) => remote === self && path === 'direct')
      if (link) resolve(link)
    }
    onLink = look
    look()
  })
const first = <Q extends Query>(query: Q, enough: (answer: Answer<Q>) => boolean): Promise<Answer<Q>> =>
  new Promise((resolve, reject) => {
    void peer?.then((opened) => {
      const stop = opened.watch(query, (answer) => {
        if (!enough(answer)) return
        queueMicrotask(() => stop())
        resolve(answer)
      })
    }, reject)
  })
const valueOf = <T>(result: { ok: true; value: T } | { ok: false; error: { readonly type: string } }): T => {
  if (!result.ok) throw new Error(result.error.type)
  return result.value
}

const reaching = {
  /** A network of its own with a key of its own; answers its id once it is reachable through the helpers. */
  begin: async (helpers: readonly string[]): Promise<string> => {
    links = []
    network = await openBrowserNetwork({ identity: await passingIdentity(entropy), helpers })
    await network.start((link) => {
      links.push(link)
      link.onFrame(({ payload }) => {
        frames += 1
        bytes += payload.length
        onBytes()
      })
      // Something to hear, whoever is met.
      void link.send({ type: 'have', payload: new Uint8Array(1) }).catch(() => undefined)
      onLink(link)
    })
    if (helpers.length > 0)
      await new Promise<void>((resolve) => {
        const isReachable = () =>
          opened()
            .state()
            .addresses.some((address) => address.includes('/p2p-circuit'))
        opened().onState(() => isReachable() && resolve())
        if (isReachable()) resolve()
      })
    return network.self
  },
  /** Begins to stop it: libp2p may take seconds, and the next has a key of its own. */
  end: (): void => {
    void network?.stop()
    network = undefined
  },
  /** Milliseconds from wanting somebody to a direct link; `null`: not within the limit. */
  dial: async (to: string, addresses: readonly string[], limit: number): Promise<number | null> => {
    const start = performance.now()
    opened().want([{ peer: to, addresses }])
    const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), limit))
    return (await Promise.race([linkTo(to), late])) && performance.now() - start
  },
  /** Shows a code, of a network alone or of a peer. */
  show: async (): Promise<string> => {
    pairing = await (network?.nearby ?? (await peer)?.nearby)?.begin()
    if (!pairing?.ok) throw new Error('no code')
    return pairing.value.code
  },
  /** Reads the other's code. Answers the milliseconds from there to the first byte of data where a network is measured alone. */
  read: async (code: string): Promise<number> => {
    if (!pairing?.ok) throw new Error('no code')
    const start = performance.now()
    const before = frames
    const heard = new Promise<void>((resolve) => (onBytes = () => frames > before && resolve()))
    valueOf(await pairing.value.meet(code))
    if (network) await heard
    return performance.now() - start
  },
  /** Sends so many frames of the largest size to whoever is linked. */
  send: async (count: number): Promise<void> => {
    const link = links.at(-1)
    if (!link) throw new Error('nobody is linked')
    const payload = entropy.bytes(65_536)
    const frame = new Uint8Array(FRAME_BYTES)
    for (let at = 0; at < FRAME_BYTES; at += payload.length) frame.set(payload, at)
    for (let sent = 0; sent < count; sent++) await link.send({ type: 'entries', payload: frame })
  },
  /** Bytes a second, from the first to the last of so many frames. */
  receive: async (count: number): Promise<number> => {
    bytes = 0
    let start = 0
    await new Promise<void>((resolve) => {
      onBytes = () => {
        start ||= performance.now()
        if (bytes >= count * FRAME_BYTES) resolve()
      }
    })
    return ((bytes - FRAME_BYTES) * 1000) / (performance.now() - start)
  },
  /** The whole peer, as in the app: in a worker, over IndexedDB, reaching nobody but whom it meets nearby. */
  openPeer: async (): Promise<void> => {
    peer = openBrowserPeer({ helpers: [] })
    await peer
  },
  /** Writes the sample and answers a link into it. */
  host: async (size: 'S' | 'M' | 'L'): Promise<string> => {
    const opened = await peer
    if (!opened) throw new Error('no peer')
    const group = valueOf(await opened.openExample('Host', size))
    return valueOf(await opened.invite(group, { uses: 1 })).link
  },
  /** Joins and waits until everything is here. Answers the milliseconds and what the link took. */
  join: async (link: string): Promise<{ ms: number; bytes: number; entries: number }> => {
    const opened = await peer
    if (!opened) throw new Error('no peer')
    const start = performance.now()
    const group: GroupId = valueOf(await opened.join(link, { name: 'Guest' }))
    let entries = 0
    await first({ view: 'join', group }, (join) => {
      if (join.step === 'getting') entries = Math.max(entries, join.of)
      return join.step === 'done'
    })
    const { state } = await first({ view: 'status', group }, ({ state: now }) => now.is === 'shared')
    if (state.is !== 'shared') throw new Error(state.is)
    const ms = performance.now() - start
    const { connections } = await first({ view: 'reach', group }, ({ connections: all }) => all[0]?.bytes !== null)
    return { ms, entries, bytes: connections[0]?.bytes?.received ?? 0 }
  },
}
export type Reaching = typeof reaching

window.reaching = reaching
