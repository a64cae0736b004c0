import type { CloseReason, Found, Frame, Link, Network, NetworkState, Sign } from '@auzolan/network'

/**
 * libp2p lives on the page of the tab that holds the network (WebRTC needs a page), the peer in a worker. These two ends carry links over a
 * MessagePort: `PortNetwork` is the worker's network, `serveNetwork` the page's side of it. Both are our own code: messages are not hostile.
 */
type ToWorker =
  | { readonly is: 'self'; readonly self: string }
  | {
      readonly is: 'link'
      readonly id: number
      readonly remote: string
      readonly path: Link['path']
      readonly opener: boolean
    }
  | { readonly is: 'frame'; readonly id: number; readonly frame: Frame }
  | { readonly is: 'sent'; readonly id: number; readonly number: number }
  | { readonly is: 'closed'; readonly id: number; readonly reason: CloseReason }
  | { readonly is: 'state'; readonly state: NetworkState }
  | { readonly is: 'found'; readonly found: Found }
  | { readonly is: 'gone' }

type ToPage =
  | { readonly is: 'send'; readonly id: number; readonly number: number; readonly frame: Frame }
  | { readonly is: 'taken'; readonly id: number }
  | { readonly is: 'close'; readonly id: number; readonly reason: CloseReason }
  | { readonly is: 'want'; readonly peers: Wanted; readonly helpers: readonly string[] }
  | { readonly is: 'gather'; readonly signs: readonly Sign[] }
  | { readonly is: 'introduce'; readonly circles: Circles }
  | { readonly is: 'stop' }

type Circles = readonly (readonly string[])[]
type Wanted = Parameters<Network['want']>[0]

const nobody: NetworkState = { online: false, peers: [], addresses: [] }

/** The worker's end. Without a page that holds the network there are simply no links. */
export class PortNetwork implements Network {
  readonly #port: MessagePort
  readonly #links = new Map<number, PortLink>()
  readonly #tells = new Set<(state: NetworkState) => void>()
  #self = ''
  #state = nobody
  #wanted: Wanted = []
  #helpers: readonly string[] = []
  #circles: Circles = []
  #signs: readonly Sign[] = []
  #found: (found: Found) => void = () => {}
  #onLink: ((link: Link) => void) | undefined
  #introduce!: () => void
  readonly introduced = new Promise<void>((resolve) => {
    this.#introduce = resolve
  })

  constructor(port: MessagePort) {
    this.#port = port
    port.onmessage = ({ data }: MessageEvent<ToWorker>) => this.#hear(data)
  }

  /** Empty until the page has read this installation's key, and for good where it cannot. */
  get self(): string {
    return this.#self
  }

  async start(onLink: (link: Link) => void): Promise<void> {
    this.#onLink = onLink
  }

  want(peers: Wanted, helpers: readonly string[] = []): void {
    this.#wanted = peers
    this.#helpers = helpers
    this.#say({ is: 'want', peers, helpers })
  }

  introduce(circles: Circles): void {
    this.#circles = circles
    this.#say({ is: 'introduce', circles })
  }

  gather(signs: readonly Sign[], tell: (found: Found) => void): void {
    this.#signs = signs
    this.#found = tell
    this.#say({ is: 'gather', signs })
  }

  state(): NetworkState {
    return this.#state
  }

  onState(tell: (state: NetworkState) => void): () => void {
    this.#tells.add(tell)
    return () => this.#tells.delete(tell)
  }

