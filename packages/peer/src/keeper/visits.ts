import type { GroupId, Instant } from '@auzolan/core'
import type { Link } from '@auzolan/network'
import type { Background } from '../group/background.ts'
import type { Group } from '../group/group.ts'
import type { PeerOptions } from '../peer.ts'
import type { Verifier } from '@auzolan/trust'
import type { Keepers } from './keepers.ts'
import { MAX_VISITS, OTHERS_AFTER_MS } from './limits.ts'
import { decodeKeepMessage, encodeKeepMessage } from './messages.ts'
import { type KeeperState, Visit } from './visit.ts'

export interface VisitsParts {
  readonly options: Pick<PeerOptions, 'store' | 'clock' | 'entropy' | 'later' | 'network'>
  readonly verifier: Verifier
  readonly background: Background
  readonly keepers: Keepers
  readonly groups: () => readonly Group[]
  readonly left: (group: GroupId, keeper: string, at: Instant) => void
  readonly found: (group: GroupId, keeper: string, state: KeeperState) => void
}

/** This device's side of one link to a keeper, for every group that was left with it. Of other groups it says nothing. */
export class Visits {
  readonly #link: Link
  readonly #nonce: Uint8Array
  readonly #parts: VisitsParts
  readonly #visits = new Map<GroupId, Visit>()
  readonly #byNumber: Visit[] = []
  readonly #later = new Set<() => void>()
  #desk: Uint8Array | undefined

  /** `nonce`: what this side said on the link. */
  constructor(link: Link, nonce: Uint8Array, parts: VisitsParts) {
    this.#link = link
    this.#nonce = nonce
    this.#parts = parts
    void link.closed.then(() => {
      for (const undo of this.#later) undo()
      for (const visit of this.#byNumber) visit.close()
    })
  }

  hear(payload: Uint8Array): void {
    const read = decodeKeepMessage(payload)
    if (!read.ok) return this.#link.close({ type: 'protocol', detail: 'not said by a keeper' })
    const message = read.value
    if (message.say !== 'desk') return this.#byNumber[message.number]?.hear(message)
    this.#desk ??= message.nonce
    this.greet()
  }

  /** A group is there, or was left with this keeper, that was not before. */
  greet(): void {
    const { groups, keepers } = this.#parts
    for (const group of groups()) {
      const known = this.#visits.get(group.id)
      const isKept = keepers.of(group.id).some(({ peer }) => peer === this.#link.remote)
      if (known && (!isKept || known.group !== group)) this.#leave(known)
      if (isKept && this.#desk && !this.#visits.has(group.id)) this.#visit(group, this.#desk)
    }
  }

  /** Entries were added here. */
  push(group: GroupId): void {
    const visit = this.#visits.get(group)
    if (!visit) return
    this.#parts.background.run(() => visit.round('mine'))
    this.#othersLater(visit)
  }

  #othersLater(visit: Visit): void {
    const { later } = this.#parts.options
    if (this.#later.size > 0 || !later) return
    const undo = later(OTHERS_AFTER_MS, () => {
      this.#later.delete(undo)
      this.#parts.background.run(() => visit.round('all'))
    })
    this.#later.add(undo)
  }

  #visit(group: Group, desk: Uint8Array): void {
    const { options, verifier, background, found, left } = this.#parts
    const { remote, opener } = this.#link
    const number = this.#byNumber.length
    if (number >= MAX_VISITS) return
    const self = options.network.self
    const visit = new Visit(group, {
      ...options,
      verifier,
      keeper: remote,
      nonces: opener ? [this.#nonce, desk] : [desk, this.#nonce],
      peers: opener ? [self, remote] : [remote, self],
      number,
      say: (message) => {
        this.#link.send({ type: 'keep', payload: encodeKeepMessage(message) }).catch(() => visit.close())
      },
      left: (at) => left(group.id, remote, at),
      found: (state) => found(group.id, remote, state),
    })
    this.#byNumber.push(visit)
    this.#visits.set(group.id, visit)
    background.run(() => visit.round('all'))
  }

  #leave(visit: Visit): void {
    visit.close()
    this.#visits.delete(visit.group.id)
  }
}
