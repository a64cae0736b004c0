import { GroupId } from '@auzolan/core'
import type { NetworkState, ReachedPeer } from '@auzolan/network'
import type { KeeperState } from '../keeper/visit.ts'

/** Whom the tab that holds the network is connected to, and how it stands with the keepers: by group, then by peer. */
export interface SharedReach {
  readonly state: NetworkState
  readonly kept: ReadonlyMap<GroupId, ReadonlyMap<string, KeeperState>>
}

/** Plain data for the other tabs. */
export const encodeReached = ({ state, kept }: SharedReach): unknown => ({
  state,
  kept: [...kept].map(([group, states]) => [group, [...states]]),
})

/** What another tab said; it may be of another version of the app. `undefined`: nothing that can be read. */
export const readReached = (reached: unknown): SharedReach | undefined => {
  const { state, kept } = fieldsOf(reached)
  const { online, peers } = fieldsOf(state)
  if (typeof online !== 'boolean' || !Array.isArray(peers) || !Array.isArray(kept)) return undefined
  return {
    state: { online, peers: peers.flatMap(readPeer), addresses: [] },
    kept: new Map(
      kept.flatMap((line: unknown) => {
        const [id, states] = Array.isArray(line) ? (line as unknown[]) : []
        const group = GroupId.parse(id)
        return group && Array.isArray(states) ? [[group, new Map(states.flatMap(readKeeper))] as const] : []
      }),
    ),
  }
}

const readPeer = (value: unknown): ReachedPeer[] => {
  const { peer, path, via, quiet, bytes } = fieldsOf(value)
  if (typeof peer !== 'string' || (path !== 'direct' && path !== 'relayed' && path !== 'memory')) return []
  const { sent, received } = fieldsOf(bytes)
  return [
    {
      peer,
      path,
      ...(typeof via === 'string' ? { via } : {}),
      ...(quiet === true ? { quiet } : {}),
      ...(typeof sent === 'number' && typeof received === 'number' ? { bytes: { sent, received } } : {}),
    },
  ]
}

const readKeeper = (value: unknown): [string, KeeperState][] => {
  const [peer, is] = Array.isArray(value) ? (value as unknown[]) : []
  const state = keeperStates.find((each) => each === is)
  return typeof peer === 'string' && state ? [[peer, state]] : []
}
const keeperStates = ['kept', 'full', 'stranger', 'unsound'] as const satisfies readonly KeeperState[]

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
