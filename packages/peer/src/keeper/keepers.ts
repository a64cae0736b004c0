import type { GroupId, Instant } from '@auzolan/core'
import { peerIdBytes } from '@auzolan/network'
import type { Store } from '@auzolan/storage'
import { keepersKey, keptKey } from '../log/layout.ts'
import { readTexts, writeTexts } from '../log/texts.ts'
import { KeptRecord } from './kept-record.ts'

/** Keepers of one group: each costs every device a connection. */
const MAX_KEEPERS = 4
/** As network addresses are, at most. */
const MAX_ADDRESS_CHARACTERS = 512

export interface KnownKeeper {
  readonly peer: string
  readonly addresses: readonly string[]
  /** When all that was here last lay there, as it said. */
  readonly left: Instant | null
}

/** The peer at the end of an address; `undefined`: none is named. */
export const peerOfAddress = (address: string): string | undefined => {
  const peer = /\/p2p\/([^/]+)$/.exec(address)?.[1]
  return address.length <= MAX_ADDRESS_CHARACTERS && address.startsWith('/') && peerIdBytes(peer) ? peer : undefined
}

/** Short and plain enough to be told to the group. */
export const isTellable = (address: string): boolean => /^\/[!-~]{1,199}$/.test(address)

/** Who keeps packs for each group of this device. A person added them. */
export class Keepers {
  readonly #store: Store
  readonly #addresses = new Map<GroupId, readonly string[]>()
  readonly #left = new Map<string, Instant | null>()

  constructor(store: Store) {
    this.#store = store
  }

  async read(group: GroupId): Promise<void> {
    this.#addresses.set(group, readTexts(await this.#store.get(keepersKey(group))))
    for (const { peer } of this.of(group))
      this.noteLeft(group, peer, KeptRecord.decode(await this.#store.get(keptKey(group, peer))).whole)
  }

  noteLeft(group: GroupId, peer: string, at: Instant | null): void {
    this.#left.set(`${group} ${peer}`, at)
  }

  of(group: GroupId): readonly KnownKeeper[] {
    const peers = new Map<string, string[]>()
    for (const address of this.#addresses.get(group) ?? []) {
      const peer = peerOfAddress(address)
      if (peer) peers.set(peer, [...(peers.get(peer) ?? []), address])
    }
    return [...peers]
      .map(([peer, addresses]) => ({ peer, addresses, left: this.#left.get(`${group} ${peer}`) ?? null }))
      .slice(0, MAX_KEEPERS)
  }

  /** False: these are not addresses that end in who is there, or there are enough keepers. */
  async add(group: GroupId, text: string): Promise<boolean> {
    const added = text.trim().split(/\s+/)
    const known = this.#addresses.get(group) ?? []
    const all = [...new Set([...known, ...added])]
    const peers = new Set(all.map(peerOfAddress))
    if (peers.has(undefined) || peers.size > MAX_KEEPERS || all.length > MAX_ADDRESSES) return false
    await this.#write(group, all)
    return true
  }

  async remove(group: GroupId, peer: string): Promise<void> {
    const known = this.#addresses.get(group) ?? []
    await this.#write(
      group,
      known.filter((address) => peerOfAddress(address) !== peer),
    )
  }

  async #write(group: GroupId, addresses: readonly string[]): Promise<void> {
    await this.#store.write([{ do: 'put', key: keepersKey(group), value: writeTexts(addresses) }], {
      durability: 'relaxed',
    })
    this.#addresses.set(group, addresses)
  }
}
const MAX_ADDRESSES = 16
