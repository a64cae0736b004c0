import type { Store } from '@auzolan/storage'
import { helpersKey } from '../log/layout.ts'
import { readTexts, writeTexts } from '../log/texts.ts'

/** Relays and other peers one person adds by hand. */
const MAX_HELPERS = 16

/** Where this device may be met and introduced, besides the machine its app came from: multiaddr texts, for all tabs of the profile. */
export class Helpers {
  readonly #store: Store
  #addresses: readonly string[] = []

  constructor(store: Store) {
    this.#store = store
  }

  get all(): readonly string[] {
    return this.#addresses
  }

  async read(): Promise<void> {
    this.#addresses = readTexts(await this.#store.get(helpersKey))
  }

  add(address: string): Promise<void> {
    const others = this.#addresses.filter((known) => known !== address)
    return this.#write([...others, address].slice(-MAX_HELPERS))
  }

  remove(address: string): Promise<void> {
    return this.#write(this.#addresses.filter((known) => known !== address))
  }

  async #write(addresses: readonly string[]): Promise<void> {
    this.#addresses = addresses
    await this.#store.write([{ do: 'put', key: helpersKey, value: writeTexts(addresses) }], { durability: 'relaxed' })
  }
}
