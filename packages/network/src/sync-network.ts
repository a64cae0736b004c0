import type { Connection, IdentifyResult, Libp2p, Stream } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import type { Multiaddr } from '@multiformats/multiaddr'
import {
  carrierOf,
  introducerOf,
  isRelayed,
  MAX_ADDRESSES_PER_PEER,
  parseAddress,
  peerOf,
  relayAddressOf,
  waysTo,
} from './addresses.ts'
import { Connections, cutOff } from './connections.ts'
import { Doubts } from './doubts.ts'
import type { DialGate } from './gate.ts'
import { StreamLink } from './link.ts'
import type { CloseReason, Link, Network, NetworkState, ReachedPeer } from './network.ts'
import type { Relays } from './relays.ts'
import type { Rendezvous } from './rendezvous/rendezvous.ts'
import { byteStreamOf } from './stream-bytes.ts'
import type { TimerHandle, Timers } from './timers.ts'
import { TokenBucket } from './token-bucket.ts'
import { Wanted } from './wanted.ts'

export const SYNC_PROTOCOL = '/auzolan/sync/1'
const WEBRTC_PROTOCOL = '/webrtc-signaling/0.0.1'

/** Peers one side keeps trying to reach; more are ignored, in the order given. */
const MAX_WANTED = 256
/** Helpers taken on while running; more are ignored, in the order given. */
const MAX_HELPERS = 16
/** A relayed link is opened only if no direct connection came up by then, in milliseconds; WebRTC takes a quarter of it. */
const DIRECT_WITHIN_MS = 1_000
/** What a link over a direct connection does not need any more is given up this long after it stands, in milliseconds. */
const SPARE_GOES_AFTER_MS = 2_000
/** A link lost under a living connection is opened again after this, in milliseconds. */
const REOPEN_AFTER_MS = 1_000
/** Links one peer may open: each replaces the one before, so honest ones open few. */
const STREAMS_PER_SECOND = 1
const STREAMS_BURST = 10
/** Of two who were introduced to each other the second dials only then, in milliseconds: each dialling makes a connection of its own. */
const LARGER_DIALS_AFTER_MS = 1_500
const OPEN_WITHIN_MS = 10_000
const DIAL_WITHIN_MS = 6_000
/** How often it is said how many bytes a link took, in milliseconds, while it takes any. */
const COUNTED_EVERY_MS = 2_000
/** libp2p may hang while it stops (js-libp2p#2625); nothing is lost by not waiting. */
const STOP_WITHIN_MS = 5_000

export interface SyncNetworkParts {
  readonly node: Libp2p
  readonly gate: DialGate
  readonly relays: Relays
  readonly rendezvous: Rendezvous
  readonly timers: Timers
  readonly random: () => number
  readonly agent: string
  readonly help: (addresses: readonly Multiaddr[]) => void
  /** Runs as long as the network does. */
  readonly beside?: { start(): void; stop(): void }
  readonly webrtc: boolean
  /** Whether being up is being online, or only being connected. */
  readonly listens: boolean
}

interface Held {
  readonly link: StreamLink
  readonly connection: Connection
}

/** Sync links over one libp2p node. The smaller peer id opens; the newest link to a peer replaces the one before. */
export class SyncNetwork implements Network {
  readonly self: string
  readonly #parts: SyncNetworkParts
  readonly #links = new Map<string, Held>()
  readonly #connections: Connections
  readonly #opening = new Set<string>()
  /** How many links each connected peer may still open. */
  readonly #accepting = new Map<string, TokenBucket>()
  readonly #pending = new Map<string, TimerHandle>()
  readonly #tells = new Set<(state: NetworkState) => void>()
  readonly #wanted: Wanted
  readonly #doubts: Doubts
  #watched = false
  #addresses: ReadonlyMap<string, readonly Multiaddr[]> = new Map()
  readonly #sighted = new Map<string, readonly Multiaddr[]>()
  #counting: TimerHandle
  #onLink: ((link: Link) => void) | undefined
  #told = ''
  #reachable: ReadonlySet<string> = new Set()
  #helpers = ''

