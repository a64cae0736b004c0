import { err, ok, type Result } from '@auzolan/core'
import type { Link } from '@auzolan/network'
import { parseKeeperInvitation } from '@auzolan/trust'
import { Desk } from './desk.ts'
import { MAX_SHELVES } from './limits.ts'
import { Shelf, type ShelfParts } from './shelf.ts'

/** How much is kept for one group. Whose it is, is not known. */
export interface KeptForOne {
  readonly name: string
  readonly packs: number
  readonly bytes: number
  /** When the oldest came; `undefined`: nothing is there. */
  readonly since: number | undefined
}

/** Why an invitation cannot be followed. */
export interface NotInvited {
  readonly type: 'not an invitation' | 'cut off' | 'newer version' | 'too many groups'
}

/** Keeps sealed packs for groups that asked, and hands them to their members: a post box that cannot read the letters. */
export class Keeper {
  readonly #parts: ShelfParts
  readonly #shelves: Shelf[]
  readonly #desks = new Set<Desk>()
  readonly #counts = { given: 0, taken: 0, refused: 0 }

  private constructor(parts: ShelfParts, shelves: Shelf[]) {
    this.#parts = parts
    this.#shelves = shelves
  }

  static async open(parts: ShelfParts): Promise<Keeper> {
    const keeper = new Keeper(parts, await Shelf.openAll(parts))
    await keeper.expire()
    return keeper
  }

  get shelves(): readonly KeptForOne[] {
    return this.#shelves.map(({ name, packs, bytes, since }) => ({ name, packs, bytes, since }))
  }

  /** Packs handed out, left here and refused since the start. */
  get counts(): { readonly given: number; readonly taken: number; readonly refused: number } {
    return { ...this.#counts }
  }

  /** Keeps for the group of this invitation from now on. Again, or with later keys: goes on with what is here. Answers its name here. */
  async invite(text: string): Promise<Result<string, NotInvited>> {
    const relays = parseKeeperInvitation(text)
    if (!relays.ok) return relays
    const known = this.#shelves.find((shelf) => relays.value.some((relay) => shelf.has(relay)))
    if (known) {
      await known.invite(relays.value)
      return ok(known.name)
    }
    if (this.#shelves.length >= MAX_SHELVES) return err({ type: 'too many groups' })
    const shelf = await Shelf.make(this.#parts, relays.value)
    this.#shelves.push(shelf)
    return ok(shelf.name)
  }

  /** Keeps nothing for this one any more, and removes what is here. False: there is none of this name. */
  async forget(name: string): Promise<boolean> {
    const at = this.#shelves.findIndex((shelf) => shelf.name === name)
    if (at < 0) return false
    this.#shelves.splice(at, 1)
    for (const desk of this.#desks) desk.leave(name)
    await this.#parts.store.write(
      [
        { do: 'remove', key: ['shelf', name] },
        { do: 'removeRange', prefix: ['index', name] },
        { do: 'removeRange', prefix: ['pack', name] },
      ],
      { durability: 'strict' },
    )
    return true
  }

  /** Serves one device, whoever it is: it gets and leaves only what it proves to have a part in. */
  serve(link: Link, self: string): void {
    const desk: Desk = new Desk(link, self, this.#parts, {
      shelf: (relay) => this.#shelves.find((shelf) => shelf.has(relay)),
      left: (shelf) => {
        for (const other of this.#desks) if (other !== desk) other.tell(shelf)
      },
      count: (what) => (this.#counts[what] += 1),
    })
    this.#desks.add(desk)
    void link.closed.then(() => this.#desks.delete(desk))
  }

  async expire(): Promise<void> {
    for (const shelf of this.#shelves) await shelf.expire()
  }
}
