import { createPersonFinder } from '@auzolan/core'
import type { NetworkState } from '@auzolan/network'
import type { Group } from '../group/group.ts'
import type { KnownKeeper } from '../keeper/keepers.ts'
import type { KeeperState } from '../keeper/visit.ts'
import type { ReachView } from '../peer.ts'
import { peopleFacts } from './facts.ts'

export interface Reached {
  readonly state: NetworkState
  readonly helpers: readonly string[]
  readonly keepers: readonly KnownKeeper[]
  readonly kept: ReadonlyMap<string, KeeperState>
}

/** Every connection there is now, with whose it is where this group knows it. */
export const reachView = (group: Group, { state, helpers, keepers, kept }: Reached): ReachView => {
  const people = peopleFacts(group)
  const personOf = createPersonFinder(people)
  const deviceOf = new Map([...group.known.all].map(([device, { peer }]) => [peer, device]))
  const keeping = new Set(keepers.map(({ peer }) => peer))
  const whose = (peer: string | undefined) => {
    const device = peer === undefined ? undefined : deviceOf.get(peer)
    const member = device && people.memberOf.get(device)
    return member ? personOf(member) : null
  }
  return {
    connections: state.peers.map(({ peer, path, via }) => ({
      peer,
      path,
      by: whose(peer),
      keeper: keeping.has(peer),
      via: whose(via),
    })),
    helpers,
    keepers: keepers.map(({ peer, addresses }) => ({ peer, addresses, is: kept.get(peer) ?? 'away' })),
  }
}
