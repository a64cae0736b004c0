import type { GroupId } from '@auzolan/core'
import type { Verifier } from '@auzolan/trust'
import { Keepers } from '../keeper/keepers.ts'
import type { KeeperState } from '../keeper/visit.ts'
import { Visits } from '../keeper/visits.ts'
import type { PeerOptions } from '../peer.ts'
import { Session } from '../sync/session.ts'
import type { Reached } from '../answers/reach.ts'
import type { Background } from './background.ts'
import type { Group } from './group.ts'

/** Everyone this device talks to at the moment, and whom it looks for. */
export class Sessions {
  readonly keepers: Keepers
  /** How it stands with the keepers in reach: by group, then by peer. */
  readonly #kept = new Map<GroupId, Map<string, KeeperState>>()
  readonly #told: (group: GroupId) => void
  readonly #options: PeerOptions
  readonly #verifier: Verifier
  readonly #background: Background
  readonly #groups: () => readonly Group[]
  readonly #open = new Set<Session>()
  #helpers: readonly string[] = []

  /** `told`: it stands otherwise with a keeper of the group. */
  constructor(
    options: PeerOptions,
    verifier: Verifier,
    background: Background,
    groups: () => readonly Group[],
    told: (group: GroupId) => void,
  ) {
    this.#options = options
    this.keepers = new Keepers(options.store)
    this.#verifier = verifier
    this.#background = background
    this.#groups = groups
    this.#told = told
  }

  /** Whom this device is connected to, and how it stands with who keeps for the group. */
  reached(group: GroupId, helpers: readonly string[]): Reached {
    const state = this.#options.network.state()
    return { state, helpers, keepers: this.keepers.of(group), kept: this.#kept.get(group) ?? new Map() }
  }

  async start(): Promise<void> {
    const { network, entropy } = this.#options
    // This tab holds the network now: what the one before said of who is in reach no longer holds.
    network.onState(() => {
      if (this.#open.size === 0) for (const group of this.#groups()) group.reach.nobody()
    })
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
            found: (group, keeper, state) => this.#found(group, keeper, state),
          }),
      })
      this.#open.add(session)
      void link.closed.then(() => {
        this.#open.delete(session)
        for (const states of this.#kept.values()) states.delete(link.remote)
      })
    })
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
  }

  /** A group was added, or began to ask to be let in. */
  greet(): void {
    for (const session of this.#open) this.#background.run(() => session.greet())
  }

  /** Says to the network whom to look for, and where. `helpers`: where anybody may be met. */
  look(helpers = this.#helpers): void {
    this.#helpers = helpers
    const peers = new Map<string, readonly string[]>()
    for (const { record, known, endings, keys } of this.#groups()) {
      if (record.standing === 'left' || (record.standing === 'member' && endings.of(keys.device))) continue
      for (const { peer, addresses } of this.keepers.of(record.group)) peers.set(peer, addresses)
      for (const peer of record.joining?.peers ?? []) peers.set(peer, record.joining?.addresses ?? [])
      for (const [device, { peer }] of known.all)
        if (peer && !peers.has(peer) && endings.isWanted(device)) peers.set(peer, [])
    }
    this.#options.network.want(
      [...peers].map(([peer, addresses]) => ({ peer, addresses: [...addresses, ...helpers] })),
      helpers,
    )
  }

  #found(group: GroupId, keeper: string, state: KeeperState): void {
    const states = this.#kept.get(group) ?? new Map<string, KeeperState>()
    this.#kept.set(group, states.set(keeper, state))
    this.#told(group)
  }

  async close(): Promise<void> {
    for (const session of this.#open) session.close({ type: 'stopped' })
    await this.#options.network.stop()
  }
}
