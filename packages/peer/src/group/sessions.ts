import type { GroupId } from '@auzolan/core'
import type { Found, NetworkState } from '@auzolan/network'
import type { Verifier } from '@auzolan/trust'
import { Keepers } from '../keeper/keepers.ts'
import type { KeeperState } from '../keeper/visit.ts'
import { Visits } from '../keeper/visits.ts'
import type { PeerOptions } from '../peer.ts'
import { Session } from '../sync/session.ts'
import type { Reached } from '../answers/reach.ts'
import type { Background } from './background.ts'
import { Gathering } from './gathering.ts'
import { Helpers } from './helpers.ts'
import type { Group } from './group.ts'
import { encodeReached, readReached, type SharedReach } from './shared-reach.ts'

type Options = PeerOptions & Required<Pick<PeerOptions, 'later'>>

/** How often the day is looked at. */
const GATHER_EVERY_MS = 30 * 60 * 1000
/** So long what others say of whom they would introduce is gathered: in a room that fills, it changes with everyone who comes. */
const MEET_AFTER_MS = 300

/** Everyone this device talks to at the moment, and whom it looks for. */
export class Sessions {
  readonly keepers: Keepers
  readonly helpers: Helpers
  /** How it stands with the keepers in reach: by group, then by peer. */
  readonly #kept = new Map<GroupId, Map<string, KeeperState>>()
  readonly #told: (group: GroupId) => void
  readonly #options: Options
  readonly #verifier: Verifier
  readonly #background: Background
  readonly #groups: () => readonly Group[]
  readonly #open = new Set<Session>()
  #here = ''
  #near = ''
  #meeting: (() => void) | undefined
  readonly #gathering = new Gathering()
  #again: (() => void) | undefined
  #closed = false
  /** What the tab that holds the network says of it; nothing in that tab itself. */
  #adopted: SharedReach | undefined
  #holds = false
  #share: (reached: unknown) => void = () => undefined

  /** `told`: it stands otherwise with a keeper of the group. */
  constructor(
    options: Options,
    verifier: Verifier,
    background: Background,
    groups: () => readonly Group[],
    told: (group: GroupId) => void,
  ) {
    this.#options = options
    this.keepers = new Keepers(options.store)
    this.helpers = new Helpers(options.store)
    this.#verifier = verifier
    this.#background = background
    this.#groups = groups
    this.#told = told
  }

  /** Whom this device is connected to, and how it stands with who keeps for the group. */
  reached(group: GroupId): Reached {
    const { state, kept } = this.#adopted ?? { state: this.#options.network.state(), kept: this.#kept }
    return {
      state,
      helpers: this.helpers.all,
      keepers: this.keepers.of(group),
      kept: kept.get(group) ?? new Map(),
    }
  }

  /** `share` gets, at every change, what other tabs may adopt. */
  onReached(share: (reached: unknown) => void): void {
    this.#share = share
  }