  async stop(): Promise<void> {
    this.#say({ is: 'stop' })
    for (const link of this.#links.values()) link.ended({ type: 'stopped' })
  }

  #hear(message: ToWorker): void {
    switch (message.is) {
      case 'self':
        this.#self = message.self
        this.#introduce()
        this.#say({ is: 'want', peers: this.#wanted, helpers: this.#helpers })
        this.#say({ is: 'introduce', circles: this.#circles })
        this.#say({ is: 'gather', signs: this.#signs })
        return
      case 'link': {
        const link = new PortLink(message, (out) => this.#say(out))
        this.#links.set(message.id, link)
        void link.closed.then(() => this.#links.delete(message.id))
        this.#onLink?.(link)
        return
      }
      case 'frame':
        return this.#links.get(message.id)?.take(message.frame)
      case 'sent':
        return this.#links.get(message.id)?.sent(message.number)
      case 'closed':
        return this.#links.get(message.id)?.ended(message.reason)
      case 'state':
        this.#state = message.state
        for (const tell of this.#tells) tell(message.state)
        return
      case 'found':
        return this.#found(message.found)
      case 'gone':
        for (const link of this.#links.values()) link.ended({ type: 'lost' })
    }
  }

  #say(message: ToPage): void {
    this.#port.postMessage(message, message.is === 'send' ? [message.frame.payload.buffer as ArrayBuffer] : [])
  }
}

class PortLink implements Link {
  readonly remote: string
  readonly path: Link['path']
  readonly opener: boolean
  readonly closed: Promise<CloseReason>
  readonly #id: number
  readonly #say: (message: ToPage) => void
  readonly #sending = new Map<number, { readonly done: () => void; readonly failed: (error: Error) => void }>()
  #end!: (reason: CloseReason) => void
  #take: ((frame: Frame) => void | Promise<void>) | undefined
  #early: Frame[] = []
  #number = 0
  #open = true

  constructor(
    about: { readonly id: number; readonly remote: string; readonly path: Link['path']; readonly opener: boolean },
    say: (message: ToPage) => void,
  ) {
    this.#id = about.id
    this.remote = about.remote
    this.path = about.path
    this.opener = about.opener
    this.#say = say
    this.closed = new Promise((resolve) => {
      this.#end = resolve
    })
  }

  send(frame: Frame): Promise<void> {
    if (!this.#open) return Promise.reject(new Error('the link is closed'))
    const number = ++this.#number
    return new Promise((done, failed) => {
      this.#sending.set(number, { done, failed })
      this.#say({ is: 'send', id: this.#id, number, frame: own(frame) })
    })
  }

  onFrame(take: (frame: Frame) => void | Promise<void>): void {
    this.#take = take
    for (const frame of this.#early.splice(0)) this.take(frame)
  }

  take(frame: Frame): void {
    if (!this.#take) this.#early.push(frame)
    else void Promise.resolve(this.#take(frame)).finally(() => this.#say({ is: 'taken', id: this.#id }))
  }

  sent(number: number): void {
    this.#sending.get(number)?.done()
    this.#sending.delete(number)
  }

  close(reason: CloseReason): void {
    if (this.#open) this.#say({ is: 'close', id: this.#id, reason })
  }

  ended(reason: CloseReason): void {
    this.#open = false
    for (const { failed } of this.#sending.values()) failed(new Error('the link is closed'))
    this.#sending.clear()
    this.#end(reason)
  }
}

/** The page's end: gives the worker what this network offers, one frame at a time a link. */
export const serveNetwork = async (port: MessagePort, network: Network): Promise<void> => {
  const links = new Map<number, Link>()
  const taken = new Map<number, () => void>()
  let last = 0
  const say = (message: ToWorker) =>
    port.postMessage(message, message.is === 'frame' ? [message.frame.payload.buffer as ArrayBuffer] : [])
  port.onmessage = ({ data }: MessageEvent<ToPage>) => {
    switch (data.is) {
      case 'send': {
        const { id, number } = data
        void links
          .get(id)
          ?.send(data.frame)
          .then(
            () => say({ is: 'sent', id, number }),
            () => undefined,
          )
        return
      }
      case 'taken':
        return taken.get(data.id)?.()
      case 'close':
        return links.get(data.id)?.close(data.reason)
      case 'want':
        return network.want(data.peers, data.helpers)
      case 'gather':
        return network.gather?.(data.signs, (found) => say({ is: 'found', found }))
      case 'introduce':
        return network.introduce?.(data.circles)
      case 'stop':
        void network.stop()
    }
  }
  say({ is: 'self', self: network.self })
  network.onState((state) => say({ is: 'state', state }))
  await network.start((link) => {
    const id = ++last
    links.set(id, link)
    say({ is: 'link', id, remote: link.remote, path: link.path, opener: link.opener })
    link.onFrame(
      (frame) =>
        new Promise((resolve) => {
          taken.set(id, resolve)
          say({ is: 'frame', id, frame: own(frame) })
        }),
    )
    void link.closed.then((reason) => {
      taken.get(id)?.()
      taken.delete(id)
      links.delete(id)
      say({ is: 'closed', id, reason })
    })
  })
}

/** Tells the worker who this installation is, while another tab holds the network; '': nobody others could look for. */
export const introduce = (port: MessagePort, self: string): void => {
  const message: ToWorker = { is: 'self', self }
  port.postMessage(message)
}

/** A frame whose bytes are its own, so that they can be handed over instead of copied along with a larger buffer. */
const own = ({ type, payload }: Frame): Frame => ({
  type,
  payload:
    payload.byteLength === payload.buffer.byteLength && payload.buffer instanceof ArrayBuffer
      ? payload
      : payload.slice(),
})
