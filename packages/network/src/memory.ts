import type { Frame, Link, Network, NetworkState } from './network.ts'
import { Lane, MemoryLink } from './memory-link.ts'

export interface MemoryHubOptions {
  /** Delivers by itself in microtasks and links whoever wants whom; otherwise nothing moves unless stepped. */
  readonly auto?: boolean
  /** 'random': the next frame comes from a link chosen by the seed. 'fifo': in the order of sending. Default 'fifo'. */
  readonly order?: 'fifo' | 'random'
  readonly seed?: number
}

/** What went from one side to the other so far, over all their links. Frames count when delivered. */
export interface Traffic {
  readonly frames: number
  readonly bytes: number
}

/**
 * A network of any number of participants in one process, for simulations. It has no timers and no randomness of its own:
 * the same calls with the same seed give the same run. Frames of one link keep their order; links overtake each other.
 */
export class MemoryHub {
  /** What a hostile path does to a frame on its way. The default leaves it alone. */
  corrupt: (frame: Frame, from: string, to: string) => Frame = (frame) => frame
  readonly #auto: boolean
  readonly #random: (() => number) | undefined
  readonly #networks = new Map<string, MemoryNetwork>()
  /** Pairs that may be linked; `cut` ones may not until healed. */
  readonly #edges = new Map<string, 'open' | 'cut'>()
  /** Everything with something to deliver, oldest first. */
  readonly #lanes = new Set<Lane>()
  readonly #traffic = new Map<string, { frames: number; bytes: number }>()
  #sent = 0
  #busy = 0
  #wake: (() => void) | undefined
  #running = false

  constructor(options: MemoryHubOptions = {}) {
    this.#auto = options.auto ?? false
    this.#random = options.order === 'random' ? seededRandom(options.seed ?? 1) : undefined
  }

