import { equalBytes, toHex } from '@auzolan/core'
import type { Found, Sign } from '@auzolan/network'
import { entranceKey, meetingNote, meetingTag } from '@auzolan/trust'
import { inTurn } from '../sync/common.ts'
import type { Group } from './group.ts'

const DAY_MS = 24 * 60 * 60 * 1000
/** Signs left in all: what a relay takes of one peer. */
const MAX_SIGNS = 64
/** Keys of one group by which its members are found, and by which newcomers find them. */
const MAX_KEYS = 4
const MAX_ENTRANCES = 4
/** Peers that were found and are looked for; later ones take the place of the first. */
const MAX_FOUND = 64

interface Left extends Sign {
  readonly key: Uint8Array
  readonly day: number
}

type Gathered = Pick<Group, 'id' | 'record' | 'presence' | 'joining' | 'openInvitations'>

/** By what members of this device's groups find each other at a relay: signs made of the groups' keys, which say nothing to the relay. */
export class Gathering {
  #left: ReadonlyMap<string, Left> = new Map()
  readonly #found = new Set<string>()

  /** Who was found and showed to be of one of the groups, by peer id. */
  get found(): ReadonlySet<string> {
    return this.#found
  }

  /** What to leave now; `undefined`: the same as before. Today's and tomorrow's, so that clocks may be up to a day apart. */
  signs(groups: readonly Gathered[], self: string, now: number): readonly Sign[] | undefined {
    const today = Math.floor(now / DAY_MS)
    const left = inTurn(groups.map(keysOf))
      .flatMap((key) => [today, today + 1].map((day) => ({ key, day })))
      .slice(0, MAX_SIGNS)
      .map(({ key, day }) => ({ key, day, tag: meetingTag(key, day), note: meetingNote(key, day, self) }))
    const signs = new Map(left.map((each) => [toHex(each.tag), each]))
    if ([...signs.keys()].join() === [...this.#left.keys()].join()) return undefined
    this.#left = signs
    return [...signs.values()].map(({ tag, note }) => ({ tag, note }))
  }

  /** A relay says that this peer left the same tag. True: one of the group said so too, and it is news. */
  take({ tag, peer, note }: Found): boolean {
    const left = this.#left.get(toHex(tag))
    if (!left || this.#found.has(peer) || !equalBytes(meetingNote(left.key, left.day, peer), note)) return false
    const [first] = this.#found
    if (this.#found.size >= MAX_FOUND && first !== undefined) this.#found.delete(first)
    this.#found.add(peer)
    return true
  }
}

const keysOf = (group: Gathered): readonly Uint8Array[] => {
  if (group.record.standing === 'left') return []
  const entrances = group.joining ? [group.joining.inviteKey] : group.openInvitations().map(({ key }) => key)
  const byInvitation = entrances.slice(0, MAX_ENTRANCES).map((key) => entranceKey(group.id, key))
  return [...group.presence.shown('').slice(0, MAX_KEYS), ...byInvitation]
}
