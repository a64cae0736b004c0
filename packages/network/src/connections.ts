import type { Connection } from '@libp2p/interface'
import { isRelayed } from './addresses.ts'
import type { Timers } from './timers.ts'

const SPARE_CLOSES_WITHIN_MS = 1_000
/** Two that dial each other at one time make two connections; whoever makes another one so much later has lost the first, in milliseconds. */
const GHOST_OLDER_BY_MS = 10_000

interface Known {
  readonly remote: string
  /** Whether the other side can do WebRTC. */
  readonly webrtc: boolean
  readonly since: number
}

/** What a link runs over. */
interface Used {
  readonly link: { readonly path: string; readonly opener: boolean }
  readonly connection: Connection
}

/** Connections whose remote speaks sync. One for each device is enough: the others are closed. */
export class Connections {
  readonly #timers: Timers
  /** Oldest first. */
  readonly #all = new Map<Connection, Known>()

  constructor(timers: Timers) {
    this.#timers = timers
  }

  add(connection: Connection, remote: string, webrtc: boolean): void {
    this.#all.set(connection, { remote, webrtc, since: this.#timers.now() })
  }

  remove(connection: Connection): void {
    this.#all.delete(connection)
  }

  /** The best one to a peer, the newest of its kind: straight before relayed. */
  best(remote: string): { readonly connection: Connection; readonly webrtc: boolean } | undefined {
    const open = [...this.#all].filter(([connection, known]) => known.remote === remote && connection.status === 'open')
    const [connection, known] = open.findLast(([each]) => !isRelayed(each.remoteAddr)) ?? open.at(-1) ?? []
    return connection && known && { connection, webrtc: known.webrtc }
  }

  /** Beside a direct link relayed ones go, and direct ones from before the one that whoever opens links chose. */
  closeSpare(remote: string, used: Used | undefined): void {
    if (used?.link.path !== 'direct') return
    let isOlder = true
    for (const [connection, known] of this.#all) {
      if (connection === used.connection) isOlder = false
      if (known.remote !== remote || connection === used.connection) continue
      const isDirect = !isRelayed(connection.remoteAddr)
      if (isOlder && isDirect) cutOff(connection)
      else if (used.link.opener || !isDirect) closeSoon(connection)
    }
  }

  /** A device that made another connection has lost those from long before, also where nothing is linked over any of them. */
  closeGhosts(newest: Connection, used: Used | undefined): void {
    const made = this.#all.get(newest)
    if (!made) return
    for (const [connection, known] of this.#all) {
      const isGhost = known.remote === made.remote && made.since - known.since >= GHOST_OLDER_BY_MS
      if (isGhost && used?.connection !== connection) cutOff(connection)
    }
  }
}

const closeSoon = (connection: Connection): void => {
  connection.close({ signal: AbortSignal.timeout(SPARE_CLOSES_WITHIN_MS) }).catch(() => cutOff(connection))
}

/** Where a page was loaded anew, nobody answers on what it left: a WebSocket waits half a minute for a goodbye. */
export const cutOff = (connection: Connection): void => connection.abort(new Error('left behind'))
