import { createPersonFinder, type MemberId } from '@auzolan/core'
import type { NetworkState } from '@auzolan/network'
import type { Group } from '../group/group.ts'
import { type KnownKeeper, peerOfAddress } from '../keeper/keepers.ts'
import type { KeeperState } from '../keeper/visit.ts'
import type { ReachView } from '../peer.ts'
import { peopleFacts } from './facts.ts'

/** Keepers of which the members of one group tell: more are not shown. */
const MAX_TOLD_OF = 32

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
  const { members } = group.workspace.log.state
  const isIn = (by: MemberId) => members.get(by)?.left === false && !members.get(by)?.removed
  const told = group.workspace.board.sharedKeepers.filter(({ by }) => isIn(by)).slice(0, MAX_TOLD_OF)
  const keeping = new Set(keepers.map(({ peer }) => peer))
  const whose = (peer: string | undefined) => {
    const device = peer === undefined ? undefined : deviceOf.get(peer)
    const member = device && people.memberOf.get(device)
    return member ? personOf(member) : null
  }
  return {
    connections: state.peers.map(({ peer, path, via, bytes = null, quiet = false }) => ({
      peer,
      path,
      by: whose(peer),
      keeper: keeping.has(peer),
      via: whose(via),
      bytes,
      quiet,
    })),
    helpers,
    keepers: keepers.map(({ peer, addresses, left }) => ({
      peer,
      addresses,
      left,
      is: kept.get(peer) ?? 'away',
      told: told.some((keeper) => keeper.peer === peer && keeper.by === group.me),
    })),
    toldOf: told.flatMap(({ peer, addresses, by }) =>
      by === group.me || keeping.has(peer) || !addresses.every((address) => peerOfAddress(address) === peer)
        ? []
        : [{ peer, addresses, by: personOf(by) }],
    ),
  }
}
