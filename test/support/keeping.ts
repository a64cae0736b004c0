import type { Clock } from '@auzolan/core'
import { type Link, type MemoryHub, peerIdText } from '@auzolan/network'
import { MemoryDisk, openMemoryStore } from '@auzolan/storage'
import { openVerifier } from '@auzolan/trust'
import { Keeper } from '../../packages/peer/src/keeper/keeper.ts'
import { inTime } from './noise.ts'
import { seededEntropy } from './participant.ts'

/** A peer id as text, as the network has it: of the hub's participant that keeps packs. */
export const KEEPER = peerIdText(Uint8Array.of(0, 36, 8, 1, 18, 32, ...new Uint8Array(32).fill(7)))!
export const KEEPER_ADDRESS = `/ip4/192.0.2.1/tcp/4400/ws/p2p/${KEEPER}`

export interface Standing {
  readonly keeper: Keeper
  readonly disk: MemoryDisk
  readonly links: Link[]
}

/** A keeper on the hub, that was asked by nobody yet. */
export const openKeeper = async (hub: MemoryHub, clock: Clock, disk = new MemoryDisk()): Promise<Standing> => {
  const keeper = await Keeper.open({
    store: openMemoryStore(disk),
    verifier: await openVerifier(),
    clock,
    entropy: seededEntropy(99),
  })
  const links: Link[] = []
  await hub.network(KEEPER).start((link) => {
    links.push(link)
    keeper.serve(link, KEEPER)
  })
  return { keeper, disk, links }
}

/** Resolves once the keeper has as many packs more than before. */
export const left = async ({ keeper }: Standing, packs: number, meanwhile = (): void => undefined): Promise<void> => {
  const all = () => keeper.shelves.reduce((sum, shelf) => sum + shelf.packs, 0)
  const has = async () => {
    for (; all() < packs; await new Promise((resolve) => setImmediate(resolve))) meanwhile()
  }
  await inTime(has())
}
