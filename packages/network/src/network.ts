import type { Sign, SignOf } from './rendezvous/messages.ts'

/** One typed, length-bounded message between two sync peers. `NETWORK.md` 7. */
export interface Frame {
  readonly type: FrameType
  readonly payload: Uint8Array
}

/**
 * On the wire: 4-byte big-endian length of what follows, 1-byte type, payload. 14 is taken: links grant each other credit with it.
 * A link keeps hello, bye, ping and pong to itself; sending one of them throws.
 */
export const frameTypes = {
  hello: 1,
  proof: 2,
  frontier: 3,
  want: 4,
  entries: 5,
  have: 6,
  join: 7,
  admitted: 8,
  refused: 9,
  bye: 10,
  ping: 11,
  pong: 12,
  evidence: 13,
  ending: 15,
  keep: 128,
  near: 129,
} as const
export type FrameType = keyof typeof frameTypes

/** Largest frame, in bytes; longer runs are split. */
export const MAX_FRAME_BYTES = 1024 * 1024

/** Why a link ended. Every close has one. */
export type CloseReason =
  | { readonly type: 'bye' }
  | { readonly type: 'lost' }
  | { readonly type: 'replaced' }
  | { readonly type: 'silent'; readonly milliseconds: number }
  | { readonly type: 'protocol'; readonly detail: string }
  | { readonly type: 'newer version'; readonly version: number }
  | { readonly type: 'over quota'; readonly detail: string }
  | { readonly type: 'stopped' }
  /** All that was in common has ended for one of them, who knows it. */
  | { readonly type: 'not a member' }

/** An authenticated channel of frames to one remote peer (Noise proves `remote`). Ordered, reliable until closed. */
export interface Link {
  /** libp2p peer id as text. Nothing a message claims about its sender is believed; this is. */
  readonly remote: string
  readonly path: 'direct' | 'relayed' | 'memory'
  /** True on the side that opened it; exactly one side. */
  readonly opener: boolean
  /** Resolves when the queue has room again: await it before sending more. Rejects once closed. */
  send(frame: Frame): Promise<void>
  /** Set once. The next frame is not delivered before the promise of the last settled (backpressure). */
  onFrame(take: (frame: Frame) => void | Promise<void>): void
  close(reason: CloseReason): void
  readonly closed: Promise<CloseReason>
}

export type { Sign }

/** Who left a sign with this tag. */
export interface Found extends SignOf {
  readonly tag: Uint8Array
}

/** One peer with a link now. `via`: the peer that carries what is said, where it is relayed. */
export interface ReachedPeer {
  readonly peer: string
  readonly path: Link['path']
  readonly via?: string
  /** It was asked whether it is there, and nothing has come since. */
  readonly quiet?: true
  /** What the link took so far, sealed and all. */
  readonly bytes?: { readonly sent: number; readonly received: number }
}

/** What is told of reachability; for the status chip and later the network page. */
export interface NetworkState {
  readonly online: boolean
  readonly peers: readonly ReachedPeer[]
  /** Addresses others can dial now, as multiaddr text ending in /p2p/<self>. */
  readonly addresses: readonly string[]
}

/** Reaching others, within limits. Knows nothing of what is said. */
export interface Network {
  /** This installation's libp2p peer id as text. */
  readonly self: string
  /** Resolves once `self` is known, or will stay empty. Absent where it is known from the start. */
  readonly introduced?: Promise<void>
  /** `onLink` gets every new sync link, whoever opened it; at most one per remote, newest wins. */
  start(onLink: (link: Link) => void): Promise<void>
  /**
   * Keeps trying (backoff with jitter, 1 s to 60 s) to stay connected to these, until told otherwise. `helpers`: relays to be reachable
   * and introduced through, besides those it began with. Multiaddr texts.
   */
  want(
    peers: readonly { readonly peer: string; readonly addresses: readonly string[] }[],
    helpers?: readonly string[],
  ): void
  /**
   * Lets these peers meet each other through this one: each list has those of one group, peer ids as text. Instead of those before; nobody else may.
   * Absent where there is nothing to be carried. Whoever was told of another one wants it at the address `/p2p/<this peer>/p2p-circuit`.
   */
  introduce?(circles: readonly (readonly string[])[]): void
  /**
   * Leaves these signs at every relay in reach, in place of those before; `tell` gets who left the same tag there, at once or later. Nothing of it
   * is checked. Absent where there are no relays.
   */
  gather?(signs: readonly Sign[], tell: (found: Found) => void): void
  state(): NetworkState
  onState(tell: (state: NetworkState) => void): () => void
  stop(): Promise<void>
}