  constructor(parts: SyncNetworkParts) {
    this.#parts = parts
    this.self = parts.node.peerId.toString()
    this.#wanted = new Wanted({
      timers: parts.timers,
      random: parts.random,
      reached: (peer) => {
        const held = this.#answering(peer)
        return held ? (held.link.path === 'relayed' ? 'relayed' : 'direct') : 'no'
      },
      dial: (peer) => this.#dial(peer),
    })
    this.#connections = new Connections(parts.timers)
    this.#doubts = new Doubts(parts.timers, (peer) => this.#onDoubted(peer))
  }

  async start(onLink: (link: Link) => void): Promise<void> {
    if (this.#onLink) throw new Error('the network has started')
    this.#onLink = onLink
    const { node } = this.#parts
    await node.handle(SYNC_PROTOCOL, (stream, connection) => this.#onStream(stream, connection), {
      maxInboundStreams: MAX_SYNC_STREAMS,
      maxOutboundStreams: MAX_SYNC_STREAMS,
      runOnLimitedConnection: true,
    })
    await this.#parts.rendezvous.start()
    node.addEventListener('peer:identify', ({ detail }) => this.#onIdentified(detail))
    node.addEventListener('connection:close', ({ detail }) => this.#onDisconnected(detail))
    for (const event of ['connection:open', 'transport:listening', 'transport:close', 'self:peer:update'] as const) {
      node.addEventListener(event, () => this.#tell())
    }
    await node.start()
    this.#wanted.start()
    this.#parts.beside?.start()
    this.#count()
    this.#tell()
  }

  want(
    peers: readonly { readonly peer: string; readonly addresses: readonly string[] }[],
    helpers: readonly string[] = [],
  ): void {
    if (helpers.join() !== this.#helpers) {
      this.#helpers = helpers.join()
      this.#parts.help(helpers.slice(0, MAX_HELPERS).flatMap((text) => parseAddress(text) ?? []))
    }
    const wanted = new Map<string, readonly Multiaddr[]>()
    for (const { peer, addresses } of peers) {
      if (wanted.size >= MAX_WANTED || peer === this.self || !isPeerId(peer)) continue
      const parsed = addresses.slice(0, MAX_ADDRESSES_PER_PEER).flatMap((text) => parseAddress(text) ?? [])
      wanted.set(peer, [...(wanted.get(peer) ?? []), ...parsed])
    }
    const places = (of: ReadonlyMap<string, readonly Multiaddr[]>, peer: string) => of.get(peer)?.join()
    const moved = [...wanted.keys()].filter((peer) => places(wanted, peer) !== places(this.#addresses, peer))
    this.#addresses = wanted
    for (const peer of this.#sighted.keys()) if (!wanted.has(peer)) this.#sighted.delete(peer)
    this.#allowWays()
    this.#wanted.set([...wanted.keys()], new Set(moved))
    this.#beIntroduced()
  }

  introduce(circles: readonly (readonly string[])[]): void {
    this.#parts.gate.allowMeeting(circles)
  }

  gather(...gathered: Parameters<Rendezvous['gather']>): void {
    this.#parts.rendezvous.gather(...gathered)
  }

  /** Who names somebody that is not reached directly is where those two can meet. */
  #beIntroduced(): void {
    const missed = [...this.#addresses].filter(([peer]) => this.#links.get(peer)?.link.path !== 'direct')
    const by = missed.flatMap(([, addresses]) => addresses.flatMap((address) => introducerOf(address) ?? []))
    this.#parts.relays.introducedBy([...new Set(by)])
  }

  /** Somebody said on this network where they are. Only who is wanted is dialled there: strangers cannot make this peer open anything. */
  sighted(peer: string, addresses: readonly string[]): void {
    if (!this.#addresses.has(peer)) return
    this.#sighted.set(
      peer,
      addresses.slice(0, MAX_ADDRESSES_PER_PEER).flatMap((text) => parseAddress(text) ?? []),
    )
    this.#allowWays()
    this.#doubts.doubt(peer)
    this.#wanted.soon(peer)
  }

  /** Where a peer may be: what was given, and where it said to be itself. */
  #placesOf(peer: string): readonly Multiaddr[] {
    return [...(this.#addresses.get(peer) ?? []), ...(this.#sighted.get(peer) ?? [])]
  }

  /** Somebody looks at who is there, or nobody does. */
  watch(watched: boolean): void {
    this.#watched = watched
    for (const { link } of this.#links.values()) link.watch(watched)
  }

  /** Tries everything again now, and asks who is linked whether they still are: the platform said that the network may be back, or another. */
  retry(): void {
    this.#doubts.moved()
    for (const { link } of this.#links.values()) link.ask()
    void this.#parts.relays.tick()
    this.#wanted.now()
  }

  state(): NetworkState {
    const { node, listens } = this.#parts
    const up = node.status === 'started'
    return {
      online: up && (listens || node.getConnections().length > 0),
      peers: [...this.#links.values()].map(reachedBy),
      addresses: up ? node.getMultiaddrs().map(String) : [],
    }
  }

  onState(tell: (state: NetworkState) => void): () => void {
    this.#tells.add(tell)
    return () => this.#tells.delete(tell)
  }

  /** Ends every link now, without waiting: all a page that is being left can do. */
  leave(reason: CloseReason): void {
    for (const { link } of this.#links.values()) link.close(reason)
  }

  async stop(): Promise<void> {
    const { node, timers } = this.#parts
    this.#parts.beside?.stop()
    this.#parts.rendezvous.stop()
    this.#wanted.stop()
    this.#doubts.stop()
    timers.clear(this.#counting)
    for (const timer of this.#pending.values()) timers.clear(timer)
    this.leave({ type: 'stopped' })
    let deadline: TimerHandle
    const late = new Promise<void>((resolve) => {
      deadline = timers.set(resolve, STOP_WITHIN_MS)
    })
    await Promise.race([Promise.resolve(node.stop()), late])
    timers.clear(deadline)
    this.#onLink = undefined
    this.#tell()
  }

  #allowWays(): void {
    const { gate, relays } = this.#parts
    gate.allowWanted(
      [...this.#addresses.keys()].flatMap((peer) => {
        const { direct, webrtc, relayed } = waysTo(peer, this.#placesOf(peer), relays.known)
        return [...direct, ...webrtc, ...relayed]
      }),
    )
  }

  async #dial(peer: string): Promise<void> {
    const { node, relays, webrtc } = this.#parts
    const addresses = this.#placesOf(peer)
    // Both were told of each other at one time: the smaller peer id dials, unless it cannot.
    if (this.self > peer && addresses.some((address) => introducerOf(address))) await this.#pause(LARGER_DIALS_AFTER_MS)
    if (this.#answering(peer)?.link.path === 'direct') return
    await Promise.all(
      addresses.flatMap((address) => relayAddressOf(address) ?? []).map((relay) => relays.connecting(relay)),
    )
    this.#allowWays()
    const ways = waysTo(peer, addresses, relays.known)
    const held = this.#answering(peer)
    const groups = [ways.direct, webrtc ? ways.webrtc : [], held ? [] : ways.relayed]
    for (const group of groups) {
      if (group.length === 0) continue
      try {
        const signal = AbortSignal.timeout(DIAL_WITHIN_MS)
        // Where the link does not answer, the connection under it is not the one to be found.
        const connection = await node.dial([...group], { signal, force: this.#doubts.has(peer) })
        if (!isRelayed(connection.remoteAddr) || !held) return
      } catch {
        // The next group may do better; if none does, the waits between attempts grow.
      }
    }
  }

  /** The link to a peer, unless it does not answer. */
  #answering(peer: string): Held | undefined {
    return this.#doubts.has(peer) ? undefined : this.#links.get(peer)
  }

  /** Another way is tried beside the link. A helper has only one, which everything through it waits for: it is made anew. */
  #onDoubted(peer: string): void {
    const held = this.#links.get(peer)
    const isHelper = this.#parts.relays.known.some((relay) => peerOf(relay) === peer)
    if (held && isHelper && !this.#addresses.has(peer)) cutOff(held.connection)
    else this.#wanted.soon(peer)
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => void this.#parts.timers.set(resolve, milliseconds))
  }

  #onIdentified({ connection, peerId, protocols }: IdentifyResult): void {
    this.#parts.rendezvous.identified(connection, protocols)
    if (!protocols.includes(SYNC_PROTOCOL)) return
    const { timers } = this.#parts
    const remote = peerId.toString()
    this.#connections.add(connection, remote, protocols.includes(WEBRTC_PROTOCOL))
    const closeGhosts = () => this.#connections.closeGhosts(connection, this.#links.get(remote))
    if (!isRelayed(connection.remoteAddr)) timers.set(closeGhosts, SPARE_GOES_AFTER_MS)
    this.#consider(remote, 0)
  }

  #onDisconnected(connection: Connection): void {
    this.#parts.rendezvous.closed(connection)
    this.#connections.remove(connection)
    if (this.#parts.node.getConnections(connection.remotePeer).length === 0) {
      this.#accepting.delete(connection.remotePeer.toString())
    }
    this.#parts.relays.missed(connection.remotePeer)
    this.#beIntroduced()
    this.#tell()
  }

  /** Opens a link if this side has to and a better connection than the present one is there. */
  #consider(remote: string, waited: number): void {
    if (this.self > remote || this.#opening.has(remote) || !this.#onLink) return
    const { timers, webrtc } = this.#parts
    const best = this.#connections.best(remote)
    const held = this.#links.get(remote)
    if (!best || held?.connection === best.connection) return
    if (isRelayed(best.connection.remoteAddr)) {
      if (held) return
      if (webrtc && best.webrtc && waited < DIRECT_WITHIN_MS) {
        this.#considerLater(remote, DIRECT_WITHIN_MS)
        return
      }
    }
    timers.clear(this.#pending.get(remote))
    void this.#open(remote, best.connection)
  }

  #considerLater(remote: string, milliseconds: number): void {
    const { timers } = this.#parts
    timers.clear(this.#pending.get(remote))
    const timer = timers.set(() => {
      this.#pending.delete(remote)
      this.#consider(remote, milliseconds)
    }, milliseconds)
    this.#pending.set(remote, timer)
  }

  async #open(remote: string, connection: Connection): Promise<void> {
    this.#opening.add(remote)
    try {
      const signal = AbortSignal.timeout(OPEN_WITHIN_MS)
      const stream = await connection.newStream(SYNC_PROTOCOL, { runOnLimitedConnection: true, signal })
      this.#adopt(stream, connection, true)
    } catch {
      this.#opening.delete(remote)
      this.#considerLater(remote, REOPEN_AFTER_MS)
      return
    }
    this.#opening.delete(remote)
    // A better connection may have come up meanwhile.
    this.#consider(remote, DIRECT_WITHIN_MS)
  }

  #onStream(stream: Stream, connection: Connection): void {
    const remote = connection.remotePeer.toString()
    const now = this.#parts.timers.now()
    const bucket = this.#accepting.get(remote) ?? new TokenBucket(STREAMS_PER_SECOND, STREAMS_BURST, now)
    this.#accepting.set(remote, bucket)
    if (remote > this.self || !this.#onLink) stream.abort(new Error('the smaller peer id opens'))
    else if (bucket.take(1, now) > 0) stream.abort(new Error('too many links in a row'))
    else this.#adopt(stream, connection, false)
  }

  #adopt(stream: Stream, connection: Connection, opener: boolean): void {
    const { timers, agent } = this.#parts
    const remote = connection.remotePeer.toString()
    const path = isRelayed(connection.remoteAddr) ? 'relayed' : 'direct'
    const onQuiet = () => this.#onQuiet(link)
    const options = { remote, path, opener, timers, agent, watched: this.#watched, onQuiet } as const
    const link = new StreamLink(byteStreamOf(stream, timers), options)
    const before = this.#links.get(remote)
    this.#links.set(remote, { link, connection })
    this.#doubts.over(remote)
    before?.link.close({ type: 'replaced' })
    void link.closed.then((reason) => this.#onClosed(link, reason))
    if (path === 'direct')
      timers.set(() => this.#connections.closeSpare(remote, this.#links.get(remote)), SPARE_GOES_AFTER_MS)
    this.#onLink?.(link)
    this.#tell()
  }

  #onQuiet(link: StreamLink): void {
    if (this.#links.get(link.remote)?.link !== link) return
    if (link.quiet) this.#doubts.quiet(link.remote)
    else this.#doubts.over(link.remote)
    this.#tell()
  }

  #onClosed(link: StreamLink, reason: CloseReason): void {
    const { remote } = link
    const held = this.#links.get(remote)
    if (held?.link !== link) return
    this.#links.delete(remote)
    this.#doubts.over(remote)
    // Nobody is at its other end any more.
    if (reason.type === 'silent') cutOff(held.connection)
    this.#tell()
    this.#wanted.lost(remote)
    if (reason.type === 'lost' || reason.type === 'silent') this.#considerLater(remote, REOPEN_AFTER_MS)
  }

  /** Reachable in a way it was not before: a relay is back, or another network is there. What was given up on for a while is tried now. */
  #lookAround({ addresses }: NetworkState): void {
    const isNew = addresses.some((address) => !this.#reachable.has(address))
    this.#reachable = new Set(addresses)
    if (isNew) this.#wanted.now()
  }

  /** Says now and then how much was said. */
  #count(): void {
    const { timers } = this.#parts
    this.#counting = timers.set(() => {
      this.#tell()
      this.#count()
    }, COUNTED_EVERY_MS)
  }

  #tell(): void {
    const state = this.state()
    this.#lookAround(state)
    const told = JSON.stringify(state)
    if (told === this.#told) return
    this.#told = told
    for (const tell of this.#tells) tell(state)
  }
}

const reachedBy = ({ link, connection }: Held): ReachedPeer => {
  const via = carrierOf(connection.remoteAddr)
  const quiet = link.quiet ? { quiet: true as const } : {}
  return { peer: link.remote, path: link.path, bytes: link.bytes, ...(via ? { via } : {}), ...quiet }
}

/** Two while one replaces the other, and as many that are still closing. */
const MAX_SYNC_STREAMS = 4

const isPeerId = (text: string): boolean => {
  try {
    return peerIdFromString(text).toString() === text
  } catch {
    return false
  }
}