  /** Another tab asks who is connected. */
  shareReached(): void {
    if (this.#holds) this.#share(encodeReached({ state: this.#options.network.state(), kept: this.#kept }))
  }

  /** What the tab that holds the network said. False: this one holds it, or what was said cannot be read. */
  adopt(reached: unknown): boolean {
    const read = this.#holds ? undefined : readReached(reached)
    this.#adopted = read
    return read !== undefined
  }

  async start(): Promise<void> {
    const { network, entropy } = this.#options
    await this.helpers.read()
    // This tab holds the network now: what the one before said of who is in reach no longer holds.
    network.onState((state) => {
      this.#holds = true
      this.#adopted = undefined
      if (this.#open.size === 0) for (const group of this.#groups()) group.reach.nobody()
      this.#hush(state)
      this.shareReached()
    })
    void network.introduced?.then(() => this.gather())
    await network.start((link) => {
      const groups = () => this.#groups().filter(({ record }) => record.standing !== 'left')
      const session = new Session(link, {
        self: network.self,
        entropy,
        verifier: this.#verifier,
        groups,
        visits: (to, nonce) =>
          new Visits(to, nonce, {
            options: this.#options,
            verifier: this.#verifier,
            background: this.#background,
            keepers: this.keepers,
            groups,
            left: (group, keeper, at) => {
              this.keepers.noteLeft(group, keeper, at)
              this.#told(group)
            },
            found: (group, keeper, state) => this.#found(group, keeper, state),
          }),
      })
      this.#open.add(session)
      void link.closed.then(() => {
        this.#open.delete(session)
        for (const states of this.#kept.values()) states.delete(link.remote)
      })
    })
    this.look()
  }

  /** Whoever does not answer is not shown as being in reach. */
  #hush({ peers }: NetworkState): void {
    const quiet = new Set(peers.flatMap((each) => (each.quiet ? each.peer : [])))
    for (const group of this.#groups()) group.reach.quiet(quiet)
  }

  /** False where another tab holds the network, or nobody is there. */
  get any(): boolean {
    return this.#open.size > 0
  }

  /** Entries were added to this group here. */
  push(group: GroupId): void {
    for (const session of this.#open) session.push(group)
  }

  /** Others can be recognised here by something else than before: keys, invitations, links. */
  recognise(): void {
    for (const session of this.#open) this.#background.run(() => session.recognise())
    this.gather()
  }

  /** A group was added, or began to ask to be let in. */
  greet(): void {
    for (const session of this.#open) this.#background.run(() => session.greet())
    this.gather()
  }

  /** Who is connected to this device has changed, or whom others would introduce: lets members of one group meet here, and goes to meet those it was told of. */
  introduce(): void {
    const circles = this.#groups().map((group) => ({ group: group.id, peers: [...group.reach.here].sort() }))
    const here = JSON.stringify(circles)
    if (here !== this.#here) this.#options.network.introduce?.(circles.map(({ peers }) => peers))
    this.#here = here
    for (const session of this.#open) for (const { group, peers } of circles) session.introduce(group, peers)
    const near = this.#groups()
      .flatMap(({ reach }) => [...reach.near])
      .join(' ')
    if (near === this.#near) return
    this.#near = near
    this.#lookSoon()
  }

  /** Keys, invitations or the day changed: leaves signs at relays by which others of the groups find this device there. */
  gather(): void {
    const { network, clock, later } = this.#options
    if (!network.gather || network.self === '') return
    const signs = this.#gathering.signs(this.#groups(), network.self, clock.now())
    const take = (found: Found) => {
      if (this.#gathering.take(found)) this.#lookSoon()
    }
    if (signs) network.gather(signs, take)
    this.#again ??= later(GATHER_EVERY_MS, () => {
      this.#again = undefined
      this.gather()
    })
  }

  #lookSoon(): void {
    if (this.#closed) return
    this.#meeting ??= this.#options.later(MEET_AFTER_MS, () => {
      this.#meeting = undefined
      this.look()
    })
  }

  /** Says to the network whom to look for, and where. */
  look(): void {
    const helpers = this.helpers.all
    const peers = new Map<string, readonly string[]>()
    for (const { record, known, endings, keys, reach } of this.#groups()) {
      if (record.standing === 'left' || (record.standing === 'member' && endings.of(keys.device))) continue
      for (const { peer, addresses } of this.keepers.of(record.group)) peers.set(peer, addresses)
      for (const peer of record.joining?.peers ?? []) peers.set(peer, record.joining?.addresses ?? [])
      for (const [device, { peer }] of known.all)
        if (peer && !peers.has(peer) && endings.isWanted(device)) peers.set(peer, [])
      for (const [by, others] of reach.near)
        for (const peer of others) peers.set(peer, [...(peers.get(peer) ?? []), `/p2p/${by}/p2p-circuit`])
    }
    for (const peer of this.#gathering.found) if (!peers.has(peer)) peers.set(peer, [])
    this.#options.network.want(
      [...peers].map(([peer, addresses]) => ({ peer, addresses: [...addresses, ...helpers] })),
      helpers,
    )
  }

  #found(group: GroupId, keeper: string, state: KeeperState): void {
    const states = this.#kept.get(group) ?? new Map<string, KeeperState>()
    this.#kept.set(group, states.set(keeper, state))
    this.#told(group)
    this.shareReached()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#meeting?.()
    this.#again?.()
    for (const session of this.#open) session.close({ type: 'stopped' })
    await this.#options.network.stop()
  }
}