  /** The network of one participant. Asked twice for one name, it is the same object. */
  network(self: string): Network {
    const known = this.#networks.get(self)
    if (known) return known
    const network = new MemoryNetwork(self, {
      started: () => {
        for (const [pair, state] of this.#edges) {
          const other = otherOf(pair, self)
          if (state === 'open' && other !== undefined) this.#link(self, other)
        }
        if (this.#auto) this.#dialWanted()
      },
      wants: () => {
        if (this.#auto) this.#dialWanted()
      },
    })
    this.#networks.set(self, network)
    return network
  }

  /** Allows this pair and links them if both have started. A pair already linked gets a new link; the old one is 'replaced'. */
  connect(a: string, b: string): void {
    this.#edges.set(pairOf(a, b), 'open')
    this.#link(a, b)
  }

  /** Ends their link as 'lost'. What was on its way is gone. */
  cut(a: string, b: string): void {
    this.#edges.set(pairOf(a, b), 'cut')
    this.#networks.get(a)?.linkTo(b)?.lose({ type: 'lost' })
  }

  /** Undoes `cut`: links them again unless they are linked. */
  heal(a: string, b: string): void {
    this.#edges.set(pairOf(a, b), 'open')
    if (this.#networks.get(a)?.linkTo(b) === undefined) this.#link(a, b)
  }

  /** `at` hears nothing of `from` any more, or does again: their link stands and does not answer. */
  hush(at: string, from: string, quiet: boolean): void {
    this.#networks.get(at)?.hush(from, quiet)
  }

  /** Delivers one frame or one goodbye. False: nothing can be delivered now. */
  step(): boolean {
    for (const lane of this.#lanes) if (lane.empty) this.#lanes.delete(lane)
    const ready = [...this.#lanes].filter((lane) => lane.ready)
    const lane = this.#random ? ready[Math.floor(this.#random() * ready.length)] : oldestOf(ready)
    if (!lane) return false
    this.#deliver(lane)
    return true
  }

  /**
   * Steps until nothing is on its way and no receiver is at work. `quiet` is asked each time that holds and may wait
   * for work the hub cannot see (a participant's own storage); what it sets in motion is delivered too.
   */
  async settle(quiet: () => Promise<void> = async () => {}): Promise<void> {
    for (;;) {
      await turn()
      if (this.step()) continue
      if (this.#busy > 0) {
        await this.#change()
        continue
      }
      await quiet()
      await turn()
      if (this.#busy === 0 && ![...this.#lanes].some((lane) => lane.ready)) return
    }
  }

  /** Frames and payload bytes delivered from one to the other. */
  traffic(from: string, to: string): Traffic {
    return { ...(this.#traffic.get(laneName(from, to)) ?? { frames: 0, bytes: 0 }) }
  }

  #link(a: string, b: string): void {
    const [first, second] = a < b ? [a, b] : [b, a]
    const left = this.#networks.get(first)
    const right = this.#networks.get(second)
    if (!left?.started || !right?.started || left === right) return
    left.linkTo(second)?.lose({ type: 'replaced' })
    const wake = (lane: Lane) => {
      this.#lanes.add(lane)
      this.#notify()
    }
    const there = new Lane(first, second, wake, () => ++this.#sent)
    const back = new Lane(second, first, wake, () => ++this.#sent)
    const opened = new MemoryLink(second, true, there, back)
    const accepted = new MemoryLink(first, false, back, there)
    opened.pair(accepted)
    accepted.pair(opened)
    left.take(opened)
    right.take(accepted)
  }

  #dialWanted(): void {
    for (const network of this.#networks.values()) {
      for (const peer of network.wanted) {
        if (this.#edges.get(pairOf(network.self, peer)) === 'cut' || network.linkTo(peer)) continue
        this.#link(network.self, peer)
      }
    }
  }

  #deliver(lane: Lane): void {
    const item = lane.shift()
    if (!item) return
    if (item.type === 'goodbye') {
      lane.receiver.lose(item.reason)
      return
    }
    const frame = this.corrupt({ type: item.frame.type, payload: item.frame.payload }, lane.from, lane.to)
    const traffic = this.#traffic.get(laneName(lane.from, lane.to)) ?? { frames: 0, bytes: 0 }
    this.#traffic.set(laneName(lane.from, lane.to), traffic)
    traffic.frames += 1
    traffic.bytes += frame.payload.length
    this.#busy += 1
    void lane.receiver.receive(frame).finally(() => {
      this.#busy -= 1
      this.#notify()
    })
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  #notify(): void {
    this.#wake?.()
    this.#wake = undefined
    if (!this.#auto || this.#running) return
    this.#running = true
    queueMicrotask(() => {
      this.#running = false
      if (this.step()) this.#notify()
    })
  }
}

interface HubSide {
  readonly started: () => void
  readonly wants: () => void
}

class MemoryNetwork implements Network {
  readonly self: string
  readonly #hub: HubSide
  readonly #links = new Map<string, MemoryLink>()
  readonly #tells = new Set<(state: NetworkState) => void>()
  #onLink: ((link: Link) => void) | undefined
  readonly #quiet = new Set<string>()
  #wanted: readonly string[] = []

  constructor(self: string, hub: HubSide) {
    this.self = self
    this.#hub = hub
  }

  get started(): boolean {
    return this.#onLink !== undefined
  }

  get wanted(): readonly string[] {
    return this.started ? this.#wanted : []
  }

  linkTo(peer: string): MemoryLink | undefined {
    const link = this.#links.get(peer)
    return link?.ended ? undefined : link
  }

  async start(onLink: (link: Link) => void): Promise<void> {
    this.#onLink = onLink
    this.#hub.started()
    this.#tell()
  }

  hush(peer: string, quiet: boolean): void {
    if (quiet) this.#quiet.add(peer)
    else this.#quiet.delete(peer)
    this.#tell()
  }

  take(link: MemoryLink): void {
    this.#links.set(link.remote, link)
    this.#quiet.delete(link.remote)
    void link.closed.then(() => {
      if (this.#links.get(link.remote) === link) this.#links.delete(link.remote)
      this.#tell()
    })
    this.#onLink?.(link)
    this.#tell()
  }

  want(peers: readonly { readonly peer: string; readonly addresses: readonly string[] }[]): void {
    this.#wanted = peers.map(({ peer }) => peer)
    this.#hub.wants()
  }

  state(): NetworkState {
    const peers = [...this.#links.keys()].map((peer) => ({
      peer,
      path: 'memory' as const,
      ...(this.#quiet.has(peer) ? { quiet: true as const } : {}),
    }))
    return { online: this.started, peers, addresses: this.started ? [`/memory/${this.self}/p2p/${this.self}`] : [] }
  }

  onState(tell: (state: NetworkState) => void): () => void {
    this.#tells.add(tell)
    return () => this.#tells.delete(tell)
  }

  async stop(): Promise<void> {
    this.#onLink = undefined
    for (const link of this.#links.values()) link.close({ type: 'stopped' })
    this.#links.clear()
    this.#tell()
  }

  #tell(): void {
    const state = this.state()
    for (const tell of this.#tells) tell(state)
  }
}

/** Lets everything that is already resolved run on: more rounds than any chain of awaits in a frame handler has links. */
const turn = async (): Promise<void> => {
  for (let round = 0; round < MICROTASK_ROUNDS; round++) await Promise.resolve()
}
const MICROTASK_ROUNDS = 32

const SEPARATOR = '\u0000'
const laneName = (from: string, to: string): string => `${from}${SEPARATOR}${to}`
const pairOf = (a: string, b: string): string => (a < b ? laneName(a, b) : laneName(b, a))
const otherOf = (pair: string, self: string): string | undefined => {
  const [a, b] = pair.split(SEPARATOR)
  return a === self ? b : b === self ? a : undefined
}

const oldestOf = (lanes: readonly Lane[]): Lane | undefined =>
  lanes.reduce<Lane | undefined>((oldest, lane) => (oldest && oldest.sent <= lane.sent ? oldest : lane), undefined)

/** Mulberry32 (Tommy Ettinger, public domain): 32 bits of state, enough to vary a schedule. */
const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
